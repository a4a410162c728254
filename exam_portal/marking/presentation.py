# SPDX-License-Identifier: Apache-2.0
"""What the pages of marking show, put together in few queries."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from exam_portal.core.db import Session
from exam_portal.marking import queries, rounds, slip_queries, standing
from exam_portal.marking.models import CorrectionProposal, LockRequest, MarkLock
from exam_portal.marking.pseudonyms import pseudonym
from exam_portal.marking.queries import MarkEntry
from exam_portal.marking.standing import Need, Rule
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MarkingBrief, MaskedScriptView
from scoring.explain import Words
from scoring.rounding import mean, quantise


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far the two independent marks lie apart, so far."""

    pairs: int
    over: int  # pairs that need a third mark
    mean: Decimal
    greatest: Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BagProgress:
    """How far one bag is."""

    bag: BagView
    markers: Mapping[int, str]
    marked: Mapping[int, int]  # round -> marks
    waiting: int  # scripts that wait for a third mark
    done: int
    at_desk: Collection[int]  # rounds of typed scripts that a marker has: no slip of them is keyed
    free_rounds: Sequence[int]  # that can be given to a marker now

    @property
    def left(self) -> Mapping[int, int]:
        """How many scripts wait for a mark, by round."""
        blind = {number: self.bag.count - self.marked[number] for number in (1, 2)}
        return {**blind, 3: self.waiting or int(not self.marked[3])}

    @property
    def is_free(self) -> bool:
        """Whether marks are missing for which nobody has the bag; on slips they come without."""
        return any(self.left[number] for number in self.free_rounds)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartProgress:
    """How far the marking of a part (or of one review) is."""

    part: str
    purpose: str
    title: Mapping[str, str]
    rounds: int
    bags: Sequence[BagProgress]
    agreement: Agreement | None
    lock: MarkLock | None
    request: LockRequest | None  # for the lock, and by whom
    asked_by: str

    @property
    def is_review(self) -> bool:
        """Whether it is marked again after a request."""
        return self.bags[0].bag.is_review

    @property
    def has_free_rounds(self) -> bool:
        """Whether a bag waits for a marker."""
        return any(one.is_free for one in self.bags)

    @property
    def scripts(self) -> int:
        """How many scripts there are."""
        return sum(one.bag.count for one in self.bags)

    @property
    def done(self) -> int:
        """How many have all their marks."""
        return sum(one.done for one in self.bags)

    @property
    def waiting(self) -> int:
        """How many wait for a third mark."""
        return sum(one.waiting for one in self.bags)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkedScript:
    """The marks of one script after the lock."""

    bag: BagView
    script: MaskedScriptView
    entries: Mapping[int, MarkEntry]
    final: Decimal | None
    difference: Decimal | None
    desk_codes: Mapping[int, str]  # round -> the code that the marker at the desk knows it by
    is_apart: bool  # too far for what the rule makes of marks that agree
    proposals: Mapping[int, CorrectionProposal]  # by mark


def rule_of(brief: MarkingBrief, bag: BagView) -> Rule:
    """Return how the bag is marked."""
    return Rule.of(brief.ruleset, bag.part, is_review=bag.is_review)


def parts(session: Session, competition_id: int, *, with_counts: bool = True) -> list[PartProgress]:
    """Return how far each part and review is; the number of queries does not grow with bags or scripts.

    ``with_counts`` is no for whoever could learn something of a mark from them: then no mark is read at all.
    """
    bags = handover.bags_of(session, competition_id)
    if not bags:
        return []
    ids = [bag.id for bag in bags]
    marks = queries.marks_of_bags(session, ids if with_counts else [])
    scripts = handover.scripts_of(session, ids if with_counts else [])
    given, locks = queries.assignments(session, ids), queries.locks(session, competition_id)
    on_slips, typed = slip_queries.rounds_on_slips(session, bags), handover.typed(session, bags)
    requests = queries.lock_requests(session, competition_id)
    names = handover.staff_names(session, {r.by for r in requests.values()})
    brief = handover.brief(session, bags[0].id)
    found: dict[tuple[str, str], list[BagProgress]] = {}
    pairs: dict[tuple[str, str], list[tuple[Decimal, Decimal]]] = {}
    for bag in bags:
        rule = rule_of(brief, bag)
        entries = [marks[script.id] for script in scripts if script.bag_id == bag.id]
        markers = {r: pseudonym(session, bag, m) for r, m in given.get(bag.id, {}).items()}
        place = (bag.part, bag.purpose)
        progress = progress_of(
            bag,
            rule,
            entries,
            markers,
            on_slips=on_slips.get(bag.id, ()),
            at_desk=tuple(markers) if bag.id in typed else (),
            is_locked=place in locks,
        )
        found.setdefault(place, []).append(progress)
        pairs.setdefault(place, []).extend(_pairs(entries))
    return [
        PartProgress(
            part=place[0],
            purpose=place[1],
            title=title_of(brief, place[0]),
            rounds=rule_of(brief, bags_[0].bag).rounds,
            bags=bags_,
            agreement=_agreement(rule_of(brief, bags_[0].bag), pairs[place]),
            lock=locks.get(place),
            request=requests.get(place),
            asked_by=names.get(requests[place].by, "") if place in requests else "",
        )
        for place, bags_ in found.items()
    ]


def progress_of(
    bag: BagView,
    rule: Rule,
    entries: Sequence[Sequence[MarkEntry]],
    markers: Mapping[int, str],
    *,
    on_slips: Collection[int],
    at_desk: Collection[int] = (),
    is_locked: bool,
) -> BagProgress:
    """Return how far a bag is whose scripts have these marks."""
    needs = [standing.need(rule, queries.values(one)) for one in entries]
    numbers = [entry.round for one in entries for entry in one]
    waiting = needs.count(Need.THIRD)
    return BagProgress(
        bag=bag,
        markers=markers,
        marked={number: numbers.count(number) for number in (1, 2, 3)},
        waiting=waiting,
        done=needs.count(Need.NOTHING),
        at_desk=at_desk,
        free_rounds=rounds.free(rule, {*markers, *on_slips}, is_locked=is_locked, is_third_due=waiting > 0),
    )


def title_of(brief: MarkingBrief, part: str) -> Mapping[str, str]:
    """Return what a part is called."""
    found = next(one for one in brief.ruleset.parts if one.key == part)
    return {language: Words(language).title(found) for language in ("vi", "en")}


def marked(session: Session, bags: Sequence[BagView]) -> list[MarkedScript]:
    """Return the scripts of a locked part with their marks, by code."""
    by_id = {bag.id: bag for bag in bags}
    rule = rule_of(handover.brief(session, bags[0].id), bags[0])
    marks = queries.marks_of_bags(session, by_id)
    codes = {
        number: {
            one.id: one.mask_code for bag in bags for one in handover.scripts_at_desk(session, bag, number)
        }
        for number in (1, 2, 3)
    }
    proposed = queries.proposals(session, [entry.id for entries in marks.values() for entry in entries])
    return [
        MarkedScript(
            bag=by_id[script.bag_id],
            script=script,
            entries={entry.round: entry for entry in marks[script.id]},
            final=standing.final(rule, queries.values(marks[script.id])),
            difference=standing.distance(rule, queries.values(marks[script.id])),
            desk_codes=_desk_codes(script, marks[script.id], codes),
            is_apart=standing.is_apart(rule, queries.values(marks[script.id])),
            proposals=proposed,
        )
        for script in handover.scripts_of(session, by_id)
    ]


def _desk_codes(
    script: MaskedScriptView, entries: Sequence[MarkEntry], codes: Mapping[int, Mapping[int, str]]
) -> dict[int, str]:
    """Return by which codes the markers at the desk knew the script, where not by that of the list."""
    given = {entry.round: codes[entry.round][script.id] for entry in entries if entry.page is None}
    return {number: code for number, code in given.items() if code != script.mask_code}


def _pairs(entries: Sequence[Sequence[MarkEntry]]) -> list[tuple[Decimal, Decimal]]:
    by_round = [queries.values(one) for one in entries]
    return [(values[1], values[2]) for values in by_round if {1, 2} <= set(values)]


def _agreement(rule: Rule, pairs: Sequence[tuple[Decimal, Decimal]]) -> Agreement | None:
    if not pairs:
        return None
    differences = [abs(first - second) for first, second in pairs]
    return Agreement(
        pairs=len(pairs),
        over=sum(standing.third_is_due(rule, {1: first, 2: second}) for first, second in pairs),
        mean=quantise(mean(differences), 2, "half_up"),
        greatest=max(differences),
    )
