# SPDX-License-Identifier: Apache-2.0
"""Which rounds of a bag wait for a marker: the blind ones, and the third where marks differ.

A round of typed scripts of which a slip was keyed waits for none: it is marked on slips.
"""

from collections.abc import Collection

from exam_portal.core.db import Session
from exam_portal.marking import queries, slip_queries
from exam_portal.marking.standing import Need, Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView


def waiting(session: Session, bags: Collection[BagView]) -> dict[int, list[str]]:
    """Return round -> labels of the bags of one part that have no marker for it and can get one now."""
    found: dict[int, list[str]] = {}
    for bag in bags:
        for number in of_bag(session, bag):
            found.setdefault(number, []).append(bag.label)
    return found


def of_bag(session: Session, bag: BagView) -> list[int]:
    """Return the rounds for which the bag can be given to a marker now."""
    rule = Rule.of(handover.brief(session, bag.id).ruleset, bag.part, is_review=bag.is_review)
    on_slips = slip_queries.rounds_on_slips(session, [bag]).get(bag.id, set())
    return free(
        rule,
        on_slips.union(queries.assigned_rounds(session, bag.id)),
        is_locked=queries.is_locked(session, bag.competition_id, bag.part, bag.purpose),
        is_third_due=bool(queries.needing(session, bag.id, rule, Need.THIRD)),
    )


def free(rule: Rule, given: Collection[int], *, is_locked: bool, is_third_due: bool) -> list[int]:
    """After the lock only a third mark can still be due, where a correction called for one."""
    blind = range(1, 1) if is_locked else range(1, min(rule.rounds, 2) + 1)
    return [number for number in (*blind, *([3] if is_third_due else [])) if number not in given]
