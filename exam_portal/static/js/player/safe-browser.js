// SPDX-License-Identifier: Apache-2.0
// Safe Exam Browser: where it cannot send headers (macOS, iOS), its script interface tells the hashes for this page.

/** The hashes of this page's address with the browser's keys; null in any other browser. */
export function hashes() {
  const security = window.SafeExamBrowser?.security;
  if (!security) return null;
  return { config: String(security.configKey ?? ""), browser: String(security.browserExamKey ?? "") };
}

/** Header by which a request of this page carries them. */
export function header() {
  const found = hashes();
  return found ? { "X-Safe-Browser": `${found.config}.${found.browser}` } : {};
}

function fill() {
  const found = hashes();
  if (!found) return;
  for (const form of document.querySelectorAll("form")) {
    for (const name of ["config", "browser"]) {
      const field = form.querySelector(`[name=seb_${name}]`) ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: `seb_${name}` }));
      field.value = found[name];
    }
  }
}

fill();
window.SafeExamBrowser?.security?.updateKeys?.(fill); // older versions work the hashes out on request
