// SPDX-License-Identifier: Apache-2.0
// The chain of the attempt, computed here exactly as the server does (docs/answer-path.md).

import { fromHex, hex, sha256, utf8 } from "./sha256.js";

const EVENT_DOMAIN = utf8("exam/ev/v1");

/** Compact JSON with sorted keys; every character as it was typed. */
export function exact(value) {
  if (Array.isArray(value)) return `[${value.map(exact).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort(byCodePoint);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${exact(value[key])}`).join(",")}}`;
}

function byCodePoint(a, b) {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const difference = left[i].codePointAt(0) - right[i].codePointAt(0);
    if (difference) return difference;
  }
  return left.length - right.length;
}

/** The canonical bytes of an event, what was answered standing in them by its hash. */
export function eventBytes(event) {
  const content = `sha256:${hex(sha256(utf8(exact(event.content))))}`;
  return utf8(exact({ ...event, _: "exam-portal/answer-event/1", content }));
}

export const eventHash = (event) => hex(sha256(eventBytes(event)));

/** The head after these events. */
export function headAfter(head, events) {
  return events.reduce((last, event) => {
    const bytes = eventBytes(event);
    const joined = new Uint8Array(EVENT_DOMAIN.length + 32 + bytes.length);
    joined.set(EVENT_DOMAIN);
    joined.set(fromHex(last), EVENT_DOMAIN.length);
    joined.set(bytes, EVENT_DOMAIN.length + 32);
    return hex(sha256(joined));
  }, head);
}
