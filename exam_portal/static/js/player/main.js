// SPDX-License-Identifier: Apache-2.0
// The page of a sitting: one player, and what the browser tells it.

import { http } from "./http.js";
import { Journal } from "./journal.js";
import { Player } from "./player.js";

const root = document.getElementById("player");
const page = JSON.parse(root.dataset.page);

/** Only one window of this browser may hold the attempt; a newer one takes it over, and the older one says so. */
function alone(lost) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.locks.request(`sitting-${page.attempt}`, { steal: true }, () => { resolve(); return new Promise(() => {}); }).catch(lost);
  });
}

let player = null;
await alone(() => player?.sender.end(409, null));
player = new Player({ root, page, journal: await Journal.open(page.attempt), http });
player.poll();

window.addEventListener("online", () => { player.messages.note(page.words.online); player.sender.nudge(0); player.poll(); });
window.addEventListener("offline", () => { player.messages.note(page.words.offline); player.tell("local"); });
window.addEventListener("pagehide", () => { player.settle(); player.sender.farewell(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") return player.poll();
  if (player.questions) player.settle();
  return player.sender.farewell();
});
window.addEventListener("beforeunload", (event) => {
  if (player.questions && !player.isOver && (player.journal.unsaved().length || player.typing.isBusy)) event.preventDefault();
});
