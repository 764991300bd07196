// The what-if panel: controls, the answer in words, the difference to today, bars and the line.
//
// It is an ES module of the form that anywidget knows, `render({model, el})`, and is the same in a notebook, on the page
// of `funnelsim app` and in a report. All its texts come from the host, in one language; it puts none together.
//
// The host is a `model`: `get("panel")` is the description, `get("settings")` the numbers that stand otherwise than
// today, `send(message)` asks, and `on("msg:custom", …)` hears what comes back, line by line.

/**
 * @typedef {{name: string, label: string, group: string, unit: string, scale: number, today: number, low: number,
 *   high: number, step: number, switch: boolean, needed?: string, values?: number[]}} Control
 * @typedef {{lang: string, name: string, texts: Record<string, string>, controls: Control[], open: string[],
 *   asks?: boolean}} Panel
 * @typedef {{zero?: number, today?: number, asked?: number, low?: number, high?: number}} Bars
 * @typedef {{kpi: string, label: string, about: string, today: string, asked: string, difference: string,
 *   interval: string, tone: string, bars: Bars, values: Record<string, number | null>}} Figure
 * @typedef {Record<string, number>} Numbers
 * @typedef {{get(name: string): any, set(name: string, value: any): void, save_changes(): void,
 *   send(message: object): void, on(name: string, heard: Function): void, off?(name?: string, heard?: Function): void
 *   }} Model
 */

/** Milliseconds without a further move after which a question is sent, so that dragging sends one. */
export const PAUSE = 150;

/** Milliseconds without an answer after which the panel says why. */
const PATIENCE = 800;

const SVG = "http://www.w3.org/2000/svg";

/** What takes the keys that are typed, beside what has a tabindex. */
const KEYED = new Set(["a", "button", "input", "summary"]);

/**
 * An element with attributes and what is in it; texts stay texts.
 *
 * What takes keys asks JupyterLab to leave them alone: arrows would move to another cell and Enter edit this one. JupyterLab
 * looks at the element that has the focus before those around it, so it has to be asked on each.
 * @param {string} tag @param {Record<string, any>} [given] @param {...(Node | string)} inside
 * @returns {any}
 */
export function element(tag, given = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
  }
  if (KEYED.has(tag) || "tabindex" in given) made.setAttribute("data-lm-suppress-shortcuts", "true");
  made.append(...inside);
  return made;
}

/** @param {string} tag @param {Record<string, any>} given @returns {SVGElement} */
function drawn(tag, given) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, String(value));
  return made;
}

/**
 * A number without what is left of binary fractions.
 * @param {number} value
 */
export function rounded(value) {
  return Number(value.toPrecision(10));
}

/**
 * The numbers that stand otherwise than today.
 * @param {Control[]} controls @param {Numbers} numbers @returns {Numbers}
 */
export function moved(controls, numbers) {
  /** @type {Numbers} */
  const made = {};
  for (const { name, today } of controls) {
    const number = numbers[name];
    if (typeof number === "number" && Number.isFinite(number) && number !== today) made[name] = number;
  }
  return made;
}

/** @param {{model: Model, el: HTMLElement}} given */
export function render({ model, el }) {
  const view = new View(model, el);
  return () => view.end();
}

export default { render };

let views = 0;

class View {
  /** @param {Model} model @param {HTMLElement} el */
  constructor(model, el) {
    /** @type {Panel} */
    this.panel = model.get("panel");
    this.model = model;
    this.texts = this.panel.texts;
    this.id = `fs${++views}`;
    this.asked = 0;
    this.timer = 0;
    this.patience = 0;
    /** @type {Numbers} */
    const settings = model.get("settings") || {};
    this.numbers = moved(this.panel.controls, settings);
    const known = new Set(this.panel.controls.map(({ name }) => name));
    const strange = Object.keys(settings).filter((name) => !known.has(name));
    /** What was set and is none of the controls, or no number. @type {string[]} */
    this.left = [...(model.get("unread") || []), ...strange.map((name) => `${name}=${settings[name]}`)];
    /** @type {Map<string, (value: number) => void>} */
    this.shown = new Map();
    /** What stands beneath the fields. @type {Map<string, (text: string, wrong: boolean) => void>} */
    this.beneath = new Map();
    this.heard = (/** @type {any} */ message) => this.hear(message);
    model.on("msg:custom", this.heard);
    el.replaceChildren(this.whole());
    this.ask();
  }

  end() {
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    this.model.off?.("msg:custom", this.heard);
    this.model.send({ kind: "stop" });
  }

  whole() {
    const t = this.texts;
    this.status = element("p", { class: "fs-status" });
    this.notice = element("p", { class: "fs-notice", role: "status" });
    this.unread = element("div", { class: "fs-unread", role: "status", hidden: this.left.length === 0 }, element("p", {}, t.unread), element("ul", {}, ...this.left.map((each) => element("li", {}, each))));
    this.lines = element("div", { class: "fs-lines" });
    this.spoken = element("p", { class: "fs-hidden", "aria-live": "polite" });
    this.movedList = element("ul", { class: "fs-moved" });
    this.undoAll = element("button", { type: "button", class: "fs-quiet", onclick: () => this.set({}) }, t.undo_all);
    this.save = element("button", { type: "button", class: "fs-button", onclick: () => this.lever() }, t.save);
    this.kept = element("div", { class: "fs-kept", hidden: true });
    this.rows = element("tbody");
    this.picture = element("div", { class: "fs-picture", tabindex: 0, role: "group", "aria-label": t.line });
    this.pictureTitle = element("h2", {}, t.line_today);
    this.pictureAbout = element("p", { class: "fs-about" });
    this.lineSection = element("section", { class: "fs-line", hidden: true }, this.pictureTitle, this.pictureAbout, element("p", { class: "fs-wide" }, t.wide), this.picture);
    const panel = element(
      "div",
      { class: "fs-panel", lang: this.panel.lang },
      element("header", { class: "fs-header" }, element("p", { class: "fs-name" }, this.panel.name), element("h1", {}, t.heading), element("p", { class: "fs-about" }, t.intro), this.unread),
      element("section", { class: "fs-answer", "aria-label": t.heading }, this.status, this.lines, this.notice, this.spoken),
      this.controlsSection(),
      element("section", { class: "fs-changes" }, element("h2", {}, t.moved), this.movedList, element("div", { class: "fs-buttons" }, this.save, this.undoAll), this.kept),
      this.figuresSection(),
      this.lineSection,
      element("details", { class: "fs-sure" }, element("summary", {}, t.sure), element("p", {}, t.sure_text)),
    );
    return element("div", { class: "fs-host" }, panel);
  }

  // --- controls -------------------------------------------------------------------------------------------

  controlsSection() {
    const { controls, open } = this.panel;
    const byName = new Map(controls.map((each) => [each.name, each]));
    const first = open.map((name) => byName.get(name)).filter((each) => each !== undefined);
    const rest = controls.filter((each) => !open.includes(each.name));
    const made = element("section", { class: "fs-controls" }, element("h2", {}, this.texts.controls), ...first.map((each) => this.control(each)));
    if (rest.length) made.append(this.more(rest));
    return made;
  }

  /** @param {Control[]} rest */
  more(rest) {
    const t = this.texts;
    const places = element("div", { class: "fs-more-list" });
    const none = element("p", { class: "fs-about", hidden: true }, t.none_found);
    const found = () => {
      const wanted = search.value.trim().toLowerCase();
      let any = false;
      for (const group of places.children) {
        let some = false;
        for (const each of group.querySelectorAll(".fs-control")) {
          each.hidden = wanted !== "" && !each.dataset.said.includes(wanted);
          some ||= !each.hidden;
        }
        group.hidden = !some;
        any ||= some;
      }
      none.hidden = any;
    };
    const search = element("input", { type: "search", id: `${this.id}-search`, oninput: found });
    /** @type {Map<string, any>} */
    const groups = new Map();
    for (const each of rest) {
      if (!groups.has(each.group)) {
        groups.set(each.group, element("div", { class: "fs-group" }, element("h3", {}, each.group)));
        places.append(groups.get(each.group));
      }
      groups.get(each.group).append(this.control(each));
    }
    return element(
      "details",
      { class: "fs-more", open: rest.some((each) => each.name in this.numbers) },
      element("summary", {}, t.more_controls),
      element("label", { for: `${this.id}-search`, class: "fs-label" }, t.search),
      search,
      none,
      places,
    );
  }

  /** @param {Control} control */
  control(control) {
    const id = `${this.id}-${this.shown.size}`;
    const said = `${control.label} ${control.name}`.toLowerCase();
    const now = this.numbers[control.name] ?? control.today;
    if (control.switch) {
      const box = element("input", { type: "checkbox", id, "data-name": control.name });
      box.checked = now !== control.today;
      box.addEventListener("change", () => this.move(control, box.checked ? control.high : control.today));
      this.shown.set(control.name, (value) => (box.checked = value !== control.today));
      return element("div", { class: "fs-control fs-switch", "data-said": said }, box, element("label", { for: id }, control.label));
    }
    const { scale } = control;
    const shown = (/** @type {number} */ value) => rounded(value * scale);
    const values = control.values;
    const place = (/** @type {number} */ value) => (values ? values.indexOf(value) : shown(value));
    const ends = values ? { min: 0, max: values.length - 1, step: 1 } : { min: shown(control.low), max: shown(control.high), step: shown(control.step) };
    const range = element("input", { type: "range", id, ...ends, value: place(now), "data-name": control.name });
    const unit = control.unit ? element("span", { class: "fs-unit" }, control.unit) : "";
    const number = values
      ? element("output", { for: id, class: "fs-number" }, String(shown(now)))
      : element("input", { type: "number", class: "fs-number", step: "any", value: shown(now), "aria-labelledby": `${id}-label`, "data-name": control.name });
    const write = (/** @type {number} */ value) => {
      if (values) number.textContent = String(shown(value));
      else number.value = String(shown(value));
      range.setAttribute("aria-valuetext", `${shown(value)} ${control.unit}`.trim());
    };
    range.addEventListener("input", () => {
      const value = values ? values[Number(range.value)] : rounded(Number(range.value) / scale);
      write(value);
      this.move(control, value);
    });
    number.addEventListener("input", () => {
      if (values) return;
      if (number.value === "" || !Number.isFinite(Number(number.value))) return this.tell(control.name, control.needed ?? "", true);
      const value = rounded(Number(number.value) / scale);
      range.value = String(place(value));
      this.move(control, value);
    });
    number.addEventListener("blur", () => {
      // What is no number changes nothing, so the field goes back to the number that the answer rests on.
      if (!values && (number.value === "" || !Number.isFinite(Number(number.value)))) write(this.numbers[control.name] ?? control.today);
    });
    this.shown.set(control.name, (value) => {
      range.value = String(place(value));
      write(value);
    });
    const beneath = element("p", { class: "fs-beneath", id: `${id}-beneath`, "aria-live": "polite", hidden: true });
    this.beneath.set(control.name, (text, wrong) => {
      beneath.textContent = text;
      beneath.hidden = text === "";
      beneath.classList.toggle("fs-wrong", wrong);
      if (values) return;
      number.setAttribute("aria-invalid", String(wrong));
      if (text) number.setAttribute("aria-describedby", beneath.id);
      else number.removeAttribute("aria-describedby");
    });
    write(now);
    return element(
      "div",
      { class: "fs-control", "data-said": said },
      element("label", { for: id, id: `${id}-label`, class: "fs-label" }, control.label),
      element("div", { class: "fs-slide" }, range, element("span", { class: "fs-amount" }, number, unit)),
      beneath,
    );
  }

  /**
   * Say something beneath the field of a control.
   * @param {string} name @param {string} text @param {boolean} [wrong]
   */
  tell(name, text, wrong = false) {
    this.beneath.get(name)?.(text, wrong);
  }

  /** @param {Control} control @param {number} value */
  move(control, value) {
    this.unread.hidden = true;
    this.tell(control.name, "");
    this.numbers = moved(this.panel.controls, { ...this.numbers, [control.name]: value });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** @param {Numbers} numbers */
  set(numbers) {
    this.numbers = moved(this.panel.controls, numbers);
    for (const { name, today } of this.panel.controls) this.shown.get(name)?.(this.numbers[name] ?? today);
    clearTimeout(this.timer);
    this.ask();
  }

  // --- questions ------------------------------------------------------------------------------------------

  ask() {
    this.asked += 1;
    this.kept.hidden = true;
    this.model.set("settings", this.numbers);
    this.model.save_changes();
    this.say(this.texts.computing, true);
    clearTimeout(this.patience);
    if (this.model.get("host") === "notebook") this.patience = setTimeout(() => this.say(this.texts.busy, true), PATIENCE);
    this.model.send({ kind: "ask", id: this.asked, numbers: this.numbers });
  }

  lever() {
    this.model.send({ kind: "lever", id: this.asked, numbers: this.numbers });
  }

  /** @param {any} message */
  hear(message) {
    if (message.id !== this.asked) return;
    clearTimeout(this.patience);
    switch (message.kind) {
      case "moved":
        this.say(this.texts.computing, true);
        return this.showMoved(message.moved, message.doubtful ?? []);
      case "answer":
        return this.showAnswer(message);
      case "picture":
        return this.showPicture(message);
      case "lever":
        return this.showLever(message);
      case "notice":
        return this.say(message.text, true);
      case "error":
        if (message.control) this.tell(message.control, message.text, true);
        return this.say(message.text, false);
    }
  }

  /** @param {string} text @param {boolean} going */
  say(text, going) {
    this.notice.textContent = text;
    this.notice.classList.toggle("fs-going", going && text !== "");
    this.notice.classList.toggle("fs-wrong", !going && text !== "");
  }

  /** @param {{name: string, text: string, undo: string}[]} list @param {{name: string, text: string}[]} doubtful */
  showMoved(list, doubtful) {
    const t = this.texts;
    for (const each of this.beneath.values()) each("", false);
    for (const { name, text } of doubtful) this.tell(name, text);
    const rows = list.map(({ name, text, undo }) => {
      const rest = () => this.set(Object.fromEntries(Object.entries(this.numbers).filter(([each]) => each !== name)));
      return element("li", {}, element("span", {}, text), element("button", { type: "button", class: "fs-quiet", "aria-label": undo, "data-name": name, onclick: rest }, t.undo));
    });
    this.movedList.replaceChildren(...(rows.length ? rows : [element("li", { class: "fs-about" }, t.nothing_moved)]));
    this.undoAll.hidden = rows.length < 2;
    this.save.hidden = rows.length === 0 || this.panel.asks === false;
  }

  /** @param {any} answer */
  showAnswer(answer) {
    this.status.textContent = answer.status;
    this.lines.replaceChildren(...answer.lines.map((/** @type {any} */ each, /** @type {number} */ at) => element("p", { class: `fs-said fs-${each.tone} ${at ? "" : "fs-first"}` }, each.text)));
    this.rows.replaceChildren(...answer.figures.map((/** @type {Figure} */ each) => this.figure(each)));
    this.say(answer.last ? "" : this.texts.computing, true);
    if (answer.last) this.spoken.textContent = `${answer.status} ${answer.lines.map((/** @type {any} */ each) => each.text).join(" ")}`;
    this.rows.dataset.replications = answer.replications;
    this.rows.dataset.last = answer.last;
    this.rows.dataset.asked = this.asked;
  }

  /** @param {{svg: string, title: string, about: string}} message */
  showPicture({ svg, title, about }) {
    const made = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    if (made.nodeName !== "svg" || made.querySelector("script, foreignObject")) return;
    this.pictureTitle.textContent = title;
    this.pictureAbout.textContent = about;
    this.picture.replaceChildren(document.importNode(made, true));
    this.picture.setAttribute("aria-label", title);
    this.lineSection.hidden = false;
  }

  /** @param {{file: string, text: string, about: string, command: string, download: string}} lever */
  showLever({ file, text, about, command, download }) {
    const link = element("a", { class: "fs-button", download: file, href: URL.createObjectURL(new Blob([text], { type: "application/yaml" })) }, download);
    this.kept.replaceChildren(element("p", {}, about), element("pre", { tabindex: 0 }, command), element("pre", { tabindex: 0, class: "fs-file" }, text), link);
    this.kept.hidden = false;
  }

  // --- figures --------------------------------------------------------------------------------------------

  figuresSection() {
    const t = this.texts;
    const heads = [t.figure, t.today, t.asked, t.difference];
    const table = element(
      "table",
      {},
      element("caption", { class: "fs-hidden" }, t.figures),
      element("thead", {}, element("tr", {}, ...heads.map((each) => element("th", { scope: "col" }, each)))),
      this.rows,
    );
    return element("section", { class: "fs-figures" }, element("h2", {}, t.figures), element("div", { class: "fs-scroll", tabindex: 0, role: "group", "aria-label": t.figures }, table), element("p", { class: "fs-about" }, t.bar_legend));
  }

  /** @param {Figure} each */
  figure(each) {
    const row = element(
      "tr",
      { "data-kpi": each.kpi, title: each.about },
      element("th", { scope: "row" }, element("span", {}, each.label), bars(each.bars)),
      element("td", {}, each.today),
      element("td", {}, each.asked),
      element("td", {}, element("span", { class: `fs-${each.tone}` }, each.difference), element("span", { class: "fs-interval" }, each.interval)),
    );
    for (const [name, value] of Object.entries(each.values)) if (value !== null) row.dataset[name] = String(value);
    return row;
  }
}

/**
 * Two bars, today's above the changed line's, and the interval of the difference as a thin line.
 * @param {Bars} each
 */
export function bars(each) {
  const whole = drawn("svg", { viewBox: "0 0 100 14", preserveAspectRatio: "none", class: "fs-bars", "aria-hidden": "true" });
  const zero = 100 * (each.zero ?? 0);
  const bar = (/** @type {number | undefined} */ end, /** @type {number} */ y, /** @type {string} */ name) => {
    if (end === undefined) return;
    const at = 100 * end;
    whole.append(drawn("rect", { x: Math.min(zero, at), y, width: Math.abs(at - zero), height: 5, class: name }));
  };
  bar(each.today, 1, "fs-bar-today");
  bar(each.asked, 8, "fs-bar-asked");
  if (each.low !== undefined && each.high !== undefined && each.high > each.low)
    whole.append(drawn("rect", { x: 100 * each.low, y: 10, width: 100 * (each.high - each.low), height: 1, class: "fs-bar-interval" }));
  return whole;
}

/**
 * A host whose answers were computed beforehand, as in a report: by the places of the values of its controls.
 * @param {{panel: Panel, answers: Record<string, object[]>, settings?: Numbers}} given
 * @returns {Model}
 */
export function beforehand({ panel, answers, settings = {} }) {
  /** @type {Set<Function>} */
  const hearing = new Set();
  /** @type {Record<string, any>} */
  const values = { panel: { ...panel, asks: false }, settings, host: "report" };
  const key = (/** @type {Numbers} */ numbers) => panel.controls.map(({ name, today, values: all }) => (all ?? []).indexOf(numbers[name] ?? today)).join(",");
  return {
    get: (name) => values[name],
    set: (name, value) => void (values[name] = value),
    save_changes: () => {},
    on: (_, heard) => void hearing.add(heard),
    off: (_, heard) => void (heard && hearing.delete(heard)),
    send: (/** @type {any} */ message) => {
      if (message.kind !== "ask") return;
      const lines = answers[key(message.numbers)] ?? [{ kind: "error", text: panel.texts.not_computed }];
      queueMicrotask(() => lines.forEach((line) => hearing.forEach((heard) => heard({ ...line, id: message.id }))));
    },
  };
}
