# SPDX-License-Identifier: Apache-2.0
"""Reads hostile files in a process of its own: no socket, nothing written, bounded time and memory."""

import json
import pickle
import subprocess
import sys

SECONDS, MEMORY = 10, 256 * 1024 * 1024
_READ = """
import json, pickle, resource, sys
from question_bank import formats
from tests.harness.pace import Stopwatch
for name in ("question_bank.formats.qti.v1", "html.entities"): __import__(name)
def allow(event, args):
    if event.startswith(("socket.", "subprocess.", "os.system")) or (
        event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")):
        raise SystemExit(f"not allowed: {event} {args}")
files = pickle.load(sys.stdin.buffer)
sys.addaudithook(allow)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for format, content in files:
    with Stopwatch() as watch: result = formats.read(content, format)
    seconds, most = watch.seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    codes = sorted({error.code for error in result.errors})
    stems = [item.stem for item in result.items[:5]]
    print(json.dumps([len(result.items), codes, stems, seconds, (most - before) * 1024]))
"""


def read(*files: tuple[str, bytes]) -> list[tuple[int, list[str], list[str]]]:
    """For each file the number of items, the codes of errors and some stems; fails where one takes too much.

    Files are pairs of the name of their format and their bytes. Seconds are those of an idle processor.
    """
    done = subprocess.run(
        [sys.executable, "-c", _READ],
        input=pickle.dumps(files),
        capture_output=True,
        timeout=300,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert max(seconds for *_, seconds, _ in found) < SECONDS
    assert max(memory for *_, memory in found) < MEMORY
    return [(items, codes, stems) for items, codes, stems, _, _ in found]
