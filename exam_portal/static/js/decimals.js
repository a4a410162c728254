// SPDX-License-Identifier: Apache-2.0
// Figures as they are written, compared and added without floats: 0.3 lies on a step of 0.0005.

const NUMBER = /^\d+(\.\d+)?$/;
const places = (text) => (text.split(".")[1] ?? "").length;

/** The figure as a whole number of units of its last of so many places. */
function units(text, count) {
  const [whole, part = ""] = text.split(".");
  return BigInt(whole + part.padEnd(count, "0"));
}

export const isNumber = (text) => NUMBER.test(text);

/** Whether a figure is none, is above the maximum, or lies between two steps. */
export function isOff(text, maximum, step) {
  if (!isNumber(text)) return true;
  const count = Math.max(places(text), places(maximum), places(step));
  return units(text, count) > units(maximum, count) || units(text, count) % units(step, count) !== 0n;
}

/** The sum of figures, written without needless noughts. */
export function sum(texts) {
  const count = Math.max(0, ...texts.map(places));
  const digits = String(texts.reduce((all, text) => all + units(text, count), 0n)).padStart(count + 1, "0");
  const at = digits.length - count;
  return count ? `${digits.slice(0, at)}.${digits.slice(at)}`.replace(/\.?0+$/, "") : digits;
}
