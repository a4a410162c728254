// SPDX-License-Identifier: Apache-2.0
// One question at a time, and the panel of all questions.

import { el, fill } from "./dom.js";
import { Highlighter, note } from "./tools.js";
import { widget } from "./widgets.js";

export class Questions {
  constructor({ root, items, answers, words, act }) {
    Object.assign(this, { root, items, answers, words, act });
    this.asked = items.filter((item) => item.kind !== "description");
    this.stage = el("div", { class: "ep-player-stage" });
    this.panel = el("nav", { class: "ep-navigator", "aria-labelledby": "all-questions" });
    root.replaceChildren(this.stage, this.panel);
    this.drawPanel();
    const start = items.findIndex((item) => item.id === answers.atItem);
    this.show(Math.max(0, start), { isQuiet: true });
  }

  show(index, { isQuiet = false } = {}) {
    this.index = index;
    const item = this.items[index];
    this.highlighter?.close();
    const question = this.question(item);
    const context = { root: question, item: item.id, marks: this.answers.marked(item.id), words: this.words, act: this.act };
    this.highlighter = new Highlighter(context);
    this.stage.replaceChildren(question, this.tools(item, context));
    this.refresh();
    if (isQuiet) return;
    this.act.navigate(item.id);
    this.stage.querySelector("[data-start]").focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }

  question(item) {
    const number = item.number ? fill(this.words.question, { number: item.number, total: this.asked.length }) : "";
    const marks = item.number && item.marks !== "0" ? ` · ${this.worth(item.marks)}` : "";
    const control = widget(item, this.answers.responses[item.id], { words: this.words, name: `q-${item.number ?? "d"}`, strikes: this.strikes(item.id) }, (value, how) =>
      this.act.answer(item, value, how ?? {}),
    );
    const stimulus = item.stimulus ? el("div", { class: "ep-player-stimulus ep-prose", "data-wording": "stimulus", html: item.stimulus }) : null;
    return el(
      "fieldset",
      { class: "ep-question" },
      el(
        "legend",
        { tabindex: "-1", "data-start": true },
        el("span", { class: "ep-question__number" }, number + marks),
        el("span", { class: "ep-question__stem ep-prose", "data-wording": "stem", html: stemOf(item) }),
      ),
      stimulus,
      control,
    );
  }

  worth(marks) {
    const written = document.documentElement.lang === "vi" ? marks.replace(".", ",") : marks;
    return marks === "1" ? this.words.mark : fill(this.words.marks, { marks: written });
  }

  /** The struck options of an item. */
  strikes(item) {
    const struck = new Set(this.answers.marked(item).struck);
    return {
      has: (option) => struck.has(option),
      toggle: (option) => {
        struck[struck.has(option) ? "delete" : "add"](option);
        this.act.mark(item, { struck: [...struck] });
        return struck.has(option);
      },
    };
  }

  tools(item, context) {
    const flag = el("input", {
      type: "checkbox",
      checked: this.answers.flags.has(item.id),
      onchange: (event) => { this.act.flag(item.id, event.target.checked); this.refresh(); },
    });
    const step = (by, words) =>
      el("button", { type: "button", class: "govuk-button ep-button ep-button--secondary", disabled: !this.items[this.index + by], onclick: () => this.show(this.index + by) }, words);
    return el(
      "div",
      { class: "ep-question__tools" },
      el(
        "div",
        { class: "ep-tools" },
        item.number ? el("label", { class: "ep-tool ep-flag" }, flag, this.words.flag) : null,
        this.highlighter.button,
        note(context),
        this.highlighter.hint,
      ),
      el("div", { class: "ep-buttons" }, step(-1, this.words.previous), step(1, this.words.next)),
    );
  }

  drawPanel() {
    this.legend = el("p", { class: "ep-navigator__legend" });
    this.links = this.items.map((item, index) =>
      item.number ? el("button", { type: "button", class: "ep-navigator__item", onclick: () => this.show(index) }, String(item.number)) : null,
    );
    const submit = el("button", { type: "button", class: "govuk-button ep-button ep-button--primary", onclick: () => this.act.submit() }, this.root.dataset.submit);
    this.panel.replaceChildren(
      el("h2", { class: "ep-navigator__title", id: "all-questions" }, this.root.dataset.all),
      el("ol", { class: "ep-navigator__list" }, this.links.filter(Boolean).map((link) => el("li", {}, link))),
      this.legend,
      submit,
    );
  }

  /** The panel says what the answers are. */
  refresh() {
    this.items.forEach((item, index) => {
      const link = this.links[index];
      if (!link) return;
      const isAnswered = this.answers.isAnswered(item.id);
      const isFlagged = this.answers.flags.has(item.id);
      link.toggleAttribute("data-answered", isAnswered);
      link.toggleAttribute("data-flagged", isFlagged);
      if (index === this.index) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      const said = [isAnswered ? this.words.stateAnswered : this.words.stateOpen, ...(isFlagged ? [this.words.stateFlagged] : [])];
      link.setAttribute("aria-label", `${item.number}, ${said.join(", ")}`);
    });
    const answered = this.asked.filter((item) => this.answers.isAnswered(item.id)).length;
    this.legend.textContent = fill(this.words.answered, { answered, total: this.asked.length, flagged: this.answers.flags.size });
  }

  /** The numbers of questions without an answer, and of those marked to review. */
  summary() {
    const numbers = (test) => this.asked.filter(test).map((item) => item.number);
    return {
      open: numbers((item) => !this.answers.isAnswered(item.id)),
      flagged: numbers((item) => this.answers.flags.has(item.id)),
    };
  }

  lock(isLocked) {
    this.root.toggleAttribute("inert", isLocked);
  }
}

/** In the stem of a text with gaps each gap is named by its number, as below. */
function stemOf({ stem, gaps = [] }) {
  return gaps.reduce((text, { id }, index) => text.replaceAll(`[[${id}]]`, `<span class="ep-gap">(${index + 1})</span>`), stem);
}
