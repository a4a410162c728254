# SPDX-License-Identifier: Apache-2.0
"""Markers on paper have no account: what they declare and sign is typed with its scan, and binds the name."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from exam_portal.admin import conflicts, fsck
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf
from exam_portal.competitions import fsck as competitions_fsck
from exam_portal.competitions import service as competitions
from exam_portal.competitions.errors import AlreadyDeclared
from exam_portal.competitions.models import Competition, Relation, RelationOnPaper
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.marking import errors, pseudonyms
from exam_portal.sittings import handover
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.competitions.pages import Person, upload
from tests.portal.marking.builders import MARKED, SIGNERS, Office, assign, give, keep, key
from tests.portal.marking.test_lot import drawn_lot
from tests.portal.marking.test_two_people import name_of
from tests.portal.sittings.builders import NAMES

KIND = PaperKind.CONFLICT_DECLARATION


def declare(
    session: Session, office: Office, *, kind: PaperKind = KIND, person: str = SIGNERS[0], candidate: int = 0
) -> RelationOnPaper:
    """Somebody has declared to be related to a candidate: the first signer to the first."""
    paper = a_paper(
        session,
        office.secretary,
        office.hall.house.organisation.id,
        competition_id=office.bag.competition_id,
        kind=kind,
        content=a_pdf(1),
        confidential=True,
    )
    return competitions.declare_on_paper(
        session,
        office.secretary,
        MARKED,
        session.get_one(Competition, office.bag.competition_id),
        person=f"  {person} ",
        candidate_account_id=office.hall.candidates[candidate].account_id,
        relation=Relation.SIBLING,
        paper=paper,
    )


def test_whoever_has_declared_a_relation_on_paper_signs_no_slip_of_the_bag(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        declare(session, office)
        for script in (0, 1):
            with pytest.raises(errors.SignerHasConflict):
                key(session, office, 0, script, 1, "72", signer=f"Ông {SIGNERS[0].upper()}")
        assert key(session, office, 0, 0, 1, "72", signer=SIGNERS[1]) is None
        with pytest.raises(AlreadyDeclared):
            declare(session, office)
        with pytest.raises(NotFound):
            declare(session, office, kind=PaperKind.MARK_SLIP)


@pytest.mark.parametrize("written", ["{}", "Ông {}, Sở Nội vụ", "ThS. {}"])
def test_a_marker_who_signs_in_is_given_no_bag_with_a_script_of_somebody_related_on_paper(
    database: Database, office: Office, written: str
) -> None:
    with database.writing(unhurried=True) as session:
        related, other = (office.markers[number].account_id or 0 for number in (0, 1))
        declare(session, office, person=written.format(name_of(session, office, 0)))
        assert handover.conflicts(session, [office.bag], [related, other]) == {office.bag.id: {related}}
        assert handover.may_take(session, related, office.bag.id) == "conflict"
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 0, 1)
        assert handover.may_take(session, other, office.bag.id) is None
        assign(session, office, 1, 1)


def test_a_relation_typed_from_paper_stops_the_marker_who_has_the_bag(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        give(session, office, 0, 0, "60")
        declare(session, office, person=name_of(session, office, 0), candidate=1)
        with pytest.raises(errors.RelationDeclared):
            give(session, office, 0, 1, "90")
        with pytest.raises(errors.RelationDeclared):
            keep(session, office, 0, 1, "90")


def test_the_lot_passes_over_who_is_related_on_paper(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        declare(session, office, person=name_of(session, office, 0))
        code = pseudonyms.of(session, office.bag.competition_public_id, office.markers[0].account_id or 0)
        lot = drawn_lot(session, office)
        assert [office.bag.label, code] in [list(pair) for pair in lot.barred]
        assert code not in {row[2] for row in lot.given}


def test_the_record_says_neither_who_nor_which_relation_and_fsck_holds_both(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        declare(session, office)
        told = session.scalars(select(Leaf.content).where(Leaf.type == "competitions.relation_typed")).one()
        words = json.dumps(told, ensure_ascii=False)
        assert not [one for one in (SIGNERS[0], "sibling", *NAMES) if one in words]
        assert list(competitions_fsck.differences(session)) == list(fsck.differences(session)) == []
        triggers.remove(session.connection())
        for change in ("person = 'Người khác'", "relation = 'spouse'"):
            with session.begin_nested() as tried:
                session.execute(text(f"UPDATE relations_on_paper SET {change}"))
                session.expire_all()
                assert "relation on paper" in {one.code for one in competitions_fsck.differences(session)}
                tried.rollback()
        session.execute(text("DELETE FROM relations_on_paper"))
        assert "relation on paper gone" in {one.code for one in competitions_fsck.differences(session)}


@pytest.mark.engines("sqlite")
def test_the_secretary_types_the_declaration_and_nobody_else(
    portal: Flask, database: Database, office: Office
) -> None:
    place = f"/staff/competitions/{office.hall.competition.public_id}/conflicts"
    secretary = Person.at(portal, database, office.secretary, MARKED)
    assert f"{place}/on-paper" in secretary.get(place)
    secretary.get(f"{place}/on-paper")
    fields: dict[str, Any] = {
        "person": SIGNERS[0],
        "candidate": office.hall.candidates[0].public_id,
        "relation": "sibling",
        "paper_number": "04/BK",
        "paper_issued_on": "18/01/2027",
        "paper_signed_by": SIGNERS[0],
    }
    secretary.post(f"{place}/on-paper", 422, **fields)
    secretary.get(f"{place}/on-paper")
    secretary.post(f"{place}/on-paper", **fields, paper_scan=upload(a_pdf(1)))
    assert SIGNERS[0] in secretary.get(place)
    with database.writing(unhurried=True) as session:
        competitions.declare_conflict(
            session,
            office.secretary,
            MARKED + timedelta(hours=1),
            session.get_one(Competition, office.bag.competition_id),
            account_id=office.markers[1].account_id or 0,
            candidate_account_id=office.hall.candidates[1].account_id,
            relation=Relation.SIBLING,
        )
        later = name_of(session, office, 1)
    with database.reading() as session:
        found = conflicts.declared(session, office.bag.competition_id, only=None)
        assert [one.person for one in found] == [later, SIGNERS[0]]  # the latest first
    assert SIGNERS[0] in Person.at(portal, database, office.hall.house.chair, MARKED).get(place)
    for actor in (office.typists[0], office.markers[0]):
        other = Person.at(portal, database, actor, MARKED)
        other.get(f"{place}/on-paper", 403)
        assert SIGNERS[0] not in other.get(place)
