# SPDX-License-Identifier: Apache-2.0
"""The only door from the sittings to marking: masked scripts, their content, and how they are marked.

Nothing that leaves this module says whose script it is: no name, number, seat, sheet code, room or time.
It is also the only place that decrypts scripts for marking, and it answers whether a marker may take a bag.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import Organisation
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core import names
from exam_portal.core.actors import Actor, Role
from exam_portal.core.confinement import door
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.storage import Blob
from exam_portal.papers import opened
from exam_portal.registration.models import Candidate
from exam_portal.sittings import masking
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, MaskBag, MaskedScript, Script, ScriptScan
from question_bank.item import Item
from question_bank.item import view as item_view
from scoring.ruleset import RuleSet

CONFLICT = "conflict"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class BagView:
    """A bag of masked scripts as markers and those who assign them see it."""

    id: int
    public_id: str
    competition_id: int
    competition_public_id: str
    competition_code: str
    competition_title: str
    organisation_id: int
    part: str
    purpose: str  # marking | review:<request>
    label: str
    count: int

    @property
    def is_review(self) -> bool:
        """Whether the bag is marked again after a request."""
        return self.purpose != masking.MARKING


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MaskedScriptView:
    """One masked script of a bag."""

    id: int
    public_id: str
    mask_code: str
    bag_id: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkerView:
    """Somebody who may be given a bag: staff, never a candidate."""

    id: int
    public_id: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MaskedAnswer:
    """One answer to be marked by a person: the question, what was written, what it may earn."""

    item: str
    prompt: str
    text: str
    weight: Decimal
    rubric: Sequence[Mapping[str, Any]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ScriptContent:
    """What a marker reads: typed answers, scanned pages, or sheets of paper that lie in the bag."""

    kind: str  # text | scan | physical
    answers: tuple[MaskedAnswer, ...] = ()
    pages: tuple[tuple[str, bytes], ...] = ()  # media type and bytes of each scan


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MarkingBrief:
    """How the scripts of a bag are marked, and the letterhead of the slips."""

    part_title: Mapping[str, str]
    scale: Decimal
    step: Decimal
    ruleset: RuleSet
    part: str
    competition_title: str
    competition_code: str
    issuing_body: str
    parent_body: str
    place: str
    is_rehearsal: bool
    clock_offset_seconds: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part that people mark, before there is any bag of it: for the training of its markers."""

    key: str
    competition_id: int
    competition_public_id: str
    organisation_id: int
    ruleset: RuleSet
    is_rehearsal: bool
    clock_offset_seconds: int


@door
def part(session: Session, competition_public_id: str, key: str) -> PartView:
    """Return a part of the competition that people mark, else NotFound."""
    competition = session.scalar(select(Competition).where(Competition.public_id == competition_public_id))
    if competition is None or not competition.ruleset:
        raise NotFound
    ruleset = competitions.ruleset(competition)
    if not any(one.key == key and one.marking is not None for one in ruleset.parts):
        raise NotFound
    return PartView(
        key=key,
        competition_id=competition.id,
        competition_public_id=competition.public_id,
        organisation_id=competition.organisation_id,
        ruleset=ruleset,
        is_rehearsal=competition.kind == "rehearsal",
        clock_offset_seconds=competition.clock_offset_seconds,
    )


@door
def hold_part(session: Session, part: PartView) -> None:
    """Acts on the training of markers come one after the other until this transaction ends."""
    session.execute(select(Competition.id).where(Competition.id == part.competition_id).with_for_update())


@door
def bags(session: Session, actor: Actor) -> list[BagView]:
    """Return the bags of the competitions in which the actor holds a role: one query."""
    competition_ids = {grant.competition_id for grant in actor.grants if grant.competition_id is not None}
    organisation_ids = {number for grant in actor.grants for number in grant.organisation_ids}
    rows = session.execute(
        _bags().where(
            MaskBag.competition_id.in_(competition_ids) | MaskBag.organisation_id.in_(organisation_ids)
        )
    ).all()
    return [_bag_view(row[0], row[1], row[2]) for row in rows]


@door
def bags_of(session: Session, competition_id: int) -> list[BagView]:
    """Return the bags of one competition: one query."""
    return bags_within(session, [competition_id])


@door
def bags_within(session: Session, competition_ids: Collection[int]) -> list[BagView]:
    """Return the bags of these competitions: one query."""
    rows = session.execute(_bags().where(MaskBag.competition_id.in_(competition_ids))).all()
    return [_bag_view(row[0], row[1], row[2]) for row in rows]


@door
def bags_by_id(session: Session, bag_ids: Collection[int]) -> list[BagView]:
    """Return these bags: one query."""
    rows = session.execute(_bags().where(MaskBag.id.in_(bag_ids))).all()
    return [_bag_view(row[0], row[1], row[2]) for row in rows]


@door
def bag(session: Session, public_id: str) -> BagView:
    """Return a bag by its public id, else NotFound."""
    row = session.execute(_bags().where(MaskBag.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return _bag_view(row[0], row[1], row[2])


@door
def scripts(session: Session, bag_id: int) -> list[MaskedScriptView]:
    """Return the masked scripts of a bag, in the order of their codes."""
    rows = session.scalars(
        select(MaskedScript).where(MaskedScript.bag_id == bag_id).order_by(MaskedScript.mask_code)
    )
    return [
        MaskedScriptView(id=row.id, public_id=row.public_id, mask_code=row.mask_code, bag_id=row.bag_id)
        for row in rows
    ]


@door
def script(session: Session, bag_id: int, public_id: str) -> MaskedScriptView | None:
    """Return one masked script of a bag."""
    row = session.scalar(
        select(MaskedScript).where(MaskedScript.bag_id == bag_id, MaskedScript.public_id == public_id)
    )
    if row is None:
        return None
    return MaskedScriptView(id=row.id, public_id=row.public_id, mask_code=row.mask_code, bag_id=row.bag_id)


@door
def scripts_of(session: Session, bag_ids: Collection[int]) -> list[MaskedScriptView]:
    """Return the masked scripts of several bags, in the order of their codes: one query."""
    rows = session.scalars(
        select(MaskedScript).where(MaskedScript.bag_id.in_(bag_ids)).order_by(MaskedScript.mask_code)
    )
    return [
        MaskedScriptView(id=row.id, public_id=row.public_id, mask_code=row.mask_code, bag_id=row.bag_id)
        for row in rows
    ]


@door
def scripts_at_desk(session: Session, bag: BagView, stage: int) -> list[MaskedScriptView]:
    """Return the scripts of a bag as the marker of this stage meets them, in the order of the codes.

    Codes and addresses are the stage's own. Scripts on paper keep the one code that is glued on them.
    """
    if _is_on_paper(session, bag):
        return scripts(session, bag.id)
    key_id = masking.key_of(session, bag.competition_id, bag.part, bag.purpose)
    key = session.keys.subkey(key_id, masking.CONTEXT)
    rows = session.execute(
        select(MaskedScript.id, MaskedScript.public_id).where(MaskedScript.bag_id == bag.id)
    )
    found = []
    for masked_id, public_id in rows:
        code, address = masking.names_under(key, public_id, stage)
        found.append(MaskedScriptView(id=masked_id, public_id=address, mask_code=code, bag_id=bag.id))
    return sorted(found, key=_by_code)


@door
def code_of(session: Session, masked_script_id: int) -> str:
    """Return the code under which a script stands in the record and on the lists of a part."""
    return session.get_one(MaskedScript, masked_script_id).mask_code


@door
def markers(session: Session, bag: BagView) -> list[MarkerView]:
    """Return who holds the role that marks this bag: markers, or the review board after a request."""
    role = Role.REVIEW_BOARD if bag.is_review else Role.MARKER
    found = accounts.holders(
        session, role, organisation_id=bag.organisation_id, competition_id=bag.competition_id
    )
    return [MarkerView(id=one.id, public_id=one.public_id, name=one.name) for one in found]


@door
def staff_names(session: Session, account_ids: Collection[int]) -> Mapping[int, str]:
    """Return the names of people who mark, key or approve."""
    return accounts.names_of(session, account_ids)


@door
def bags_with(session: Session, masked_script_ids: Collection[int]) -> set[int]:
    """Return the bags in which these masked scripts lie."""
    rows = session.scalars(select(MaskedScript.bag_id).where(MaskedScript.id.in_(masked_script_ids)))
    return set(rows)


@door
def hold_bag(session: Session, bag_id: int) -> None:
    """Acts on the bag come one after the other until this transaction ends."""
    session.execute(select(MaskBag.id).where(MaskBag.id == bag_id).with_for_update())


@door
def content(session: Session, masked_script_id: int) -> ScriptContent:
    """Return what is to be marked, decrypted here and nowhere else."""
    script = _script(session, masked_script_id)
    if script.attempt_id is not None:
        return ScriptContent(kind="text", answers=_answers(session, script.attempt_id))
    scans = session.scalars(
        select(ScriptScan)
        .where(ScriptScan.script_id == script.id)
        .order_by(func.coalesce(ScriptScan.number, 0), ScriptScan.id)
    ).all()
    if not scans:
        return ScriptContent(kind="physical")
    blobs = [session.get_one(Blob, scan.blob_id) for scan in scans]
    return ScriptContent(
        kind="scan", pages=tuple((blob.media_type, session.files.read(session, blob)) for blob in blobs)
    )


@door
def brief(session: Session, bag_id: int) -> MarkingBrief:
    """Return how the scripts of the bag are marked."""
    row = session.get_one(MaskBag, bag_id)
    competition = session.get_one(Competition, row.competition_id)
    organisation = session.get_one(Organisation, row.organisation_id)
    ruleset = competitions.ruleset(competition)
    part = next(one for one in ruleset.parts if one.key == row.part)
    title = part.title
    return MarkingBrief(
        part_title={"vi": title.vi, "en": title.en} if title else {"vi": part.key, "en": part.key},
        scale=ruleset.numbers.scale,
        step=ruleset.numbers.step,
        ruleset=ruleset,
        part=row.part,
        competition_title=competition.title,
        competition_code=competition.code,
        issuing_body=organisation.name,
        parent_body=organisation.governing_name or "",
        place=organisation.place,
        is_rehearsal=competition.kind == "rehearsal",
        clock_offset_seconds=competition.clock_offset_seconds,
    )


@door
def may_take(session: Session, account_id: int, bag_id: int) -> str | None:
    """Return why this person may not mark the bag ("conflict"), or None; not whose script it is about.

    A relation to one who has a script in it stands against it, declared in the portal or, under the person's
    name, on paper, and so does a script of one's own. Whoever is no candidate here and related to none is
    asked about at each draft: for these no mask is opened.
    """
    row = session.get_one(MaskBag, bag_id)
    declared = _declared(session, row.competition_id, [account_id])
    related = {account_id, *(candidate for _, candidate in declared)}
    applied = select(Candidate.id).where(
        Candidate.competition_id == row.competition_id, Candidate.account_id.in_(related)
    )
    if session.scalar(applied.limit(1)) is None:
        return None
    return None if related.isdisjoint(_writers(session, row)) else CONFLICT


@door
def conflicts(
    session: Session, bags: Collection[BagView], account_ids: Collection[int]
) -> dict[int, set[int]]:
    """Return bag -> which of these may not mark it, of bags of one part; not whose scripts it is about."""
    found: dict[int, set[int]] = {}
    for bag in bags:
        writers = _writers(session, session.get_one(MaskBag, bag.id))
        declared = _declared(session, bag.competition_id, account_ids)
        related = {marker for marker, candidate in declared if candidate in writers}
        found[bag.id] = related | writers.intersection(account_ids)
    return found


@door
def may_sign(session: Session, name: str, bag_id: int) -> str | None:
    """Return why nobody of this name signs slips of the bag ("conflict"), or None; not about whom.

    On paper a marker is known by name: what anybody of the name has declared, signed in or on paper, stands
    against the signature, and so does a candidate of the name, whose script lies in this bag or another one.
    Were only this bag looked at, a typist could try the name of a candidate on every bag to learn where the
    script is.
    """
    row = session.get_one(MaskBag, bag_id)
    writers = _writers(session, row)
    declared = {
        marker
        for marker, candidate in competitions.conflicts(session, row.competition_id)
        if candidate in writers
    }
    candidates = session.scalars(
        select(Candidate.account_id).where(Candidate.competition_id == row.competition_id)
    )
    on_paper = {
        person
        for person, candidate in competitions.related_on_paper(session, row.competition_id)
        if candidate in writers
    }
    known = on_paper.union(accounts.names_of(session, declared | {*candidates}).values())
    return CONFLICT if any(names.is_one_person(name, other) for other in known) else None


def _declared(session: Session, competition_id: int, account_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return (account, candidate's account) of what these declared, in the portal or on paper by name."""
    declared = competitions.conflicts(session, competition_id)
    on_paper = competitions.related_on_paper(session, competition_id)
    people = accounts.names_of(session, account_ids) if on_paper else {}
    return {(one, candidate) for one, candidate in declared if one in account_ids} | {
        (one, candidate)
        for one, name in people.items()
        for person, candidate in on_paper
        if names.is_one_person(name, person)
    }


@door
def same_script(session: Session, masked_script_id: int) -> frozenset[int]:
    """Return the other masks of the same script, so that nobody marks it twice under another code."""
    masked = session.get_one(MaskedScript, masked_script_id)
    script = _script(session, masked_script_id)
    purposes = session.scalars(
        select(MaskBag.purpose)
        .where(MaskBag.competition_id == masked.competition_id, MaskBag.part == masked.part)
        .distinct()
    ).all()
    indices = [masking.script_index(session, script.public_id, purpose) for purpose in purposes]
    found = session.scalars(select(MaskedScript.id).where(MaskedScript.script_index.in_(indices)))
    return frozenset(found) - {masked_script_id}


def _writers(session: Session, bag: MaskBag) -> set[int]:
    """Return the accounts of those whose scripts lie in the bag; it never leaves this module."""
    mapped = masking.mapping(session, bag.competition_id, bag.part, bag.purpose)
    in_bag = set(session.scalars(select(MaskedScript.id).where(MaskedScript.bag_id == bag.id)))
    people = [candidate_id for masked_id, candidate_id in mapped.items() if masked_id in in_bag]
    return set(session.scalars(select(Candidate.account_id).where(Candidate.id.in_(people))))


def _is_on_paper(session: Session, bag: BagView) -> bool:
    """Whether scripts of the part lie in the bag as sheets with a code glued on them."""
    on_paper = select(Script.id).where(
        Script.competition_id == bag.competition_id, Script.part == bag.part, Script.source == "paper"
    )
    return session.scalar(on_paper.limit(1)) is not None


def _by_code(script: MaskedScriptView) -> str:
    return script.mask_code


def _bags() -> Any:
    counted = (
        select(MaskedScript.bag_id, func.count().label("scripts")).group_by(MaskedScript.bag_id).subquery()
    )
    return (
        select(MaskBag, Competition, counted.c.scripts)
        .join(Competition, Competition.id == MaskBag.competition_id)
        .join(counted, counted.c.bag_id == MaskBag.id)
        .order_by(MaskBag.competition_id, MaskBag.part, MaskBag.purpose, MaskBag.label)
    )


def _bag_view(row: MaskBag, competition: Competition, count: int) -> BagView:
    return BagView(
        id=row.id,
        public_id=row.public_id,
        competition_id=row.competition_id,
        competition_public_id=competition.public_id,
        competition_code=competition.code,
        competition_title=competition.title,
        organisation_id=row.organisation_id,
        part=row.part,
        purpose=row.purpose,
        label=row.label,
        count=count,
    )


def _script(session: Session, masked_script_id: int) -> Script:
    masked = session.get_one(MaskedScript, masked_script_id)
    bag_row = session.get_one(MaskBag, masked.bag_id)
    key_id = masking.key_of(session, bag_row.competition_id, bag_row.part, bag_row.purpose)
    return session.get_one(Script, masking.script_of(session, masked, key_id))


def _answers(session: Session, attempt_id: int) -> tuple[MaskedAnswer, ...]:
    attempt = session.get_one(Attempt, attempt_id)
    form = opened.opened_form(session, attempt.form_id)
    given = attempts.current_answers(session, attempt)
    return tuple(
        _answer(item, given.get(item.id)) for item in form.items if item_view(item)["kind"] != "description"
    )


def _answer(item: Item, response: object) -> MaskedAnswer:
    rubric = getattr(item.body, "rubric", ())
    return MaskedAnswer(
        item=item.id,
        prompt=item.stem,
        text=response if isinstance(response, str) else "",
        weight=item.marks,
        rubric=tuple(_criterion(row) for row in rubric),
    )


def _criterion(row: Any) -> Mapping[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}
