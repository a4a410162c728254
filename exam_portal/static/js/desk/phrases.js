// SPDX-License-Identifier: Apache-2.0
// The marker's own phrases: inserted where the cursor stands in the comment.

export function attendPhrases(form) {
  const list = form.querySelector("#phrases");
  const comment = form.elements.comment;
  const buttons = [...list.querySelectorAll("[data-phrase]")];

  const insert = (text) => {
    const { selectionStart: from, selectionEnd: to, value } = comment;
    const before = value.slice(0, from);
    const gap = before && !/\s$/.test(before) ? " " : "";
    comment.setRangeText(gap + text, from, to, "end");
    comment.dispatchEvent(new Event("input", { bubbles: true }));
    comment.focus();
  };
  for (const button of buttons) button.addEventListener("click", () => insert(button.textContent));
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") comment.focus();
    else if (/^[1-9]$/.test(event.key) && buttons[event.key - 1]) insert(buttons[event.key - 1].textContent);
    else return;
    event.preventDefault();
  });
  return {
    open() {
      list.open = true;
      (buttons[0] ?? list.querySelector("summary")).focus();
    },
  };
}
