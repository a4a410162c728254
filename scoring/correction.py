# SPDX-License-Identifier: Apache-2.0
"""What a marked test earns after an item was neutralised or its key changed: exact, for everybody alike.

The answers stay what they are. A changed key gives an item other points; a neutralised item is treated as the
rule set said before anybody sat the test (`[review] neutralise`). With S the points and T the most points of
a form after changed keys, e what the neutralised items earned and w what they are worth:

- ``redistribute``: the points of the items are spread over the others in proportion to their worth.
  Everything else earned is multiplied by T / (T - w), and T stays the most. That is (S - e) * T / (T - w) out
  of T; it is kept as the same share (S - e) out of (T - w), so that no division is rounded. Who earned all
  else has all.
- ``full_credit``: everybody is given the points of the items: S - e + w out of T.
- ``zero_weight``: the items earn nobody anything, and the most stays what it was: S - e out of T. Nobody can
  reach the full mark any more; of the three this is the only one that lowers a mark and raises none.

Where nothing of worth is left in a form, no policy makes a mark of it: `NothingLeft`. Such a test measured
nothing, and a full or an empty mark for everybody would be a decision nobody took.

Nothing is rounded here. The rule set rounds once, where points become a mark (`Numbers.of_points`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.ruleset.settings import NEUTRALISE


class NothingLeft(ValueError):
    """No item of the form is left that is worth anything: the test cannot be scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPoints:
    """What one item earned of what it is worth, from 0 to its worth."""

    item: str
    earned: Decimal
    worth: Decimal

    def __post_init__(self) -> None:
        """An item never earns more than it is worth, nor less than nothing."""
        if not 0 <= self.earned <= self.worth:
            raise ValueError(f"the item {self.item!r} cannot earn {self.earned} of {self.worth}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutralised:
    """The item does not tell candidates apart any more."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekeyed:
    """The key of the item was changed; `earned` is what this candidate's own answer earns by the new one."""

    item: str
    earned: Decimal


Correction = Neutralised | Rekeyed


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedTest:
    """The points of a corrected test out of the most there are; `applied` are the corrections it felt.

    Two of these are compared by their share of the most: under ``redistribute`` the most is smaller.
    """

    value: Decimal
    max: Decimal
    applied: tuple[Correction, ...]


def corrected(
    points: Sequence[ItemPoints], corrections: Iterable[Correction], neutralise: str
) -> CorrectedTest:
    """The points of one candidate's test under these corrections, the later one of an item in force.

    Corrections of items that the candidate's form does not hold leave the test as it is. Raises `NothingLeft`
    where nothing of worth remains, ValueError for an unknown policy or an item that stands twice.
    """
    if neutralise not in NEUTRALISE:
        raise ValueError(f"no such policy: {neutralise}")
    own = {each.item: each for each in points}
    if len(own) != len(points):
        raise ValueError("an item stands twice in the form")
    in_force = {each.item: each for each in corrections if each.item in own}
    counted = [_by_key(each, in_force.get(each.item)) for each in points]
    out = [each for each in counted if isinstance(in_force.get(each.item), Neutralised)]
    most = _sum(each.worth for each in counted)
    removed = _sum(each.worth for each in out)
    if most == removed:
        raise NothingLeft("nothing of worth is left in the form")
    rest = _sum(each.earned for each in counted) - _sum(each.earned for each in out)
    return CorrectedTest(
        value=rest + removed if neutralise == "full_credit" else rest,
        max=most - removed if neutralise == "redistribute" else most,
        applied=tuple(in_force[each.item] for each in points if each.item in in_force),
    )


def _by_key(points: ItemPoints, correction: Correction | None) -> ItemPoints:
    if not isinstance(correction, Rekeyed):
        return points
    return ItemPoints(item=points.item, earned=correction.earned, worth=points.worth)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
