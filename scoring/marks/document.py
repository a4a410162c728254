# SPDX-License-Identifier: Apache-2.0
"""A whole `exam-portal/marks/1` document, read against a rule set, every mistake with its path."""

from __future__ import annotations

from decimal import Decimal

from scoring.marks.decisions import read_decision
from scoring.marks.material import read_material, report_twice
from scoring.marks.model import Candidate, Marks
from scoring.reading import Problem, Table, UnusableInput, read_json
from scoring.ruleset.conduct import DEDUCTIONS
from scoring.ruleset.document import RuleSet
from scoring.verify.canonical import CanonicalError, sha256_of

MARKS_SCHEMA = "exam-portal/marks/1"
STATUSES = ("present", "absent", "withdrawn", "disqualified")


def parse_marks(text: str, ruleset: RuleSet) -> Marks:
    """The marks of a JSON document, or UnusableInput with the path of every mistake."""
    return read_marks(read_json(text, "input"), ruleset)


def read_marks(content: object, ruleset: RuleSet) -> Marks:
    """The marks of a parsed document, or UnusableInput with the path of every mistake."""
    problems: list[Problem] = []
    table = Table(content, "", problems)
    table.text("schema", choices=(MARKS_SCHEMA,))
    vacancy = table.table("vacancy", required=True)
    candidates = tuple(_candidate(each, ruleset) for each in table.tables("candidates", required=True))
    report_twice(table, "candidates", [each.id for each in candidates])
    codes = {each.id for each in candidates}
    marks = Marks(
        ruleset_hash=ruleset.hash,
        hash=_content_hash(content),
        vacancy=vacancy.name("id"),
        places=vacancy.whole("places", ruleset.vacancy.places, least=1),
        candidates=candidates,
        decisions=tuple(read_decision(each, ruleset, codes) for each in table.tables("decisions")),
    )
    vacancy.close()
    table.close()
    if not marks.hash and not problems:
        problems.append(Problem(path="document", message="holds text that has no canonical form"))
    if problems:
        raise UnusableInput("input", problems)
    return marks


def _content_hash(content: object) -> str:
    """The hash of the input; what has no canonical form is of a type that its reading refuses by path."""
    try:
        return sha256_of(content)
    except CanonicalError:
        return ""


def _candidate(table: Table, ruleset: RuleSet) -> Candidate:
    parts = table.table("parts")
    known = {part.key: part for part in ruleset.parts}
    given = [key for key in parts.names() if key in known]
    candidate = Candidate(
        id=table.name("id"),
        status=table.text("status", choices=STATUSES),
        parts=tuple((key, read_material(parts.table(key), known[key], ruleset)) for key in given),
        preference_points=_preference(table, ruleset),
        sanctions=_sanctions(table, ruleset),
    )
    parts.close()
    table.close()
    return candidate


def _sanctions(table: Table, ruleset: RuleSet) -> tuple[tuple[str, str], ...]:
    """By part the level that takes something from its mark: the gravest one, where there were several."""
    keys = tuple(part.key for part in ruleset.parts)
    found = []
    for row in table.tables("sanctions"):
        mistakes = len(row.problems)
        part, level = row.text("part", choices=keys), row.text("level", choices=DEDUCTIONS)
        if len(row.problems) == mistakes and ruleset.sanctions.deduction(level) is None:
            row.problem("level", f"the rule set does not state what a {level} takes")
        found.append((part, level))
        row.close()
    report_twice(table, "sanctions", [part for part, _ in found], ".part")
    return tuple(found)


def _preference(table: Table, ruleset: RuleSet) -> Decimal:
    rules = ruleset.total.preference_points
    points = table.decimal("preference_points", "0", most=rules.max)
    if points and not rules.enabled:
        table.problem("preference_points", "the rule set gives no preference points")
    return points
