// SPDX-License-Identifier: Apache-2.0
// Highlighted passages: ranges of code points in an answer, each with a note, kept in the form's hidden field.

import { el, fill } from "../player/dom.js";
import { pointsIn, sentencesOf, unitsIn } from "./sentences.js";

export function attendPassages(form, script, changed) {
  const list = document.getElementById("passages");
  if (!list) return null;
  const words = list.closest("[data-note]").dataset;
  const answers = [...script.querySelectorAll("[data-answer]")].map((element) => ({ element, text: element.textContent }));
  const field = form.elements.highlights;
  let kept = JSON.parse(field.value || "[]");

  const textOf = (number) => answers.find(({ element }) => Number(element.dataset.answer) === number).text;
  const store = () => {
    field.value = JSON.stringify(kept);
    changed();
  };
  const show = () => {
    for (const { element, text } of answers) paint(element, text, kept);
    list.replaceChildren(...kept.map((one, index) => row(one, index)));
  };
  const row = (one, index) => {
    const letters = Array.from(textOf(one.answer));
    const note = el("input", {
      class: "govuk-input", type: "text", maxlength: "300", value: one.note, "aria-label": fill(words.note, { number: index + 1 }),
      oninput: () => { one.note = note.value; store(); },
      onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); script.focus(); } },
    });
    const remove = el("button", { type: "button", class: "ep-passages__remove", "aria-label": fill(words.remove, { number: index + 1 }), onclick: () => { kept.splice(index, 1); store(); show(); script.focus(); } }, "×");
    return el("li", {}, el("q", { lang: "vi" }, letters.slice(one.start, one.end).join("")), el("div", { class: "ep-passages__line" }, note, remove));
  };
  const add = () => {
    const chosen = choice(answers);
    if (!chosen) return;
    const [answer, start, end] = chosen;
    const isFree = (one) => one.answer !== answer || one.end <= start || end <= one.start;
    const joined = kept.filter((one) => !isFree(one));
    const passage = {
      answer,
      start: Math.min(start, ...joined.map((one) => one.start)),
      end: Math.max(end, ...joined.map((one) => one.end)),
      note: joined.map((one) => one.note).filter(Boolean).join("; ").slice(0, 300),
    };
    kept = [...kept.filter(isFree), passage].sort((one, other) => one.answer - other.answer || one.start - other.start);
    window.getSelection().removeAllRanges();
    store();
    show();
    list.children[kept.indexOf(passage)].querySelector("input").focus();
  };

  script.addEventListener("keydown", (event) => {
    if (!event.altKey || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    step(answers, event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
  });
  document.getElementById("highlight")?.addEventListener("mousedown", (event) => event.preventDefault()); // the choice stays
  document.getElementById("highlight")?.addEventListener("click", add);
  show();
  return { add };
}

function paint(element, text, kept) {
  const letters = Array.from(text);
  const own = kept.map((one, index) => ({ ...one, number: index + 1 })).filter((one) => one.answer === Number(element.dataset.answer));
  const pieces = [];
  let at = 0;
  for (const { start, end, number } of own) {
    pieces.push(letters.slice(at, start).join(""), el("mark", { class: "ep-passage", "data-number": String(number) }, letters.slice(start, end).join("")));
    at = end;
  }
  element.replaceChildren(...pieces, letters.slice(at).join(""));
}

/** What is chosen on the page: answer, first code point, the one after the last; blanks at the ends left out. */
function choice(answers) {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const found = answers.find(({ element }) => range.intersectsNode(element));
  if (!found) return null;
  const [from, to] = unitsIn(found.element, range);
  const chosen = found.text.slice(from, to);
  const start = from + (chosen.length - chosen.trimStart().length);
  const end = to - (chosen.length - chosen.trimEnd().length);
  if (start >= end) return null;
  return [Number(found.element.dataset.answer), pointsIn(found.text, start), pointsIn(found.text, end)];
}

/** Choose the next or last sentence, or have the choice reach to it. */
function step(answers, by, isLonger) {
  const sentences = answers.flatMap(({ element, text }) => sentencesOf(element, text));
  if (!sentences.length) return;
  const selection = window.getSelection();
  const range = selection.rangeCount ? selection.getRangeAt(0) : null;
  const inside = (one) => range && one.element.contains(range.endContainer) && unitsIn(one.element, range)[1];
  const at = sentences.findIndex((one) => inside(one) && one.from < inside(one) && inside(one) <= one.to);
  const next = sentences[Math.min(Math.max(at + by, 0), sentences.length - 1)];
  const from = isLonger && at >= 0 && next.element.contains(range.startContainer) ? { from: unitsIn(next.element, range)[0] } : {};
  selection.removeAllRanges();
  selection.addRange(next.range(from));
  const box = next.range().getBoundingClientRect();
  const view = answers[0].element.closest("#script");
  const frame = view.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) view.scrollTop += box.top - frame.top - frame.height / 3;
}
