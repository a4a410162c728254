# SPDX-License-Identifier: Apache-2.0
"""What a process of many threads gives back to the machine."""

import ctypes
from typing import Final

TRIM, MMAP, ARENAS = -1, -3, -8  # names of mallopt (malloc.h)
LARGE: Final = 2**20
FEW: Final = 2


def give_back() -> None:
    """Large blocks go back when they are freed, and threads share what is kept (with the GNU library of C).

    Otherwise every thread that ever checked a password keeps its 19 MiB: 300 MB when a hall has signed in.
    """
    adjust = getattr(ctypes.CDLL(None), "mallopt", None)
    if adjust is not None:
        for option, value in ((MMAP, LARGE), (TRIM, LARGE), (ARENAS, FEW)):
            adjust(option, value)
