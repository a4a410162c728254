// SPDX-License-Identifier: Apache-2.0
// Every event lies in this browser before anything is sent. Nothing is deleted before the attempt is handed in.

import { openDB } from "idb";
import { eventHash } from "./chain.js";

const NAME = "exam-portal-player";

export class Journal {
  /** The journal of one attempt; without a usable database it lives in memory and says so. */
  static async open(attempt) {
    const journal = new Journal(attempt);
    try {
      journal.db = await openDB(NAME, 1, {
        upgrade(db) {
          db.createObjectStore("events", { keyPath: ["attempt", "client_seq"] });
          db.createObjectStore("places", { keyPath: "attempt" });
        },
      });
      await journal.read();
    } catch (problem) {
      console.warn("no local journal", problem);
      journal.db = null;
    }
    return journal;
  }

  constructor(attempt) {
    this.attempt = attempt;
    this.db = null;
    this.events = new Map();
    this.place = { attempt, seq: 0, head: null, pending: null };
  }

  get isLasting() {
    return this.db !== null;
  }

  async read() {
    const range = IDBKeyRange.bound([this.attempt, 0], [this.attempt, Number.MAX_SAFE_INTEGER]);
    for (const entry of await this.db.getAll("events", range)) this.events.set(entry.client_seq, entry);
    this.place = (await this.db.get("places", this.attempt)) ?? this.place;
  }

  /** Put the server's journal and this one together by sequence; returns the events still to be sent. */
  async merge(server) {
    const own = this.events.get(server.last_client_seq);
    const isOurs = Boolean(own) && eventHash(own.event) === server.last_event_hash;
    for (const entry of this.events.values()) {
      if (entry.client_seq > server.last_client_seq || entry.state === "saved") continue;
      await this.mark(entry, isOurs ? "saved" : "set_aside");
    }
    await this.stand(server.seq, server.head);
    return this.unsaved().map((entry) => entry.event);
  }

  get lastClientSeq() {
    return Math.max(0, ...this.events.keys());
  }

  unsaved() {
    const waiting = [...this.events.values()].filter((entry) => entry.state === "waiting");
    return waiting.sort((a, b) => a.client_seq - b.client_seq);
  }

  /** The event is on the disk, not only with the system: it outlives a power cut. */
  async add(event) {
    const entry = { attempt: this.attempt, client_seq: event.client_seq, event, state: "waiting" };
    this.events.set(event.client_seq, entry);
    await this.keep((db) => {
      const lasting = db.transaction("events", "readwrite", { durability: "strict" });
      return Promise.all([lasting.store.put(entry), lasting.done]);
    });
  }

  /** Where the disk is full or the browser lets go of it, the journal lives on in memory: sending never waits for it. */
  async keep(work) {
    try {
      if (this.db) await work(this.db);
    } catch (problem) {
      console.warn("no local journal any more", problem);
      this.db = null;
    }
  }

  async mark(entry, state) {
    entry.state = state;
    await this.keep((db) => db.put("events", entry));
  }

  /** The journal of the server stands here; nothing of ours is under way. */
  async stand(seq, head) {
    this.place = { attempt: this.attempt, seq, head, pending: null };
    await this.keep((db) => db.put("places", this.place));
  }

  /** This body is under way: until it is acknowledged, exactly these bytes are sent again. */
  async underWay(body, last) {
    this.place = { ...this.place, pending: { body, last } };
    await this.keep((db) => db.put("places", this.place));
  }

  async saved(last, seq, head) {
    for (const entry of this.unsaved()) if (entry.client_seq <= last) await this.mark(entry, "saved");
    await this.stand(seq, head);
  }

  /** Up to there the portal keeps the events apart: they are nobody's answers, and are not sent again. */
  async setAside(last) {
    for (const entry of this.unsaved()) if (entry.client_seq <= last) await this.mark(entry, "set_aside");
    await this.stand(this.place.seq, this.place.head);
  }

  async clear() {
    const range = IDBKeyRange.bound([this.attempt, 0], [this.attempt, Number.MAX_SAFE_INTEGER]);
    await this.keep((db) => Promise.all([db.delete("events", range), db.delete("places", this.attempt)]));
  }
}
