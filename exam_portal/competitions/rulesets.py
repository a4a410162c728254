# SPDX-License-Identifier: Apache-2.0
"""The rule sets that an organiser may choose from, and the one a competition holds."""

import functools
import json
from pathlib import Path

from exam_portal.competitions.milestones import PUBLICATION, Course
from exam_portal.competitions.models import Competition, MilestoneKind
from scoring.ruleset import RuleSet, parse


def available(directory: Path) -> list[RuleSet]:
    """Return the rule sets of the installation in the order of their files; a broken file is an error."""
    return [parse(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.toml"))]


def of(competition: Competition) -> RuleSet:
    """Return the rule set of a competition, with every default filled in."""
    return _read(json.dumps(competition.ruleset, sort_keys=True))


@functools.lru_cache(maxsize=64)
def _read(content: str) -> RuleSet:
    """Read once for all pages of a competition; a changed content is another content."""
    return RuleSet.from_canonical(json.loads(content))


def course_of(competition: Competition) -> Course:
    """Return what of the rule set bears on the order of the milestones."""
    ruleset = of(competition)
    steps = [MilestoneKind(step) for step in ruleset.publication.order]
    return Course(
        masked_parts=tuple(part.key for part in ruleset.parts if part.marking is not None),
        publication=tuple(step for step in PUBLICATION if step in steps),
    )
