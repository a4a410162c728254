// SPDX-License-Identifier: Apache-2.0
// What every page may gain from a script; none of it is needed to use the page.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  SkipLink,
  createAll,
} from "govuk-frontend";

for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

/** Menus that stand open beside the page on a wide screen are folded above it on a narrow one. */
function foldOnNarrowScreens() {
  const narrow = window.matchMedia("(max-width: 63.99em)");
  const fold = () => {
    for (const menu of document.querySelectorAll("[data-fold-narrow]")) menu.open = !narrow.matches;
  };
  narrow.addEventListener("change", fold);
  fold();
}

/** The account menu closes on Escape and on a click beside it. */
function closeMenus() {
  const open = () => document.querySelectorAll("details.ep-account[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** Whoever has typed into such a form is asked before another act of the page throws it away. */
function keepWhatIsTyped() {
  for (const form of document.querySelectorAll("form.ep-form--kept")) {
    let isTyped = false;
    form.addEventListener("input", () => { isTyped = true; });
    form.addEventListener("submit", () => { isTyped = false; });
    window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
  }
}

/** A page that waits for jobs asks for itself, ever more slowly; once one of them is over it is loaded anew. */
function followJobs() {
  const shown = () => [...document.querySelectorAll("[data-running]")];
  if (!shown().length) return;
  let pause = 2000;
  const again = () => {
    setTimeout(ask, pause);
    pause = Math.min(pause * 1.1, 30000);
  };
  const ask = async () => {
    if (document.hidden) return again();
    const answer = await fetch(window.location.href).then((response) => (response.ok ? response.text() : ""), () => "");
    if (!answer) return again();
    const now = [...new DOMParser().parseFromString(answer, "text/html").querySelectorAll("[data-running]")];
    if (now.length !== shown().length) return window.location.reload();
    shown().forEach((box, index) => {
      if (box.innerHTML !== now[index].innerHTML) box.replaceChildren(...now[index].childNodes);
    });
    return again();
  };
  again();
}

foldOnNarrowScreens();
closeMenus();
keepWhatIsTyped();
followJobs();
