// SPDX-License-Identifier: Apache-2.0
// What the player's own script makes of seeds: reads {seed, label, draws, letters, cases} and answers as JSON.

import { readFileSync } from "node:fs";
import { fromHex, hex, hmac, utf8 } from "../../exam_portal/static/js/player/sha256.js";
import { arranged, Stream } from "../../exam_portal/static/js/player/shuffle.js";

const { seed, label, limits, letters, keyed, cases } = JSON.parse(readFileSync(0, "utf8"));
const stream = () => new Stream(fromHex(seed), utf8(label));
const drawn = stream();
process.stdout.write(
  JSON.stringify({
    below: limits.map((limit) => drawn.below(limit)),
    shuffled: stream().shuffled(letters).join(""),
    keyed: keyed.map(([key, message]) => hex(hmac(fromHex(key), fromHex(message)))),
    arranged: cases.map(({ content, seed: own }) => arranged(content, fromHex(own))),
  }),
);
