// SPDX-License-Identifier: Apache-2.0
// Asking the server. Status 0: it did not answer, or what came is no answer of its own.

import { header } from "./safe-browser.js";

const HEADERS = { "Content-Type": "application/json", Accept: "application/json", "X-Sitting": "1" };
const PATIENCE = 20000;

/** A yes is one only with its words: the line may break off behind the head, and others on the way say 200, too. */
async function answered(asked) {
  try {
    const response = await asked;
    const content = await response.json().catch(() => null);
    return { status: response.status === 200 && content === null ? 0 : response.status, content };
  } catch {
    return { status: 0, content: null };
  }
}

export const http = {
  get: (address) => answered(fetch(address, { headers: { Accept: "application/json", ...header() }, signal: AbortSignal.timeout(PATIENCE) })),
  post: (address, body) => answered(fetch(address, { method: "POST", headers: HEADERS, body, signal: AbortSignal.timeout(PATIENCE) })),
  /** The page may be gone before the answer: the browser sends this without it. */
  leave: (address, body) => answered(fetch(address, { method: "POST", headers: HEADERS, body, keepalive: true })),
};
