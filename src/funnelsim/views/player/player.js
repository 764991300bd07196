// The clock, the controls, the figures in words, and the curve beneath.

const told = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("told")).textContent ?? "");
const MONTH = 43_800, NIGHT = 12, EACH_DAY = 700;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const find = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
const say = (/** @type {string} */ key, /** @type {Record<string, string>} */ values = {}) =>
  told.texts[key].replace(/\{([a-z_]+)\}/g, (/** @type {string} */ all, /** @type {string} */ name) => values[name] ?? all);
const grouped = new Intl.NumberFormat("en");
say.number = (/** @type {number} */ value) => grouped.format(value);
say.signed = (/** @type {number} */ value) => (value > 0 ? "+" : value < 0 ? "−" : "") + grouped.format(Math.abs(value));
say.percent = (/** @type {number} */ value) => say("percent", { value: String(value) });
say.date = (/** @type {number} */ minute) => {
  const day = moment(minute);
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()].map(String);
  return say("date", { year, month, day: date, iso: day.toISOString().slice(0, 10) });
};
say.time = (/** @type {number} */ minute) => moment(minute).toISOString().slice(11, 16);
say.weekday = (/** @type {number} */ minute) => new Intl.DateTimeFormat(told.lang, { weekday: "short", timeZone: "UTC" }).format(moment(minute));
const moment = (/** @type {number} */ minute) => new Date(Date.parse(`${told.start}T00:00:00Z`) + Math.floor(minute) * 60_000);
say.warmup = say.date(told.warmup);

class Player {
  constructor(/** @type {Film[]} */ films) {
    this.films = films;
    this.scenes = films.map((film, at) => new Scene(find(`arm${at}`), film, say));
    this.curve = find("curve");
    this.playing = false;
    this.frame = 0;
    this.spoken = 0;
    this.reading = false;
    this.now = told.warmup;
    this._controls();
    this.resize();
    new ResizeObserver(() => this.resize()).observe(find("replay"));
    this.seek(this._opening());
    if (!calm.matches) this.play();
  }

  /** The first hour that counts. */
  _opening() {
    const turns = this.films.map((film) => (this._open(told.warmup) ? told.warmup : film.nextTurn(told.warmup)));
    return Math.min(...turns);
  }

  _open(/** @type {number} */ minute) {
    return this.films.some((film) => film.arm.teams.some((/** @type {any} */ _, /** @type {number} */ team) => film.isOpen(team, minute)));
  }

  // --- time ---

  get speed() { return Number(find("speed").value); }

  play() {
    if (this.playing) return;
    if (this.now >= told.minutes) this.seek(this._opening());
    this.playing = true;
    this.before = performance.now();
    this._buttons();
    this._tick(this.before);
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this._buttons();
    this.show();
  }

  _tick(/** @type {number} */ clock) {
    if (!this.playing) return;
    if (calm.matches) this._byDay(clock);
    else {
      this._move(Math.min(100, clock - this.before));
      this.before = clock;
    }
    if (this.now >= told.minutes) return this.pause();
    this.frame = requestAnimationFrame((next) => this._tick(next));
  }

  /** Without animation a day passes at once, and stays for a while. */
  _byDay(/** @type {number} */ clock) {
    if (clock - this.before < EACH_DAY) return;
    this.before = clock;
    this.seek(this.now + DAY);
  }

  /** Moves on by milliseconds; hours in which everybody has closed pass fast. */
  _move(/** @type {number} */ left) {
    let now = this.now;
    while (left > 0 && now < told.minutes) {
      const speed = (this._open(now) ? 1 : NIGHT) * this.speed / 1000;
      const next = Math.max(now + 1e-6, Math.min(...this.films.map((film) => film.nextTurn(now))));
      const step = Math.min(left * speed, next - now);
      now += step;
      left -= step / speed;
    }
    this.now = Math.min(now, told.minutes);
    this.films.forEach((film, at) => film.wind(Math.floor(this.now), (from, to, fate) => this.scenes[at].fly(from, to, fate)));
    this.show();
  }

  seek(/** @type {number} */ minute) {
    this.now = Math.max(0, Math.min(told.minutes, Math.round(minute)));
    this.films.forEach((film) => film.wind(this.now));
    for (const scene of this.scenes) scene.flying = [];
    this.show();
  }

  // --- what is seen ---

  resize() {
    for (const scene of this.scenes) scene.layout(/** @type {HTMLElement} */ (scene.canvas.parentElement).clientWidth);
    this.show();
  }

  show() {
    const clock = performance.now();
    for (const scene of this.scenes) scene.draw(clock);
    drawCurve(this.curve, this.films, this.now);
    const late = clock - this.spoken < 90;
    if (this.playing && late) return;
    this.spoken = clock;
    const closed = this._open(this.now) ? "" : say("closed");
    find("date").textContent = say.date(this.now);
    find("time").textContent = [say.weekday(this.now), say.time(this.now), closed].filter(Boolean).join(" ");
    find("warming").hidden = this.now >= told.warmup;
    find("seek").value = String(this.now);
    find("seek").setAttribute("aria-valuetext", say.date(this.now));
    this._figures();
    if (this.reading) find("status").textContent = this.words();
  }

  _figures() {
    const found = this.films.map((film) => film.figures());
    for (const name of /** @type {const} */ (["won", "open", "lost", "waiting"])) {
      found.forEach((each, at) => { find(`${name}${at}`).textContent = say.number(each[name]); });
      if (found.length > 1) find(`${name}_difference`).textContent = say.signed(found[1][name] - found[0][name]);
    }
  }

  /** The figures of now in a sentence for each arm. */
  words() {
    const said = [say("status.when", { date: say.date(this.now), time: say.time(this.now) })];
    const found = this.films.map((film) => film.figures());
    this.films.forEach((film, at) => {
      const values = Object.fromEntries(Object.entries(found[at]).map(([name, value]) => [name, say.number(value)]));
      said.push(say("status.arm", { name: film.arm.name, ...values }));
    });
    if (found.length > 1) {
      const [won, open] = [found[1].won - found[0].won, found[1].open - found[0].open].map(say.signed);
      said.push(say("status.difference", { won, open }));
    }
    return said.join(told.between);
  }

  // --- controls ---

  _buttons() {
    find("status").setAttribute("aria-live", this.playing ? "off" : "polite");
    find("play").textContent = say(this.playing ? "pause" : "play");
  }

  _controls() {
    for (const each of document.querySelectorAll("[data-live]")) each.removeAttribute("hidden");
    find("play").addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    find("back").addEventListener("click", () => this.step(-DAY));
    find("on").addEventListener("click", () => this.step(DAY));
    find("read").addEventListener("click", () => this.read());
    find("seek").addEventListener("input", () => this.seek(Number(find("seek").value)));
    this.curve.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      const box = this.curve.getBoundingClientRect();
      this.seek(told.minutes * (event.clientX - box.left - EDGE) / (box.width - 2 * EDGE));
    });
    document.addEventListener("keydown", (event) => this._key(event));
    calm.addEventListener("change", () => this.pause());
    this._buttons();
  }

  step(/** @type {number} */ minutes) {
    this.pause();
    this.seek(this.now + minutes);
  }

  /** Shows the figures in words, which from then on follow the film; they are spoken when it stands still. */
  read() {
    this.reading = true;
    find("status").textContent = this.words();
  }

  _key(/** @type {KeyboardEvent} */ event) {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || at.tagName === "SELECT") return;
    const own = at.tagName === "BUTTON" || at.tagName === "SUMMARY" || at.tagName === "A";
    const far = event.shiftKey ? 7 * DAY : DAY;
    /** @type {Record<string, () => void>} */
    const keys = { ArrowLeft: () => this.step(-far), ArrowRight: () => this.step(far) };
    if (!own) keys[" "] = () => (this.playing ? this.pause() : this.play());
    if (at.tagName === "INPUT" || at === document.body) Object.assign(keys, { Home: () => this.seek(0), End: () => this.seek(told.minutes) });
    keys.s = () => this.read();
    if (!keys[event.key] || at.classList.contains("scrolls")) return;
    event.preventDefault();
    keys[event.key]();
  }
}

// --- the curve -------------------------------------------------------------------------------------------------

const EDGE = 34, HEIGHT = 120;

/** The queue of the limit day by day, with a line at now. */
function drawCurve(/** @type {HTMLCanvasElement} */ canvas, /** @type {Film[]} */ films, /** @type {number} */ now) {
  const width = /** @type {HTMLElement} */ (canvas.parentElement).clientWidth, ratio = globalThis.devicePixelRatio || 1;
  const size = [Math.round(width * ratio), Math.round(HEIGHT * ratio)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, HEIGHT);
  const most = Math.max(1, ...films.map((film) => film.columns.day_queue.reduce((a, b) => Math.max(a, b), 0)));
  const x = (/** @type {number} */ minute) => EDGE + (width - 2 * EDGE) * minute / told.minutes;
  const y = (/** @type {number} */ count) => HEIGHT - 22 - (HEIGHT - 34) * count / most;
  pen.fillStyle = COLOURS.panel;
  pen.fillRect(x(0), 12, x(told.warmup) - x(0), HEIGHT - 34);
  pen.font = `11px ${FONT}`;
  pen.fillStyle = COLOURS.muted;
  pen.textAlign = "right";
  pen.fillText(say.number(most), EDGE - 5, 16);
  pen.fillText("0", EDGE - 5, HEIGHT - 19);
  pen.textAlign = "left";
  pen.fillText(say.date(0), x(0), HEIGHT - 5);
  pen.textAlign = "right";
  pen.fillText(say.date(told.minutes), x(told.minutes), HEIGHT - 5);
  pen.textAlign = "left";
  pen.strokeStyle = COLOURS.hairline;
  pen.lineWidth = 1;
  pen.strokeRect(x(0), 12, x(told.minutes) - x(0), HEIGHT - 34);
  films.forEach((film, at) => {
    pen.strokeStyle = at ? COLOURS.working : COLOURS.waiting;
    pen.lineWidth = at ? 2 : 1.5;
    pen.setLineDash(at ? [5, 3] : []);
    pen.beginPath();
    film.columns.day_queue.forEach((count, day) => pen.lineTo(x(Math.min((day + 1) * DAY, told.minutes)), y(count)));
    pen.stroke();
  });
  pen.setLineDash([]);
  pen.strokeStyle = COLOURS.ink;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x(now), 8);
  pen.lineTo(x(now), HEIGHT - 18);
  pen.stroke();
}

const columns = await Promise.all(told.arms.map((/** @type {any} */ arm) => unpacked(arm.data, arm.columns)));
/** The player of this page, for scripts and tests. */
const player = new Player(told.arms.map((/** @type {any} */ arm, /** @type {number} */ at) => new Film(arm, columns[at], told.minutes)));
/** @type {any} */ (globalThis).replay = player;
find("replay").dataset.ready = "yes";
