// Draws an arm: stations with their leads, the ways out, and the people.

const COLOURS = {
  ink: "#1F2D3A", muted: "#5B6672", hairline: "#C9D0D7", paper: "#FFFFFF", panel: "#F3F5F7", limit: "#B3362F",
  waiting: "#C2571A", working: "#1F5FA8", buyer: "#5B6672", aside: "#7A55A0", won: "#25744A", lost: "#33373C",
};
const FONT = '"Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, system-ui, sans-serif';
const MARGIN = 2, BETWEEN = 16, PITCH = 11, PAD = 8, STATION = 166, LINE = 15, ROWS = 3, CREW = 84;
const MOST_FLYING = 120, FLIGHT = 550;

/** Sizes of the fewest rows of at most `most`, as even as they can be. */
function balanced(/** @type {number} */ count, /** @type {number} */ most) {
  const rows = Math.max(1, Math.ceil(count / most));
  return Array.from({ length: rows }, (_, row) => Math.floor(count / rows) + (row < count % rows ? 1 : 0));
}

class Scene {
  constructor(/** @type {HTMLCanvasElement} */ canvas, /** @type {Film} */ film, /** @type {any} */ told) {
    this.canvas = canvas;
    this.film = film;
    this.told = told;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {{from: number[], to: number[], fate: number, since: number}[]} */
    this.flying = [];
    /** @type {Map<string, string[]>} */
    this.fitted = new Map();
  }

  /** Places everything for a width in CSS pixels. */
  layout(/** @type {number} */ width) {
    const { stages, teams } = this.film.arm;
    const main = stages.map((/** @type {any} */ each, /** @type {number} */ at) => ({ at, ...each }));
    const line = main.filter((/** @type {any} */ each) => !each.aside);
    const rest = [...main.filter((/** @type {any} */ each) => each.aside), { at: -2 }, { at: -3 }];
    const most = Math.max(2, Math.min(6, Math.floor((width + BETWEEN) / (110 + BETWEEN))));
    const rows = [...balanced(line.length, most), ...balanced(rest.length, most)];
    const columns = Math.max(...rows);
    this.size = Math.min(210, (width - 2 * MARGIN - (columns - 1) * BETWEEN) / columns);
    /** @type {Map<number, number[]>} */
    this.boxes = new Map();
    this.width = width;
    this.fitted.clear();
    const room = this.size - 2 * PAD;
    this.more = stages.some((/** @type {any} */ each) => this._lines(each.label, room, 12.5, 2).length > 1) ? LINE : 0;
    this.tall = STATION + this.more;
    this.last = line[line.length - 1].at;
    let y = 6, next = 0;
    const all = [...line, ...rest];
    this.heading = 0;
    for (const count of rows) {
      if (next === line.length) {
        this.heading = y + 10;
        y += 20;
      }
      for (let column = 0; column < count; column++) {
        this.boxes.set(all[next++].at, [MARGIN + column * (this.size + BETWEEN), y]);
      }
      y += this.tall + 12;
    }
    this.crews = Math.max(1, Math.min(teams.length, Math.floor((width + BETWEEN) / (190 + BETWEEN))));
    this.top = y + 4;
    this.height = this.top + Math.ceil(teams.length / this.crews) * (CREW + 10) + 4;
    const ratio = globalThis.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.height = `${this.height}px`;
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** A lead goes from a stage to another; -1 is outside. */
  fly(/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ fate) {
    if (this.flying.length >= MOST_FLYING) return;
    const out = fate === WON ? -2 : -3;
    const start = this.boxes.get(from), end = this.boxes.get(to < 0 ? out : to);
    if (!end || (to < 0 && fate === OPEN)) return;
    const middle = (/** @type {number[]} */ box) => [box[0] + this.size / 2, box[1] + this.tall / 2];
    const target = middle(end);
    this.flying.push({ from: start ? middle(start) : [target[0] - this.size * 0.7, target[1]], to: target, fate, since: performance.now() });
  }

  draw(/** @type {number} */ clock) {
    const { pen } = this;
    pen.clearRect(0, 0, this.width, this.height);
    this._write(this.told("aside"), MARGIN, this.heading, 11, COLOURS.muted, true);
    for (const [at, [x, y]] of this.boxes) at >= 0 ? this._station(at, x, y) : this._exit(at, x, y);
    this.film.arm.teams.forEach((/** @type {any} */ team, /** @type {number} */ number) => this._crew(team, number));
    this.flying = this.flying.filter((each) => clock - each.since < FLIGHT);
    pen.save();
    this._aroundTexts();
    for (const each of this.flying) {
      const part = Math.max(0, Math.min(1, (clock - each.since) / FLIGHT));
      const [x, y] = [0, 1].map((axis) => each.from[axis] + (each.to[axis] - each.from[axis]) * part);
      this._dot(x, y, BUYER, each.fate === WON ? COLOURS.won : each.fate === LOST ? COLOURS.lost : COLOURS.working, true, each.fate === LOST);
    }
    pen.restore();
  }

  /** Where texts stand, which no lead on its way runs over: it passes beneath them. */
  texts() {
    const found = [[0, this.heading - 12, this.width, 18]];
    for (const [at, [x, y]] of this.boxes) {
      const team = at >= 0 && this.film.arm.teams[this.film.arm.stages[at].team], below = 42 + this.more;
      if (at < 0) found.push([x, y, this.size, this.tall]);
      else found.push([x, y, this.size, below + 6]);
      for (const group of at < 0 ? [] : team ? [below + 18, below + 74] : [below + 18]) {
        found.push([x, y + group - 12, this.size, 17], [x, y + group + 28, this.size, 12]);  // the numbers, and how many more
      }
    }
    return found;
  }

  _aroundTexts() {
    const { pen } = this;
    pen.beginPath();
    pen.rect(0, 0, this.width, this.height);
    for (const [x, y, width, height] of this.texts()) pen.rect(x, y, width, height);
    pen.clip("evenodd");
  }

  _station(/** @type {number} */ at, /** @type {number} */ x, /** @type {number} */ y) {
    const stage = this.film.arm.stages[at], team = this.film.arm.teams[stage.team];
    const colour = team ? team.colour : "#98A1AB", room = this.size - 2 * PAD;
    this._box(x, y, this.size, this.tall, team && team.limit);
    this.pen.fillStyle = colour;
    this.pen.fillRect(x + PAD, y + 7, room, 4);
    this._lines(stage.label, room, 12.5, 2).forEach((text, row) => this._write(text, x + PAD, y + 27 + 15 * row, 12.5, COLOURS.ink, true));
    if (!stage.aside && at !== this.last) this._arrow(x + this.size + BETWEEN / 2, y + 33);
    const below = y + 42 + this.more;
    this._write(this._lines(stage.crew, room, 10.5, 1)[0], x + PAD, below, 10.5, COLOURS.muted);
    const open = stage.aside ? COLOURS.aside : COLOURS.buyer;
    if (team) {
      const waits = [[WAITING, OPEN, COLOURS.waiting], [WAITING, WON, COLOURS.won]];
      this._group(at, x + PAD, below + 18, room, waits);
    }
    this._group(at, x + PAD, below + (team ? 74 : 18), room, [
      [WORKING, OPEN, COLOURS.working], [WORKING, WON, COLOURS.won], [BUYER, OPEN, open], [BUYER, WON, COLOURS.won],
    ]);
  }

  /** Numbers of leads in some states, and below them the leads in rows. */
  _group(/** @type {number} */ at, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ room, /** @type {any[][]} */ kinds) {
    /** @type {any[][]} */
    const dots = [];
    let right = x;
    for (const state of new Set(kinds.map((kind) => kind[0]))) {
      const here = kinds.filter((kind) => kind[0] === state).map(([, fate, colour]) => [this.film.count(at, state, fate), colour]);
      const number = here.reduce((sum, [count]) => sum + count, 0);
      this._dot(right + 4, y - 4, state, number && !here[0][0] ? here[1][1] : here[0][1]);
      right = this._write(this.told.number(number), right + 11, y, 12, COLOURS.ink, true) + 6;
      const name = this.told(["buyer", "waiting", "working"][state]);
      if (kinds.length === 2) this._write(this._lines(name, x + room - right, 10.5, 1)[0], right - 2, y, 10.5, COLOURS.muted);
      right += 4;
      for (const [count, colour] of here) dots.push([count, state, colour]);
    }
    this._rows(dots, x, y + 10, room);
  }

  _rows(/** @type {any[][]} */ dots, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ room) {
    const columns = Math.floor(room / PITCH);
    const total = dots.reduce((sum, [count]) => sum + count, 0);
    const most = total > columns * ROWS ? columns * (ROWS - 1) : total;
    let at = 0;
    for (const [count, state, colour] of dots) {
      for (let number = 0; number < count && at < most; number++, at++) {
        this._dot(x + 4 + (at % columns) * PITCH, y + Math.floor(at / columns) * PITCH, state, colour);
      }
    }
    if (total > most) {
      const text = this.told("more", { number: this.told.number(total - most) });
      this._write(text, x, y + (ROWS - 1) * PITCH + 4, 10.5, COLOURS.muted);
    }
  }

  _exit(/** @type {number} */ at, /** @type {number} */ x, /** @type {number} */ y) {
    const won = at === -2, figures = this.film.figures(), room = this.size - 2 * PAD;
    this._box(x, y, this.size, this.tall, false);
    const colour = won ? COLOURS.won : COLOURS.lost;
    this.pen.fillStyle = colour;
    this.pen.fillRect(x + PAD, y + 7, room, 4);
    this._write(this.told(won ? "won" : "lost"), x + PAD, y + 27, 12.5, COLOURS.ink, true);
    this._write(this.told.number(won ? figures.won : figures.lost), x + PAD, y + 62, 24, colour, true);
    const since = this.told(won ? "counted_from" : "from_start", { date: this.told.warmup });
    this._lines(since, room, 10.5, 3).forEach((text, row) => this._write(text, x + PAD, y + 82 + 14 * row, 10.5, COLOURS.muted));
  }

  _crew(/** @type {any} */ team, /** @type {number} */ number) {
    const { film } = this, span = (this.width - 2 * MARGIN + BETWEEN) / this.crews, width = span - BETWEEN;
    const x = MARGIN + (number % this.crews) * span, y = this.top + Math.floor(number / this.crews) * (CREW + 10);
    this._box(x, y, width, CREW, team.limit);
    const open = film.isOpen(number, film.now), people = film.people(number), room = width - 2 * PAD;
    const name = team.limit ? this.told("limit_team", { team: team.label }) : team.label;
    this._write(this._lines(name, room, 12, 1)[0], x + PAD, y + 17, 12, team.limit ? COLOURS.limit : COLOURS.ink, true);
    const busy = people.filter((hand) => hand > 0).length;
    const day = film.columns[`busy_${number}`][Math.min(film.day, film.days.won.length - 2)];
    const parts = [
      this.told(film.whole ? "busy" : "people", { busy: this.told.number(busy), people: this.told.number(people.length) }),
      day ? this.told("busy_today", { share: this.told.percent(day - 1) }) : "",
      open ? "" : this.told("closed"),
    ];
    this._write(this._lines(parts.filter(Boolean).join(" · "), room, 10.5, 1)[0], x + PAD, y + 32, 10.5, COLOURS.muted);
    if (film.whole) this._people(people, x + PAD, y + 40, room, team.colour, open);
  }

  /** A square for each person: full with something in hand, pale in closed hours. */
  _people(/** @type {number[]} */ hands, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ room, /** @type {string} */ colour, /** @type {boolean} */ open) {
    const { pen } = this, columns = Math.floor(room / 13), most = hands.length > columns * 3 ? columns * 2 : hands.length;
    pen.lineWidth = 1.4;
    pen.strokeStyle = pen.fillStyle = colour;
    pen.globalAlpha = open ? 1 : 0.35;
    hands.slice(0, most).forEach((hand, at) => {
      const left = x + (at % columns) * 13 + 0.7, top = y + Math.floor(at / columns) * 13 + 0.7;
      pen.strokeRect(left, top, 9, 9);
      if (hand) pen.fillRect(left, top, 9, 9);
    });
    pen.globalAlpha = 1;
    if (hands.length > most) this._write(this.told("more", { number: this.told.number(hands.length - most) }), x, y + 36, 10.5, COLOURS.muted);
  }

  // --- pen ---

  _box(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ width, /** @type {number} */ height, /** @type {boolean} */ limit) {
    const { pen } = this;
    pen.beginPath();
    pen.roundRect(x, y, width, height, 5);
    pen.fillStyle = COLOURS.paper;
    pen.fill();
    pen.strokeStyle = limit ? COLOURS.limit : COLOURS.hairline;
    pen.lineWidth = limit ? 2 : 1;
    pen.stroke();
  }

  /** The way from a station to the next, where there is room beside it. */
  _arrow(/** @type {number} */ x, /** @type {number} */ y) {
    const { pen } = this;
    if (x + 5 > this.width) return;
    pen.fillStyle = COLOURS.muted;
    pen.beginPath();
    pen.moveTo(x - 4, y - 5); pen.lineTo(x + 4, y); pen.lineTo(x - 4, y + 5);
    pen.fill();
  }

  /** A lead: a full circle waits, a square is in work, a ring is with the buyer, a cross is lost. */
  _dot(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ state, /** @type {string} */ colour, full = false, cross = false) {
    const { pen } = this;
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = 1.5;
    pen.beginPath();
    if (cross) {
      pen.moveTo(x - 3.5, y - 3.5); pen.lineTo(x + 3.5, y + 3.5); pen.moveTo(x + 3.5, y - 3.5); pen.lineTo(x - 3.5, y + 3.5);
      pen.stroke();
    } else if (state === WORKING) pen.fillRect(x - 3.8, y - 3.8, 7.6, 7.6);
    else {
      pen.arc(x, y, full || state === WAITING ? 4 : 3.3, 0, 2 * Math.PI);
      full || state === WAITING ? pen.fill() : pen.stroke();
    }
  }

  /** Writes a text, and returns where it ends. */
  _write(/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ size, /** @type {string} */ colour, bold = false) {
    this.pen.font = `${bold ? "600 " : ""}${size}px ${FONT}`;
    this.pen.fillStyle = colour;
    this.pen.fillText(text, x, y);
    return x + this.pen.measureText(text).width;
  }

  /** A text in at most so many lines, cut where it must be. */
  _lines(/** @type {string} */ text, /** @type {number} */ room, /** @type {number} */ size, /** @type {number} */ most) {
    const key = `${Math.round(room)} ${size} ${text}`;
    let made = this.fitted.get(key);
    if (made) return made;
    if (this.fitted.size > 2000) this.fitted.clear();
    this.pen.font = `600 ${size}px ${FONT}`;
    const wide = (/** @type {string} */ row) => this.pen.measureText(row).width;
    const words = text.match(/[\u2E80-\uFFEF]|[^\s\u2E80-\uFFEF]+\s*|\s+/gu) ?? [""];
    made = [""];
    for (const word of words) {
      const last = made[made.length - 1];
      if (!last || wide((last + word).trimEnd()) <= room || made.length === most) made[made.length - 1] = last + word;
      else made.push(word);
    }
    made = made.map((row) => {
      let kept = row.trim();
      if (wide(kept) <= room) return kept;
      const letters = [...kept];
      while (letters.length && wide(`${letters.join("")}…`) > room) letters.pop();
      return `${letters.join("").trimEnd()}…`;
    });
    this.fitted.set(key, made);
    return made;
  }
}
