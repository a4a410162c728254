// SPDX-License-Identifier: Apache-2.0
// What lies beside a question for the candidate's own eyes: highlighting and a private note.

import { el } from "./dom.js";
import { paint, spanOf, toggled, wordsIn } from "./highlights.js";

const LINGERS = 600; // ms: a finger on the button lets go of the selection first
const FAR = 10; // words that an arrow up or down passes
const LONGEST_NOTE = 4000;
const MOST = 200;

/** The button that highlights what is selected, or else lets words be chosen by keys. */
export class Highlighter {
  constructor({ root, item, marks, words, act }) {
    Object.assign(this, { root, item, words, act, spans: marks.highlights });
    this.selected = null;
    this.chosen = null; // [first, last] of the words chosen by keys, the last one moving
    this.hint = el("p", { class: "ep-tool__hint", hidden: true }, words.highlightHint);
    this.button = el("button", {
      type: "button", class: "ep-tool", "aria-pressed": "false",
      onmousedown: (event) => event.preventDefault(), // or the selection would be gone
      onclick: () => this.pressed(),
      onkeydown: (event) => this.key(event),
      onblur: () => this.leave(),
    }, words.highlight);
    this.listen = () => this.remember();
    document.addEventListener("selectionchange", this.listen);
    paint(root, this.spans);
  }

  /** Another question takes its place. */
  close() {
    document.removeEventListener("selectionchange", this.listen);
    clearTimeout(this.forgetting);
  }

  remember() {
    const selection = document.getSelection();
    const span = selection.rangeCount && !selection.isCollapsed ? spanOf(this.root, selection.getRangeAt(0)) : null;
    clearTimeout(this.forgetting);
    if (span) this.selected = span;
    else this.forgetting = setTimeout(() => { this.selected = null; }, LINGERS);
  }

  pressed() {
    const span = this.chosen ? this.chosenSpan() : this.selected;
    this.button.focus({ preventScroll: true });
    if (!span) return this.choose(0, 0);
    const { spans, isAdded } = toggled(this.spans, span);
    if (spans.length > MOST) return null;
    this.spans = spans;
    this.act.mark(this.item, { highlights: spans });
    this.act.speak(isAdded ? this.words.highlighted : this.words.notHighlighted);
    const chosen = this.chosen;
    paint(this.root, spans);
    if (chosen) return this.choose(...chosen);
    this.selected = null;
    return document.getSelection().removeAllRanges();
  }

  /** These words are chosen, within one wording. */
  choose(first, last) {
    const words = wordsIn(this.root);
    const clamp = (index) => Math.max(0, Math.min(words.length - 1, index));
    [first, last] = [clamp(first), clamp(last)];
    if (!words.length || words[first].span[0] !== words[last].span[0]) return;
    this.chosen = [first, last];
    this.button.setAttribute("aria-pressed", "true");
    this.hint.hidden = false;
    const [from, to] = first <= last ? [first, last] : [last, first];
    const { range: begin } = words[from];
    const { range: end } = words[to];
    document.getSelection().setBaseAndExtent(begin.startContainer, begin.startOffset, end.endContainer, end.endOffset);
    words[last].range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
    this.act.speak(document.getSelection().toString());
  }

  chosenSpan() {
    const words = wordsIn(this.root);
    const [from, to] = [...this.chosen].sort((a, b) => a - b);
    return [words[from].span[0], words[from].span[1], words[to].span[2]];
  }

  key(event) {
    if (!this.chosen) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -FAR, ArrowDown: FAR }[event.key];
    if (event.key === "Escape") this.leave();
    else if (step) this.choose(event.shiftKey ? this.chosen[0] : this.chosen[1] + step, this.chosen[1] + step);
    else return;
    event.preventDefault();
  }

  leave() {
    if (!this.chosen) return;
    this.chosen = null;
    this.selected = null;
    this.hint.hidden = true;
    this.button.setAttribute("aria-pressed", "false");
    document.getSelection().removeAllRanges();
  }
}

/** A note that only the candidate sees; open where one was written. */
export function note({ item, marks, words, act }) {
  const place = el("details", { class: "ep-note" }, el("summary", {}, words.note));
  const begin = () => {
    const area = el("textarea", {
      class: "ep-note__text", rows: "4", maxlength: String(LONGEST_NOTE), "aria-label": words.note, "aria-describedby": "note-hint", spellcheck: "false",
      oninput: (event) => act.mark(item, { note: event.target.value }, { isTyped: true }),
    });
    area.value = marks.note;
    place.append(area, el("p", { class: "ep-tool__hint", id: "note-hint" }, words.noteHint));
  };
  place.addEventListener("toggle", begin, { once: true });
  place.open = marks.note !== "";
  return place;
}

/** A button that strikes an option out or brings it back; `place` names the option within its item. */
export function striker({ place, letter, row, said, strikes, words }) {
  const button = el(
    "button",
    { type: "button", class: "ep-strike", "aria-label": words.strike.replace("{option}", letter), onclick: () => show(strikes.toggle(place)) },
    el("s", { "aria-hidden": "true" }, letter),
  );
  const show = (isStruck) => {
    button.setAttribute("aria-pressed", String(isStruck));
    row.toggleAttribute("data-struck", isStruck);
    said.hidden = !isStruck;
  };
  show(strikes.has(place));
  return button;
}
