// SPDX-License-Identifier: Apache-2.0
// The page of a sitting: one player, and what the browser tells it.

import { http } from "./http.js";
import { Journal } from "./journal.js";
import { Player } from "./player.js";
import { attend } from "./window.js";

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
attend(player);
player.poll();
