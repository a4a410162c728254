// SPDX-License-Identifier: Apache-2.0
// One control for each kind of item. Each is given the response so far and says every change; ids, never positions.

import { el, fill } from "./dom.js";
import { countWords } from "./texts.js";
import { striker } from "./tools.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * The control of an item; `context` has words, a name that is unique on the page, the struck options of the item
 * and, for a part of an item, its path.
 */
export function widget(item, response, context, onChange) {
  return (KINDS[item.kind] ?? line)(item, response, context, onChange);
}

function option({ type, name, id, text, letter, isChosen, onChange }, { words, strikes, path = "" }) {
  const input = el("input", { type, name, value: id, checked: isChosen, onchange: onChange });
  const mark = letter ? el("span", { class: "ep-option__letter" }, letter) : null;
  const said = el("span", { class: "govuk-visually-hidden", hidden: true }, ` ${words.struck}`);
  const row = el("li", { class: "ep-option-row" }, el("label", { class: "ep-option" }, input, mark, el("span", {}, el("span", { class: "ep-option__text" }, text), said)));
  if (letter) row.append(striker({ place: path + id, letter, row, said, strikes, words }));
  return row;
}

function single(item, response, context, onChange) {
  const { name, words } = context;
  const clear = el(
    "button",
    { type: "button", class: "ep-player-clear", onclick: () => reset() },
    words.clear,
  );
  const list = el(
    "ul",
    { class: "ep-options" },
    item.options.map(({ id, text }, index) =>
      option({
        type: "radio", name, id, text, letter: LETTERS[index], isChosen: response === id,
        onChange: () => { clear.hidden = false; onChange(id); },
      }, context),
    ),
  );
  const reset = () => {
    list.querySelectorAll("input").forEach((input) => { input.checked = false; });
    clear.hidden = true;
    list.querySelector("input").focus();
    onChange(null);
  };
  clear.hidden = response === null || response === undefined;
  return el("div", {}, list, clear);
}

function trueFalse(item, response, context, onChange) {
  const { words } = context;
  const options = [{ id: "true", text: words.trueWord }, { id: "false", text: words.falseWord }];
  return single({ ...item, options }, response, context, onChange);
}

function multiple(item, response, context, onChange) {
  const { name } = context;
  const chosen = new Set(response ?? []);
  const say = (id, isChosen) => {
    chosen[isChosen ? "add" : "delete"](id);
    onChange(item.options.map((o) => o.id).filter((o) => chosen.has(o)));
  };
  return el(
    "ul",
    { class: "ep-options" },
    item.options.map(({ id, text }, index) =>
      option({
        type: "checkbox", name, id, text, letter: LETTERS[index], isChosen: chosen.has(id),
        onChange: (event) => say(id, event.target.checked),
      }, context),
    ),
  );
}

function line(item, response, { words, name }, onChange) {
  const isNumber = item.kind === "numeric";
  const input = el("input", {
    class: `govuk-input ${isNumber ? "govuk-input--width-10" : "ep-player-line"}`, type: "text", id: name, value: response ?? "",
    inputmode: isNumber ? "decimal" : null, autocomplete: "off", spellcheck: "false", maxlength: "2000",
    oninput: (event) => onChange(event.target.value || null, { isTyped: true }),
  });
  return el("div", {}, el("label", { class: "govuk-label", for: name }, words.yourAnswer), input);
}

function essay(item, response, { words, name }, onChange) {
  const count = el("p", { class: "ep-player-count", id: `${name}-count` });
  const tell = (text) => { count.textContent = limits(item, countWords(text), words); };
  const area = el("textarea", {
    class: "ep-essay", id: name, "aria-label": words.yourAnswer, "aria-describedby": `${name}-count`, maxlength: "100000", spellcheck: "false",
    oninput: (event) => { tell(event.target.value); onChange(event.target.value, { isTyped: true, isLong: true }); },
  });
  area.value = response ?? "";
  tell(area.value);
  return el("div", {}, area, count);
}

function limits({ min_words: low, max_words: high }, count, words) {
  if (low && high) return fill(words.wordsLimits, { count, low, high });
  if (high) return fill(words.wordsMost, { count, high });
  return low ? fill(words.wordsLeast, { count, low }) : fill(words.wordsCount, { count });
}

function matching(item, response, { words, name }, onChange) {
  const chosen = { ...(response ?? {}) };
  const rows = item.prompts.map(({ id, text }, index) => {
    const select = el(
      "select",
      {
        class: "govuk-select", id: `${name}-${index}`,
        onchange: (event) => {
          if (event.target.value) chosen[id] = event.target.value;
          else delete chosen[id];
          onChange({ ...chosen });
        },
      },
      el("option", { value: "" }, words.choose),
      item.targets.map((target) => el("option", { value: target.id }, target.text)),
    );
    select.value = chosen[id] ?? "";
    return el("div", { class: "ep-player-pair" }, el("label", { for: `${name}-${index}` }, text), select);
  });
  return el("div", { class: "ep-player-pairs" }, rows);
}

/** Where nothing has been moved there is no answer, even if what is shown is right: so it can be taken as it stands. */
function ordering(item, response, { words }, onChange) {
  const texts = new Map(item.entries.map(({ id, text }) => [id, text]));
  let order = response?.length === texts.size ? [...response] : [...texts.keys()];
  const list = el("ol", { class: "ep-player-order" });
  const keep = el("button", { type: "button", class: "ep-tool", onclick: () => taken() }, words.orderKeep);
  const open = el("p", { class: "ep-muted", hidden: response?.length === texts.size }, words.orderOpen, " ", keep);
  const taken = () => {
    if (!open.hidden) list.querySelector("button:not(:disabled)").focus();
    open.hidden = true;
    onChange([...order]);
  };
  const move = (index, by) => {
    const other = index + by;
    [order[index], order[other]] = [order[other], order[index]];
    show();
    taken();
    const row = list.children[other];
    (row.querySelector(by < 0 ? "[data-up]:not(:disabled)" : "[data-down]:not(:disabled)") ?? row.querySelector("button:not(:disabled)")).focus();
  };
  const arrow = (index, by, sign, label) =>
    el("button", {
      type: "button", class: "ep-player-arrow", "aria-label": fill(label, { text: texts.get(order[index]) }),
      [by < 0 ? "data-up" : "data-down"]: true, disabled: index + by < 0 || index + by >= order.length, onclick: () => move(index, by),
    }, sign);
  const show = () => {
    list.replaceChildren(
      ...order.map((id, index) =>
        el("li", {}, el("span", {}, texts.get(id)), el("span", { class: "ep-player-arrows" }, arrow(index, -1, "↑", words.up), arrow(index, 1, "↓", words.down))),
      ),
    );
  };
  show();
  return el("div", {}, list, open);
}

function parts(list, response, context, onChange, heading) {
  const given = { ...(response ?? {}) };
  return el(
    "div",
    { class: "ep-player-parts" },
    list.map((part, index) => {
      const name = `${context.name}-${index}`;
      const control = widget(part, given[part.id], { ...context, name, path: `${part.id}/` }, (value, how) => {
        given[part.id] = value;
        onChange({ ...given }, { ...how, isLong: false });
      });
      return el("fieldset", { class: "ep-question" }, el("legend", {}, heading(part, index)), control);
    }),
  );
}

function gaps(item, response, context, onChange) {
  const heading = (_part, index) => el("span", { class: "ep-question__number" }, fill(context.words.gap, { number: index + 1 }));
  return parts(item.gaps, response, context, onChange, heading);
}

function caseStudy(item, response, context, onChange) {
  const heading = (part) => el("span", { class: "ep-question__stem ep-prose", "data-wording": `${part.id}/stem`, html: part.stem });
  const made = parts(item.items, response, context, onChange, heading);
  if (item.steps) made.prepend(el("p", { class: "ep-muted" }, bySteps(item.steps, context.words)));
  return made;
}

/** What one, two … right statements earn; marks are decimals as texts, and stay such. */
function bySteps(steps, words) {
  const written = (marks) => (document.documentElement.lang === "vi" ? marks.replace(".", ",") : marks);
  const said = steps.map((marks, index) => fill(words.step, { count: index + 1, marks: written(marks) }));
  return fill(words.steps, { steps: said.join("; ") });
}

const KINDS = {
  single_choice: single,
  true_false: trueFalse,
  multiple_choice: multiple,
  short_answer: line,
  numeric: line,
  essay,
  matching,
  ordering,
  gap_fill: gaps,
  case_study: caseStudy,
  description: () => el("div", {}),
};
