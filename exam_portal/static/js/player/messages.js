// SPDX-License-Identifier: Apache-2.0
// What the candidate is told: the state of the last answer, the waiting room, pauses, and what cannot go on.

import { duration } from "./clock.js";
import { fill } from "./dom.js";

export class Messages {
  constructor(document_, words) {
    const find = (id) => document_.getElementById(id);
    Object.assign(this, { words, state: find("save-state"), spoken: find("spoken"), noteBox: find("note"), pause: find("pause") });
    Object.assign(this, { countdown: find("countdown"), blocker: find("blocker"), dialog: find("submit-dialog") });
    this.startsAt = null;
    this.blocker.addEventListener("close", () => this.blocker.showModal()); // what cannot go on is not waved away
    setInterval(() => this.count(), 500);
  }

  /** One of four true sentences about the last change. */
  save(state, at = null) {
    if (!this.state) return;
    if (state === "saved" && at) this.savedAt = at;
    const time = this.savedAt?.toLocaleTimeString("vi-VN", { hour12: false, timeZone: document.documentElement.dataset.zone });
    const text = state === "saved" ? (time ? fill(this.words.saved, { time }) : "") : this.words[state];
    if (this.state.dataset.state === state && this.state.textContent === text) return;
    this.state.hidden = text === "";
    this.state.dataset.state = state;
    this.state.textContent = text;
  }

  speak(text) {
    this.spoken.textContent = text;
  }

  note(text) {
    clearTimeout(this.noteTimer);
    this.noteBox.querySelector("[data-text]").textContent = text;
    this.noteBox.hidden = false;
    this.noteTimer = setTimeout(() => { this.noteBox.hidden = true; }, 12000);
  }

  waiting(left, now) {
    this.startsAt = now + left;
    this.count();
  }

  count() {
    if (this.startsAt === null || !this.countdown) return;
    const left = this.startsAt - performance.now();
    this.countdown.textContent = left > 0 ? fill(this.words.startsIn, { time: duration(left) }) : this.words.startsSoon;
  }

  paused(isPaused) {
    this.pause.hidden = !isPaused;
  }

  stop(text) {
    this.pause.hidden = true;
    this.note(text);
    clearTimeout(this.noteTimer);
  }

  go() {
    this.noteBox.hidden = true;
  }

  block(text, title = null) {
    if (title) this.blocker.querySelector("h2").textContent = title;
    this.blocker.querySelector("[data-text]").textContent = text;
    if (this.dialog.open) this.dialog.close();
    if (!this.blocker.open) this.blocker.showModal();
  }

  askToSubmit({ open, flagged }, onYes) {
    const open_ = this.dialog.querySelector("[data-open]");
    open_.textContent = open.length ? fill(this.words.unanswered, { numbers: open.join(", ") }) : this.words.allAnswered;
    open_.toggleAttribute("data-warn", open.length > 0);
    const flagged_ = this.dialog.querySelector("[data-flagged]");
    flagged_.hidden = !flagged.length;
    flagged_.textContent = fill(this.words.flaggedLeft, { numbers: flagged.join(", ") });
    this.dialog.showModal();
    this.dialog.addEventListener("close", () => { if (this.dialog.returnValue === "yes") onYes(); this.dialog.returnValue = ""; }, { once: true });
  }
}
