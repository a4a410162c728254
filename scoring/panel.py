# SPDX-License-Identifier: Apache-2.0
"""Ballots of a panel become one mark: quorum, aggregate, deviation, and what the panel decided about it.

The quorum is counted on the ballots of the session. A ballot that the panel later excludes by minute was
returned and valid: leaving it out of the mean does not undo the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.explanation import Explanation, Outcome, decided, waiting
from scoring.marks import Ballot, BallotBox, Decision
from scoring.reading import Problem, UnusableInput
from scoring.rounding import mean, median, plain, published
from scoring.ruleset.parts import Panel, Part
from scoring.ruleset.settings import Numbers


def aggregate(
    part: Part,
    box: BallotBox,
    *,
    numbers: Numbers,
    candidate: str = "",
    decisions: Sequence[Decision] = (),
) -> Outcome:
    """The mark of a panel, or what it waits for.

    A decision that nothing called for is refused (UnusableInput): ballots that do not deviate are not
    kept, dropped or given again.
    """
    if part.panel is None:
        raise ValueError(f"the part {part.key!r} has no panel")
    notes = _repeated(part, box)
    counted, kept = box.ballots, False
    for decision in decisions:
        if kept or _uncountable(part, part.panel, box, candidate) or not is_flagged(part.panel, counted):
            raise _refused(decision, "", "the ballots do not deviate: there is nothing to decide")
        if decision.kind == "panel_remark":
            box = BallotBox(ballots=decision.ballots, returned=len(decision.ballots))
            counted = box.ballots
        elif decision.kind == "panel_exclude":
            counted = _without(decision, part.panel, counted)
        kept = decision.kind == "panel_keep"
        notes.append(Explanation(code=decision.kind, part=part.key, values=(decision.minute,), result=None))
    if lacking := _uncountable(part, part.panel, box, candidate):
        return lacking
    if is_flagged(part.panel, counted) and not kept:
        if part.panel.deviation.action == "panel_meets":
            return waiting("panel_must_meet", candidate, part.key, **_distances(counted, numbers))
        notes.append(_flag(part, counted, numbers))
    return _result(part, part.panel, counted, numbers, notes)


def _repeated(part: Part, box: BallotBox) -> list[Explanation]:
    """That these ballots take the place of earlier ones, and the document that says so."""
    if not box.repeated:
        return []
    return [Explanation(code="ballots_repeated", part=part.key, values=(box.repeated,), result=None)]


def is_flagged(panel: Panel, ballots: Sequence[Ballot]) -> bool:
    """Whether the rule watches deviation, and a ballot is too far from the mean or two from each other.

    Too far is strictly more than the limit; the mean is that of these ballots, not rounded.
    """
    if panel.deviation.action == "off" or not ballots:
        return False
    furthest, spread = _measure(ballots)
    return furthest > Fraction(panel.deviation.from_mean) or spread > panel.deviation.spread


def _measure(ballots: Sequence[Ballot]) -> tuple[Fraction, Decimal]:
    values = [ballot.amount for ballot in ballots]
    average, least, most = mean(values), min(values), max(values)
    return max(Fraction(most) - average, average - Fraction(least)), most - least


def _distances(ballots: Sequence[Ballot], numbers: Numbers) -> dict[str, str]:
    furthest, spread = _measure(ballots)
    return {"from_mean": published(numbers.rounded(furthest)), "spread": plain(spread)}


def _flag(part: Part, ballots: Sequence[Ballot], numbers: Numbers) -> Explanation:
    found = tuple(_distances(ballots, numbers).values())
    return Explanation(code="deviation_flagged", part=part.key, values=found, result=None)


def _uncountable(part: Part, panel: Panel, box: BallotBox, candidate: str) -> Outcome | None:
    valid = len(box.ballots)
    if min(box.returned, valid) < panel.needed:
        return waiting(
            "quorum_missing", candidate, part.key, needed=panel.needed, returned=box.returned, valid=valid
        )
    if box.unread:
        return waiting("marks_missing", candidate, part.key, unread=box.unread)
    missing = {ballot.voter: list(ballot.missing) for ballot in box.ballots if ballot.missing}
    if missing:
        criteria = sorted({criterion for each in missing.values() for criterion in each})
        return waiting("marks_missing", candidate, part.key, criteria=criteria, ballots=missing)
    return None


def _without(decision: Decision, panel: Panel, ballots: Sequence[Ballot]) -> tuple[Ballot, ...]:
    rest = tuple(ballot for ballot in ballots if ballot.voter != decision.ballot)
    if len(rest) == len(ballots):
        raise _refused(decision, ".ballot", f"there is no ballot {decision.ballot!r} to exclude")
    if len(rest) <= 2 * panel.trim:
        raise _refused(decision, ".ballot", "nothing would be left to count")
    return rest


def _refused(decision: Decision, key: str, message: str) -> UnusableInput:
    return UnusableInput("input", [Problem(path=decision.path + key, message=message)])


def _result(
    part: Part, panel: Panel, ballots: Sequence[Ballot], numbers: Numbers, notes: Sequence[Explanation]
) -> Outcome:
    values = [ballot.amount for ballot in ballots]
    made = decided(
        f"{panel.aggregate}_of_ballots", part.key, values, numbers.rounded(_combined(panel, values)), *notes
    )
    return Outcome(
        mark=made.mark, explanation=made.explanation, criteria=_criteria(part, panel, ballots, numbers)
    )


def _combined(panel: Panel, values: Sequence[Decimal]) -> Fraction:
    if panel.aggregate == "median":
        return median(values)
    return mean(sorted(values)[panel.trim : len(values) - panel.trim] if panel.trim else values)


def _criteria(
    part: Part, panel: Panel, ballots: Sequence[Ballot], numbers: Numbers
) -> tuple[tuple[str, Decimal], ...]:
    """The panel's mark per criterion, where every ballot scored by criterion."""
    if not all(ballot.scores for ballot in ballots):
        return ()
    scores = [dict(ballot.scores) for ballot in ballots]
    return tuple(
        (
            criterion.key,
            numbers.rounded(_combined(panel, [each[criterion.key] or Decimal(0) for each in scores])),
        )
        for criterion in part.rubric
    )
