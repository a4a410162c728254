// SPDX-License-Identifier: Apache-2.0
// Asking the server. Status 0: it did not answer.

import { header } from "./safe-browser.js";

const HEADERS = { "Content-Type": "application/json", Accept: "application/json", "X-Sitting": "1" };
const PATIENCE = 20000;

async function answered(asked) {
  try {
    const response = await asked;
    return { status: response.status, content: await response.json().catch(() => null) };
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
