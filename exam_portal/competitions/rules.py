# SPDX-License-Identifier: Apache-2.0
"""The rule set on pages and in documents: its parts as rows, and all of it in words."""

import dataclasses
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from exam_portal.web import filters
from scoring.explain import Section, Words, explain
from scoring.rounding import plain
from scoring.ruleset import Part, RankedPart, RuleSet

KINDS = {
    "test": _l("Test marked by its key"),
    "written": _l("Written part, marked by people"),
    "panel": _l("Before the council"),
    "dossier": _l("Assessment of the dossier"),
    "vote": _l("Confidence vote"),
}
PER_CENT = 100  # the scale on which the mean of votes is a percentage
MODES = {
    "paper": _l("On paper"),
    "lan": _l("On the closed network of the hall"),
    "portal": _l("In the portal"),
}
ROLES = {
    "qualifying": _l("qualifying: must be passed, never counts"),
    "gate": _l("gate: opens the next part, never counts"),
    "ranked": _l("ranked: makes the result"),
    "advisory": _l("advisory: decides nothing"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One part as a row."""

    key: str
    title: str
    kind: str
    role: str
    mode: str
    mode_words: str
    minutes: int | None
    pass_mark: str
    scale: str
    weight: str  # per cent; empty where the part has none


def rows(ruleset: RuleSet) -> list[PartRow]:
    """Return the parts in the order in which they are held, in the reader's language."""
    return [_row(ruleset, part) for part in ruleset.parts]


def in_words(ruleset: RuleSet, language: str) -> list[Section]:
    """Return all rules in words; their legal basis is left to the competition, which has its own."""
    _basis, *sections = explain(ruleset, language)
    return sections


def part_title(part: Part, language: str) -> str:
    """Return the name of a part, as the rules in words call it."""
    return Words(language).title(part)


def is_per_cent(ruleset: RuleSet, part: Part) -> bool:
    """Whether the figure of a vote is the share of confidence in per cent: the mean, on a scale of 100."""
    is_mean = part.panel is not None and part.panel.aggregate == "mean"
    return part.kind == "vote" and is_mean and ruleset.numbers.scale == PER_CENT


def choices(ruleset: RuleSet) -> Sequence[tuple[str, str]]:
    """Return the parts for a list to choose from."""
    return [(part.key, part_title(part, filters.language())) for part in ruleset.parts]


def _row(ruleset: RuleSet, part: Part) -> PartRow:
    weighted = isinstance(part, RankedPart) and ruleset.total.mode == "weighted"
    return PartRow(
        key=part.key,
        title=part_title(part, filters.language()),
        kind=str(KINDS[part.kind]),
        role=str(ROLES[part.role]),
        mode=part.mode,
        mode_words=str(MODES[part.mode]),
        minutes=part.duration_minutes,
        pass_mark=f"{part.pass_mark:f}",
        scale=f"{ruleset.numbers.scale:f}",
        weight=plain(part.weight * 100) if weighted and isinstance(part, RankedPart) else "",
    )
