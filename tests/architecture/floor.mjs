// SPDX-License-Identifier: Apache-2.0
// What in the built scripts Chromium 109 does not know: its language is ES2022, and these names came later.
// Arguments: files. Prints one line for each finding.

import { readFileSync } from "node:fs";
import { parse } from "acorn";

const NEWER = new Set([
  // Array, Map, Object, Promise, String, Uint8Array, Error, Math
  "toSorted", "toReversed", "toSpliced", "fromAsync", "groupBy", "getOrInsert", "withResolvers", "isWellFormed", "toWellFormed",
  "symmetricDifference", "isSubsetOf", "isSupersetOf", "isDisjointFrom", "fromBase64", "toBase64", "fromHex", "toHex", "isError",
  "sumPrecise", "waitAsync", "transferToFixedLength", "Iterator", "Temporal", "DurationFormat",
  // the page
  "showPopover", "hidePopover", "togglePopover", "startViewTransition", "canParse", "setHTMLUnsafe", "getHTML", "moveBefore",
  "requestClose", "CloseWatcher", "EditContext", "scheduler", "documentPictureInPicture", "navigation.activation", "deferredFetch", "fetchLater",
]);
const NEWER_OF = new Map([["AbortSignal", "any"], ["Promise", "try"], ["RegExp", "escape"], ["URL", "parse"]]);

function* nodes(node) {
  if (!node || typeof node.type !== "string") return;
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (child && typeof child === "object") yield* nodes(child);
  }
}

for (const file of process.argv.slice(2)) {
  let tree;
  try {
    tree = parse(readFileSync(file, "utf8"), { ecmaVersion: 2022, sourceType: "module" });
  } catch (problem) {
    console.log(`${file}: ${problem.message}`);
    continue;
  }
  const defined = new Set();
  const used = new Map();
  for (const node of nodes(tree)) {
    const names = { FunctionDeclaration: node.id, VariableDeclarator: node.id, ImportSpecifier: node.local };
    if (names[node.type]?.name) defined.add(names[node.type].name);
    if (node.type === "Identifier" && NEWER.has(node.name)) used.set(node.name, node.start);
    if (node.type === "MemberExpression" && NEWER_OF.has(node.object.name) && NEWER_OF.get(node.object.name) === node.property.name) {
      used.set(`${node.object.name}.${node.property.name}`, node.start);
    }
  }
  for (const [name, at] of used) if (!defined.has(name)) console.log(`${file}: ${name} (at ${at})`);
}
