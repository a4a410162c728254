# SPDX-License-Identifier: Apache-2.0
"""How much memory a server's processes hold."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

WATCH_SECONDS = 0.25


@contextlib.contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """Yield a list that grows by the memory of the server and its children, in MB, while the block lasts."""
    found: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(WATCH_SECONDS):
            found.append(held(pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def held(pid: int) -> float:
    """Return what the process and its children hold, in MB."""
    return sum(_memory(each) for each in family(pid))


def family(pid: int) -> Iterator[int]:
    """Yield the process and all that it has made."""
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def _memory(pid: int) -> float:
    """Return what a process has for itself and its share of what it shares, in MB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    return 0.0
