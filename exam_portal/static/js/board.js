// SPDX-License-Identifier: Apache-2.0
// The invigilator's board follows the room: it asks every five seconds, and the clocks go on in between.

const EVERY = 5000;
const board = document.querySelector("[data-board]");
const clocks = new Map();
let ahead = 0; // how far the server's clock is ahead of this computer's
let tag = "";

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
}

function show(state) {
  ahead = Date.parse(state.now) - Date.now();
  for (const room of state.rooms) {
    const place = board.querySelector(`[data-room="${room.id}"]`);
    mark(place, "state", room.state);
    write(place, "until", room.until);
    write(place, "tally", room.tally);
    if (room.closes_at) clocks.set(place, Date.parse(room.closes_at));
    else {
      clocks.delete(place);
      write(place, "left", room.left ?? "–");
    }
  }
  for (const seat of state.seats) {
    const place = board.querySelector(`[data-seat="${seat.id}"]`)?.closest("tr");
    mark(place, "finding", seat.finding);
    write(place, "arrived", seat.arrived);
    reveal(part(place, "call"), seat.calls);
    if (seat.attempt) {
      mark(place, "attempt", seat.attempt);
      write(place, "saved", seat.saved);
    }
  }
  const calls = board.querySelector("[data-calls]");
  write(calls, "calls", String(state.calls));
  reveal(calls, state.calls > 0);
  tick();
}

async function ask() {
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(board.dataset.board, { headers, cache: "no-store" });
    if (answer.ok) {
      tag = answer.headers.get("ETag") ?? "";
      show(await answer.json());
    }
  } catch {
    // the room goes on without a connection: the next question may be answered
  }
  setTimeout(ask, EVERY);
}

if (board) {
  setInterval(tick, 1000);
  ask();
}
