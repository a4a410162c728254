// SPDX-License-Identifier: Apache-2.0
// What a tablet keeps of open ballots: figures until they are sealed, and pages for reading without a network.
// Of one person only: whoever opens a page of ballots under another account finds nothing, and nothing is left.

import { openDB } from "idb";

const NAME = "exam-portal-ballots";
export const PAGES = "ballots-";

export class Keeper {
  /** The keeper of one account; what lay here of others is gone. Without a usable database it keeps nothing. */
  static async open(owner) {
    const keeper = new Keeper(owner);
    try {
      keeper.db = await openDB(NAME, 1, {
        upgrade(db) {
          db.createObjectStore("drafts", { keyPath: ["owner", "hearing"] });
        },
        blocking: () => keeper.db?.close(), // who signs out deletes all of it
      });
      for (const key of await keeper.db.getAllKeys("drafts")) if (key[0] !== owner) await keeper.db.delete("drafts", key);
    } catch (problem) {
      console.warn("no drafts on this device", problem);
      keeper.db = null;
    }
    await forgetPages((name) => name !== PAGES + owner);
    return keeper;
  }

  constructor(owner) {
    this.owner = owner;
    this.db = null;
    this.isDone = false;
  }

  get isLasting() {
    return this.db !== null;
  }

  async read(hearing) {
    return (await this.db?.get("drafts", [this.owner, hearing])) ?? null;
  }

  /** On the disk, not only with the system: it outlives a power cut. */
  async write(hearing, draft) {
    try {
      if (!this.db) return;
      const lasting = this.db.transaction("drafts", "readwrite", { durability: "strict" });
      await Promise.all([lasting.store.put({ ...draft, owner: this.owner, hearing }), lasting.done]);
    } catch (problem) {
      console.warn("no drafts on this device any more", problem);
      this.db = null;
    }
  }

  /** No figure of this ballot is left on the device; its page can still be opened without a network. */
  async forgetDraft(hearing) {
    await this.db?.delete("drafts", [this.owner, hearing]);
  }

  /** Nothing of this ballot is left on the device. */
  async forget(hearing) {
    this.isDone = true;
    await this.forgetDraft(hearing);
    const cache = "caches" in window ? await caches.open(PAGES + this.owner) : null;
    await cache?.delete(location.href);
  }

  /** What can be sealed no more is not kept. */
  async forgetAllBut(hearings) {
    for (const key of (await this.db?.getAllKeys("drafts")) ?? []) if (!hearings.includes(key[1])) await this.db.delete("drafts", key);
  }

  /**
   * The page and what it is made of, faces of letters that it has not needed yet among it, can be opened without
   * a network: true once the worker that opens it is there. A ballot that was sealed meanwhile leaves no page.
   */
  async keepPage(worker) {
    if (!("serviceWorker" in navigator) || !("caches" in window)) return; // a browser gives them to secure origins only
    await navigator.serviceWorker.register(worker);
    const cache = await caches.open(PAGES + this.owner);
    const page = await fetch(location.href, { cache: "no-store" });
    if (!page.ok || page.redirected) return;
    await cache.put(location.href, page);
    if (this.isDone) await cache.delete(location.href);
    await Promise.allSettled([...document.fonts].map((face) => face.load()));
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    const icon = document.querySelector('link[rel="icon"]').href; // a browser fetches it when it likes
    const files = new Set([...loaded, icon].filter((address) => address.startsWith(`${location.origin}/static/`)));
    for (const address of files) if (!(await cache.match(address))) await cache.add(address);
    await navigator.serviceWorker.ready;
  }
}

/** Kept pages whose name is not wanted are gone. */
export async function forgetPages(isUnwanted) {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith(PAGES) && isUnwanted(name)) await caches.delete(name);
}

const place = document.getElementById("ballot-keeper");
if (place?.src.includes("ballot-keeper")) {
  const keeper = await Keeper.open(place.dataset.owner);
  const { done, open } = place.dataset;
  if (done) await keeper.forget(done);
  if (open !== undefined) await keeper.forgetAllBut(open.split(" "));
}
