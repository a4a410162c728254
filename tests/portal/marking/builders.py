# SPDX-License-Identifier: Apache-2.0
"""Masked scripts of a written part, with markers, typists and the scan of their slips."""

import dataclasses
from datetime import timedelta
from decimal import Decimal
from typing import Any

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import queries, service
from exam_portal.marking.models import Mark, MarkDraft
from exam_portal.sittings import handover, masking
from exam_portal.sittings.handover import BagView, MaskedScriptView
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.competitions.builders import a_member, holding
from tests.portal.competitions.pages import grant
from tests.portal.sittings.builders import START, Hall, a_hall, a_received

MARKED = START + timedelta(days=1)
SIGNERS = ("Ngô Văn Tùng", "Đặng Thị Thu", "Mai Xuân Phúc")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A written part whose scripts are masked, and everybody who marks or keys."""

    hall: Hall
    bag: BagView
    scripts: tuple[MaskedScriptView, ...]
    markers: tuple[Actor, Actor, Actor]
    typists: tuple[Actor, Actor, Actor]
    slips: SignedPaper

    @property
    def secretary(self) -> Actor:
        """Who gives out the bags."""
        return self.hall.secretary


def an_office(session: Session, *, people: int = 2, mark: str = "a", **overrides: Any) -> Office:
    """The written part of a competition is masked; its people hold their roles in the database."""
    hall = a_hall(session, people=people, mark=mark, **overrides)
    a_received(session, hall)
    return masked(session, hall, mark=mark)


def masked(session: Session, hall: Hall, *, mark: str = "a", bag_size: int = 0) -> Office:
    """The scripts of a hall are masked, and people to mark and key them are there."""
    people = len(hall.candidates)
    masking.mask_scripts(
        session, hall.masker, MARKED, competition=hall.competition, part="written", bag_size=bag_size
    )
    bag = handover.bags_of(session, hall.competition.id)[0]
    organisation = hall.house.organisation

    def staff(role: Role, count: int) -> list[Actor]:
        names = [f"{role.value}.{number}.{mark}" for number in range(count)]
        return [holding(a_member(session, name, f"Người {name}"), role, organisation) for name in names]

    first, second, third = staff(Role.MARKER, 3)
    one, two, three = staff(Role.TYPIST, 3)
    everybody = [hall.house.chair, hall.secretary, hall.masker, first, second, third, one, two, three]
    for actor in everybody:
        grant(session, actor, organisation.id, MARKED)
    slips = a_paper(
        session,
        hall.secretary,
        organisation.id,
        competition_id=hall.competition.id,
        kind=PaperKind.MARK_SLIP,
        content=a_pdf(3 * people),
        confidential=True,
    )
    return Office(
        hall=hall,
        bag=bag,
        scripts=tuple(handover.scripts(session, bag.id)),
        markers=(first, second, third),
        typists=(one, two, three),
        slips=slips,
    )


def assign(session: Session, office: Office, marker: int, round: int) -> None:
    """The bag is given to a marker for a round."""
    marker_id = office.markers[marker].account_id
    assert marker_id is not None
    service.assign_bag(session, office.secretary, MARKED, bag=office.bag, marker_id=marker_id, round=round)


def give(session: Session, office: Office, marker: int, script: int, value: str) -> Mark:
    """A marker gives a mark at the desk."""
    return service.give_mark(
        session,
        office.markers[marker],
        MARKED,
        bag=office.bag,
        script=office.scripts[script],
        value=Decimal(value),
        scores={},
    )


def many(office: Office) -> list[MaskedScriptView]:
    """Forty scripts for their order alone: of a handful, two orders are the same by chance now and then."""
    return [dataclasses.replace(office.scripts[0], id=number) for number in range(40)]


def desk_of(database: Database, office: Office, script: int = 0, round: int = 1) -> str:
    """The address under which the marker of a round meets a script at the desk."""
    with database.reading() as session:
        at_desk = handover.scripts_at_desk(session, office.bag, round)
    own = next(one for one in at_desk if one.id == office.scripts[script].id)
    return f"/marking/bags/{office.bag.public_id}/scripts/{own.public_id}"


def keep(
    session: Session,
    office: Office,
    marker: int,
    script: int,
    total: str,
    *,
    tab: str = "one",
    rests_on: int = 0,
) -> MarkDraft:
    """A marker's page of the desk keeps what has been typed."""
    sheet = service.Sheet(tab=tab, rests_on=rests_on, scores={"total": total}, comment="ý 2")
    return service.save_draft(
        session,
        office.markers[marker],
        MARKED,
        bag=office.bag,
        script=office.scripts[script],
        sheet=sheet,
    )


def key(
    session: Session,
    office: Office,
    typist: int,
    script: int,
    round: int,
    value: str,
    *,
    signer: str = "",
    page: int = 0,
) -> Mark | None:
    """A typist keys a slip; by default from its own page, signed by the marker of the round."""
    return service.key_slip(
        session,
        office.typists[typist],
        MARKED,
        bag=office.bag,
        script=office.scripts[script],
        round=round,
        value=Decimal(value),
        scores={},
        signer=signer or SIGNERS[round - 1],
        paper=office.slips,
        page=page or 3 * script + round,
    )


def key_twice(session: Session, office: Office, script: int, round: int, value: str) -> Mark:
    """Two typists agree on a slip."""
    assert key(session, office, 0, script, round, value) is None
    mark = key(session, office, 1, script, round, value)
    assert mark is not None
    return mark


def lock(session: Session, office: Office) -> None:
    """The marks of the written part are locked by two people."""
    place: dict[str, Any] = {
        "competition_id": office.hall.competition.id,
        "part": "written",
        "purpose": "marking",
    }
    if queries.lock_request(session, **place) is None:
        service.ask_lock(session, office.secretary, MARKED, **place)
    service.lock_marks(session, office.hall.house.chair, MARKED, **place)
