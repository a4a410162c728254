// SPDX-License-Identifier: Apache-2.0
// Anchors of a criterion: a press, or Page Up and Page Down in the figure, writes an anchor's mark there; what is then
// typed shows which anchor it belongs to.

import { thousandths, written } from "./figures.js";

export function attendAnchors(form) {
  for (const list of form.querySelectorAll("[data-anchors]")) attend(list, form.elements[list.dataset.anchors]);
}

function attend(list, field) {
  const anchors = [...list.querySelectorAll("button")]; // best first
  const show = () => {
    const now = current(anchors, field);
    anchors.forEach((anchor, number) => anchor.setAttribute("aria-pressed", String(number === now)));
  };
  const choose = (anchor) => {
    field.value = written(thousandths(anchor.dataset.mark));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    field.select();
  };
  for (const anchor of anchors) anchor.addEventListener("click", () => choose(anchor));
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    const change = { PageUp: -1, PageDown: 1 }[event.key];
    if (!change || event.isComposing || event.ctrlKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    choose(anchors[next(current(anchors, field), change, anchors.length)]);
  });
  show();
}

/** The place of the anchor that covers the figure, or -1 where there is none. */
function current(anchors, field) {
  const value = thousandths(field.value);
  if (value === null) return -1;
  return anchors.findIndex((anchor) => value >= thousandths(anchor.dataset.low));
}

/** From nothing both keys lead to the best level, which stands first. */
function next(now, change, count) {
  if (now < 0) return 0;
  return Math.min(Math.max(now + change, 0), count - 1);
}
