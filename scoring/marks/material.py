# SPDX-License-Identifier: Apache-2.0
"""Reading what was handed in for a part: test scores, marks of markers, ballots of a panel."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scoring.marks.model import Ballot, BallotBox, Mark, MarkSheet, Material, TestCorrection, TestScore
from scoring.reading import Table
from scoring.rounding import is_multiple, plain
from scoring.ruleset.document import RuleSet
from scoring.ruleset.parts import Part

CORRECTIONS = ("neutralised", "key", "restored")
MOST_REMARKS = {"two_agree_else_mean": 3}


def report_twice(table: Table, key: str, names: Sequence[str], field: str = ".id") -> None:
    """Names that stand more than once are mistakes."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name and name in seen:
            table.problem(f"{key}[{index}]{field}", f"{name!r} appears twice")
        seen.add(name)


def read_material(table: Table, part: Part, ruleset: RuleSet) -> Material:
    """What was handed in, in the shape of its part."""
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
    corrections = tuple(_correction(row) for row in table.tables("corrections"))
    score = TestScore(value=table.decimal("value"), max=table.decimal("max"), corrections=corrections)
    report_twice(table, "corrections", [each.question for each in corrections], ".question")
    if len(table.problems) == mistakes:
        if score.max == 0:
            table.problem("max", "must be above 0")
        elif score.value > score.max:
            table.problem(
                "value", f"may not be above the maximum {plain(score.max)}, but is {plain(score.value)}"
            )
    return score


def _correction(row: Table) -> TestCorrection:
    correction = TestCorrection(question=row.name("question"), kind=row.text("kind", choices=CORRECTIONS))
    row.close()
    return correction


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
        marker=table.name("marker"),
        round=table.whole("round", least=1, most=9 if remark else _rounds(part)),
        value=given_mark(table, "value", ruleset.numbers.scale, ruleset),
        remark=remark,
    )
    if remark and not part.reviewable:
        table.problem("kind", f"the part {part.key!r} is not open to review")
    table.close()
    return mark


def _rounds(part: Part) -> int:
    """One marker gives one mark; where there are two or three, a third round is possible."""
    return 1 if part.marking is not None and part.marking.markers == 1 else 3


def given_mark(table: Table, key: str, most: Decimal, ruleset: RuleSet) -> Decimal:
    """A mark a person may give: within the scale, and a multiple of the step."""
    value = table.decimal(key, most=most)
    if not is_multiple(value, ruleset.numbers.step):
        table.problem(key, f"must be a multiple of {plain(ruleset.numbers.step)}, but is {plain(value)}")
    return value


def _box(table: Table, part: Part, ruleset: RuleSet) -> BallotBox:
    ballots = read_ballots(table, "ballots", part, ruleset)
    invalid = table.whole("invalid", 0)
    accounted = len(ballots) + invalid
    returned = table.whole("returned", accounted)
    if returned < accounted or (table.has("invalid") and returned != accounted):
        table.problem("returned", f"{returned} returned are not {len(ballots)} valid and {invalid} invalid")
    issued = table.whole("issued", returned)
    if returned > issued:
        table.problem("issued", f"{returned} ballots were returned, but only {issued} issued")
    check_size(table, "ballots", max(issued, returned), part)
    repeated = table.text("repeated") if table.has("repeated") else ""
    return BallotBox(
        ballots=ballots, returned=returned, unread=max(returned - accounted, 0), repeated=repeated
    )


def check_size(table: Table, key: str, ballots: int, part: Part | None) -> None:
    """More ballots than the panel has members are a mistake."""
    if part and part.panel and ballots > part.panel.size:
        table.problem(key, f"{ballots} ballots, but the panel has {part.panel.size} members")


def read_ballots(table: Table, key: str, part: Part, ruleset: RuleSet) -> tuple[Ballot, ...]:
    """The ballots under a key; nobody has two of them."""
    ballots = tuple(_ballot(row, part, ruleset) for row in table.tables(key, required=True))
    report_twice(table, key, [ballot.voter for ballot in ballots], "")
    return ballots


def _ballot(table: Table, part: Part, ruleset: RuleSet) -> Ballot:
    if table.has("member") == table.has("slip"):
        table.problem("", "a ballot carries either a member or a slip")
    if table.has("value") == table.has("scores"):
        table.problem("", "a ballot carries either a value or scores by criterion")
    ballot = Ballot(
        voter="".join(table.name(key) for key in ("member", "slip") if table.has(key)),
        value=_ballot_value(table, part, ruleset) if table.has("value") else None,
        scores=_scores(table.table("scores"), part, ruleset) if table.has("scores") else (),
    )
    table.close()
    return ballot


def _ballot_value(table: Table, part: Part, ruleset: RuleSet) -> Decimal:
    """One mark for all; of a vote nothing for no, and the scale for yes."""
    scale = ruleset.numbers.scale
    if part.kind != "vote":
        return given_mark(table, "value", scale, ruleset)
    value = table.decimal("value", most=scale)
    if value not in {Decimal(0), scale}:
        table.problem("value", f"must be 0 for no or {plain(scale)} for yes, but is {plain(value)}")
    return value


def _scores(table: Table, part: Part, ruleset: RuleSet) -> tuple[tuple[str, Decimal | None], ...]:
    if not part.rubric:
        table.problem("", f"the part {part.key!r} has no rubric: give one value")
    scores = tuple(
        (
            criterion.key,
            given_mark(table, criterion.key, criterion.max, ruleset) if table.has(criterion.key) else None,
        )
        for criterion in part.rubric
    )
    table.close()
    return scores
