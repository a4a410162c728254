// SPDX-License-Identifier: Apache-2.0
// Long answers: what changed, in code points, with the length and hash of the text it leads to.

import { hex, sha256, utf8 } from "./sha256.js";

/** The text without halves of surrogate pairs, which no server could store. */
export const wellFormed = (text) => text.replace(/\p{Surrogate}/gu, "\uFFFD");

/** The same for every text in a response. */
export function clean(value) {
  if (typeof value === "string") return wellFormed(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, clean(entry)]));
  return value;
}

/** The content of an event that turns one text into the other; a snapshot where that is asked for or shorter. */
export function change(before, after, isSnapshotDue) {
  const result = { length: Array.from(after).length, digest: hex(sha256(utf8(after))) };
  const splice = isSnapshotDue ? null : difference(before, after);
  if (!splice || splice[2].length > after.length * 0.8) return { snapshot: after, ...result };
  return { splices: [splice], ...result };
}

function difference(before, after) {
  const [old, now] = [Array.from(before), Array.from(after)];
  const most = Math.min(old.length, now.length);
  let start = 0;
  while (start < most && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return [start, old.length - start - end, now.slice(start, now.length - end).join("")];
}

/** The text after an event's content; a content that does not lead to what it says changes nothing, as on the server. */
export function after(text, content) {
  const made = content.snapshot ?? content.splices.reduce((last, [place, deleted, inserted]) => {
    const points = Array.from(last);
    points.splice(place, deleted, inserted);
    return points.join("");
  }, text);
  return hex(sha256(utf8(made))) === content.digest ? made : text;
}

export const countWords = (text) => (text.trim() ? text.trim().split(/\s+/u).length : 0);
