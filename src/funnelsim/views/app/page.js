// The page of `funnelsim app`: gives the panel a model that speaks to the server.

import { closer } from "./closer.js";
import { render } from "./panel.js";

const visitor = Array.from(crypto.getRandomValues(new Uint32Array(4)), (each) => each.toString(36)).join("-");

/** The numbers that stand in the address, behind `#`, and what there is no number. */
export function fromAddress(hash) {
  const numbers = Object.create(null);
  const unread = [];
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (value.trim() !== "" && Number.isFinite(Number(value)) && !(name in numbers)) numbers[name] = Number(value);
    else unread.push(value === "" ? name : `${name}=${value}`);
  }
  return { numbers, unread };
}

/** The same the other way. */
export function toAddress(numbers) {
  return new URLSearchParams(Object.entries(numbers).map(([name, value]) => [name, String(value)])).toString();
}

/** The lines of a body as they come. */
async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}

function post(path, asked, signal) {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ visitor, ...asked }), signal });
}

/** What a refusal says, and of which control, where it is of one. */
async function refused(answer) {
  return answer.headers.get("Content-Type").startsWith("application/json") ? answer.json() : { text: (await answer.text()).trim() };
}

/** The lines of a closer look; each view is a visitor of its own, so that it waits for the answer and stops none. */
async function* look(asked, signal) {
  const answer = await post("/look", { ...asked, visitor: `${visitor}-${asked.view}` }, signal);
  if (answer.ok) yield* lines(answer.body);
  else yield { kind: "error", ...(await refused(answer)) };
}

/** A model whose questions go to the server; `settled` hears what is moved whenever it is asked about. */
export function serverModel(panel, settled = () => {}) {
  const hearing = new Set();
  const { numbers, unread } = fromAddress(location.hash);
  const values = { panel, host: "page", settings: numbers, unread };
  const tell = (message) => hearing.forEach((heard) => heard(message));
  let under = new AbortController();

  async function ask({ id, numbers }) {
    under.abort();
    const mine = (under = new AbortController());
    const answer = await post("/ask", { numbers }, mine.signal);
    if (!answer.ok) return tell({ kind: "error", id, ...(await refused(answer)) });
    for await (const line of lines(answer.body)) tell({ ...line, id });
  }

  async function lever({ id, numbers }) {
    const answer = await post("/lever", { numbers });
    tell(answer.ok ? { kind: "lever", id, ...(await answer.json()) } : { kind: "error", id, ...(await refused(answer)) });
  }

  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      if (name !== "settings") return;
      settled(value);
      const settings = toAddress(value);
      history.replaceState(null, "", settings ? `#${settings}` : location.pathname);
    },
    save_changes() {},
    on: (_, heard) => hearing.add(heard),
    off: (_, heard) => hearing.delete(heard),
    send(message) {
      if (message.kind === "stop") return under.abort();
      const sent = message.kind === "lever" ? lever(message) : ask(message);
      sent.catch((error) => {
        if (error.name !== "AbortError") tell({ kind: "error", id: message.id, text: panel.texts.lost });
      });
    },
  };
}

async function open() {
  history.replaceState(null, "", location.pathname + location.hash); // the token is not left in the address
  const place = document.getElementById("panel");
  if (place === null) return;
  const answer = await fetch("/panel");
  if (!answer.ok) return place.replaceChildren(await answer.text());
  const panel = await answer.json();
  const views = await fetch("/views");
  const closely = views.ok ? closer(document.getElementById("closer"), await views.json(), look) : () => {};
  const shown = () => render({ model: serverModel(panel, closely), el: place });
  let end = shown();
  addEventListener("hashchange", () => {
    end();
    end = shown();
  });
}

open();
