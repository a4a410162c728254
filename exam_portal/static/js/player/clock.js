// SPDX-License-Identifier: Apache-2.0
// Time left by the server's word, counted with a clock that nobody can turn. Spoken at 30, 10, 5 and 1 minute.

const SPOKEN = [30, 10, 5, 1];
const LOW = 5 * 60000;

export class Clock {
  constructor({ face, speak, words, onOver }) {
    Object.assign(this, { face, speak, words, onOver });
    this.left = null;
    this.at = 0;
    this.isStill = false;
    this.isOver = false;
    this.spoken = new Set();
    setInterval(() => this.show(), 250);
  }

  /** The server says how much is left; half of the way there and back has passed since. */
  set(milliseconds, { isStill, roundTrip }) {
    if (milliseconds === null) return;
    const isFirst = this.left === null;
    this.left = milliseconds - (isStill ? 0 : roundTrip / 2);
    this.at = performance.now();
    this.isStill = isStill;
    if (this.remaining > 0) this.isOver = false;
    if (isFirst) SPOKEN.filter((m) => m * 60000 > this.remaining).forEach((m) => this.spoken.add(m));
    this.show();
  }

  get remaining() {
    if (this.left === null) return null;
    return Math.max(0, this.left - (this.isStill ? 0 : performance.now() - this.at));
  }

  show() {
    const remaining = this.remaining;
    if (remaining === null) return;
    const text = duration(remaining);
    if (this.face.textContent !== text) this.face.textContent = text;
    this.face.toggleAttribute("data-low", remaining <= LOW);
    this.say(remaining);
    if (remaining === 0 && !this.isOver) {
      this.isOver = true;
      this.onOver();
    }
  }

  say(remaining) {
    const due = SPOKEN.filter((m) => remaining <= m * 60000 && !this.spoken.has(m));
    if (!due.length || this.isStill) return;
    due.forEach((m) => this.spoken.add(m));
    const minutes = Math.min(...due);
    this.speak(minutes === 1 ? this.words.oneMinuteLeft : this.words.minutesLeft.replace("{minutes}", minutes));
  }
}

/** 59:59, or 2:00:00 from an hour on; a started second counts whole. */
export function duration(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
