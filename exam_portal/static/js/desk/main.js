// SPDX-License-Identifier: Apache-2.0
// The marker's desk: figures, a draft kept while typing, passages, phrases, and keys that clash with no typing.

import { attendAnchors } from "./anchors.js";
import { Draft } from "./draft.js";
import { attendFigures } from "./figures.js";
import { attendPassages } from "./passages.js";
import { attendPhrases } from "./phrases.js";

const form = document.getElementById("mark-form");
if (form) start(form, document.getElementById("script"));

function start(form, script) {
  const draft = new Draft(form, form.querySelector("[data-draft]"));
  const figures = attendFigures(form);
  attendAnchors(form);
  const passages = attendPassages(form, script, () => draft.changed());
  const phrases = attendPhrases(form);

  form.addEventListener("input", () => draft.changed());
  form.addEventListener("submit", () => draft.stop());
  window.addEventListener("pagehide", () => draft.leave());
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const act = {
      F2: () => (script.contains(document.activeElement) ? figures.focus() : script.focus()),
      F4: () => phrases.open(),
      F8: () => passages?.add(),
    }[event.key];
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (act && isPlain) act();
    else if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
    else return;
    event.preventDefault();
  });
  figures.begin(); // on a telephone the script stands above the form, and is read first
}
