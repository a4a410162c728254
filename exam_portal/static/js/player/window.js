// SPDX-License-Identifier: Apache-2.0
// What the browser tells the player: the connection comes and goes, the page is hidden, shown or closed, and
// another window of it has taken over.

/** Only one window of this browser may hold the attempt; a newer one takes it over, and the older one says so. */
export function alone(attempt, lost) {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.locks.request(`sitting-${attempt}`, { steal: true }, () => { resolve(); return new Promise(() => {}); }).catch(lost);
  });
}

export function attend(player) {
  const { words } = player;
  window.addEventListener("online", () => { player.messages.note(words.online); player.sender.nudge(0); player.poll(); });
  window.addEventListener("offline", () => { player.messages.note(words.offline); player.tell("local"); });
  window.addEventListener("pagehide", () => { player.settle(); player.sender.farewell(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return player.poll();
    if (player.questions) player.settle();
    return player.sender.farewell();
  });
  window.addEventListener("beforeunload", (event) => {
    if (player.questions && !player.isOver && (player.journal.unsaved().length || player.typing.isBusy)) event.preventDefault();
  });
}
