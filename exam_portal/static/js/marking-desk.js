// SPDX-License-Identifier: Apache-2.0
// The marker's desk: the total of the criteria, a draft kept while typing, and a form that works by keyboard.

const PAUSE_MS = 1200;
const RETRY_MS = 5000;

const form = document.getElementById("mark-form");
if (form) start(form);

function start(form) {
  const figures = [...form.querySelectorAll('input[inputmode="decimal"]')];
  const sum = form.querySelector("[data-sum]");
  const status = form.querySelector("[data-draft]");
  let timer = 0;

  const later = (wait) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => keep(form, status, () => later(RETRY_MS)), wait);
  };
  const changed = () => {
    if (sum) sum.textContent = total(figures);
    later(PAUSE_MS);
  };

  form.addEventListener("input", changed);
  form.addEventListener("submit", () => window.clearTimeout(timer));
  form.addEventListener("keydown", (event) => move(event, form, figures));
  if (sum) sum.textContent = total(figures);
  figures.find((field) => field.value === "")?.focus();
}

/** The sum of what can be read as figures, with a comma where the page is Vietnamese. */
function total(figures) {
  const values = figures.map((field) => field.value.trim().replace(",", ".")).filter((typed) => typed !== "");
  if (!values.length || values.some((typed) => !/^\d+(\.\d+)?$/.test(typed))) return "–";
  const thousandths = values.reduce((all, typed) => all + Math.round(Number(typed) * 1000), 0);
  const text = String(thousandths / 1000);
  return document.documentElement.lang === "vi" ? text.replace(".", ",") : text;
}

/** Enter goes to the next figure, Ctrl + Enter gives the mark. */
function move(event, form, figures) {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const place = figures.indexOf(event.target);
  if (place < 0) return;
  event.preventDefault();
  const next = figures[place + 1] ?? form.querySelector("textarea");
  next?.focus();
}

async function keep(form, status, again) {
  status.textContent = status.dataset.saving;
  try {
    const answer = await fetch(status.dataset.draft, { method: "POST", body: new FormData(form), redirect: "error" });
    if ([200, 409].includes(answer.status) && answer.headers.get("Content-Type")?.startsWith("application/json")) {
      const { version, drafts } = await answer.json();
      form.elements.rests_on.value = version;
      status.textContent = drafts > 1 ? status.dataset.differs : status.dataset.saved.replace("{time}", clock());
    } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      status.textContent = status.dataset.refused;
    } else throw new Error(String(answer.status));
  } catch {
    status.textContent = status.dataset.failed;
    again();
  }
}

function clock() {
  const zone = document.documentElement.dataset.zone; // of the portal, whatever this computer is set to
  return new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone });
}
