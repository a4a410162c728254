# SPDX-License-Identifier: Apache-2.0
"""Why the item bank refuses an act."""

import dataclasses

from exam_portal.core.errors import DomainError, StaleState


class OwnItem(DomainError):
    """Nobody reviews or approves an item of his or her own."""


class NothingToTake(DomainError):
    """No question was ticked, or none was found: there is nothing to take out."""


@dataclasses.dataclass
class TooManyToTake(DomainError):
    """More questions than one file of this format is made of at once."""

    most: int
    status = 422


class NotReviewed(DomainError):
    """An item is approved after it has been reviewed."""


class SameReviewer(DomainError):
    """The reviewer and the approver of an item are two people."""


class ImportUnusable(DomainError):
    """The file has errors: nothing of it is taken in until all of it can be."""


class ImportCommitted(DomainError):
    """This import has been committed before."""


class ImportOvertaken(DomainError):
    """Somebody has written items of this file while it was being taken in: it has to be read again."""

    status = 409


class PlacesShuffled(DomainError):
    """Options of the item name others by letter or place and are shuffled; approving it needs a reason."""

    status = 422


class CommentMissing(DomainError):
    """An item is not returned without saying what has to be changed."""

    status = 422


class CommentEmpty(DomainError):
    """A comment says something."""

    status = 422


@dataclasses.dataclass
class Classified(DomainError):
    """Content marked as a state secret has no place on a connected installation: nothing of it was kept."""

    items: tuple[str, ...]
    status = 422


@dataclasses.dataclass
class ItemExists(DomainError):
    """The bank has an item of this id."""

    external_id: str


class NewerVersion(StaleState):
    """The item has a newer version than the one that was being changed: nobody's words are lost unseen."""


class ItemUnchanged(DomainError):
    """The new version says the same as the old one."""
