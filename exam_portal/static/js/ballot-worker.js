// SPDX-License-Identifier: Apache-2.0
// An open ballot can be opened again while the network is gone. What may be kept the page decides; nothing is kept here.

const PAGE = /^\/panel\/hearings\/[a-z2-7]{26}$/;
const PATIENCE = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && PAGE.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});

/** What the portal says now; what was kept only where it says nothing. */
async function page(request) {
  const patience = new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error("no answer")), PATIENCE);
  });
  try {
    return await Promise.race([fetch(request), patience]);
  } catch {
    return (await caches.match(request.url, { ignoreVary: true })) ?? Response.error();
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request.url, { ignoreVary: true })) ?? Response.error();
  }
}
