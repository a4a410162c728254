// SPDX-License-Identifier: Apache-2.0
// The answers as the journal leaves them: the same fold that the server does.

import * as texts from "./texts.js";

export class Answers {
  constructor({ responses = {}, flags = [], marks = {}, at_item: atItem = null } = {}) {
    this.responses = { ...responses };
    this.flags = new Set(flags);
    this.marks = new Map(Object.entries(marks));
    this.atItem = atItem;
    this.textEvents = {};
  }

  take({ kind, item, content }) {
    if (kind === "answer") this.responses[item] = content;
    if (kind === "text") {
      this.responses[item] = texts.after(this.responses[item] ?? "", content);
      this.textEvents[item] = "snapshot" in content ? 0 : (this.textEvents[item] ?? 0) + 1;
    }
    if (kind === "flag") this.flags[content ? "add" : "delete"](item);
    if (kind === "mark") this.marks.set(item, { ...this.marks.get(item), ...content });
    if (kind === "navigate") this.atItem = item;
  }

  /** What the candidate marked at the item: struck options, highlights, a note. */
  marked(item) {
    return { struck: [], highlights: [], note: "", ...this.marks.get(item) };
  }

  isAnswered(item) {
    return !isBlank(this.responses[item]);
  }
}

export function isBlank(response) {
  if (response === null || response === undefined) return true;
  if (typeof response === "string") return !response.trim();
  if (Array.isArray(response)) return response.length === 0;
  if (typeof response === "object") return Object.values(response).every(isBlank);
  return false;
}
