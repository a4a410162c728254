# SPDX-License-Identifier: Apache-2.0
"""Why an act of the answer path was refused."""

from datetime import datetime

from exam_portal.core.errors import DomainError


class Malformed(DomainError):
    """The request is not one that a player sends; nothing of it was stored."""

    status = 422

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.details = {"path": path, "reason": reason}


class TooLarge(DomainError):
    """The request is larger than one save may be."""

    status = 413


class TooManySaves(DomainError):
    """The attempt has used its budget of requests for this minute."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        self.details = {"retry_after": retry_after}


class TokenRefused(DomainError):
    """The sitting token is missing, expired, forged, or belongs to another attempt."""

    status = 401


class StaleHead(DomainError):
    """The journal has grown since this device saw it: another tab wrote, or an acknowledgement was lost."""

    status = 409

    def __init__(self, *, seq: int, head: bytes, last_client_seq: int, last_event_hash: bytes | None) -> None:
        super().__init__(seq)
        self.seq = seq
        self.head = head
        self.last_client_seq = last_client_seq
        self.last_event_hash = last_event_hash
        self.details = {
            "seq": seq,
            "head": head.hex(),
            "last_client_seq": last_client_seq,
            "last_event_hash": last_event_hash.hex() if last_event_hash else None,
        }


class NotRunning(DomainError):
    """The attempt does not run at this moment: not started yet, or paused. Nothing is lost by waiting."""

    status = 409

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state
        self.details = {"state": state}


class TimeLeft(DomainError):
    """The browser takes the time for over, and it is not: the attempt goes on."""

    status = 409


class MayBeGivenBack(DomainError):
    """The screen was cut off over the end of its time, which may still be given back: nothing is sealed."""

    status = 503
    retry_after = 20


class AttemptClosed(DomainError):
    """The attempt is over; what came is kept apart with its evidence and decides nothing by itself."""

    status = 410

    def __init__(self, *, state: str, closed_at: datetime, quarantined: bool) -> None:
        super().__init__(state)
        self.state = state
        self.closed_at = closed_at
        self.quarantined = quarantined
        self.details = {"state": state, "closed_at": closed_at.isoformat(), "quarantined": quarantined}


class DeviceMoved(DomainError):
    """Another device holds the attempt; only an invigilator can move it.

    ``quarantined``: what this one had not sent before it lost the attempt is kept apart, as evidence.
    """

    status = 423

    def __init__(self, *, quarantined: bool = False) -> None:
        super().__init__(quarantined)
        self.quarantined = quarantined
        self.details = {"quarantined": quarantined}


class OutsideRoom(DomainError):
    """The computer does not stand in the networks of the seat's room."""

    status = 403

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class SafeBrowserMissing(DomainError):
    """The sitting is held in Safe Exam Browser with given settings, and this browser did not prove them."""

    status = 403


class CodeRefused(DomainError):
    """The code does not move this attempt: mistyped, used already, or replaced by a newer one."""


class NotAuthorised(DomainError):
    """The invigilator has not authorised this attempt."""


class AlreadyOver(DomainError):
    """The attempt has been handed in or voided."""


class NotPrepared(DomainError):
    """The sitting cannot be prepared: it is not held in the portal, or has no paper with forms."""


class NotATest(DomainError):
    """The part is marked by people; no key can mark it."""


class StillRunning(DomainError):
    """Attempts of the sitting still run, so it cannot be sealed or marked as a whole."""


class LateAnswersWait(DomainError):
    """Late batches wait for a ruling: until then nobody marks, masks or hands over."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NotSealed(DomainError):
    """The attempt has not been handed in or sealed, so nothing about it is late for good."""


class VoidCountsNothing(DomainError):
    """Nothing of a void attempt counts: its late answers are closed with a reason, never accepted."""


class AlreadyCounted(DomainError):
    """Marks were computed or the scripts masked: what counts does not change any more."""


class JournalBroken(DomainError):
    """The journal does not give what the attempt says it should: fsck names the first difference."""

    status = 500


class NotMarkedYet(DomainError):
    """A sitting of the part has not ended or a script is unmarked: no item can be corrected yet."""

    status = 409


class CorrectionWaits(DomainError):
    """A correction of this item waits for its decision already."""

    status = 409


class ReasonMissing(DomainError):
    """A correction is proposed, and refused, with a reason."""

    status = 422


class MinuteMissing(DomainError):
    """A correction is approved on the council's minute, whose number is named."""

    status = 422


class NothingToUndo(DomainError):
    """The item counts as it was sealed: no correction of it is in force."""

    status = 409


class ItemOut(DomainError):
    """The item was neutralised before: nothing of it counts that could be corrected."""

    status = 409


class NoSuchKey(DomainError):
    """The item cannot have this key: an answer it does not have, or one its kind refuses."""

    status = 422


class SameKey(DomainError):
    """The item has exactly this key already."""

    status = 422


class NothingLeftToScore(DomainError):
    """Without the item nothing of worth would be left in a form."""

    status = 409

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form


class CorrectionDecided(DomainError):
    """The correction has been approved or refused."""

    status = 409


class OwnCorrection(DomainError):
    """Who proposed a correction does not decide it."""

    status = 409


class MarksMoved(DomainError):
    """A test of the part was marked after the effect was computed."""

    status = 409
