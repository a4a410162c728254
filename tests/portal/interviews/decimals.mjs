// SPDX-License-Identifier: Apache-2.0
// What the ballot on a tablet makes of figures: reads {off, sums} and answers as JSON.

import { readFileSync } from "node:fs";
import { isOff, sum } from "../../../exam_portal/static/js/decimals.js";

const { off, sums } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({ off: off.map((one) => isOff(...one)), sums: sums.map(sum) }));
