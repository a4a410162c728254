# SPDX-License-Identifier: Apache-2.0
"""What one process keeps for the answer path: derived secrets, ciphers, budgets, the items of forms."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from exam_portal.core.database import Database
from exam_portal.core.database.gathering import Gathering
from exam_portal.core.errors import DomainError
from exam_portal.core.settings import Sittings
from exam_portal.sittings.attempts import away, journal, opened, replaying, submit, wire
from exam_portal.sittings.attempts.bodies import Bodies
from exam_portal.sittings.attempts.budget import Budgets
from exam_portal.sittings.attempts.errors import MayBeGivenBack, TokenRefused
from exam_portal.sittings.attempts.presence import Presence
from exam_portal.sittings.attempts.shelf import Shelf
from exam_portal.sittings.attempts.tokens import SittingToken, TokenPress
from exam_portal.sittings.models import Attempt, Submission

HANDED_IN_TOGETHER = 32  # at most, in one transaction: the writer is held for a third of its budget
BACKLOG = 64  # of the largest saves at once: more than an hour without a connection leaves behind


class AnswerPath:
    """One for each process; safe across its threads."""

    def __init__(self, database: Database, settings: Sittings) -> None:
        self.database = database
        self.settings = settings
        self.press = TokenPress(database.keys)
        self.bodies = Bodies(database.keys)
        self.budgets = Budgets(settings.saves_per_minute)
        self.volumes = Budgets(settings.save_bytes_per_minute, BACKLOG * settings.save_bytes)
        self.shelf = Shelf(database)
        self.presence = Presence(database, settings.silent_seconds)
        self._handing_in = Gathering(self._submit_all, largest=HANDED_IN_TOGETHER)
        self._items: dict[int, frozenset[str]] = {}
        self._mutex = threading.Lock()

    def token(
        self, cookie: str | None, attempt: str, arrived_at: datetime, *, is_charged: bool = False
    ) -> SittingToken:
        """Return the proof that this device may write, or raise TokenRefused; the budget is charged once."""
        token = self.press.read(cookie, attempt, arrived_at)
        if not is_charged:
            self.budgets.spend(token.attempt_id)
        return token

    def save(
        self, token: SittingToken, body: bytes, arrived_at: datetime, *, is_weighed: bool = False
    ) -> dict[str, object]:
        """Return the signed acknowledgement of a request body that is stored now or was before."""
        if not is_weighed:
            self.weigh(token, body)
        batch = self._batch(token, body)
        saved = journal.save(self.database, self.bodies, token, batch, now(token, arrived_at))
        return saved.signed(self.database.signer)

    def save_at_once(
        self, token: SittingToken, body: bytes, arrived_at: datetime
    ) -> dict[str, object] | None:
        """Return the signed acknowledgement of a body that is stored now; None, whyever it is not."""
        saved = journal.save_at_once(
            self.database, self.bodies, token, self._batch(token, body), now(token, arrived_at)
        )
        return saved.signed(self.database.signer) if saved else None

    def hand_in(self, token: SittingToken, arrived_at: datetime, *, is_by_time: bool) -> Submission:
        """Return the submission of the device's attempt, stored now or before.

        The journal is read before the writer is taken; what is saved in between is read inside. Raises what
        ``submit.submit_all`` refuses with.
        """
        with self.database.reading() as session:
            attempt = session.get(Attempt, token.attempt_id)
            if attempt is None or attempt.public_id != token.attempt:
                raise TokenRefused
            at = now(token, arrived_at)
            if is_by_time and away.over_their_end(session, [attempt], at, self.presence.silent):
                raise MayBeGivenBack
            replayed = replaying.replay(session, attempt)
        return self._handing_in.run(
            submit.Handing(
                attempt_id=token.attempt_id,
                lease=token.lease,
                at=at,
                replayed=replayed,
                is_by_time=is_by_time,
            )
        )

    def _submit_all(self, handings: Sequence[submit.Handing]) -> Sequence[Submission | DomainError]:
        with self.database.writing() as session:
            return submit.submit_all(session, handings)

    def weigh(self, token: SittingToken, body: bytes) -> None:
        """The bytes are counted against the attempt, once; TooManySaves when it has sent too many."""
        self.volumes.spend(token.attempt_id, min(len(body), self.settings.save_bytes))

    def _batch(self, token: SittingToken, body: bytes) -> wire.Batch:
        batch = wire.read_batch(
            body, most_bytes=self.settings.save_bytes, most_events=self.settings.save_events
        )
        journal.refuse_unknown_items(batch, self.items(token.form_id))
        return batch

    def issue(self, attempt: Attempt, lease: str, offset_seconds: int, issued_at: datetime) -> str:
        """Return the cookie of the device that holds the attempt."""
        expires = issued_at + timedelta(hours=self.settings.token_hours)
        token = SittingToken(
            attempt_id=attempt.id,
            attempt=attempt.public_id,
            lease=lease,
            form_id=attempt.form_id,
            key_id=attempt.key_id,
            offset_seconds=offset_seconds,
            expires=int(expires.timestamp()),
        )
        return self.press.write(token)

    def items(self, form_id: int) -> frozenset[str]:
        """Return the ids of the form's items, read once for each form."""
        known = self._items.get(form_id)
        if known is None:
            with self.database.reading() as session:
                known = opened.item_ids(opened.form_of(session, form_id))
            self.remember(form_id, known)
        return known

    def remember(self, form_id: int, items: frozenset[str]) -> None:
        """The items of the form need not be read any more."""
        with self._mutex:
            self._items[form_id] = items


def now(token: SittingToken, arrived_at: datetime) -> datetime:
    """Return the request's arrival on the clock of its competition."""
    return arrived_at + timedelta(seconds=token.offset_seconds) if token.offset_seconds else arrived_at
