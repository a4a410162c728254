# SPDX-License-Identifier: Apache-2.0
"""Marks on their way in: `exam-portal/marks/1`, read against a rule set, every mistake with its path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.reading import Problem, Table, UnusableInput, read_json
from scoring.rounding import is_multiple, plain
from scoring.ruleset.document import RuleSet
from scoring.ruleset.parts import Part
from scoring.verify.canonical import CanonicalError, sha256_of

MARKS_SCHEMA = "exam-portal/marks/1"
STATUSES = ("present", "absent", "withdrawn", "disqualified")
DECISIONS = ("tie", "panel_keep", "panel_exclude", "panel_remark", "chair_mark", "proceed")
PANEL_DECISIONS = ("panel_keep", "panel_exclude", "panel_remark")
MOST_REMARKS = {"two_agree_else_mean": 3}
DECISION_NAMES = ("kind", "type", "decision", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One person's mark: rounds 1 and 2 are independent, 3 is the adjudication; or a mark of a review."""

    marker: str
    round: int
    value: Decimal
    remark: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSheet:
    """All marks of one script."""

    marks: tuple[Mark, ...]

    @property
    def independent(self) -> tuple[Mark, ...]:
        """The marks of the marking itself, by round."""
        return tuple(sorted((mark for mark in self.marks if not mark.remark), key=_round))

    @property
    def remarks(self) -> tuple[Mark, ...]:
        """The marks of a review, by round."""
        return tuple(sorted((mark for mark in self.marks if mark.remark), key=_round))


@dataclass(frozen=True, slots=True, kw_only=True)
class TestScore:
    """Points of a test that marked itself, out of its maximum."""

    __test__ = False

    value: Decimal
    max: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One valid ballot: its value, or its scores by rubric criterion; None stands for a missing score."""

    voter: str
    value: Decimal | None
    scores: tuple[tuple[str, Decimal | None], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Criteria without a score."""
        return tuple(key for key, score in self.scores if score is None)

    @property
    def amount(self) -> Decimal:
        """The mark on the ballot; what is missing counts nothing, so ask `missing` first."""
        if self.value is not None:
            return self.value
        return sum((score for _, score in self.scores if score is not None), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotBox:
    """The ballots of a panel for one candidate, and how many were returned, invalid ones included."""

    ballots: tuple[Ballot, ...]
    returned: int


Material = MarkSheet | TestScore | BallotBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A candidate as the arithmetic knows one: a code, a status, and material by part."""

    id: str
    status: str
    parts: tuple[tuple[str, Material], ...]
    preference_points: Decimal

    def material(self, key: str) -> Material | None:
        """What has been handed in for a part, if anything."""
        return dict(self.parts).get(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An act of the council or the authority, with the number of the document that records it."""

    path: str
    kind: str
    minute: str
    candidate: str | None = None
    part: str | None = None
    order: tuple[str, ...] = ()
    value: Decimal | None = None
    ballot: str | None = None
    ballots: tuple[Ballot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """All marks of one vacancy, fit for the rule set of this hash."""

    ruleset_hash: str
    hash: str
    vacancy: str
    places: int
    candidates: tuple[Candidate, ...]
    decisions: tuple[Decision, ...]


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
    _report_twice(table, "candidates", [each.id for each in candidates])
    codes = {each.id for each in candidates}
    marks = Marks(
        ruleset_hash=ruleset.hash,
        hash=_content_hash(content),
        vacancy=vacancy.text("id"),
        places=vacancy.whole("places", ruleset.vacancy.places, least=1),
        candidates=candidates,
        decisions=tuple(_decision(each, ruleset, codes) for each in table.tables("decisions")),
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


def _round(mark: Mark) -> int:
    return mark.round


def _report_twice(table: Table, key: str, names: Sequence[str], field: str = ".id") -> None:
    for index, name in enumerate(names):
        if name and name in names[:index]:
            table.problem(f"{key}[{index}]{field}", f"{name!r} appears twice")


def _candidate(table: Table, ruleset: RuleSet) -> Candidate:
    parts = table.table("parts")
    known = {part.key: part for part in ruleset.parts}
    candidate = Candidate(
        id=table.text("id"),
        status=table.text("status", choices=STATUSES),
        parts=tuple(
            (key, _material(parts.table(key), known[key], ruleset)) for key in parts.names() if key in known
        ),
        preference_points=_preference(table, ruleset),
    )
    parts.close()
    table.close()
    return candidate


def _preference(table: Table, ruleset: RuleSet) -> Decimal:
    rules = ruleset.total.preference_points
    points = table.decimal("preference_points", "0", most=rules.max)
    if points and not rules.enabled:
        table.problem("preference_points", "the rule set gives no preference points")
    return points


def _material(table: Table, part: Part, ruleset: RuleSet) -> Material:
    material: Material
    if part.kind == "test":
        material = _test(table)
    elif part.panel is not None:
        material = _box(table, part, ruleset)
    else:
        material = _sheet(table, part, ruleset)
    table.close()
    return material


def _test(table: Table) -> TestScore:
    mistakes = len(table.problems)
    score = TestScore(value=table.decimal("value"), max=table.decimal("max"))
    if len(table.problems) == mistakes:
        if score.max == 0:
            table.problem("max", "must be above 0")
        elif score.value > score.max:
            table.problem(
                "value", f"may not be above the maximum {plain(score.max)}, but is {plain(score.value)}"
            )
    return score


def _sheet(table: Table, part: Part, ruleset: RuleSet) -> MarkSheet:
    rows = table.tables("marks", required=True)
    marks = tuple(_mark(row, part, ruleset) for row in rows)
    for index, (row, mark) in enumerate(zip(rows, marks, strict=True)):
        earlier = marks[:index]
        if (mark.remark, mark.round) in [(other.remark, other.round) for other in earlier]:
            row.problem("round", f"round {mark.round} already has a mark")
        if mark.marker and mark.marker in [other.marker for other in earlier]:
            row.problem("marker", f"{mark.marker!r} has already marked this script")
    most = MOST_REMARKS.get(ruleset.review.policy, 1)
    if sum(mark.remark for mark in marks) > most:
        table.problem("marks", f"a review under {ruleset.review.policy} has at most {most} marks")
    return MarkSheet(marks=marks)


def _mark(table: Table, part: Part, ruleset: RuleSet) -> Mark:
    remark = table.text("kind", "mark", ("mark", "remark")) == "remark"
    mark = Mark(
        marker=table.text("marker"),
        round=table.whole("round", least=1, most=9 if remark else _rounds(part)),
        value=_given(table, "value", ruleset.numbers.scale, ruleset),
        remark=remark,
    )
    if remark and not part.reviewable:
        table.problem("kind", f"the part {part.key!r} is not open to review")
    table.close()
    return mark


def _rounds(part: Part) -> int:
    """One marker gives one mark; where there are two or three, a third round is possible."""
    return 1 if part.marking is not None and part.marking.markers == 1 else 3


def _given(table: Table, key: str, most: Decimal, ruleset: RuleSet) -> Decimal:
    """A mark a person may give: within the scale, and a multiple of the step."""
    value = table.decimal(key, most=most)
    if not is_multiple(value, ruleset.numbers.step):
        table.problem(key, f"must be a multiple of {plain(ruleset.numbers.step)}, but is {plain(value)}")
    return value


def _box(table: Table, part: Part, ruleset: RuleSet) -> BallotBox:
    ballots = _ballots(table, "ballots", part, ruleset)
    invalid = table.whole("invalid", 0)
    returned = table.whole("returned", len(ballots) + invalid)
    accounted = len(ballots) + invalid
    if returned < accounted or (table.has("invalid") and returned != accounted):
        table.problem("returned", f"{returned} returned are not {len(ballots)} valid and {invalid} invalid")
    issued = table.whole("issued", returned)
    if returned > issued:
        table.problem("issued", f"{returned} ballots were returned, but only {issued} issued")
    _check_size(table, "ballots", max(issued, returned), part)
    return BallotBox(ballots=ballots, returned=returned)


def _check_size(table: Table, key: str, ballots: int, part: Part | None) -> None:
    if part and part.panel and ballots > part.panel.size:
        table.problem(key, f"{ballots} ballots, but the panel has {part.panel.size} members")


def _ballots(table: Table, key: str, part: Part, ruleset: RuleSet) -> tuple[Ballot, ...]:
    ballots = tuple(_ballot(row, part, ruleset) for row in table.tables(key, required=True))
    _report_twice(table, key, [ballot.voter for ballot in ballots], "")
    return ballots


def _ballot(table: Table, part: Part, ruleset: RuleSet) -> Ballot:
    if table.has("member") == table.has("slip"):
        table.problem("", "a ballot carries either a member or a slip")
    if table.has("value") == table.has("scores"):
        table.problem("", "a ballot carries either a value or scores by criterion")
    ballot = Ballot(
        voter=next((table.text(key) for key in ("member", "slip") if table.has(key)), ""),
        value=_given(table, "value", ruleset.numbers.scale, ruleset) if table.has("value") else None,
        scores=_scores(table.table("scores"), part, ruleset) if table.has("scores") else (),
    )
    table.close()
    return ballot


def _scores(table: Table, part: Part, ruleset: RuleSet) -> tuple[tuple[str, Decimal | None], ...]:
    if not part.rubric:
        table.problem("", f"the part {part.key!r} has no rubric: give one value")
    scores = tuple(
        (
            criterion.key,
            _given(table, criterion.key, criterion.max, ruleset) if table.has(criterion.key) else None,
        )
        for criterion in part.rubric
    )
    table.close()
    return scores


def _decision(table: Table, ruleset: RuleSet, codes: set[str]) -> Decision:
    """A decision; its name stands under `kind`, and is understood under `type`, `decision` or `code` too."""
    named = [key for key in DECISION_NAMES if table.has(key)] or ["kind"]
    kind = table.text(named[0], choices=DECISIONS)
    part = _decided_part(table, ruleset, kind)
    decision = Decision(
        path=table.path,
        kind=kind,
        minute=table.text("minute"),
        candidate=_decided_candidate(table, codes, kind),
        part=part.key if part else None,
        order=_tie_order(table, codes) if kind == "tie" else (),
        value=_given(table, "value", ruleset.numbers.scale, ruleset) if kind == "chair_mark" else None,
        ballot=table.text("ballot") if kind == "panel_exclude" else None,
        ballots=_ballots(table, "ballots", part, ruleset) if kind == "panel_remark" and part else (),
    )
    _check_size(table, "ballots", len(decision.ballots), part)
    table.close()
    return decision


def _tie_order(table: Table, codes: set[str]) -> tuple[str, ...]:
    order = table.texts("order")
    for index, code in enumerate(order):
        if code not in codes:
            table.problem(f"order[{index}]", f"there is no candidate {code!r}")
    return order


def _decided_candidate(table: Table, codes: set[str], kind: str) -> str | None:
    if kind not in {"chair_mark", *PANEL_DECISIONS} or (kind != "chair_mark" and not table.has("candidate")):
        return None
    code = table.text("candidate")
    if code and code not in codes:
        table.problem("candidate", f"there is no candidate {code!r}")
    return code


def _decided_part(table: Table, ruleset: RuleSet, kind: str) -> Part | None:
    """The part a decision is about; a panel decision may leave it out where there is one panel."""
    panels = kind in PANEL_DECISIONS
    if kind != "chair_mark" and not panels:
        return None
    fitting = {part.key: part for part in ruleset.parts if (part.panel if panels else _by_chair(part))}
    if panels and not table.has("part") and len(fitting) == 1:
        return next(iter(fitting.values()))
    key = table.text("part")
    if key and key not in fitting:
        table.problem("part", f"{key!r} is not a part of which this can be decided")
    return fitting.get(key)


def _by_chair(part: Part) -> bool:
    return part.marking is not None and part.marking.resolve == "chair_decides"
