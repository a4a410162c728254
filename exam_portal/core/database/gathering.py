# SPDX-License-Identifier: Apache-2.0
"""A verb that many want at once is done for all who wait, in one transaction, by whoever comes first."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from exam_portal.core.errors import DomainError

Wish = TypeVar("Wish")
Outcome = TypeVar("Outcome")


class _Entry(Generic[Wish, Outcome]):
    __slots__ = ("is_settled", "outcome", "wish")

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.is_settled = False
        self.outcome: Outcome | DomainError | None = None


class Gathering(Generic[Wish, Outcome]):
    """One for each verb and process.

    ``serve`` takes the wishes of one transaction and returns, in their order and after its COMMIT, what
    became of each: an outcome, or the refusal that its own thread raises. What it raises itself concerns all
    of them; each is then tried alone, so that one that breaks the transaction breaks it for nobody else.
    """

    def __init__(
        self, serve: Callable[[Sequence[Wish]], Sequence[Outcome | DomainError]], *, largest: int
    ) -> None:
        self._serve = serve
        self._largest = largest
        self._waiting: deque[_Entry[Wish, Outcome]] = deque()
        self._mutex = threading.Lock()
        self._lead = threading.Lock()

    def run(self, wish: Wish) -> Outcome:
        """Return what became of the wish, once it is stored; or raise its refusal."""
        entry: _Entry[Wish, Outcome] = _Entry(wish)
        with self._mutex:
            self._waiting.append(entry)
        with self._lead:
            if not entry.is_settled:
                self._serve_all(entry)
        if entry.outcome is None:  # the batch broke
            (entry.outcome,) = self._serve([wish])
        if isinstance(entry.outcome, DomainError):
            raise entry.outcome
        return entry.outcome

    def _serve_all(self, own: _Entry[Wish, Outcome]) -> None:
        """Serve this one and the longest waiting; one that is alone raises what its serving raises."""
        batch = self._next(own)
        try:
            outcomes = self._serve([entry.wish for entry in batch])
            for entry, outcome in zip(batch, outcomes, strict=True):
                entry.outcome = outcome
        except Exception:
            if len(batch) == 1:
                raise
        finally:
            for entry in batch:
                entry.is_settled = True

    def _next(self, own: _Entry[Wish, Outcome]) -> list[_Entry[Wish, Outcome]]:
        with self._mutex:
            batch = [own]
            self._waiting.remove(own)
            while self._waiting and len(batch) < self._largest:
                batch.append(self._waiting.popleft())
        return batch
