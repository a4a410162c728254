// SPDX-License-Identifier: Apache-2.0
// What is typed is kept after a short breath, and whenever somebody asks for it.

const BREATH = 800; // ms after the last key …
const LONGEST = 2000; // … but never longer than this after the first

export class Typing {
  constructor(keep) {
    this.keep = keep;
    this.waiting = new Map();
  }

  get isBusy() {
    return this.waiting.size > 0;
  }

  typed(key, value) {
    const now = performance.now();
    const typed = this.waiting.get(key) ?? { since: now };
    clearTimeout(typed.timer);
    const wait = Math.min(BREATH, Math.max(0, LONGEST - (now - typed.since)));
    Object.assign(typed, { value, timer: setTimeout(() => this.settle(key), wait) });
    this.waiting.set(key, typed);
  }

  settle(only = null) {
    for (const [key, { value, timer }] of [...this.waiting]) {
      if (only !== null && key !== only) continue;
      clearTimeout(timer);
      this.waiting.delete(key);
      this.keep(value);
    }
  }
}
