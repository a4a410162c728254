# SPDX-License-Identifier: Apache-2.0
"""Bags are given to markers by lot: a secret is bound, witnesses add words, the rest is arithmetic."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from exam_portal.audit import service as audit
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.marking import allocation, errors, queries, rounds
from exam_portal.marking.models import Lot, LotSecret
from exam_portal.marking.pseudonyms import pseudonym
from exam_portal.marking.service import common, desk
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView
from question_bank import draw_seed

CONTEXT = "marking.lot"


def commit_lot(
    session: Session, actor: Actor, now: datetime, *, competition_id: int, part: str, purpose: str
) -> LotSecret:
    """A secret that nobody has seen is bound: its hash, and that of what is in the bags, are on record."""
    bags = _held(session, competition_id, part, purpose)
    if queries.open_secret(session, competition_id, part, purpose) is not None:
        raise StaleState
    secret, key_id = secrets.token_bytes(draw_seed.SECRET_BYTES), session.keys.create()
    bound = LotSecret(
        competition_id=competition_id,
        part=part,
        purpose=purpose,
        key_id=key_id,
        sealed=session.keys.seal(key_id, secret, CONTEXT),
        commitment=draw_seed.commitment(secret),
        by=common.account(actor),
        at=now,
    )
    session.add(bound)
    session.flush()
    lists = {bag.label: [one.mask_code for one in handover.scripts(session, bag.id)] for bag in bags}
    facts = {"commitment": bound.commitment, "bags": {label: len(codes) for label, codes in lists.items()}}
    common.record(
        session, actor, now, bags[0], "marking.lot_bound", {**facts, "list": audit.digest(str(lists))}
    )
    return bound


def draw_lot(
    session: Session, actor: Actor, now: datetime, *, bound: LotSecret, words: str, witnesses: str
) -> Lot:
    """Every bag that waits for a marker has one, by the bound secret and the witnesses' words alone.

    Whom the lot may not bring to which bag is on record without a reason, and so without a relation.
    """
    bags = _held(session, bound.competition_id, bound.part, bound.purpose)
    if queries.open_secret(session, bound.competition_id, bound.part, bound.purpose) is not bound:
        raise StaleState
    if not words.strip() or not witnesses.strip():
        raise errors.WitnessesMissing
    places = rounds.waiting(session, bags)
    if not places:
        raise errors.RoundNotDue
    appointed = _markers(session, bags, actor)
    people = {one: code for one, code in appointed.items() if common.is_qualified(session, bags[0], one)}
    barred = _barred(session, bags, places, people)
    secret = session.keys.open(bound.key_id, bound.sealed, CONTEXT)
    seed = draw_seed.seed(secret, words)
    given = _allot(seed, places, people, barred, untrained=len(appointed) - len(people))
    lot = Lot(
        secret_id=bound.id,
        secret=secret.hex(),
        words=words.strip(),
        witnesses=witnesses.strip(),
        places={str(number): sorted(labels) for number, labels in places.items()},
        markers=sorted(people.values()),
        barred=sorted([bag, marker] for bag, marker in barred),
        given=[[number, bag, marker] for (number, bag), marker in sorted(given.items())],
        by=common.account(actor),
        at=now,
    )
    session.add(lot)
    session.flush()
    common.record(session, actor, now, bags[0], "marking.lot_drawn", told(bound, lot))
    _hand_out(session, actor, now, bags, people, given)
    return lot


def told(bound: LotSecret, lot: Lot) -> dict[str, object]:
    """Return what the record says of a lot: all that it takes to draw it again."""
    return {
        "algorithm": allocation.ALGORITHM,
        "commitment": bound.commitment,
        "secret": lot.secret,
        "words": lot.words,
        "witnesses": audit.digest(lot.witnesses),
        "places": lot.places,
        "markers": lot.markers,
        "barred": lot.barred,
        "given": lot.given,
    }


def again(lot: Lot) -> list[list[object]]:
    """Return the allocation that secret, words and lists of a lot give."""
    seed = draw_seed.seed(bytes.fromhex(lot.secret), lot.words)
    places = {int(number): labels for number, labels in lot.places.items()}
    given = allocation.allot(seed, places, lot.markers, {(bag, marker) for bag, marker in lot.barred})
    return [[number, bag, marker] for (number, bag), marker in sorted(given.items())]


def _held(session: Session, competition_id: int, part: str, purpose: str) -> list[BagView]:
    bags = queries.bags(session, competition_id, part, purpose)
    if not bags:
        raise NotFound
    for bag in bags:
        handover.hold_bag(session, bag.id)
        common.refuse_small(session, bag)
    return bags


def _markers(session: Session, bags: Collection[BagView], actor: Actor) -> dict[int, str]:
    """Return account -> code of everybody who marks here; who draws the lot is none of them."""
    bag = next(iter(bags))
    found = handover.markers(session, bag)
    return {one.id: pseudonym(session, bag, one.id) for one in found if one.id != common.account(actor)}


def _barred(
    session: Session,
    bags: Collection[BagView],
    places: Mapping[int, Collection[str]],
    people: Mapping[int, str],
) -> set[tuple[str, str]]:
    """Return whom a bag may not go to, by every rule that holds when it is given by hand."""
    unfit = {bag.id: desk.unfit(session, bag, people, places) for bag in bags}
    return {
        (bag.label, code)
        for bag in bags
        for account_id, code in people.items()
        if account_id in unfit[bag.id]
    }


def _allot(
    seed: bytes,
    places: Mapping[int, Collection[str]],
    people: Mapping[int, str],
    barred: Collection[tuple[str, str]],
    *,
    untrained: int,
) -> allocation.Given:
    try:
        return allocation.allot(seed, places, people.values(), barred)
    except allocation.TooFewMarkers:
        missing = allocation.missing(places, people.values(), barred)
        raise errors.TooFewMarkers(missing, untrained) from None


def _hand_out(
    session: Session,
    actor: Actor,
    now: datetime,
    bags: Collection[BagView],
    people: Mapping[int, str],
    given: allocation.Given,
) -> None:
    by_label = {bag.label: bag for bag in bags}
    by_code = {code: account_id for account_id, code in people.items()}
    for (round_, label), code in sorted(given.items()):
        desk.hand_out(session, actor, now, bag=by_label[label], marker_id=by_code[code], round=round_)
