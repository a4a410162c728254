// SPDX-License-Identifier: Apache-2.0
// What answers the player in the practice: the part of a server, in this window alone. It is offline when the
// computer is, forgets everything with the window, and tells nobody.

import { Answers } from "./answers.js";
import { eventHash, headAfter } from "./chain.js";

const MEMORY = "exam-portal-practice";
const FIRST_HEAD = "0".repeat(64);

export class PracticeDesk {
  constructor(page) {
    this.page = page;
    this.kept = JSON.parse(sessionStorage.getItem(MEMORY) ?? "null");
  }

  get isBegun() {
    return this.kept !== null;
  }

  /** Whether a journal that stands here belongs to the practice of this window. */
  knows(head) {
    return this.isBegun && (head === null || head === this.kept.head);
  }

  begin() {
    this.kept = { began: Date.now(), head: FIRST_HEAD, events: [], at: null };
    this.keep();
  }

  keep() {
    sessionStorage.setItem(MEMORY, JSON.stringify(this.kept));
  }

  // ------------------------------------------------------------ what the player asks

  async get(address) {
    if (!navigator.onLine) return { status: 0, content: null };
    return { status: 200, content: address === this.page.paper ? this.paper() : this.state() };
  }

  async post(address, body) {
    if (!navigator.onLine) return { status: 0, content: null };
    if (address === this.page.events) return this.save(JSON.parse(body));
    sessionStorage.removeItem(MEMORY);
    return { status: 200, content: { location: this.page.finished } };
  }

  leave(address, body) {
    return this.post(address, body);
  }

  state() {
    const { began, events, head, at } = this.kept;
    const last = events.at(-1);
    const left = Math.max(0, began + this.page.minutes * 60000 - Date.now());
    return {
      state: left ? "active" : "time_over",
      is_writer: true,
      remaining_ms: left,
      messages: [],
      notices: [],
      called_at: null,
      evacuation: null,
      seq: events.length,
      head,
      last_client_seq: last?.client_seq ?? 0,
      last_event_hash: last ? eventHash(last) : null,
      last_event_at: at,
    };
  }

  paper() {
    const answers = new Answers();
    this.kept.events.forEach((event) => answers.take(event));
    const { responses, flags, atItem } = answers;
    return { items: this.page.items, responses, flags: [...flags], marks: Object.fromEntries(answers.marks), at_item: atItem, state: this.state() };
  }

  save({ head, events }) {
    if (head !== this.kept.head) return { status: 409, content: { error: "StaleHead", details: this.state() } };
    this.kept = { ...this.kept, head: headAfter(head, events), events: [...this.kept.events, ...events], at: new Date().toISOString() };
    this.keep();
    return { status: 200, content: { seq: this.kept.events.length, head: this.kept.head, at: this.kept.at } };
  }
}
