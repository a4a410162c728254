// SPDX-License-Identifier: Apache-2.0
// Highlighted words. A place in a text counts its characters that are not white space: however the text is
// set, before and after a reload and on another computer, the same words are meant.

import { el } from "./dom.js";

const INK = /\S/u;
const inkIn = (text) => Array.from(text).filter((letter) => INK.test(letter)).length;

/** The texts inside these wordings where somebody may highlight: [{ name, element }]. */
export const wordingsIn = (root) => Array.from(root.querySelectorAll("[data-wording]"), (element) => ({ name: element.dataset.wording, element }));

/** Show these spans ([wording, from, to]) in the elements, which hold their texts without any. */
export function paint(root, spans) {
  for (const { name, element } of wordingsIn(root)) {
    for (const mark of element.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    element.normalize();
    const own = spans.filter(([wording]) => wording === name);
    if (own.length) paintOne(element, own);
  }
}

function paintOne(element, spans) {
  let at = 0;
  for (const node of textNodes(element)) {
    const pieces = [];
    for (const letter of node.data) {
      const isInk = INK.test(letter);
      const isMarked = spans.some(([, from, to]) => at < to && (isInk ? from <= at : from < at));
      if (pieces.at(-1)?.isMarked === isMarked) pieces.at(-1).text += letter;
      else pieces.push({ isMarked, text: letter });
      if (isInk) at += 1;
    }
    if (pieces.some(({ isMarked }) => isMarked)) node.replaceWith(...pieces.map(({ isMarked, text }) => (isMarked ? el("mark", {}, text) : text)));
  }
}

function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

/** The span that a range of the page covers in the wording it begins in; null where it covers no letter of one. */
export function spanOf(root, range) {
  for (const { name, element } of wordingsIn(root)) {
    if (!range.intersectsNode(element)) continue;
    const inside = document.createRange();
    inside.selectNodeContents(element);
    if (element.contains(range.endContainer)) inside.setEnd(range.endContainer, range.endOffset);
    const to = inkIn(inside.toString());
    inside.selectNodeContents(element);
    if (element.contains(range.startContainer)) inside.setEnd(range.startContainer, range.startOffset);
    else inside.collapse(true);
    const from = inkIn(inside.toString());
    if (from < to) return [name, from, to];
  }
  return null;
}

/** All words in their order, each as a span with the range that shows it. */
export function wordsIn(root) {
  return wordingsIn(root).flatMap(({ name, element }) => {
    let at = 0;
    return textNodes(element).flatMap((node) => Array.from(node.data.matchAll(/\S+/gu), ({ 0: word, index }) => {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const from = at;
      at += inkIn(word);
      return { span: [name, from, at], range };
    }));
  });
}

/** The spans after this one was chosen again: taken away where all of it was highlighted, added otherwise. */
export function toggled(spans, [wording, from, to]) {
  const others = spans.filter(([name]) => name !== wording);
  const own = spans.filter(([name]) => name === wording).map(([, start, end]) => [start, end]);
  const isAll = own.some(([start, end]) => start <= from && to <= end);
  const next = isAll ? own.flatMap((span) => without(span, from, to)) : joined([...own, [from, to]]);
  return { spans: [...others, ...next.map(([start, end]) => [wording, start, end])], isAdded: !isAll };
}

const without = ([start, end], from, to) => [[start, Math.min(end, from)], [Math.max(start, to), end]].filter(([a, b]) => a < b);

function joined(spans) {
  const made = [];
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = made.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else made.push([from, to]);
  }
  return made;
}
