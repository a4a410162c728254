// SPDX-License-Identifier: Apache-2.0
// The draft: kept a moment after the last change, one save at a time, tried again until it is kept or refused.

const PAUSE_MS = 1200;
const RETRY_MS = 5000;

export class Draft {
  constructor(form, status) {
    this.form = form;
    this.status = status;
    this.timer = 0;
    this.isDirty = false;
    this.isSending = false;
    this.isOver = false;
    form.elements.tab.value = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
  }

  changed() {
    this.isDirty = true;
    this.later(PAUSE_MS);
  }

  later(wait) {
    window.clearTimeout(this.timer);
    if (!this.isOver) this.timer = window.setTimeout(() => this.keep(), wait);
  }

  /** The form itself is sent: it carries everything. */
  stop() {
    this.isOver = true;
    window.clearTimeout(this.timer);
  }

  /** The page goes away: what is not kept yet is sent with it, also what a save under way would take along. */
  leave() {
    if (this.isOver || !(this.isDirty || this.isSending)) return;
    fetch(this.status.dataset.draft, { method: "POST", body: new FormData(this.form), keepalive: true, redirect: "manual" }).catch(() => {});
  }

  async keep() {
    if (this.isSending) return this.later(PAUSE_MS);
    this.isSending = true;
    this.isDirty = false;
    this.say("saving");
    try {
      await this.read(await fetch(this.status.dataset.draft, { method: "POST", body: new FormData(this.form), redirect: "manual" }));
    } catch {
      this.failed("failed");
    }
    this.isSending = false;
    if (this.isDirty) this.later(this.isKept ? PAUSE_MS : RETRY_MS);
  }

  async read(answer) {
    this.isKept = true;
    if (answer.type === "opaqueredirect") return this.failed("signedout");
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (isJson && (answer.status === 200 || answer.status === 409)) {
      const { version, drafts } = await answer.json();
      this.form.elements.rests_on.value = version;
      this.say(drafts > 1 ? "differs" : "saved");
    } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) this.say("refused");
    else this.failed("failed");
  }

  failed(state) {
    this.isKept = false;
    this.isDirty = true;
    this.say(state);
  }

  say(state) {
    this.status.dataset.state = state;
    this.status.textContent = this.status.dataset[state].replace("{time}", clock());
    const choice = this.form.querySelector("[data-reopen]");
    if (state === "differs" || state === "saved") choice.hidden = state === "saved";
  }
}

function clock() {
  const zone = document.documentElement.dataset.zone; // of the portal, whatever this computer is set to
  return new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone });
}
