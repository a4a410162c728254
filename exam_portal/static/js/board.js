// SPDX-License-Identifier: Apache-2.0
// The invigilator's board follows the room: it asks every five seconds, and the clocks go on in between.

const EVERY = 5000;
const OLD = 15000; // figures that nobody has confirmed for so long are called old
const PATIENCE = 20000; // a connection that died without a word is given up, and asked anew
const board = document.querySelector("[data-board]");
const clocks = new Map();
let ahead = 0; // how far the server's clock is ahead of this computer's
let tag = "";
let confirmed = performance.now(); // when the server last said that these are the figures
const words = board ? JSON.parse(board.dataset.words) : {};
const rows = new Map([...(board?.querySelectorAll("[data-seat]") ?? [])].map((seat) => [seat.dataset.seat, seat.closest("tr")]));
const last = new Map();

function part(place, name) {
  return place?.querySelector(`[data-part="${name}"]`);
}

function write(place, name, text) {
  const found = part(place, name);
  if (found && found.textContent !== text) found.textContent = text;
}

function mark(place, name, { text, kind }) {
  const found = part(place, name)?.querySelector(".ep-tag");
  if (!found) return;
  found.textContent = text;
  found.className = `ep-tag ep-tag--${kind}`;
}

function reveal(place, isShown) {
  if (place && place.hidden === isShown) place.hidden = !isShown;
}

function clock(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function tick() {
  const now = Date.now() + ahead;
  for (const [place, closesAt] of clocks) write(place, "left", clock(closesAt - now));
  sayHowOld(now);
}

/** Who looks at old figures has to know it, in words, and from when they are. */
function sayHowOld(now) {
  const age = performance.now() - confirmed;
  const notice = board.querySelector("[data-old]");
  reveal(notice, age > OLD);
  if (age <= OLD) return;
  const format = { hour12: false, timeZone: document.documentElement.dataset.zone };
  write(notice, "since", new Date(now - age).toLocaleTimeString("vi-VN", format));
}

/** Only what differs from last time is touched: a hall of 500 seats is no more work than its changes. */
function showSeat(seat) {
  const text = JSON.stringify(seat);
  if (last.get(seat.id) === text) return;
  last.set(seat.id, text);
  const place = rows.get(seat.id);
  mark(place, "finding", tagOf("finding", seat.finding));
  write(place, "arrived", seat.arrived);
  if (seat.attempt === null) return;
  mark(place, "attempt", tagOf("attempt", seat.attempt));
  write(place, "saved", seat.saved);
  write(place, "line", words.line[seat.line][0]);
  part(place, "line")?.setAttribute("data-line", seat.line);
  write(place, "gone", seat.gone);
  part(place, "marks")?.replaceChildren(...seat.marks.flatMap((code) => [tag_(tagOf("marks", code)), " "]));
}

function tagOf(name, code) {
  const [text, kind] = words[name][code];
  return { text, kind };
}

function tag_({ text, kind }) {
  const made = document.createElement("strong");
  made.className = `ep-tag ep-tag--${kind}`;
  made.textContent = text;
  return made;
}

function show(state) {
  ahead = Date.parse(state.now) - Date.now();
  for (const room of state.rooms) {
    const place = board.querySelector(`[data-room="${room.id}"]`);
    mark(place, "state", room.state);
    reveal(part(place, "clock"), room.has_begun);
    write(place, "until", room.until);
    write(place, "tally", room.tally);
    if (room.closes_at) clocks.set(place, Date.parse(room.closes_at));
    else {
      clocks.delete(place);
      write(place, "left", room.left ?? "–");
    }
  }
  for (const seat of state.seats) showSeat(seat);
  const calls = board.querySelector("[data-calls]");
  write(calls, "calls", String(state.calls));
  reveal(calls, state.calls > 0);
  const proposals = board.querySelector("[data-proposals]");
  write(proposals, "proposals", String(state.proposals));
  reveal(proposals, state.proposals > 0);
  tick();
}

async function ask() {
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(board.dataset.board, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) {
      show(await answer.json());
      tag = answer.headers.get("ETag") ?? "";
    }
    if (answer.ok || answer.status === 304) confirmed = performance.now();
  } catch {
    // the room goes on without a connection: the next question may be answered
  }
  tick();
  setTimeout(ask, EVERY);
}

if (board) {
  setInterval(tick, 1000);
  ask();
}
