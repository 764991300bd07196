// Reads the tape of a replication, and knows where every lead is at a minute.

const BUYER = 0, WAITING = 1, WORKING = 2;
const OPEN = 0, WON = 1, LOST = 2;
const DAY = 1440;

/** The columns of a tape: base64 of zlib of numbers of seven bits a byte, the lowest first. */
async function unpacked(/** @type {string} */ data, /** @type {[string, number][]} */ sizes) {
  const packed = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  /** @type {Record<string, Float64Array>} */
  const columns = {};
  let at = 0;
  for (const [name, length] of sizes) {
    const column = new Float64Array(length);
    for (let row = 0; row < length; row++) {
      let scale = 1;
      while (bytes[at] >= 128) {
        column[row] += (bytes[at++] - 128) * scale;
        scale *= 128;
      }
      column[row] += bytes[at++] * scale;
    }
    columns[name] = column;
  }
  return columns;
}

/** What is true up to each midnight: the sums of a column of days. */
function sums(/** @type {Float64Array} */ column) {
  const found = new Float64Array(column.length + 1);
  column.forEach((value, day) => { found[day + 1] = found[day] + value; });
  return found;
}

/** One arm: its leads, its people and its days, at the minute to which it has been wound. */
class Film {
  constructor(/** @type {any} */ arm, /** @type {Record<string, Float64Array>} */ columns, /** @type {number} */ end) {
    this.arm = arm;
    this.columns = columns;
    this.end = end;
    this.stages = arm.stages.length;
    this._changes();
    this._hands();
    this._shifts();
    this.days = {};
    for (const name of ["created", "won", "lost", "counted"]) this.days[name] = sums(columns[`day_${name}`]);
    const last = this.days.won.length - 1;
    this.early = this.days.won[last] - this.days.counted[last];  // won before anything counts
    this.rewind();
  }

  /** Puts the changes of all leads in the order of time. */
  _changes() {
    const { changes, gap, code, rep } = this.columns;
    const rows = gap.length;
    const minute = new Int32Array(rows), lead = new Int32Array(rows), hand = new Int32Array(rows).fill(-1);
    let row = 0, first = 0, worked = 0;
    for (let each = 0; each < changes.length; each++) {
      let time = first;
      for (let number = 0; number < changes[each]; number++, row++) {
        time += gap[row];
        if (number === 0) first = time;
        minute[row] = time;
        lead[row] = each;
        if (stateOf(code[row]) === WORKING) hand[row] = rep[worked++];
      }
    }
    const order = ordered(minute, this.end);
    this.minute = order.map((at) => minute[at]);
    this.lead = order.map((at) => lead[at]);
    this.code = order.map((at) => code[at]);
    this.hand = order.map((at) => hand[at]);
  }

  /** Other work of people, as beginnings and ends in the order of time. */
  _hands() {
    const { also_gap, also_length, also_rep } = this.columns;
    const rows = also_gap.length;
    const minute = new Int32Array(2 * rows), rep = new Int32Array(2 * rows), more = new Int32Array(2 * rows);
    let begun = 0;
    for (let row = 0; row < rows; row++) {
      begun += also_gap[row];
      minute.set([begun, begun + also_length[row]], 2 * row);
      rep.set([also_rep[row], also_rep[row]], 2 * row);
      more.set([1, -1], 2 * row);
    }
    const order = ordered(minute, this.end);
    this.also = { minute: order.map((at) => minute[at]), rep: order.map((at) => rep[at]), more: order.map((at) => more[at]) };
  }

  /** When each team opens and closes, in turns. */
  _shifts() {
    this.shifts = this.arm.teams.map((/** @type {any} */ _, /** @type {number} */ team) => sums(this.columns[`open_${team}`]).subarray(1));
  }

  rewind() {
    this.now = -1;
    this._at = this._also = 0;
    this.won = 0;
    this.counts = new Int32Array((1 + 3 * this.stages) * 3);
    this._codes = new Int16Array(this.columns.changes.length).fill(-1);
    this._reps = new Int32Array(this.columns.changes.length).fill(-1);
    this.hands = new Int32Array(this.columns.rep_team.length);
  }

  /** Winds to a minute; `moved` is told of each lead that goes from a place to another on the way there. */
  wind(/** @type {number} */ minute, /** @type {((from: number, to: number, fate: number) => void) | null} */ moved = null) {
    if (minute < this.now) this.rewind();
    const { also } = this;
    while (this._also < also.minute.length && also.minute[this._also] <= minute) {
      this.hands[also.rep[this._also]] += also.more[this._also++];
    }
    while (this._at < this.minute.length && this.minute[this._at] <= minute) this._change(this._at++, moved);
    this.now = minute;
  }

  _change(/** @type {number} */ row, /** @type {any} */ moved) {
    const lead = this.lead[row], code = this.code[row], before = this._codes[lead];
    if (before >= 0) this.counts[before]--;
    this.counts[code]++;
    this._codes[lead] = code;
    if (this._reps[lead] >= 0) this.hands[this._reps[lead]]--;
    this._reps[lead] = this.hand[row];
    if (this.hand[row] >= 0) this.hands[this.hand[row]]++;
    if (before >= 0 && fateOf(before) !== WON && fateOf(code) === WON) this.won++;
    if (moved && (before < 0 || stageOf(before) !== stageOf(code))) moved(before < 0 ? -1 : stageOf(before), stageOf(code), fateOf(code));
  }

  /** Leads in a stage, in a state, with a fate. */
  count(/** @type {number} */ stage, /** @type {number} */ state, /** @type {number} */ fate) {
    return this.counts[(1 + stage * 3 + state) * 3 + fate];
  }

  /** Whether all leads are here; of a sample figures are those of all leads at the last midnight. */
  get whole() { return this.arm.step === 1; }

  get day() { return Math.min(Math.floor(Math.max(this.now, 0) / DAY), this.days.won.length - 1); }

  /** What the table of figures says. */
  figures() {
    const { days, day } = this;
    if (!this.whole || this.now >= this.end) {
      const at = this.now >= this.end ? days.won.length - 1 : day;
      const open = days.created[at] - days.won[at] - days.lost[at];
      const waiting = at ? this.columns.day_waiting[at - 1] : 0;
      return { won: days.counted[at], open, lost: days.lost[at], waiting };
    }
    let open = 0, lost = 0, waiting = 0;
    for (let code = 0; code < this.counts.length; code++) {
      const fate = fateOf(code);
      if (fate === OPEN) open += this.counts[code];
      if (fate === LOST) lost += this.counts[code];
      if (code > 2 && stateOf(code) === WAITING) waiting += this.counts[code];
    }
    return { won: Math.max(0, this.won - this.early), open, lost, waiting };
  }

  /** Whether a team is open at a minute. */
  isOpen(/** @type {number} */ team, /** @type {number} */ minute) { return turn(this.shifts[team], Math.min(minute, this.end - 1)) % 2 === 1; }

  /** The next minute at which a team opens or closes. */
  nextTurn(/** @type {number} */ minute) {
    return Math.min(this.end, ...this.shifts.map((/** @type {Float64Array} */ turns) => turns[turn(turns, minute)] ?? this.end));
  }

  /** People of a team who are there now: for each how many things are in hand. */
  people(/** @type {number} */ team) {
    const { rep_team, rep_start, rep_end } = this.columns, found = [];
    for (let rep = 0; rep < rep_team.length; rep++) {
      const there = rep_start[rep] <= this.now && (!rep_end[rep] || this.now < rep_end[rep] - 1);
      if (rep_team[rep] === team && (there || this.hands[rep] > 0)) found.push(this.hands[rep]);
    }
    return found;
  }
}

const stateOf = (/** @type {number} */ code) => code < 3 ? BUYER : (Math.floor(code / 3) - 1) % 3;
const stageOf = (/** @type {number} */ code) => code < 3 ? -1 : Math.floor((Math.floor(code / 3) - 1) / 3);
const fateOf = (/** @type {number} */ code) => code % 3;

/** Rows in the order of their minutes; those of one minute stay in order. */
function ordered(/** @type {Int32Array} */ minute, /** @type {number} */ end) {
  const starts = new Int32Array(end + 2), order = new Int32Array(minute.length);
  for (const each of minute) starts[Math.min(each, end) + 1]++;
  for (let at = 0; at <= end; at++) starts[at + 1] += starts[at];
  minute.forEach((each, row) => { order[starts[Math.min(each, end)]++] = row; });
  return order;
}

/** How many of the turns have come by a minute. */
function turn(/** @type {Float64Array} */ turns, /** @type {number} */ minute) {
  let low = 0, high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (turns[middle] <= minute) low = middle + 1; else high = middle;
  }
  return low;
}
