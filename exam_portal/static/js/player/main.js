// SPDX-License-Identifier: Apache-2.0
// The page of a sitting: one player, and what the browser tells it.

import { http } from "./http.js";
import { Journal } from "./journal.js";
import { Player } from "./player.js";
import { alone, attend } from "./window.js";

const root = document.getElementById("player");
const page = JSON.parse(root.dataset.page);

let player = null;
await alone(page.attempt, () => player?.sender.end(409, null));
player = new Player({ root, page, journal: await Journal.open(page.attempt), http });
attend(player);
player.poll();
