# SPDX-License-Identifier: Apache-2.0
"""How much processor a server's processes have used: unlike a rate, it says little of who else works here."""

import contextlib
import os
from pathlib import Path

from exam_portal.bench.memory import family

TICKS = os.sysconf("SC_CLK_TCK")


def used(pid: int) -> float:
    """Return the seconds of processor that the process and its children have used."""
    return sum(_ticks(each) for each in family(pid)) / TICKS


def _ticks(pid: int) -> int:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])  # in user and kernel mode
    return 0
