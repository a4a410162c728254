# SPDX-License-Identifier: Apache-2.0
"""What a member of a panel and a candidate have in common on paper: a question to the member, no finding.

Compared are family and middle names, units now and before, who nominated, and who manages. Sixteen family
names are borne by most people of the country, so one of them says next to nothing: it is shown as weak, and
nobody waits for its answer.
"""

import dataclasses
import enum
import re
from collections.abc import Sequence

from exam_portal.core import names

COMMON_FAMILY = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
    ]
)
COMMON_MIDDLE = frozenset(["văn", "thị", "hữu", "đức", "ngọc", "minh", "thanh", "quang", "xuân"])
SHORTEST_UNIT = 6  # letters: shorter ones ("Sở", "UBND") stand in every position


class Clue(enum.StrEnum):
    """What the two have in common."""

    NOMINATOR = "nominated_by_member"
    MANAGER = "managed_by_member"
    UNIT = "same_unit"
    SURNAME = "same_surname"  # family name with the names between, or a rare family name
    COMMON_SURNAME = "common_surname"  # weak


WEAK = frozenset({Clue.COMMON_SURNAME})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Likened:
    """A person as compared: name, units now and before, and (of a candidate) who nominated and manages."""

    name: str
    units: Sequence[str]
    nominated_by: str = ""
    line_manager: str = ""


def clues(member: Likened, candidate: Likened) -> tuple[Clue, ...]:
    """Return what the two have in common, the strongest first."""
    found = []
    if candidate.nominated_by and names.same_signer(member.name, candidate.nominated_by):
        found.append(Clue.NOMINATOR)
    if candidate.line_manager and names.same_signer(member.name, candidate.line_manager):
        found.append(Clue.MANAGER)
    if _share_a_unit(member.units, candidate.units):
        found.append(Clue.UNIT)
    surname = _surnames(member.name, candidate.name)
    return (*found, surname) if surname else tuple(found)


def _surnames(one: str, other: str) -> Clue | None:
    mine, its = _words(one), _words(other)
    if not mine or not its or mine[0] != its[0]:
        return None
    between = mine[1:-1]
    is_telling = bool(between) and between == its[1:-1] and not COMMON_MIDDLE.issuperset(between)
    return Clue.SURNAME if is_telling or mine[0] not in COMMON_FAMILY else Clue.COMMON_SURNAME


def _words(name: str) -> list[str]:
    bare = re.split(r"[,(;–—]", names.normalised(name))[0]
    return bare.lower().split()


def _share_a_unit(mine: Sequence[str], its: Sequence[str]) -> bool:
    """Whether a unit of the one stands, whole word by whole word, in what is said of the other's units."""
    return any(
        len(unit) >= SHORTEST_UNIT and f" {unit} " in f" {text} "
        for some, others in ((mine, its), (its, mine))
        for unit in map(_plain, some)
        for text in map(_plain, others)
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", names.normalised(text).lower()))
