// SPDX-License-Identifier: Apache-2.0
// What the browser tells the player: the connection comes and goes, the page is hidden, shown or closed.

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
