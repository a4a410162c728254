// SPDX-License-Identifier: Apache-2.0
// exam/shuffle/v1: the order one candidate sees, from the own seed (docs/papers.md gives the algorithm and vectors).

import { hmac, joined, utf8 } from "./sha256.js";

const ALGORITHM = "exam/shuffle/v1";
const WORDS = 2n ** 64n;
const ITEMS = ""; // the slot of the items themselves
const ORDERED = ["options", "targets", "entries"];

/** Whole numbers drawn from the blocks HMAC-SHA-256(seed, label || counter), eight bytes at a time. */
export class Stream {
  constructor(seed, label) {
    this.words = words(seed, label);
  }

  /** A number from 0 to limit - 1; words past the last whole multiple of the limit are thrown away. */
  below(limit) {
    const size = BigInt(limit);
    const largest = WORDS - (WORDS % size);
    let word = this.words.next().value;
    while (word >= largest) word = this.words.next().value;
    return Number(word % size);
  }

  /** The entries in a random order, by Fisher and Yates from the last place to the first. */
  shuffled(entries) {
    const order = [...entries];
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}

function* words(seed, label) {
  for (let counter = 0n; ; counter += 1n) {
    const place = new DataView(new ArrayBuffer(8));
    place.setBigUint64(0, counter);
    const block = new DataView(hmac(seed, joined(label, new Uint8Array(place.buffer))).buffer);
    for (let at = 0; at < 32; at += 8) yield block.getBigUint64(at);
  }
}

/** The items of the opened form as the candidate with this seed meets them. */
export function arranged({ items, shuffled }, seed) {
  const moved = (what, slot, entries) => {
    if (!Object.hasOwn(shuffled, slot)) return entries;
    const fixed = new Set(shuffled[slot]);
    const stream = new Stream(seed, utf8(JSON.stringify([ALGORITHM, what, slot])));
    const others = stream.shuffled(entries.filter(({ id }) => !fixed.has(id))).values();
    return entries.map((entry) => (fixed.has(entry.id) ? entry : others.next().value));
  };
  const inOrder = (shown, slot) => {
    const made = { ...shown };
    for (const name of ORDERED) if (name in shown) made[name] = moved("options", slot, shown[name]);
    for (const name of ["gaps", "items"]) if (name in shown) made[name] = shown[name].map((part) => inOrder(part, `${slot}/${part.id}`));
    return made;
  };
  return moved("items", ITEMS, items).map((item) => inOrder(item, item.id));
}
