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

const BALLOTS = "exam-portal-ballots";

/** Menus that stand open beside the page on a wide screen are folded above it on a narrow one. */
function foldOnNarrowScreens() {
  const narrow = window.matchMedia("(max-width: 63.99em)");
  const fold = () => {
    for (const menu of document.querySelectorAll("[data-fold-narrow]")) menu.open = !narrow.matches;
  };
  narrow.addEventListener("change", fold);
  fold();
}

/** Whether a ballot that was given lies on this device only, waiting for its network. */
async function hasUnsentBallot() {
  const names = (await indexedDB.databases?.().catch(() => [])) ?? [];
  if (!names.some((one) => one.name === BALLOTS)) return false;
  return new Promise((done) => {
    const asked = indexedDB.open(BALLOTS);
    asked.onerror = asked.onblocked = () => done(false);
    asked.onsuccess = () => {
      const db = asked.result;
      const drafts = db.objectStoreNames.contains("drafts") && db.transaction("drafts").objectStore("drafts").getAll();
      if (!drafts) {
        db.close();
        return done(false);
      }
      drafts.onerror = () => done(false);
      drafts.onsuccess = () => {
        db.close();
        done(drafts.result.some((one) => one.pending));
      };
      return undefined;
    };
  });
}

/**
 * Who signs out leaves no draft of a ballot on a shared device; where somebody has to sign in, no page of one. A
 * ballot that waits to be sent is given up only by who says so, and nothing is deleted while the portal does not answer.
 */
function leaveNoBallots() {
  const forgetPages = async () => {
    const names = "caches" in window ? await caches.keys() : [];
    await Promise.all(names.filter((name) => name.startsWith("ballots-")).map((name) => caches.delete(name)));
  };
  const forgetDrafts = () => new Promise((done) => {
    const gone = indexedDB.deleteDatabase(BALLOTS);
    gone.onsuccess = gone.onerror = gone.onblocked = done;
  });
  if (location.pathname.startsWith("/sign-in")) forgetPages();
  const isReached = () => fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(5000) }).then(() => true, () => false);
  const out = document.querySelector(".ep-account__out")?.form;
  out?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ((await hasUnsentBallot()) && !window.confirm(out.dataset.unsent)) return;
    if (await isReached()) await Promise.allSettled([forgetPages(), forgetDrafts()]);
    out.submit();
  });
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

/** A table of counts says what its rows and columns add up to while they are typed, as a sheet does. */
function addUp() {
  const sum = (cells) => cells.reduce((total, cell) => total + (parseInt(cell.querySelector("input")?.value, 10) || 0), 0);
  for (const table of document.querySelectorAll("table.ep-matrix")) {
    const rows = [...table.tBodies[0].rows];
    const counts = rows.slice(0, -1);
    const show = () => {
      for (const row of counts) row.lastElementChild.querySelector("output").value = sum([...row.cells]);
      for (const cell of rows.at(-1).cells) {
        const output = cell.querySelector("output");
        const isLast = cell === rows.at(-1).lastElementChild;
        const column = counts.flatMap((row) => (isLast ? [...row.cells] : [row.cells[cell.cellIndex]]));
        if (output) output.value = sum(column);
      }
    };
    table.addEventListener("input", show);
    show();
  }
}

/** A page that waits for jobs asks for itself, ever more slowly; once one of them is over it is loaded anew. */
function followJobs() {
  const shown = () => [...document.querySelectorAll("[data-running]")];
  if (!shown().length) return;
  let pause = 1000;
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
leaveNoBallots();
keepWhatIsTyped();
addUp();
followJobs();
