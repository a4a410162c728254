# SPDX-License-Identifier: Apache-2.0
"""What the pages of marking show, put together in few queries."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from exam_portal.core.db import Session
from exam_portal.marking import order, queries, rounds, standing
from exam_portal.marking.models import CorrectionProposal, Keying, LockRequest, Lot, Mark, MarkLock
from exam_portal.marking.pseudonyms import pseudonym
from exam_portal.marking.queries import MarkEntry
from exam_portal.marking.standing import Need, Rule
from exam_portal.marking.training import controls
from exam_portal.marking.training import queries as training
from exam_portal.marking.training.models import TrainingMark
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MarkingBrief, MaskedScriptView
from question_bank import draw_seed
from scoring.explain import Words
from scoring.rounding import mean, quantise
from scoring.ruleset import RuleSet


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
    free_rounds: Sequence[int]  # that can be given to a marker now

    @property
    def left(self) -> Mapping[int, int]:
        """How many scripts wait for a mark, by round."""
        blind = {number: self.bag.count - self.marked[number] for number in (1, 2)}
        return {**blind, 3: self.waiting or int(not self.marked[3])}


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
        return any(one.free_rounds for one in self.bags)

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
class Task:
    """One script on a marker's list."""

    script: MaskedScriptView
    state: str  # open | draft | done
    mark: Mark | TrainingMark | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OwnBag:
    """One bag on a marker's home page."""

    bag: BagView
    round: int
    code: str  # by which this marker is known there
    title: Mapping[str, str]
    count: int  # scripts to mark in this round
    done: int
    is_locked: bool
    is_qualified: bool  # or the part asks for no training


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """One slip as this typist sees it: never another typist's figure."""

    bag: BagView
    script: MaskedScriptView
    round: int
    state: str  # first | second | own | differs | done


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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """Which marker was drawn for a bag, by code: who reads it also reads, by code, how markers mark."""

    round: int
    bag: str
    code: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLot:
    """A lot with its witnesses and what it gave."""

    at: datetime
    witnesses: str
    words: str
    secret: str
    commitment: str
    rows: Sequence[LotRow]


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
        progress = _bag(bag, rule, entries, markers, is_locked=place in locks)
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


def title_of(brief: MarkingBrief, part: str) -> Mapping[str, str]:
    """Return what a part is called."""
    found = next(one for one in brief.ruleset.parts if one.key == part)
    return {language: Words(language).title(found) for language in ("vi", "en")}


def own_bags(session: Session, account_id: int) -> list[OwnBag]:
    """Return the bags in this person's hands, the unfinished first."""
    rounds = queries.rounds_of(session, account_id)
    found = [
        _own(session, bag, rounds[bag.id], account_id) for bag in handover.bags_by_id(session, set(rounds))
    ]
    return sorted(found, key=lambda one: (one.done >= one.count, one.bag.competition_code, one.bag.label))


def trainings(session: Session, account_id: int, bags: Sequence[BagView]) -> list[BagView]:
    """Return one bag of each part whose training this person has yet to pass before being given any."""
    parts = {(bag.competition_id, bag.part): bag for bag in bags if not bag.is_review}
    return [
        bag
        for (where, part), bag in parts.items()
        if not training.may_mark_live(session, where, part, account_id)
    ]


def handed_back(session: Session, account_id: int) -> list[BagView]:
    """Return the bags of which this person has marked a part before the rest was taken back."""
    bags = handover.bags_by_id(session, set(queries.handed_back(session, account_id)))
    given = {bag_id for bag_id, _, marker in queries.marks_given(session, bags) if marker == account_id}
    return [bag for bag in bags if bag.id in given]


def tasks(session: Session, bag: BagView, round_: int, account_id: int) -> list[Task]:
    """Return what this person has to mark in the bag; in the third round only scripts whose marks differ.

    What somebody had marked before the rest of the bag went to this person is not among it.
    """
    hidden = controls.in_bag(session, bag, round_, account_id)
    at_desk = (*handover.scripts_at_desk(session, bag, round_), *hidden)
    by_code = sorted(at_desk, key=lambda one: one.mask_code)
    scripts = order.shuffled(session, bag, round_, account_id, by_code)
    ids = [script.id for script in scripts]
    own, drafts = queries.own_marks(session, ids, account_id), queries.drafts(session, ids, account_id)
    marked = queries.marked_by_others(session, ids, round_, account_id)
    scripts = [script for script in scripts if script.id not in marked]
    if round_ == 3:
        rule = rule_of(handover.brief(session, bag.id), bag)
        due = queries.needing(session, bag.id, rule, Need.THIRD) | set(own)
        scripts = [script for script in scripts if script.id in due]
    given: dict[int, Mark | TrainingMark] = {**own, **controls.marks(session, hidden, account_id)}
    return [
        Task(script=script, state=_state(script.id, given, drafts), mark=given.get(script.id))
        for script in scripts
    ]


def is_marked(found: Sequence[Task]) -> bool:
    """Whether the marker has marked the whole list, control scripts too; an empty list is nobody's work."""
    return bool(found) and all(task.state == "done" for task in found)


def slips(session: Session, competition_id: int, account_id: int) -> list[SlipRow]:
    """Return every slip that may be keyed, as this typist sees it; of locked parts, third marks still due."""
    bags = handover.bags_of(session, competition_id)
    if not bags:
        return []
    ruleset = handover.brief(session, bags[0].id).ruleset
    return slips_of(session, bags, {competition_id: ruleset}, account_id)


def slips_of(
    session: Session, bags: Collection[BagView], rulesets: Mapping[int, RuleSet], account_id: int
) -> list[SlipRow]:
    """Return the slips of these bags, of any number of competitions: five queries.

    Bags that this typist was given to mark are left out: nobody keys what he marks, and which of its slips
    have their mark, or wait for a third one, would tell a marker of control scripts and of colleagues.
    """
    own = queries.bags_given(session, account_id)
    by_id, locked = {bag.id: bag for bag in bags if bag.id not in own}, queries.locked_bags(session, bags)
    scripts = handover.scripts_of(session, by_id)
    marks = queries.marks_of_bags(session, by_id)
    keyed = queries.keyings(session, [script.id for script in scripts])
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
    ]


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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A bag that a marker lost again, and why."""

    bag: str
    round: int
    code: str
    reason: str
    at: datetime
    marks: int  # that the marker had given; they stand


def taken_back(session: Session, bags: Sequence[BagView]) -> list[TakenBack]:
    """Return what was taken back of these bags, as the page and the minute of a lot list it."""
    labels = {bag.id: bag.label for bag in bags}
    given = queries.marks_given(session, bags)
    return [
        TakenBack(
            bag=labels[row.bag_id],
            round=row.round,
            code=pseudonym(session, bags[0], row.marker_id),
            reason=row.taken_back_reason or "",
            at=row.taken_back_at,
            marks=given.get((row.bag_id, row.round, row.marker_id), 0),
        )
        for row in queries.taken_back(session, bags)
        if row.taken_back_at is not None
    ]


def lot(session: Session, bags: Sequence[BagView], drawn: Lot) -> DrawnLot:
    """Return a lot as its page and its minute show it: who was drawn, and nothing of whom it passed over."""
    return DrawnLot(
        at=drawn.at,
        witnesses=drawn.witnesses,
        words=drawn.words,
        secret=drawn.secret,
        commitment=draw_seed.commitment(bytes.fromhex(drawn.secret)),
        rows=[
            LotRow(round=round_, bag=bag, code=code)
            for round_, bag, code in sorted(drawn.given, key=lambda row: (row[1], row[0]))
        ],
    )


def _bag(
    bag: BagView,
    rule: Rule,
    entries: Sequence[Sequence[MarkEntry]],
    markers: Mapping[int, str],
    *,
    is_locked: bool,
) -> BagProgress:
    needs = [standing.need(rule, queries.values(one)) for one in entries]
    numbers = [entry.round for one in entries for entry in one]
    waiting = needs.count(Need.THIRD)
    return BagProgress(
        bag=bag,
        markers=markers,
        marked={number: numbers.count(number) for number in (1, 2, 3)},
        waiting=waiting,
        done=needs.count(Need.NOTHING),
        free_rounds=rounds.free(rule, markers, is_locked=is_locked, is_third_due=waiting > 0),
    )


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


def _own(session: Session, bag: BagView, round_: int, account_id: int) -> OwnBag:
    found = tasks(session, bag, round_, account_id)
    done = sum(task.state == "done" for task in found)
    return OwnBag(
        bag=bag,
        round=round_,
        code=pseudonym(session, bag, account_id),
        title=title_of(handover.brief(session, bag.id), bag.part),
        count=len(found),
        done=done,
        is_locked=queries.is_locked(session, bag.competition_id, bag.part, bag.purpose)
        and (round_ < 3 or done >= len(found)),
        is_qualified=bag.is_review
        or training.may_mark_live(session, bag.competition_id, bag.part, account_id),
    )


def _state(masked_id: int, own: Mapping[int, Mark | TrainingMark], drafts: set[int]) -> str:
    if masked_id in own:
        return "done"
    return "draft" if masked_id in drafts else "open"


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
    if queries.differ(last):
        return "differs"
    return "own" if account_id in {keying.typist_id for keying in last} else "second"
