// SPDX-License-Identifier: Apache-2.0
// The check of a computer before the day. Its own syntax is older than what it looks for.

const root = document.getElementById("check");
const { words, address, sentence, oldest } = JSON.parse(root.dataset.page);
const SAMPLES = 5;
const CLOCK = 60000; // ms: more than this and somebody should set the clock
const SLOW = 400; // ms there and back
const TOO_SLOW = 3000;
const NARROW = 1000; // CSS pixels
const ROOM = 50e6; // bytes
const NEEDED = {
  "AbortSignal.timeout": () => typeof AbortSignal.timeout === "function",
  "Array.prototype.at": () => typeof [].at === "function",
  dialog: () => typeof HTMLDialogElement === "function",
  inert: () => "inert" in HTMLElement.prototype,
  replaceChildren: () => typeof Element.prototype.replaceChildren === "function",
  "Object.hasOwn": () => typeof Object.hasOwn === "function",
  ":has()": () => CSS.supports("selector(:has(*))"),
};

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
const verdicts = new Map();

/** What came of one check: good, note (works, but …) or bad, in words. */
function tell(name, verdict, text) {
  const place = root.querySelector(`[data-check="${name}"]`);
  verdicts.set(name, verdict);
  const tag = place.querySelector(".ep-tag");
  tag.textContent = words[verdict];
  tag.className = `ep-tag ep-tag--${{ good: "done", note: "attention", bad: "refused" }[verdict]}`;
  place.querySelector("[data-words]").textContent = text;
  sum();
}

function sum() {
  const all = [...root.querySelectorAll("[data-check]")].map((place) => verdicts.get(place.dataset.check));
  const result = document.getElementById("result");
  if (all.includes(undefined)) result.textContent = words.open;
  else result.textContent = all.includes("bad") ? words.notReady : words.ready;
  document.getElementById("checked-at").textContent = new Date().toLocaleString("vi-VN", { hour12: false });
}

function browser() {
  const missing = Object.keys(NEEDED).filter((name) => { try { return !NEEDED[name](); } catch { return true; } });
  const [, name, version] = /(Edg|OPR|Chrome|Firefox|Version)\/(\d+)/.exec(navigator.userAgent) ?? [];
  const shown = name ? `${{ Edg: "Edge", OPR: "Opera", Version: "Safari" }[name] ?? name} ${version}` : navigator.userAgent;
  document.getElementById("agent").textContent = navigator.userAgent;
  const isOld = name in oldest && Number(version) < oldest[name];
  if (missing.length || isOld) tell("browser", "bad", fill(words.browserBad, { browser: shown, missing: missing.join(", ") || "–" }));
  else tell("browser", "good", fill(words.browserGood, { browser: shown }));
}

function secure() {
  const isSecure = window.isSecureContext && Boolean(crypto.subtle);
  tell("secure", isSecure ? "good" : "bad", isSecure ? words.secureGood : words.secureBad);
}

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function storage() {
  const name = "exam-portal-check";
  try {
    const opening = indexedDB.open(name);
    opening.onupgradeneeded = () => opening.result.createObjectStore("probe");
    const db = await done(opening);
    const probe = db.transaction("probe", "readwrite").objectStore("probe");
    await done(probe.put(sentence, 1));
    const kept = await done(probe.get(1));
    db.close();
    indexedDB.deleteDatabase(name);
    const { quota = ROOM } = navigator.storage ? await navigator.storage.estimate() : {};
    if (kept !== sentence) throw new Error("something else was kept");
    tell("storage", quota < ROOM ? "note" : "good", quota < ROOM ? words.storageSmall : words.storageGood);
  } catch {
    tell("storage", "bad", words.storageBad);
  }
}

/** Several questions to the server: how long they take, and how far its clock is from this one. */
async function server() {
  const samples = [];
  for (let i = 0; i < SAMPLES; i += 1) {
    try {
      const began = performance.now();
      const sent = Date.now();
      const response = await fetch(address, { cache: "no-store" });
      const { now } = await response.json();
      const took = performance.now() - began;
      samples.push({ took, ahead: Date.parse(now) - (sent + took / 2) });
    } catch {
      // counted as lost
    }
  }
  samples.sort((a, b) => a.took - b.took);
  const lost = SAMPLES - samples.length;
  if (!samples.length) {
    tell("network", "bad", words.networkNone);
    return tell("clock", "note", words.clockUnknown);
  }
  const middle = Math.round(samples[Math.floor(samples.length / 2)].took);
  const verdict = lost || middle > TOO_SLOW ? "bad" : middle > SLOW ? "note" : "good";
  tell("network", verdict, fill(words[{ good: "networkGood", note: "networkSlow", bad: "networkBad" }[verdict]], { ms: middle, lost }));
  const seconds = Math.round(Math.abs(samples[0].ahead) / 1000);
  const isOff = Math.abs(samples[0].ahead) > CLOCK;
  return tell("clock", isOff ? "note" : "good", fill(isOff ? words.clockOff : words.clockGood, { seconds }));
}

function screenSize() {
  const size = `${window.innerWidth} × ${window.innerHeight}`;
  const isNarrow = window.innerWidth < NARROW;
  tell("screen", window.innerWidth < 320 ? "bad" : isNarrow ? "note" : "good", fill(isNarrow ? words.screenNarrow : words.screenGood, { size }));
}

/** The sentence as it is typed: which letter differs first, and whether the accents are whole letters. */
function keyboard() {
  const field = document.getElementById("typed");
  const wanted = [...sentence.normalize("NFC")];
  const read = () => {
    const raw = field.value.trim();
    const typed = [...raw.normalize("NFC")];
    if (!typed.length) return;
    const at = wanted.findIndex((letter, index) => letter !== typed[index]);
    if (at === -1 && typed.length === wanted.length) {
      tell("keyboard", "good", raw === raw.normalize("NFC") ? words.keyboardGood : words.keyboardSplit);
      return;
    }
    const isOnTheWay = at === typed.length;
    if (isOnTheWay) tell("keyboard", "note", words.keyboardMore);
    else tell("keyboard", "bad", fill(words.keyboardBad, { letter: wanted[at] ?? "–", typed: typed[at === -1 ? wanted.length : at], place: (at === -1 ? wanted.length : at) + 1 }));
  };
  field.disabled = false;
  field.addEventListener("input", read);
}

document.getElementById("print").addEventListener("click", () => window.print());
window.addEventListener("resize", screenSize);
browser();
secure();
screenSize();
keyboard();
storage();
server();
sum();
