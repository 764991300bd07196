// A closer look at what is moved: views that open one by one, each with its fields, its progress and its result.
//
// All texts come from the server, in one language. What there is to be seen comes as HTML of the report, without scripts
// and styles, in which all that a user wrote is escaped; the policy of the page would let none of them act.

import { element } from "./panel.js";

/** Rows from which on a table scrolls within itself, beneath its heads. */
const TALL = 24;

/**
 * @typedef {{value: string, label: string, side?: string}} Option
 * @typedef {{name: string, kind: string, label: string, start: string, hint?: string, options?: Option[],
 *   groups?: {label: string, options: Option[]}[], follows?: string, least?: string, most?: string}} Field
 * @typedef {{name: string, title: string, about: string, on_demand: boolean, of_changes: boolean, fields: Field[]}} View
 * @typedef {Record<string, number>} Numbers
 * @typedef {(asked: {numbers: Numbers, view: string, given: Record<string, string>}, signal: AbortSignal) =>
 *   AsyncIterable<any>} Look
 */

/**
 * Show the views; gives what is to be told of the numbers that are moved.
 * @param {HTMLElement} el @param {{texts: Record<string, string>, views: View[]}} description @param {Look} look
 * @returns {(numbers: Numbers) => void}
 */
export function closer(el, { texts, views }, look) {
  const made = views.map((view) => new Closer(view, texts, look));
  el.replaceChildren(element("section", { class: "look", "aria-label": texts.region }, ...made.map(({ whole }) => whole)));
  return (numbers) => made.forEach((each) => each.settle(numbers));
}

class Closer {
  /** @param {View} view @param {Record<string, string>} texts @param {Look} look */
  constructor(view, texts, look) {
    this.view = view;
    this.texts = texts;
    this.look = look;
    /** @type {Numbers} */
    this.numbers = {};
    /** What the result that is shown was computed for. */
    this.shown = "";
    /** @type {AbortController | undefined} */
    this.under = undefined;
    /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
    this.fields = new Map();
    this.progress = element("progress", { max: 1, value: 0, hidden: true, "aria-label": view.title });
    this.told = element("p", { class: "look-told", hidden: true });
    this.status = element("p", { class: "look-status", role: "status" });
    this.spoken = element("p", { class: "fs-hidden", role: "status" });
    this.button = element("button", { type: "submit", class: "fs-button" }, texts.ask);
    this.stop = element("button", { type: "button", class: "fs-quiet", hidden: true, onclick: () => this.stopped() }, texts.stop);
    this.result = element("div", { class: "look-result" });
    const form = element(
      "form",
      { class: "look-form", novalidate: true },
      ...view.fields.map((field) => this.field(field)),
      element("div", { class: "look-buttons" }, this.button, this.stop),
    );
    form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.ask();
    });
    this.whole = element(
      "details",
      { class: "look-view", "data-view": view.name },
      element("summary", {}, element("h2", {}, view.title)),
      element("p", { class: "look-about" }, view.about),
      form,
      element("div", { class: "look-going" }, this.progress, this.told, this.status, this.spoken),
      this.result,
    );
    this.whole.addEventListener("toggle", () => {
      if (this.whole.open && !view.on_demand && !this.under && this.shown !== this.settings) this.ask();
    });
  }

  /** What a result is computed for. */
  get settings() {
    return JSON.stringify([this.numbers, this.given()]);
  }

  get moved() {
    return Object.keys(this.numbers).length > 0;
  }

  // --- fields -----------------------------------------------------------------------------------------------

  /** @param {Field} field */
  field(field) {
    const id = `look-${this.view.name}-${field.name}`;
    const hint = field.hint ? element("span", { class: "look-hint", id: `${id}-hint` }, field.hint) : "";
    const made = field.kind === "select" ? element("select", { id }, ...choices(field)) : element("input", { id, type: field.kind, autocomplete: "off" });
    if (field.least) made.min = field.least;
    if (field.most) made.max = field.most;
    if (field.hint) made.setAttribute("aria-describedby", `${id}-hint`);
    made.value = field.start;
    this.fields.set(field.name, made);
    const other = this.fields.get(field.follows ?? "");
    if (other instanceof HTMLSelectElement) {
      const follow = () => (made.value = other.selectedOptions[0]?.dataset.side ?? made.value);
      other.addEventListener("change", follow);
      follow();
    }
    made.addEventListener("change", () => {
      made.removeAttribute("aria-invalid");
      if (this.view.on_demand) this.age();
      else this.ask();
    });
    return element("div", { class: `look-field look-${field.kind}` }, element("label", { for: id }, field.label), made, hint);
  }

  given() {
    return Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value]));
  }

  // --- questions --------------------------------------------------------------------------------------------

  /** @param {Numbers} numbers */
  settle(numbers) {
    const before = JSON.stringify(this.numbers);
    this.numbers = { ...numbers };
    if (JSON.stringify(this.numbers) === before) return;
    if (this.under) this.halt("");
    this.age();
  }

  /** Say whether the result that is shown is one of what is set now. */
  age() {
    if (this.under) return;
    const old = this.shown !== "" && this.shown !== this.settings;
    this.say(old ? this.texts.moved : "");
    this.result.classList.toggle("look-old", old);
  }

  async ask() {
    this.under?.abort();
    if (this.view.of_changes && !this.moved) return this.say(this.texts.unmoved, "wrong");
    const mine = (this.under = new AbortController());
    const settings = this.settings;
    for (const field of this.fields.values()) field.removeAttribute("aria-invalid");
    this.going(0, this.texts.waiting);
    try {
      for await (const line of this.look({ numbers: this.numbers, view: this.view.name, given: this.given() }, mine.signal)) {
        if (mine.signal.aborted) return;
        if (line.kind === "view") this.show(line.html, settings);
        else if (line.kind === "error") this.refuse(line);
        else this.going(line.share ?? 0, line.text);
      }
      if (this.under === mine) this.end(this.texts.stopped); // neither a result nor a reason came
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "AbortError" && this.under === mine) this.end(this.texts.lost, "wrong");
    }
  }

  /** @param {string} said */
  halt(said) {
    this.under?.abort();
    this.end(said);
  }

  stopped() {
    this.halt(this.texts.stopped);
    this.button.focus(); // the one that had the focus is gone
  }

  /** @param {{text: string, control?: string}} refusal */
  refuse({ text, control }) {
    const field = this.fields.get(control ?? "");
    field?.setAttribute("aria-invalid", "true");
    this.end(text, "wrong");
    field?.focus();
  }

  /** @param {string} html @param {string} settings */
  show(html, settings) {
    const read = new DOMParser().parseFromString(html, "text/html").body;
    this.result.replaceChildren(...[...read.childNodes].map((each) => document.importNode(each, true)));
    this.result.classList.remove("look-old");
    for (const table of this.result.querySelectorAll("table")) table.parentElement?.classList.toggle("look-tall", table.rows.length > TALL);
    this.shown = settings;
    this.end("");
    this.spoken.textContent = this.texts.done;
  }

  // --- what is said meanwhile -------------------------------------------------------------------------------

  /**
   * How far it is: seen, but not read out at each step.
   * @param {number} share @param {string} said
   */
  going(share, said) {
    this.progress.hidden = this.stop.hidden = this.told.hidden = false;
    this.progress.value = share;
    this.told.textContent = said;
    this.spoken.textContent = this.texts.begun;
    this.say("");
  }

  /** @param {string} said @param {string} [kind] */
  end(said, kind) {
    this.under = undefined;
    this.progress.hidden = this.stop.hidden = this.told.hidden = true;
    this.spoken.textContent = "";
    this.button.textContent = this.shown ? this.texts.again : this.texts.ask;
    this.say(said, kind);
  }

  /** @param {string} said @param {string} [kind] */
  say(said, kind = "") {
    this.status.textContent = said;
    this.status.classList.toggle("fs-wrong", kind === "wrong");
  }
}

/** @param {Field} field */
function choices({ options = [], groups = [] }) {
  const one = (/** @type {Option} */ { value, label, side }) => element("option", { value, "data-side": side }, label);
  return [...options.map(one), ...groups.map((group) => element("optgroup", { label: group.label }, ...group.options.map(one)))];
}
