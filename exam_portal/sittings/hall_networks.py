# SPDX-License-Identifier: Apache-2.0
"""Whether an address is a hall's: hundreds of people sign in from there within minutes, and share it.

What one of them does there (wrong passwords, floods of pages) is not held against the others.
"""

import threading
import time
from collections.abc import Sequence

from exam_portal.core.clock import Clock
from exam_portal.core.database import Database
from exam_portal.sittings import binding
from exam_portal.sittings.hall import place
from exam_portal.sittings.queries import bindings

FRESH_SECONDS = 30.0
EVERYWHERE = ("0.0.0.0/0", "::/0")


class HallNetworks:
    """One for each process: the networks of rooms in use, asked for twice a minute at most.

    Where this installation itself is a hall, every network is.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: Sequence[str] = ()
        self._until = 0.0
        self._mutex = threading.Lock()

    def __call__(self, address: str) -> bool:
        """Return whether the address lies in one of them."""
        if time.monotonic() >= self._until:
            self._ask()
        return bool(self._known) and binding.is_inside(address, self._known)

    def _ask(self) -> None:
        """Let one thread ask; the others, who may each hold a connection, go on with what was known."""
        if not self._mutex.acquire(blocking=False):
            return
        try:
            with self._database.reading() as session:
                is_hall = place.held_here(session) is not None
                used = bindings.networks_in_use(session, self._clock.now())
            small = [network for network in used if binding.is_a_place(network)]
            self._known = EVERYWHERE if is_hall else small  # who binds a room to the world opens no door
            self._until = time.monotonic() + FRESH_SECONDS
        finally:
            self._mutex.release()
