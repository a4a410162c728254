# SPDX-License-Identifier: Apache-2.0
"""The slips that a typist may key, as this typist sees them."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from exam_portal.core.db import Session
from exam_portal.marking import queries, slip_queries, standing
from exam_portal.marking.models import Keying
from exam_portal.marking.queries import MarkEntry
from exam_portal.marking.standing import Need, Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedScriptView
from scoring.ruleset import RuleSet

WAITING = ("differs", "second", "first", "own", "done")  # what a typist has to do comes first


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """One slip as this typist sees it: never another typist's figure."""

    bag: BagView
    script: MaskedScriptView
    round: int
    state: str  # first | second | own | differs | done


def slips(session: Session, competition_id: int, account_id: int) -> list[SlipRow]:
    """Return every slip that may be keyed, as this typist sees it; of locked parts, third marks still due.

    What waits for this typist stands first, in the order of the codes.
    """
    bags = handover.bags_of(session, competition_id)
    if not bags:
        return []
    ruleset = handover.brief(session, bags[0].id).ruleset
    rows = slips_of(session, bags, {competition_id: ruleset}, account_id)
    return sorted(rows, key=lambda row: WAITING.index(row.state))


def slips_of(
    session: Session, bags: Collection[BagView], rulesets: Mapping[int, RuleSet], account_id: int
) -> list[SlipRow]:
    """Return the slips of these bags, of any number of competitions: seven queries.

    Bags that this typist was given to mark are left out: nobody keys what he marks, and which of its slips
    have their mark, or wait for a third one, would tell a marker of control scripts and of colleagues. Left
    out, too, are the rounds that a marker has at a desk: of typed scripts no slip of such a round is keyed.
    """
    own = queries.bags_given(session, account_id)
    by_id, locked = {bag.id: bag for bag in bags if bag.id not in own}, queries.locked_bags(session, bags)
    scripts = handover.scripts_of(session, by_id)
    marks = queries.marks_of_bags(session, by_id)
    keyed = slip_queries.keyings(session, [script.id for script in scripts])
    at_desk = queries.assignments(session, handover.typed(session, list(by_id.values())))
    rules = {bag.id: Rule.of(rulesets[bag.competition_id], bag.part, is_review=bag.is_review) for bag in bags}
    return [
        SlipRow(
            bag=by_id[script.bag_id],
            script=script,
            round=round_,
            state=_slip_state(marks[script.id], keyed.get((script.id, round_), []), round_, account_id),
        )
        for script in scripts
        for round_ in _slip_rounds(rules[script.bag_id], marks[script.id], is_locked=script.bag_id in locked)
        if round_ not in at_desk.get(script.bag_id, ())
    ]


def state_of(session: Session, bag: BagView, script: MaskedScriptView, round_: int, account_id: int) -> str:
    """Return the state of one slip as this typist sees it in the list; nothing where it is not in it."""
    rulesets = {bag.competition_id: handover.brief(session, bag.id).ruleset}
    rows = slips_of(session, [bag], rulesets, account_id)
    return next((row.state for row in rows if (row.script.id, row.round) == (script.id, round_)), "")


def _slip_rounds(rule: Rule, entries: Sequence[MarkEntry], *, is_locked: bool) -> list[int]:
    waits = standing.need(rule, queries.values(entries)) is Need.THIRD
    if is_locked:
        return [3] if waits else []
    has_third = waits or len(entries) > 2
    return [*range(1, min(rule.rounds, 2) + 1), *([3] if has_third else [])]


def _slip_state(entries: Sequence[MarkEntry], last: Sequence[Keying], round_: int, account_id: int) -> str:
    if any(entry.round == round_ for entry in entries):
        return "done"
    if not last:
        return "first"
    if slip_queries.differ(last):
        return "differs"
    return "own" if account_id in {keying.typist_id for keying in last} else "second"
