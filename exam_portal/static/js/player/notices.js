// SPDX-License-Identifier: Apache-2.0
// What the desk says: on the screen until it is read, in the list afterwards; and the call for the invigilator.

import { el, fill } from "./dom.js";

export class Notices {
  constructor({ page, http, speak }) {
    Object.assign(this, { page, http, words: page.words, speak });
    this.place = document.getElementById("notices");
    this.evacuation = document.getElementById("evacuation");
    this.evacuation.addEventListener("cancel", (event) => event.preventDefault());
    this.evacuation.addEventListener("close", () => { if (this.isOut) this.evacuation.showModal(); }); // a browser lets the second Escape pass
    this.memory = `notices-${page.attempt}`;
    this.read = new Set(JSON.parse(remembered(this.memory) ?? "[]"));
    this.shown = new Map();
    this.calledAt = -Infinity;
    this.button = this.find("[data-call]");
    this.button.addEventListener("click", () => this.call());
  }

  find(selector) {
    return this.place.querySelector(selector);
  }

  /** The state as the server tells it: messages, the open call, and whether the room has to be left.
   *  What was asked before the call was answered knows nothing of it. */
  show({ notices, called_at: calledAt, evacuation }, askedAt) {
    for (const notice of notices) {
      if (!this.shown.has(notice.id)) this.add(notice);
      else if (notice.withdrawn && !this.shown.get(notice.id).withdrawn) this.strike(notice);
    }
    if (askedAt > this.calledAt) this.calls(calledAt !== null);
    this.leaveRoom(evacuation);
  }

  add(notice) {
    this.shown.set(notice.id, notice);
    if (this.read.has(notice.id)) return this.list(notice);
    const done = el("button", { type: "button", class: "govuk-button ep-button ep-button--primary", onclick: () => this.hasRead(notice) }, this.words.readIt);
    this.find("[data-fresh]").append(this.entry(notice, done));
    const about = notice.is_correction ? `${this.about(notice)}. ` : "";
    return this.speak(fill(this.words.newMessage, { words: `${about}${notice.words}` }));
  }

  /** A correction that was withdrawn stays where it stands, struck through; why is a message of its own. */
  strike(notice) {
    this.shown.set(notice.id, notice);
    this.find(`[data-notice="${notice.id}"] [data-words]`)?.replaceWith(this.text(notice));
  }

  /** Which question a correction is about, by the number on this screen. */
  about({ question, is_withdrawal: isWithdrawal }) {
    if (question) return fill(isWithdrawal ? this.words.withdrawalOf : this.words.correctionOf, { number: question });
    return isWithdrawal ? this.words.withdrawal : this.words.correction;
  }

  text({ words, withdrawn }) {
    if (!withdrawn) return el("p", { class: "ep-notices__words", "data-words": "" }, words);
    return el("div", { class: "ep-notices__words", "data-words": "" }, el("del", {}, words), el("p", {}, fill(this.words.withdrawn, { why: withdrawn })));
  }

  entry(notice, ...more) {
    const time = new Date(notice.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: document.documentElement.dataset.zone });
    const head = [time, notice.is_correction ? this.about(notice) : null, notice.is_private ? this.words.toYouAlone : null].filter(Boolean).join(" · ");
    return el("li", { "data-notice": notice.id }, el("p", { class: "ep-notices__head" }, head), this.text(notice), ...more);
  }

  hasRead(notice) {
    this.find(`[data-notice="${notice.id}"]`)?.remove();
    this.read.add(notice.id);
    remember(this.memory, JSON.stringify([...this.read]));
    this.list(notice);
    (this.find("[data-fresh] button") ?? this.find("summary")).focus();
  }

  list(notice) {
    this.find("[data-list]").prepend(this.entry(notice));
    this.find("[data-all]").hidden = false;
    this.find("[data-count]").textContent = String(this.find("[data-list]").children.length);
  }

  async call() {
    this.button.disabled = true;
    this.calledAt = Infinity;
    const { status } = await this.http.post(this.page.call, "");
    this.calledAt = performance.now();
    if (status === 200) return this.calls(true);
    this.button.disabled = false;
    this.find("[data-called]").textContent = this.words.callFailed;
    return null;
  }

  calls(isOpen) {
    this.button.disabled = isOpen;
    this.find("[data-called]").textContent = isOpen ? this.words.called : "";
  }

  /** Nothing of the paper is on the screen while the room is empty. */
  leaveRoom(words) {
    const isOpen = this.evacuation.open;
    this.isOut = Boolean(words);
    if (words) this.evacuation.querySelector("[data-text]").textContent = words;
    if (words && !isOpen) {
      this.evacuation.showModal();
      this.speak(fill(this.words.leaveRoom, { words }));
    }
    if (!words && isOpen) this.evacuation.close();
  }
}

/** A browser may refuse to remember: then messages are shown again after a reload, which harms nobody. */
function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // shown again after a reload
  }
}
