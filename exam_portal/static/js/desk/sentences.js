// SPDX-License-Identifier: Apache-2.0
// Places in a text: browsers count UTF-16 units, the portal counts code points; and sentences, to choose by keyboard.

export const pointsIn = (text, units) => Array.from(text.slice(0, units)).length;

/** From which unit to which a range of the page covers this element's text. */
export function unitsIn(element, range) {
  const before = document.createRange();
  before.selectNodeContents(element);
  const whole = before.toString().length;
  let from = 0;
  if (element.contains(range.startContainer)) {
    before.setEnd(range.startContainer, range.startOffset);
    from = before.toString().length;
  }
  let to = whole;
  if (element.contains(range.endContainer)) {
    before.selectNodeContents(element);
    before.setEnd(range.endContainer, range.endOffset);
    to = before.toString().length;
  }
  return [from, to];
}

/** The sentences of an answer: where they lie, and the range that shows them. */
export function sentencesOf(element, text) {
  return pieces(text).map(({ from, to }) => ({ element, from, to, range: (other = {}) => rangeOf(element, other.from ?? from, to) }));
}

function pieces(text) {
  const found = [];
  for (const match of text.matchAll(/[^\s][^.!?…\n]*(?:[.!?…]+["”’)]*(?!\S)|[.!?…]+|(?=\n|$))/gu)) {
    if (!match[0]) continue;
    const last = found.at(-1);
    const isContinued = last && last.to === match.index; // a full stop inside a figure or a short form
    if (isContinued) last.to += match[0].length;
    else found.push({ from: match.index, to: match.index + match[0].length });
  }
  return found;
}

function rangeOf(element, from, to) {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let at = 0;
  let isBegun = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const end = at + node.data.length;
    if (!isBegun && from < end) {
      range.setStart(node, from - at);
      isBegun = true;
    }
    if (to <= end) {
      range.setEnd(node, to - at);
      break;
    }
    at = end;
  }
  return range;
}
