// SPDX-License-Identifier: Apache-2.0
// The practice before the day: the same player, with a desk in this window in the place of the server.

import { Journal } from "./journal.js";
import { Player } from "./player.js";
import { PracticeDesk } from "./practice-desk.js";
import { alone, attend } from "./window.js";

const root = document.getElementById("player");
const page = JSON.parse(root.dataset.page);
const button = document.getElementById("begin");
const desk = new PracticeDesk(page);

let player = null;

async function practise() {
  await alone(page.attempt, () => player?.sender.end(409, null));
  let journal = await Journal.open(page.attempt);
  if (!desk.knows(journal.place.head)) {
    await journal.clear(); // of an earlier practice in this browser, or of another window
    journal = await Journal.open(page.attempt);
  }
  if (!desk.isBegun) desk.begin();
  player = new Player({ root, page, journal, http: desk });
  attend(player);
  player.poll();
}

button.disabled = false;
button.addEventListener("click", practise, { once: true });
if (desk.isBegun) practise();
