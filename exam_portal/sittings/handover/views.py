# SPDX-License-Identifier: Apache-2.0
"""What leaves for marking: no name, number, seat, sheet code, room or time."""

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from exam_portal.sittings import masking
from scoring.ruleset import RuleSet


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BagView:
    """A bag of masked scripts as markers and those who assign them see it."""

    id: int
    public_id: str
    competition_id: int
    competition_public_id: str
    competition_code: str
    competition_title: str
    organisation_id: int
    part: str
    purpose: str  # marking | review:<request>
    label: str
    count: int

    @property
    def is_review(self) -> bool:
        """Whether the bag is marked again after a request."""
        return self.purpose != masking.MARKING


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MaskedScriptView:
    """One masked script of a bag."""

    id: int
    public_id: str
    mask_code: str
    bag_id: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkerView:
    """Somebody who may be given a bag: staff, never a candidate."""

    id: int
    public_id: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MaskedAnswer:
    """One answer to be marked by a person: the question, what was written, what it may earn."""

    item: str
    prompt: str
    text: str
    weight: Decimal
    rubric: Sequence[Mapping[str, Any]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ScriptContent:
    """What a marker reads: typed answers, scanned pages, or sheets of paper that lie in the bag."""

    kind: str  # text | scan | physical
    answers: tuple[MaskedAnswer, ...] = ()
    pages: tuple[tuple[str, bytes], ...] = ()  # media type and bytes of each scan


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkingBrief:
    """How the scripts of a bag are marked, and the letterhead of the slips."""

    part_title: Mapping[str, str]
    scale: Decimal
    step: Decimal
    ruleset: RuleSet
    part: str
    competition_title: str
    competition_code: str
    issuing_body: str
    parent_body: str
    place: str
    is_rehearsal: bool
    clock_offset_seconds: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part that people mark, before there is any bag of it: for the training of its markers."""

    key: str
    competition_id: int
    competition_public_id: str
    organisation_id: int
    ruleset: RuleSet
    is_rehearsal: bool
    clock_offset_seconds: int
