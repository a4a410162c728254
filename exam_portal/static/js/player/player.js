// SPDX-License-Identifier: Apache-2.0
// The exam player: waits for the start, shows the paper, keeps every change, hands in.

import { Answers } from "./answers.js";
import { Clock } from "./clock.js";
import { fill } from "./dom.js";
import { OtherForm, SealedForm } from "./form.js";
import { Messages } from "./messages.js";
import { Notices } from "./notices.js";
import { Questions } from "./questions.js";
import { Sender } from "./sender.js";
import { change, clean, wellFormed } from "./texts.js";
import { Typing } from "./typing.js";

const WAITING = 5000;
const PREPARED = 25000; // the form lies here: only its key is still to come, and that is watched for by itself
const START = 1000; // over this time the first requests for the key are spread
const FIRST = 10000; // over this time the first questions about the clock
const RUNNING = 24000; // with its spread never over half a minute: so soon the desk's words are here
const PAUSED = 8000; // nobody's screen stays still long after the clock runs again
const REPORTS = 100; // how often it is tried to tell the board
const DUE = 2000; // the time is over here: what does the server say?

export class Player {
  constructor({ root, page, journal, http }) {
    Object.assign(this, { root, page, journal, http });
    this.words = page.words;
    this.messages = new Messages(document, this.words);
    this.notices = new Notices({ page, http, speak: (text) => this.messages.speak(text) });
    this.sender = new Sender({
      page,
      journal,
      http,
      onState: (state, at) => this.tell(state, at),
      onEnd: (status, content) => this.ended(status, content),
    });
    this.clock = new Clock({
      face: document.querySelector("[data-clock]"),
      speak: (text) => this.messages.speak(text),
      words: this.words,
      onOver: () => this.askTheTime(),
    });
    this.typing = new Typing((typed) => this.keepTyped(typed));
    this.told = null;
    this.questions = null;
    this.form = SealedForm.of(this.page);
    this.isWatching = false;
    this.isShowing = false;
    this.handingIn = null; // "candidate" or "time"
    this.planned = null; // the candidate's own time, known in the waiting room
  }

  /** "Saved" is said only when nothing waits, not even a key just pressed; "on this computer" only where it can be kept. */
  tell(state, at = null) {
    if (state === "saved" && this.typing.isBusy) return;
    this.messages.save(state === "local" && !this.journal.isLasting ? "retrying" : state, at);
  }

  // ------------------------------------------------------------ the server's word on state and time

  async poll() {
    clearTimeout(this.next);
    const began = performance.now();
    const { status, content } = await this.http.get(this.page.state);
    if (status === 200) await this.stateIs(content, performance.now() - began);
    if (status === 401) this.ended(401, content);
    const isDue = this.clock.remaining === 0;
    if (isDue && status === 0 && !this.handingIn) this.messages.note(this.words.timeOverHere);
    const isPaused = this.questions && this.clock.isStill;
    const wait = isDue ? DUE : isPaused ? PAUSED : this.questions ? RUNNING : this.isWatching ? PREPARED : WAITING;
    if (!this.isOver) this.next = setTimeout(() => this.poll(), wait * (0.8 + Math.random() * 0.4));
  }

  async stateIs(state, roundTrip) {
    this.clock.set(state.remaining_ms, { isStill: state.state === "paused", roundTrip });
    this.tellGrants(state.messages);
    this.notices.show(state, performance.now() - roundTrip);
    if (!state.is_writer && !this.sender.isEnded) this.sender.end(423, null);
    if (state.state === "submitted") return this.leave();
    if (state.state === "void") return this.leave(location.pathname);
    if (state.state === "authorised") return this.wait(state);
    if (state.state === "time_over" || (state.state === "active" && state.remaining_ms === 0)) return this.timeOver();
    if (this.handingIn === "time") this.goesOn();
    this.pauseIs(state.state === "paused");
    if (!this.questions) await this.begin();
  }

  /** In the waiting room the clock stands at the candidate's own time. */
  wait(state) {
    this.serverAhead = Date.parse(state.now) - performance.now();
    this.planned = state.planned_ms;
    this.clock.set(this.planned, { isStill: true, roundTrip: 0 });
    const left = Date.parse(state.starts_at) - Date.parse(state.now);
    this.messages.waiting(left, performance.now());
    this.startsAt = performance.now() + left;
    if (this.form && !this.isWatching) this.watch();
  }

  /** From the start on the key is asked for until it is there: two static requests, and the paper is on the screen. */
  async watch() {
    this.isWatching = true;
    this.form.bring().catch(() => {}); // tried again when it is opened
    while (!this.questions && !this.isOver && this.form) {
      const early = Math.max(0, this.startsAt - performance.now());
      await pause(early > PREPARED ? PREPARED : early + Math.random() * START);
      if (early > PREPARED) continue;
      if (await this.beginSealed()) return;
      await pause(WAITING * (0.8 + Math.random() * 0.4));
    }
  }

  /** The form is opened with its key; returns whether the paper is on the screen. */
  async beginSealed() {
    try {
      const start = await this.form.key();
      if (!start || this.questions) return Boolean(this.questions);
      const items = await this.form.open(start.key);
      const state = { seq: this.page.seq, head: this.page.head, last_client_seq: 0, last_event_hash: null, last_event_at: null };
      await this.show({ items, state });
      this.runFrom(start.startedAt);
      clearTimeout(this.next);
      this.next = setTimeout(() => this.poll(), Math.random() * FIRST);
      return true;
    } catch (problem) {
      if (problem instanceof OtherForm) return this.refuseForm(problem);
      console.warn("the sealed form could not be opened", problem);
      return false;
    }
  }

  /** Another form than was committed to: nothing of it is shown, the candidate and the board are told. */
  async refuseForm({ found }) {
    this.isOver = true;
    this.sender.isEnded = true;
    this.messages.block(this.words.otherForm, this.words.callInvigilator);
    const body = JSON.stringify({ commitment: this.page.form.commitment, found });
    for (let tries = 0; (await this.http.post(this.page.other_form, body)).status !== 200 && tries < REPORTS; tries += 1) {
      await pause(WAITING * (0.8 + Math.random() * 0.4));
    }
    return true;
  }

  /** The clock runs from the key on, whether or not the server can be asked; its word is fetched soon after. */
  runFrom(startedAt) {
    if (this.planned === null) return;
    const gone = Math.max(0, performance.now() + this.serverAhead - startedAt);
    this.clock.set(Math.max(0, this.planned - gone), { isStill: false, roundTrip: 0 });
  }

  tellGrants(grants) {
    const fresh = grants.filter((grant) => this.told && !this.told.has(grant.id));
    this.told = new Set(grants.map((grant) => grant.id));
    for (const { seconds } of fresh) this.messages.note(fill(this.words.extraTime, { minutes: Math.round(seconds / 60) }));
  }

  pauseIs(isPaused) {
    this.messages.paused(isPaused);
    this.questions?.lock(isPaused || this.handingIn !== null);
    if (!isPaused) this.sender.nudge();
  }

  // ------------------------------------------------------------ the paper and the answers

  /** The attempt runs: the form that lies here is opened; where there are answers already, the server sends them. */
  async begin() {
    if (this.form && this.page.seq === 0 && (await this.beginSealed())) return;
    const began = performance.now();
    const { status, content } = await this.http.get(this.page.paper);
    if (status !== 200) return;
    const items = await this.asCommitted(content.items);
    if (this.isOver) return;
    await this.show({ ...content, items });
    this.clock.set(content.state.remaining_ms, { isStill: content.state.state === "paused", roundTrip: performance.now() - began });
  }

  /** The items of the form that was committed to; those the server sends only where that form cannot be reached. */
  async asCommitted(sent) {
    try {
      const start = await this.form?.key();
      return start ? await this.form.open(start.key) : sent;
    } catch (problem) {
      if (problem instanceof OtherForm) this.refuseForm(problem);
      return sent;
    }
  }

  async show(content) {
    if (this.questions || this.isShowing) return;
    this.isShowing = true;
    const waiting = await this.journal.merge(content.state);
    this.answers = new Answers(content);
    waiting.forEach((event) => this.answers.take(event));
    this.answers.textEvents = {}; // the next change of a text sends all of it: what waited may have stood on another one
    this.clientSeq = Math.max(content.state.last_client_seq, this.journal.lastClientSeq);
    document.getElementById("waiting").hidden = true;
    this.root.hidden = false;
    this.questions = new Questions({
      root: this.root,
      items: content.items,
      answers: this.answers,
      words: this.words,
      act: {
        answer: (item, value, how) => this.answer(item, value, how),
        flag: (item, isSet) => this.record("flag", item, isSet),
        mark: (item, content, how) => this.mark(item, content, how),
        speak: (text) => this.messages.speak(text),
        navigate: (item) => { this.settle(); this.record("navigate", item, null); },
        submit: () => this.review(),
      },
    });
    const last = content.state.last_event_at;
    this.tell(waiting.length ? "saving" : "saved", last ? new Date(last) : null);
    if (waiting.length) this.sender.nudge(0);
    else if (this.clientSeq === 0) this.record("device", null, navigator.userAgent.replace(/[^\x20-\x7e]/g, "").slice(0, 200));
  }

  /** Choices are kept at once, typing after a short breath. */
  answer(item, value, { isTyped = false, isLong = false }) {
    if (isTyped) return this.typed(`answer ${item.id}`, { item: item.id, value, isLong });
    this.record("answer", item.id, value);
    this.questions.refresh();
  }

  /** What candidates mark for their own eyes: struck options, highlights, a note. It is never an answer. */
  mark(item, content, { isTyped = false } = {}) {
    if (isTyped) return this.typed(`note ${item}`, { item, mark: content });
    this.record("mark", item, content);
  }

  typed(key, value) {
    this.typing.typed(key, value);
    this.tell(this.sender.state);
  }

  /** What was typed becomes an event. */
  settle() {
    this.typing.settle();
  }

  keepTyped({ item, value, isLong, mark }) {
    if (mark) this.record("mark", item, clean(mark));
    else if (isLong) this.keepText(item, value);
    else this.record("answer", item, clean(value));
    this.questions?.refresh();
  }

  keepText(item, value) {
    const before = this.answers.responses[item] ?? "";
    const after = wellFormed(value);
    if (before === after) return this.sender.run();
    const isSnapshotDue = !(item in this.answers.textEvents) || this.answers.textEvents[item] + 1 >= this.page.snapshot_every;
    return this.record("text", item, change(before, after, isSnapshotDue));
  }

  record(kind, item, content) {
    this.clientSeq += 1;
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");
    const event = { client_seq: this.clientSeq, item, kind, ms: Math.round(performance.now()), nonce, content };
    this.answers.take(event);
    if (kind !== "navigate" && kind !== "device") this.tell(this.sender.state);
    this.journal.add(event).then(() => this.sender.nudge(kind === "navigate" ? 1500 : 300));
  }

  // ------------------------------------------------------------ the end

  review() {
    this.settle();
    this.messages.askToSubmit(this.questions.summary(), () => this.handIn("candidate"));
  }

  /** By this computer's count the time is over. Only the server can say so: until it does, writing goes on. */
  askTheTime() {
    if (this.handingIn || !this.questions) return;
    this.settle();
    this.poll();
  }

  /** The server says that the time is over. */
  timeOver() {
    if (this.handingIn) return;
    this.messages.stop(this.words.timeOver);
    this.handIn("time");
  }

  /** The server says that there is time again, before the time was sealed. */
  goesOn() {
    this.handingIn = null;
    this.messages.go();
  }

  /** Hand in: everything kept here first, then the seal. It goes on by itself until it is done. */
  async handIn(by) {
    if (this.handingIn) return;
    this.handingIn = by;
    this.questions?.lock(true);
    for (let tries = 0; this.handingIn === by && !this.isOver; tries += 1) {
      this.settle();
      await this.sender.run();
      const isFlushed = this.sender.isEnded || !this.journal.unsaved().length;
      const { status, content } = isFlushed ? await this.http.post(`${this.page.submission}?by=${by}`, "") : { status: 0, content: null };
      if (status === 200) return this.leave(content.location);
      if ([401, 410, 423].includes(status)) return this.ended(status, content);
      if (status === 409) return this.refusedToHandIn();
      const mayBeGivenBack = content?.error?.endsWith(".MayBeGivenBack");
      this.messages.note(mayBeGivenBack ? this.words.mayBeGivenBack : this.words.submitWaits);
      await pause(Math.min(10000, 1000 * 2 ** tries) * (0.5 + Math.random()));
    }
  }

  /** The server says that the attempt runs, or stands still: so it does. */
  refusedToHandIn() {
    this.goesOn();
    this.questions?.lock(false);
    this.poll();
  }

  async leave(address = null) {
    this.isOver = true;
    if (!this.journal.unsaved().length) await this.journal.clear();
    location.assign(address ?? `${location.pathname}/receipt`);
  }

  ended(status, content) {
    this.questions?.lock(true);
    if (status === 410 && !this.handingIn) {
      this.messages.stop(content?.details?.quarantined === false ? this.words.closedTooLate : this.words.closedLate);
      this.handIn("time");
      return;
    }
    if (status === 423) this.settle();
    this.isOver = true;
    if (status === 423 && this.journal.unsaved().length) return this.leaveBehind();
    this.messages.block({ 409: this.words.staleTab, 423: this.words.moved }[status] ?? (content?.body || this.words.staleTab));
  }

  /** Another computer has the attempt: what waits here goes to the portal as evidence, and this page says so. */
  async leaveBehind() {
    this.messages.block(this.words.movedSending);
    const isKept = await this.sender.setAside();
    this.messages.block(isKept ? this.words.movedKept : this.words.movedNotKept);
  }
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
