// SPDX-License-Identifier: Apache-2.0
// A training script: the figures, levels and keys of the desk; nothing is kept before the mark.

import { attendAnchors } from "./anchors.js";
import { attendFigures } from "./figures.js";

const form = document.getElementById("mark-form");
if (form) {
  const figures = attendFigures(form);
  attendAnchors(form);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  figures.begin(); // on a telephone the script stands above the form, and is read first
}
