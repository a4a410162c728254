// SPDX-License-Identifier: Apache-2.0
// The clock of the room: the server says what is left, and this device counts on with a clock that nobody can turn.

import { duration } from "./player/clock.js";

const EVERY = 3000;
const SILENT = 10000; // after so long without a word it says so
const PATIENCE = 8000;
const SPOKEN = [5, 1];
const LOW = 5 * 60000;

const place = document.querySelector("[data-room-clock]");
const words = JSON.parse(place.dataset.words);
const part = (name) => place.querySelector(`[data-part="${name}"]`);
let on = []; // what is on, as the server last said
let at = performance.now(); // when that was true
let heard = performance.now();
let shown = ""; // hearing and phase that the big figures stood for last
const told = new Map(); // what was said of each hearing and phase that is on

const say = (text) => {
  part("spoken").textContent = text;
};
const write = (name, text) => {
  const found = part(name);
  if (found.textContent !== text) found.textContent = text;
};
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const keyOf = (one) => `${one.number} ${one.phase}`;
const left = (one) => (one.still ? one.left : one.left - (performance.now() - at));

/** 3:07 of what is left; what is over is counted up from nought. */
function face(milliseconds) {
  return milliseconds >= 0 ? duration(milliseconds) : `+${duration(Math.floor(-milliseconds / 1000) * 1000)}`;
}

function show() {
  const [first, second] = on;
  const rest = first ? left(first) : null;
  write("number", first ? `${filled(words.number, first)} ·` : "");
  write("phase", first ? words.phases[first.phase] : words.idle);
  write("time", first ? face(rest) : "–:––");
  write("note", !first ? "" : first.still ? words.still : rest < 0 ? words.over : "");
  place.dataset.state = !first ? "idle" : first.still ? "still" : rest < 0 ? "over" : rest <= LOW ? "low" : "running";
  beside(second);
  silence();
  announce(first, rest);
}

function beside(other) {
  part("beside").hidden = !other;
  if (!other) return;
  const rest = left(other);
  const values = { number: other.number, phase: words.phases[other.phase], time: face(rest).replace("+", "") };
  write("beside", filled(rest < 0 ? words.beside_over : words.beside, values));
}

/** Since when nothing was heard, by the clock of the portal's place. */
function silence() {
  const age = performance.now() - heard;
  part("silent").hidden = age <= SILENT;
  if (age <= SILENT) return;
  const format = { hour12: false, timeZone: document.documentElement.dataset.zone };
  write("since", new Date(Date.now() - age).toLocaleTimeString("vi-VN", format));
}

/**
 * Said once each: a phase that begins, five minutes, one minute, the end, and that the clock stands still. What
 * went on beside another phase and is now shown alone began long ago: nothing of it is said a second time, or late.
 */
function announce(first, rest) {
  const keys = on.map(keyOf);
  for (const key of told.keys()) if (!keys.includes(key)) told.delete(key);
  if (!first) {
    shown = "";
    return;
  }
  const key = keyOf(first);
  const values = { phase: words.phases[first.phase], number: first.number };
  const past = [...SPOKEN, 0].filter((minutes) => rest <= minutes * 60000);
  if (!told.has(key)) {
    told.set(key, { said: new Set(past), still: false });
    say(filled(words.begun, values));
  }
  const of = told.get(key);
  if (shown !== key) past.forEach((minutes) => of.said.add(minutes));
  shown = key;
  if (first.still && !of.still) say(filled(words.paused, values));
  of.still = first.still;
  const due = past.filter((minutes) => !of.said.has(minutes));
  if (!due.length) return;
  due.forEach((minutes) => of.said.add(minutes));
  const minutes = Math.min(...due);
  const text = minutes === 0 ? words.ended : minutes === 1 ? words.minute : words.minutes;
  say(filled(text, { ...values, minutes }));
}

async function ask() {
  const asked = performance.now();
  try {
    const answer = await fetch(place.dataset.roomClock, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) {
      const state = await answer.json();
      heard = performance.now();
      at = heard - (heard - asked) / 2; // half of the way there and back has passed since
      on = state.on;
    }
  } catch {
    // the clock goes on, and says since when it has heard nothing
  }
  show();
}

let timer = 0;
async function follow() {
  window.clearTimeout(timer);
  await ask();
  timer = window.setTimeout(follow, EVERY);
}

/** A tablet that shows the clock does not go dark. */
async function stayAwake() {
  try {
    if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen");
  } catch {
    // the device decides
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  follow();
  stayAwake();
});
window.addEventListener("online", follow);
setInterval(show, 200);
stayAwake();
follow();
