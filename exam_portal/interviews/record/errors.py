# SPDX-License-Identifier: Apache-2.0
"""Why a sealed record is not entrusted, copied or opened."""

import dataclasses

from exam_portal.core.errors import DomainError


class RecordNotKept(DomainError):
    """The rules keep no record of who gave which ballot, or the slips are on paper."""


class RecordUnkept(DomainError):
    """The panel's sealed record has no keepers yet."""


class KeepersNamed(DomainError):
    """The key of the record is in shares; keepers are named again with a reason only."""

    status = 422


@dataclasses.dataclass
class KeepersTooFew(DomainError):
    """At least two keepers open a record, and not more than there are."""

    named: int
    status = 422


class NoOversightKeeper(DomainError):
    """One of the keepers at least belongs to the oversight board."""

    status = 422


@dataclasses.dataclass
class OversightDispensable(DomainError):
    """Those keepers who are not of the oversight board would be enough to open the record by themselves."""

    others: int
    needed: int
    status = 422


class KeeperVotes(DomainError):
    """Who keeps a share of the record does not sit on the panel, nor does anybody of the same name."""

    status = 422


class NotAKeeper(DomainError):
    """The person holds no role here that may keep a share."""

    status = 422


class NoRecordShare(DomainError):
    """This person holds no share of the record, or none that could still be copied."""


class RecordShareDiffers(DomainError):
    """The words are not the share that this keeper was given."""

    status = 422


@dataclasses.dataclass
class RecordSharesWait(DomainError):
    """Lots are drawn after every keeper has copied the share: from then on it is not on the machine."""

    count: int


class NothingSealed(DomainError):
    """There is no sealed record of this hearing: not counted, or destroyed below the quorum."""


class EnvelopeMissing(DomainError):
    """No envelope of this hearing is registered: there is nothing to correct."""


class NothingCorrected(DomainError):
    """Number, seal and keeper are those that are registered."""

    status = 422


class OpeningUndecided(DomainError):
    """A record is opened on a signed decision only, and each decision opens one record."""

    status = 422


class OpeningUnwitnessed(DomainError):
    """A record is opened before two people who neither vote on the panel nor keep a share of its record."""

    status = 422


@dataclasses.dataclass
class ShareUnknown(DomainError):
    """The words are no share of this panel's record."""

    place: int
    status = 422


@dataclasses.dataclass
class ShareOfAnotherPanel(DomainError):
    """The words are a share of another panel's record."""

    place: int
    status = 422


@dataclasses.dataclass
class ShareReplaced(DomainError):
    """The words are a share of a key of this panel before its keepers were named again."""

    place: int
    status = 422


@dataclasses.dataclass
class ShareTwice(DomainError):
    """One share counts once."""

    place: int
    status = 422


@dataclasses.dataclass
class SharesTooFew(DomainError):
    """Fewer shares than open the record."""

    given: int
    needed: int
    status = 422


class RecordBroken(DomainError):
    """The shares are right, but do not give the key of this record: it was changed."""
