# SPDX-License-Identifier: Apache-2.0
"""What every kind of item can do with its own part of an item."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from question_bank.fields import Fields
from question_bank.grading import Grade
from question_bank.json_values import Json

if TYPE_CHECKING:
    from question_bank.item import Item

Namer: TypeAlias = Callable[[str], str]
ReadItem: TypeAlias = "Callable[[Fields], Item | None]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A list of ids shown in some order; the fixed ones keep their place. `shuffle` false keeps all."""

    name: str
    ids: tuple[str, ...]
    fixed: frozenset[str] = frozenset()
    shuffle: bool = True

    def under(self, owner: str) -> "Slot":
        """The same slot, named inside its owner: ``Q-1``, ``Q-1/g2``."""
        return replace(self, name=f"{owner}/{self.name}" if self.name else owner)


class Body(ABC):
    """The kind's own keys. Subclasses are frozen; every method is pure."""

    __slots__ = ()
    kind: ClassVar[str]

    @classmethod
    @abstractmethod
    def parse(cls, fields: Fields, read_item: ReadItem, /) -> "Body":
        """The body; every mistake is on record in the fields. `read_item` reads an item inside the item."""

    @abstractmethod
    def native(self) -> dict[str, Json]:
        """The kind's keys as a native file holds them."""

    @abstractmethod
    def view(self) -> dict[str, Json]:
        """The kind's keys a candidate may see: an allow-list, never the native keys minus some."""

    @abstractmethod
    def grade(self, response: Json) -> Grade:
        """The share of full credit for a response; a blank one earns nothing, a misshapen one is refused."""

    @abstractmethod
    def model_response(self) -> Json:
        """A response with full credit, or null where there is none a machine can give."""

    def slots(self, _shuffle: bool, /) -> tuple[Slot, ...]:
        """The lists of ids that get an order per candidate; none by default."""
        return ()

    def renamed(self, _name: Namer, _shuffle: bool, /) -> "Body":
        """The same body whose options a candidate cannot recognise: other ids, and no author's order.

        `_name` gives an option, named inside its owner as slots are, its new id. Where the order stays as the
        author wrote it, only the ids are others. Kinds without options are as they were.
        """
        return self

    def own_marks(self) -> Decimal | None:
        """The marks that follow from the body itself (a sum of parts), or None where the author sets them."""
        return None


def token(text: str) -> str:
    """An id that says nothing about the order in which the author wrote the entries."""
    return hashlib.sha256(b"exam/token/v1\x00" + text.encode("utf-8")).hexdigest()[:8]
