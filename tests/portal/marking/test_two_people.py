# SPDX-License-Identifier: Apache-2.0
"""Two marks of a script are two people's: on slips, at the desk, and in a review under another code."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.admin.fsck import differences
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Competition, Relation
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.marking import errors, pseudonyms, queries, service
from exam_portal.marking.models import Keying, Mark, MarkLock
from exam_portal.sittings import handover, masking
from exam_portal.sittings.handover import BagView, people
from exam_portal.web import messages
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.marking.builders import MARKED, SIGNERS, Office, assign, key, key_twice
from tests.portal.sittings.builders import NAMES


def a_review(session: Session, office: Office) -> BagView:
    """The same scripts lie in another bag under other codes."""
    masking.mask_scripts(
        session,
        office.hall.masker,
        MARKED,
        competition=office.hall.competition,
        part="written",
        purpose="review:abc",
    )
    return queries.bags(session, office.hall.competition.id, "written", "review:abc")[0]


def key_in_review(session: Session, office: Office, review: BagView, signer: str) -> Mark | None:
    """A typist keys the first slip of the review for the script that is the office's first."""
    others = handover.same_script(session, office.scripts[0].id)
    script = next(one for one in handover.scripts(session, review.id) if one.id in others)
    slips = a_paper(
        session,
        office.hall.secretary,
        office.hall.house.organisation.id,
        competition_id=office.hall.competition.id,
        kind=PaperKind.MARK_SLIP,
        content=a_pdf(2),
        confidential=True,
    )
    return service.key_slip(
        session,
        office.typists[0],
        MARKED,
        bag=review,
        script=script,
        round=1,
        value=Decimal(70),
        scores={},
        signer=signer,
        paper=slips,
        page=1,
    )


def called(session: Session, people: Sequence[Actor], *names: str) -> None:
    """From now on these people bear these names."""
    for actor, name in zip(people, names, strict=False):
        account = session.get_one(Account, actor.account_id)
        account.profile = profiles.seal(
            session, account.key_id, replace(profiles.read(session, account), name=name)
        )
    session.flush()


def test_two_accounts_of_one_name_are_not_two_people_to_read_a_slip(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        key(session, office, 0, 0, 1, "72")
        called(session, office.typists, "Bà Phạm Thị Mai", "Phạm Thị Mai")
        with pytest.raises(errors.TypistTwice):
            key(session, office, 1, 0, 1, "72")
        called(session, office.typists, "Phạm Thị Mai (Sở Nội vụ)", "Phạm Thị Mai (Sở Tài chính)")
        assert key(session, office, 1, 0, 1, "72") is not None


def test_who_is_related_to_a_candidate_or_is_one_keys_no_slip_of_the_competition(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        typist, candidate = office.typists[0], office.hall.candidates[0]
        assert typist.account_id is not None
        competitions.declare_conflict(
            session,
            typist,
            MARKED,
            session.get_one(Competition, office.hall.competition.id),
            account_id=typist.account_id,
            candidate_account_id=candidate.account_id,
            relation=Relation.SPOUSE,
        )
        kept = session.query(Keying).count()
        for script in (0, 1):  # whether it is that script or another one is not told
            with pytest.raises(errors.TypistHasConflict):
                key(session, office, 0, script, 1, "72")
        assert session.query(Keying).count() == kept
        own = replace(office.typists[1], account_id=office.hall.candidates[1].account_id)
        with pytest.raises(errors.TypistHasConflict):
            key(session, replace(office, typists=(own, own, own)), 1, 0, 1, "72")
        assert key(session, office, 1, 0, 1, "72") is None


def an_exception(session: Session, office: Office, signed_by: str) -> SignedPaper:
    """The paper on which a second person signs for the lock."""
    return a_paper(
        session,
        office.secretary,
        office.hall.house.organisation.id,
        competition_id=office.hall.competition.id,
        kind=PaperKind.ROLE_EXCEPTION,
        content=a_pdf(1),
        signed_by=signed_by,
    )


def staff_name(session: Session, actor: Actor) -> str:
    """The name under which somebody holds an account."""
    assert actor.account_id is not None
    return handover.staff_names(session, {actor.account_id})[actor.account_id]


def name_of(session: Session, office: Office, marker: int) -> str:
    """The name under which a marker holds the account."""
    account_id = office.markers[marker].account_id
    assert account_id is not None
    return handover.staff_names(session, {account_id})[account_id]


def test_who_signed_a_slip_of_the_marking_signs_none_of_its_review(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        key_twice(session, office, 0, 1, "72")
        key_twice(session, office, 1, 1, "72")
        review = a_review(session, office)
        with pytest.raises(errors.SignerMarkedBefore):
            key_in_review(session, office, review, f"  {SIGNERS[0].upper()} ")
        assert key_in_review(session, office, review, "Cao Bá Quát") is None


def test_who_marked_at_the_desk_signs_no_slip_of_the_review(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        review = a_review(session, office)
        with pytest.raises(errors.SignerMarkedBefore):
            key_in_review(session, office, review, name_of(session, office, 0))


def test_one_person_does_not_give_one_mark_at_the_desk_and_the_other_on_a_slip(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        own, other = name_of(session, office, 0), name_of(session, office, 1)
        with pytest.raises(errors.SignerMarkedBefore):
            key(session, office, 0, 0, 2, "78", signer=own)
        assert key(session, office, 0, 0, 1, "72", signer=own) is None
        assert key(session, office, 1, 0, 1, "72", signer=own) is not None
        for typist in (0, 1):
            key(session, office, typist, 0, 2, "78", signer=f"{other} (Sở Nội vụ)")


def test_who_signed_a_slip_is_given_no_bag_with_that_script(database: Database, office: Office) -> None:
    with database.writing(unhurried=True) as session:
        own = name_of(session, office, 0)
        for typist in (0, 1):
            key(session, office, typist, 0, 1, "72", signer=own)
        with pytest.raises(errors.MarkerUnfit):
            assign(session, office, 0, 2)
        assign(session, office, 1, 2)
        review, first = a_review(session, office), office.markers[0].account_id
        assert first is not None
        with pytest.raises(errors.MarkerUnfit):
            service.assign_bag(session, office.secretary, MARKED, bag=review, marker_id=first, round=1)


@pytest.mark.parametrize("again", ["Ông {}", "{} (Sở Nội vụ)", "ThS. {}, thành viên"])
def test_another_way_of_writing_a_name_makes_no_second_marker(
    database: Database, office: Office, again: str
) -> None:
    with database.writing(unhurried=True) as session:
        key_twice(session, office, 0, 1, "72")
        with pytest.raises(errors.SignerMarkedBefore):
            key(session, office, 0, 0, 2, "78", signer=again.format(SIGNERS[0]))


def test_two_of_one_name_sign_where_both_bear_their_units(database: Database, office: Office) -> None:
    here, there = (f"{SIGNERS[0]} ({unit})" for unit in ("Sở Nội vụ", "Sở Tài chính"))
    with database.writing(unhurried=True) as session:
        for typist in (0, 1):
            key(session, office, typist, 0, 1, "72", signer=here)
        assert key(session, office, 0, 0, 2, "78", signer=there) is None


def test_who_has_keyed_a_slip_of_a_script_is_given_no_bag_with_it_under_any_mask(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        key(session, office, 0, 0, 1, "72")
        typist = office.typists[0].account_id
        assert typist is not None
        bags = (office.bag, 2), (a_review(session, office), 1)
        for (bag, round_), marker in zip(bags, office.markers[:2], strict=True):
            facts: dict[str, Any] = {"bag": bag, "round": round_}
            other = marker.account_id
            assert other is not None
            with pytest.raises(errors.MarkerUnfit):
                service.assign_bag(session, office.secretary, MARKED, marker_id=typist, **facts)
            service.assign_bag(session, office.secretary, MARKED, marker_id=other, **facts)


def test_who_has_a_script_at_a_desk_or_signed_it_keys_no_slip_of_it(
    database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        for number in (0, 1):
            assert key(session, office, number, 0, 1, "72", signer="Phan Bội") is None or number
        marker = replace(office, typists=office.markers)
        assign(session, office, 0, 2)
        with pytest.raises(errors.OwnKeying):
            key(session, marker, 0, 1, 1, "70")
        third = staff_name(session, office.typists[2])
        with pytest.raises(errors.OwnKeying):
            key(session, office, 2, 1, 1, "70", signer=f"Bà {third}")
        assert key(session, office, 0, 1, 1, "70", signer=third) is None
        with pytest.raises(errors.OwnKeying):
            key(session, office, 0, 1, 1, "70", signer=staff_name(session, office.typists[0]))


def test_the_marks_are_locked_by_two_people_or_on_a_paper_that_another_signed(
    database: Database, office: Office
) -> None:
    place: dict[str, Any] = {
        "competition_id": office.hall.competition.id,
        "part": "written",
        "purpose": "marking",
    }
    with database.writing(unhurried=True) as session:
        with pytest.raises(errors.MarksMissing):
            service.ask_lock(session, office.secretary, MARKED, **place)
        for script in (0, 1):
            key_twice(session, office, script, 1, "60")
            key_twice(session, office, script, 2, "62")
        with pytest.raises(errors.LockNotAsked):
            service.lock_marks(session, office.hall.house.chair, MARKED, **place)
        service.ask_lock(session, office.secretary, MARKED, **place)
        with pytest.raises(StaleState):
            service.ask_lock(session, office.hall.house.chair, MARKED, **place)
        own, other = staff_name(session, office.secretary), staff_name(session, office.hall.house.chair)
        with pytest.raises(errors.LockNeedsSecond):
            service.lock_marks(session, office.secretary, MARKED, **place)
        paper = an_exception(session, office, f"Ông {own}, Thư ký")
        with pytest.raises(errors.LockNeedsSecond):
            service.lock_marks(session, office.secretary, MARKED, **place, paper=paper)
        assert queries.locks(session, office.hall.competition.id) == {}
        paper = an_exception(session, office, f"{other}, Chủ tịch")
        lock = service.lock_marks(session, office.secretary, MARKED, **place, paper=paper)
        assert (lock.asked_by, lock.by, lock.signed_paper_id) == (
            office.secretary.account_id,
            office.secretary.account_id,
            paper.id,
        )
        assert list(differences(session)) == []


def test_the_database_takes_no_lock_of_one_person_without_a_paper(database: Database, office: Office) -> None:
    own = office.secretary.account_id
    lock = MarkLock(
        competition_id=office.hall.competition.id,
        part="written",
        purpose="marking",
        scripts=2,
        marks=4,
        asked_by=own,
        by=own,
        at=MARKED,
    )
    with pytest.raises(IntegrityError), database.writing(unhurried=True) as session:
        session.add(lock)


def test_nobody_gives_a_bag_to_himself(database: Database, office: Office) -> None:
    with database.writing() as session:
        own = office.secretary.account_id
        assert own is not None
        with pytest.raises(errors.OwnBag):
            service.assign_bag(session, office.secretary, MARKED, bag=office.bag, marker_id=own, round=1)


def test_a_declared_relation_keeps_everybody_of_the_name_from_signing_and_says_not_to_whom(
    portal: Flask, database: Database, office: Office
) -> None:
    with database.writing(unhurried=True) as session:
        own = name_of(session, office, 0)
        assert key(session, office, 0, 0, 1, "72", signer=own) is None
        competitions.declare_conflict(
            session,
            office.secretary,
            MARKED,
            session.get_one(Competition, office.hall.competition.id),
            account_id=office.markers[0].account_id or 0,
            candidate_account_id=office.hall.candidates[0].account_id,
            relation=Relation.SIBLING,
        )
        with pytest.raises(errors.SignerHasConflict):
            key(session, office, 1, 0, 1, "72", signer=f"Ông {own}")
        with pytest.raises(errors.SignerHasConflict) as refused:
            key(session, office, 1, 1, 1, "72", signer=own)
        assert key(session, office, 1, 1, 1, "72", signer=name_of(session, office, 1)) is None
    with portal.test_request_context():
        told = " ".join(str(part) for part in messages.words(refused.value))
    assert not [name for name in NAMES if name in told]
    assert not [script.mask_code for script in office.scripts if script.mask_code in told]


def test_nobody_signs_a_slip_under_the_name_of_a_candidate_in_whichever_bag_the_script_is(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing(unhurried=True) as session:
        assert key(session, office, 0, 0, 1, "72", signer=NAMES[4]) is None
        for script in (0, 1):
            with pytest.raises(errors.SignerHasConflict):
                key(session, office, 0, script, 1, "72", signer=f"Bà {NAMES[0].lower()}")
        monkeypatch.setattr(people, "_writers", lambda *_: set())  # as if it lay in another bag
        with pytest.raises(errors.SignerHasConflict):
            key(session, office, 0, 1, 1, "72", signer=NAMES[0])


def test_a_marker_who_is_stopped_is_told_neither_script_nor_bag_nor_relation(portal: Flask) -> None:
    with portal.test_request_context():
        told = " ".join(str(part) for part in messages.words(errors.RelationDeclared()))
    assert not re.search("quan hệ|relation|trong túi|lies in", told)


@pytest.mark.parametrize("written", ["{}", " {} ", "{lower}"])
def test_nobody_signs_a_slip_with_the_code_of_a_marker_at_a_desk(
    database: Database, office: Office, written: str
) -> None:
    with database.writing(unhurried=True) as session:
        code = service.pseudonym(session, office.bag, office.markers[0].account_id or 0)
        with pytest.raises(errors.SignerIsACode):
            key(session, office, 0, 0, 1, "72", signer=written.format(code, lower=code.lower()))


def test_a_name_that_reads_like_the_number_of_an_account_has_another_code_than_the_account(
    database: Database, office: Office
) -> None:
    with database.reading() as session:
        competition, number = office.bag.competition_public_id, office.markers[0].account_id or 0
        at_desk = pseudonyms.of(session, competition, number)
        assert pseudonyms.of_signer(session, competition, at_desk) == at_desk
        assert pseudonyms.of_signer(session, competition, str(number)) != at_desk
