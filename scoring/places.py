# SPDX-License-Identifier: Apache-2.0
"""Totals become ranks; a tie across the last place is separated by rule, by decision, or not at all.

Nothing here is random, and nothing looks at a name or an id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from scoring.marks import Decision
from scoring.ruleset.settings import TieBreak
from scoring.standing import PASSED, Standing

TieKey = Callable[[Standing], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A candidate's rank (None: undecided), and the rule that separated the candidate from an equal total."""

    code: str
    rank: int | None
    tie_rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A candidate inside a tie, with the rule that last separated the candidate from somebody."""

    standing: Standing
    rule: str | None = None


Block = tuple[tuple[Member, ...], bool]  # those who share a place, and whether the place is decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A tie that runs through the last place and that no rule separates: an authority must decide."""

    codes: tuple[str, ...]
    total: Decimal
    places: int


def place(
    standings: Sequence[Standing], tie_break: TieBreak, decisions: Sequence[Decision], places: int
) -> tuple[dict[str, Placing], list[Tie]]:
    """The placing of everyone whose total is certain, and the ties that wait for a decision.

    A candidate whom an undecided one may still meet or pass has no rank yet.
    """
    made = [each for each in standings if each.state == PASSED and each.total is not None]
    undecided = [each for each in standings if each.present and each.state == "open"]
    made.sort(key=_total_of, reverse=True)
    placings: dict[str, Placing] = {}
    ties: list[Tie] = []
    for total, equals in groupby(made, key=_total_of):
        group = list(equals)
        if not all(_settled(other, total) for other in undecided):
            placings.update(_without_rank(group))
            continue
        above = [each for each in made if _total_of(each) > total]
        first = 1 + len(above)
        blocks = _blocks(group, places - len(above), tie_break, decisions)
        placings.update(_ranked(blocks, first))
        ties += [
            Tie(codes=_codes(members), total=total, places=places) for members, known in blocks if not known
        ]
    return placings, ties


def _total_of(standing: Standing) -> Decimal:
    return standing.total if standing.total is not None else Decimal(-1)


def _settled(undecided: Standing, total: Decimal) -> bool:
    """Whether the undecided candidate can only end below this total."""
    return undecided.highest < total


def _without_rank(group: Sequence[Standing]) -> dict[str, Placing]:
    return {each.candidate.id: Placing(code=each.candidate.id, rank=None) for each in group}


def _codes(members: Sequence[Member]) -> tuple[str, ...]:
    return tuple(member.standing.candidate.id for member in members)


def _ranked(blocks: Sequence[Block], first: int) -> dict[str, Placing]:
    placings = {}
    for members, known in blocks:
        for member in members:
            code = member.standing.candidate.id
            placings[code] = Placing(code=code, rank=first if known else None, tie_rule=member.rule)
        first += len(members)
    return placings


def _blocks(
    group: Sequence[Standing], room: int, tie_break: TieBreak, decisions: Sequence[Decision]
) -> list[Block]:
    """A group of equal totals in the order of its places; `room` is how many of it find a place."""
    members = tuple(Member(standing=each) for each in group)
    crossing = 0 < room < len(group)
    if len(group) == 1 or (tie_break.places_boundary_only and not crossing):
        return [(members, True)]
    classes = _separate(members, room, tie_break, list(tie_break.order))
    if not tie_break.places_boundary_only:
        return [block for each, left in _with_room(classes, room) for block in _settle(each, left, decisions)]
    inside = tuple(member for each, left in _with_room(classes, room) if left >= len(each) for member in each)
    outside = tuple(member for each, left in _with_room(classes, room) if left <= 0 for member in each)
    across = [(each, left) for each, left in _with_room(classes, room) if 0 < left < len(each)]
    middle = [block for each, left in across for block in _settle(each, left, decisions)]
    return [block for block in [(inside, True), *middle, (outside, True)] if block[0]]


def _with_room(classes: Sequence[tuple[Member, ...]], room: int) -> list[tuple[tuple[Member, ...], int]]:
    """Each class with the places that are left when its turn comes."""
    left = []
    for each in classes:
        left.append((each, room))
        room -= len(each)
    return left


def _separate(
    members: tuple[Member, ...], room: int, tie_break: TieBreak, rules: list[str]
) -> list[tuple[Member, ...]]:
    """The members in classes, best first, by the first rules that tell them apart."""
    crossing = 0 < room < len(members)
    if len(members) == 1 or not rules or (tie_break.places_boundary_only and not crossing):
        return [members]
    rule, *rest = rules
    classes = _classes(members, rule)
    if len(classes) == 1:
        return _separate(members, room, tie_break, rest)
    named = [tuple(replace(member, rule=rule) for member in each) for each in classes]
    return [
        inner for each, left in _with_room(named, room) for inner in _separate(each, left, tie_break, rest)
    ]


def _classes(members: tuple[Member, ...], rule: str) -> list[tuple[Member, ...]]:
    """The members by falling value under one rule; one class when anybody has no value under it."""
    value = _tie_value(rule)
    values = {member.standing.candidate.id: value(member.standing) for member in members}
    known = {key: each for key, each in values.items() if each is not None}
    if len(known) < len(values):
        return [members]
    levels = sorted(set(known.values()), reverse=True)
    return [
        tuple(member for member in members if known[member.standing.candidate.id] == level)
        for level in levels
    ]


def _tie_value(rule: str) -> TieKey:
    kind, _, name = rule.partition(":")
    part, _, criterion = name.partition(".")

    def by_part(standing: Standing) -> Decimal | None:
        return standing.result(part).mark

    def by_criterion(standing: Standing) -> Decimal | None:
        outcome = standing.result(part).outcome
        return dict(outcome.criteria).get(criterion) if outcome else None

    def by_nothing(_: Standing) -> Decimal | None:
        return None

    return {"part": by_part, "rubric": by_criterion}.get(kind, by_nothing)


def _settle(members: tuple[Member, ...], room: int, decisions: Sequence[Decision]) -> list[Block]:
    """A class that no rule separates: in the decided order, else shared, else waiting at the last place."""
    if len(members) == 1:
        return [(members, True)]
    codes = set(_codes(members))
    for decision in reversed(decisions):
        if decision.kind == "tie" and codes <= set(decision.order):
            order = sorted(members, key=lambda member: decision.order.index(member.standing.candidate.id))
            return [((replace(member, rule="decision"),), True) for member in order]
    return [(members, not 0 < room < len(members))]
