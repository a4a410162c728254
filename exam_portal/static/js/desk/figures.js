// SPDX-License-Identifier: Apache-2.0
// The figures of a mark: their sum, Enter to the next one, arrows by the step. Thousandths, so that nothing is rounded.

export function attendFigures(form) {
  const fields = [...form.querySelectorAll("[data-most]")];
  const sum = form.querySelector("[data-sum]");
  const step = thousandths(form.querySelector("[data-step]").dataset.step);
  const show = () => {
    if (sum) sum.textContent = total(fields);
  };
  for (const field of fields) {
    field.addEventListener("input", show);
    field.addEventListener("keydown", (event) => move(event, form, fields, step));
  }
  show();
  const next = () => fields.find((field) => field.value === "") ?? fields[0];
  return { focus: () => next()?.focus(), begin: () => next()?.focus({ preventScroll: true }) };
}

/** Thousandths of a figure as it is typed in either language, or null. */
export function thousandths(typed) {
  const plain = typed.trim().replace(",", ".");
  return /^\d{1,6}(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * 1000) : null;
}

/** A figure as it is typed in the language of the page. */
export function written(value) {
  const text = String(value / 1000);
  return document.documentElement.lang === "vi" ? text.replace(".", ",") : text;
}

function total(fields) {
  const values = fields.filter((field) => field.value.trim() !== "").map((field) => thousandths(field.value));
  return values.length && !values.includes(null) ? written(values.reduce((all, one) => all + one, 0)) : "–";
}

function move(event, form, fields, step) {
  const field = event.currentTarget;
  if (event.isComposing || event.ctrlKey || event.altKey || event.shiftKey) return;
  if (event.key === "Enter") (fields[fields.indexOf(field) + 1] ?? form.querySelector("textarea")).focus();
  else if (event.key === "ArrowUp" || event.key === "ArrowDown") by(field, event.key === "ArrowUp" ? step : -step);
  else return;
  event.preventDefault();
}

function by(field, change) {
  const now = thousandths(field.value || "0");
  if (now === null) return;
  field.value = written(Math.min(Math.max(now + change, 0), thousandths(field.dataset.most)));
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
