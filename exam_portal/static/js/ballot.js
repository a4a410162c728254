// SPDX-License-Identifier: Apache-2.0
// A member's ballot: kept on this device while it is filled in, sealed once, whatever the network does meanwhile.

import { Keeper } from "./ballot-keeper.js";
import { isNumber, isOff, sum } from "./decimals.js";

const RETRY = 5000;
const PATIENCE = 15000;
const FINAL = ["interviews.AlreadyVoted", "interviews.NoSlip", "interviews.BallotTooLate"];

const place = document.querySelector("[data-ballot]");
const form = document.getElementById("ballot-form");
const words = JSON.parse(place.dataset.words);
const hearing = place.dataset.ballot;
const state = place.querySelector("[data-state]");
const button = form.querySelector('button[type="submit"]');
const figures = [...form.querySelectorAll('input[inputmode="decimal"]')];
const heard = form.elements.heard; // the member's word to have heard all of the hearing
const keeper = await Keeper.open(place.dataset.owner);
let pending = null; // what was given to be sealed: exactly this is sent, however often
let timer = 0;
let isUnderWay = false;
let last = Promise.resolve(); // what was typed goes to the disk one after another
let turn = 0; // a newer word on the state is not written over by one that waited for the disk

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const time = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: document.documentElement.dataset.zone });
const show = (name, text) => {
  turn += 1;
  place.dataset.shown = name;
  state.textContent = text;
};
const tell = (name, values = {}) => show(name, filled(words[name], values));
const typed = (field) => field.value.trim().replace(",", ".");
const written = (number) => (document.documentElement.lang === "vi" ? number.replace(".", ",") : number);

function total() {
  const shown = place.querySelector("[data-total]");
  if (!shown) return;
  const values = figures.map(typed);
  shown.textContent = values.every(isNumber) ? written(sum(values)) : "–";
}

/** What keeps the ballot from being sealed, said at once, network or not. The portal checks it again. */
function problem() {
  for (const field of figures) {
    const { maximum, step } = field.closest("[data-maximum]").dataset;
    const title = form.querySelector(`label[for="${field.id}"]`).textContent.trim();
    if (typed(field) === "") return [field, filled(words.missing, { title })];
    if (isOff(typed(field), maximum, step)) return [field, filled(words.off, { title, maximum: written(String(Number(maximum))), step: written(String(Number(step))) })];
  }
  return heard.checked ? null : [heard, words.unheard];
}

const values = () => ({ ...Object.fromEntries(figures.map((field) => [field.name, field.value])), heard: heard.checked ? "y" : "" });

/** On the disk after all that was typed before it; no draft is left where there is none. */
function store(draft) {
  last = last.catch(() => null).then(() => (draft ? keeper.write(hearing, draft) : keeper.forgetDraft(hearing)));
  return last;
}

/** Only when all that was typed lies on the disk does the page say so. */
async function keep() {
  total();
  const fields = values();
  const isEmpty = Object.values(fields).every((value) => value.trim() === "");
  turn += 1;
  const mine = turn;
  delete place.dataset.shown;
  await store(isEmpty ? null : { fields, pending });
  if (mine === turn && !pending) tell(isEmpty ? "empty" : keeper.isLasting ? "here" : "memory", { time: time() });
}

function lock(isLocked) {
  for (const field of figures) field.readOnly = isLocked;
  heard.disabled = isLocked;
  for (const level of place.querySelectorAll("button[data-mark]")) level.disabled = isLocked;
  button.disabled = isLocked;
}

async function give(event) {
  event.preventDefault();
  if (pending) return;
  const found = problem();
  if (found) {
    show("refused", found[1]);
    found[0].focus();
    return;
  }
  lock(true);
  pending = { submission: form.elements.submission.value, ...values() };
  await store({ fields: values(), pending });
  await send();
}

async function send() {
  window.clearTimeout(timer);
  if (!pending || isUnderWay) return;
  isUnderWay = true;
  tell("sending");
  try {
    await answered(await post());
  } catch {
    tell("waiting");
  }
  isUnderWay = false;
  if (pending) timer = window.setTimeout(send, RETRY);
}

function post() {
  const body = new URLSearchParams({ ...pending, csrf_token: form.elements.csrf_token.value });
  const headers = { Accept: "application/json" };
  return fetch(place.dataset.seal, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
}

async function answered(answer) {
  if (answer.ok) return sealed((await answer.json()).receipt);
  if (answer.type === "opaqueredirect" || answer.status === 401) return tell("signin");
  if (answer.status === 429 || answer.status >= 500) return tell("waiting");
  const refusal = await answer.json();
  if (refusal.error === "web.FormExpired") return renew();
  return refused(refusal);
}

/** Whoever signed in again has a new token; the ballot stays what it is. */
async function renew() {
  const page = await fetch(location.href, { cache: "no-store" });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const other = fresh.querySelector("[data-ballot]");
  const token = fresh.querySelector('#ballot-form input[name="csrf_token"]')?.value;
  if (!token || other?.dataset.owner !== place.dataset.owner) return tell("signin");
  form.elements.csrf_token.value = token;
  return tell("waiting");
}

async function sealed(receipt) {
  pending = null;
  await keeper.forget(hearing);
  form.reset();
  form.hidden = true;
  const notice = document.createElement("div");
  notice.className = "ep-notice ep-notice--done";
  notice.setAttribute("role", "status");
  notice.tabIndex = -1;
  for (const text of [words.sealed, filled(words.receipt, { receipt })]) {
    const line = document.createElement("p");
    line.className = "ep-notice__text";
    line.textContent = text;
    notice.append(line);
  }
  place.dataset.shown = "sealed";
  place.append(notice);
  notice.focus();
}

/** The portal says no, and why. What can be corrected is open again; what is decided is gone from the device. */
async function refused(refusal) {
  pending = null;
  show("refused", [refusal.title, refusal.body, refusal.remedy].filter(Boolean).map((part) => part.replace(/\.$/, "")).join(". ") + ".");
  if (FINAL.includes(refusal.error)) {
    await keeper.forget(hearing);
    form.reset();
    total();
    return;
  }
  lock(false);
  await store({ fields: values(), pending });
}

/** Enter goes to the next criterion; the mark of a level is taken over by touching it. */
function bind() {
  form.addEventListener("input", keep);
  form.addEventListener("submit", give);
  form.addEventListener("keydown", (event) => {
    const at = figures.indexOf(event.target);
    if (event.key !== "Enter" || at < 0 || event.isComposing) return;
    event.preventDefault();
    (figures[at + 1] ?? heard).focus();
  });
  for (const mark of place.querySelectorAll("span[data-mark]")) {
    const field = mark.closest("[data-maximum]").querySelector("input");
    const touch = document.createElement("button");
    touch.type = "button";
    touch.className = mark.className;
    touch.dataset.mark = mark.dataset.mark;
    touch.textContent = mark.textContent;
    touch.setAttribute("aria-label", `${mark.textContent}: ${mark.nextElementSibling.textContent.trim()}`);
    touch.addEventListener("click", () => {
      field.value = written(String(Number(touch.dataset.mark)));
      keep();
    });
    mark.replaceWith(touch);
  }
  window.addEventListener("online", send);
}

async function start() {
  form.reset(); // what a browser fills in by itself is nobody's mark
  const draft = await keeper.read(hearing);
  if (draft) for (const field of figures) field.value = draft.fields[field.name] ?? "";
  heard.checked = draft?.fields.heard === "y";
  total();
  bind();
  place.dataset.ready = "";
  if (draft?.pending) {
    pending = draft.pending;
    lock(true);
    send();
  } else if (draft) tell("here", { time: time() });
  else tell(keeper.isLasting ? "empty" : "memory");
  await keeper.keepPage(place.dataset.worker).catch((problem_) => console.warn("this page needs its network", problem_));
  place.dataset.kept = "";
}

await start();
