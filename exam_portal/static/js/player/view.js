// SPDX-License-Identifier: Apache-2.0
// How large and how strong this person wants to read, kept in this browser for this person alone.

const SIZES = ["100", "125", "150", "175", "200"];
const menu = document.getElementById("view");
const key = `exam-portal-view ${menu.dataset.person}`;
const size = menu.querySelector("[name=size]");
const contrast = menu.querySelector("[name=contrast]");

function read() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {}; // nothing can be kept here: the page is as everybody's
  }
}

function show() {
  const root = document.documentElement;
  root.dataset.size = size.value;
  root.toggleAttribute("data-high-contrast", contrast.checked);
}

function keep() {
  show();
  try {
    localStorage.setItem(key, JSON.stringify({ size: size.value, contrast: contrast.checked }));
  } catch {
    // it holds for as long as this page
  }
}

const kept = read();
if (SIZES.includes(kept.size)) size.value = kept.size;
contrast.checked = kept.contrast === true;
menu.hidden = false;
menu.addEventListener("change", keep);
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
show();
