// SPDX-License-Identifier: Apache-2.0
// One request at a time, the same bytes until they are acknowledged, and never a word that is not true.

import { eventHash, exact, headAfter } from "./chain.js";
import { utf8 } from "./sha256.js";

const TOLD = new Set(["answer", "text", "flag", "mark"]); // what a candidate wants to know saved
const SHORTEST = 1000;
const LONGEST = 15000;
const BEACON = 60000;
const ENVELOPE = 300; // bytes of a batch besides its events

export class Sender {
  constructor({ page, journal, http, onState, onEnd }) {
    Object.assign(this, { page, journal, http, onState, onEnd });
    this.isEnded = false;
    this.failures = 0;
    this.running = null;
    this.timer = null;
  }

  /** What is true of a change that waits. */
  get state() {
    if (this.isEnded || !navigator.onLine) return "local";
    return this.failures ? "retrying" : "saving";
  }

  /** Send what waits, soon. */
  nudge(delay = 300) {
    if (this.isEnded || this.timer || this.running) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.run();
    }, delay);
  }

  /** Send now whatever waits; resolves when nothing waits or nothing more can be done at the moment. */
  async run() {
    if (this.running) return this.running;
    clearTimeout(this.timer);
    this.timer = null;
    this.running = this.drain().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async drain() {
    while (!this.isEnded && this.journal.unsaved().length) {
      const isNews = this.journal.unsaved().some(({ event }) => TOLD.has(event.kind));
      const body = await this.nextBody();
      if (isNews) this.onState(this.state);
      const answer = await this.http.post(this.page.events, body);
      if (!(await this.understand(answer, body))) return;
    }
    if (!this.isEnded) this.onState("saved", this.savedAt);
  }

  /** What is under way, as it was; but what another device's lease sent is put into a batch of our own. */
  async nextBody() {
    const { pending } = this.journal.place;
    if (pending && JSON.parse(pending.body).lease === this.page.lease) return pending.body;
    const entries = this.fitting(this.journal.unsaved().slice(0, this.page.save_events));
    const { seq, head } = this.journal.place;
    const batch = { _: "exam-portal/events/1", lease: this.page.lease, seq, head, events: entries.map((e) => e.event) };
    const body = exact(batch);
    await this.journal.underWay(body, entries.at(-1).client_seq);
    return body;
  }

  /** As many of them as one request may carry; one at least. */
  fitting(entries) {
    let left = this.page.save_bytes - ENVELOPE;
    const first = entries.findIndex(({ event }) => (left -= utf8(exact(event)).length + 1) < 0);
    return first < 0 ? entries : entries.slice(0, Math.max(1, first));
  }

  /** Take notice of an answer; returns whether sending may go on at once. */
  async understand({ status, content }, body) {
    if (status === 200) return this.acknowledged(content, body);
    if (status === 409 && content?.error?.endsWith("StaleHead")) return this.stale(content.details);
    if (status === 409) return this.later("retrying", 3000);
    if (status === 429) return this.later("retrying", (content?.details?.retry_after ?? 2) * 1000);
    if ([401, 410, 413, 422, 423].includes(status)) return this.end(status, content);
    this.failures += 1;
    const wait = Math.min(LONGEST, SHORTEST * 2 ** (this.failures - 1));
    return this.later(navigator.onLine ? "retrying" : "local", wait * (0.5 + Math.random()));
  }

  /** The body is stored. It may have been sent twice, by a page that was hidden and shown again: once is enough. */
  async acknowledged({ seq, head, at }, body) {
    const { pending } = this.journal.place;
    if (pending?.body !== body) return true;
    const batch = JSON.parse(body);
    if (headAfter(batch.head, batch.events) !== head) return this.end(0, null);
    this.failures = 0;
    this.savedAt = new Date(at);
    await this.journal.saved(pending.last, seq, head);
    return true;
  }

  /** The last stored event is one of ours: its acknowledgement was lost, go on. Otherwise another tab wrote: stop. */
  async stale(server) {
    const own = this.journal.events.get(server.last_client_seq);
    const isOurs = own && eventHash(own.event) === server.last_event_hash;
    if (!isOurs) return this.end(409, server);
    await this.journal.saved(server.last_client_seq, server.seq, server.head);
    return true;
  }

  later(state, wait) {
    this.onState(state);
    setTimeout(() => this.nudge(0), wait);
    return false;
  }

  end(status, content) {
    this.isEnded = true;
    this.onState("local");
    this.onEnd(status, content);
    return false;
  }

  /** Another computer holds the attempt. What waits here is sent all the same: not as answers, but to be kept as evidence. */
  async setAside() {
    for (let tries = 0; this.journal.unsaved().length; tries += 1) {
      const body = await this.nextBody();
      const { last } = this.journal.place.pending;
      const { status, content } = await this.http.post(this.page.events, body);
      if (status === 200) await this.journal.saved(last, content.seq, content.head);
      else if (status === 423 && content?.details?.quarantined) await this.journal.setAside(last);
      else if (![0, 429, 500, 502, 503].includes(status)) return false;
      else await new Promise((resolve) => { setTimeout(resolve, Math.min(LONGEST, SHORTEST * 2 ** tries) * (0.5 + Math.random())); });
    }
    return true;
  }

  /** The page is being hidden or closed: hand what waits to the browser, which sends it without us. */
  async farewell() {
    if (this.isEnded || this.running || !this.journal.unsaved().length) return;
    const body = await this.nextBody();
    if (body.length > BEACON) return;
    const { status, content } = await this.http.leave(this.page.events, body);
    if (status === 200) await this.acknowledged(content, body);
  }
}
