# SPDX-License-Identifier: Apache-2.0
"""Two marks of a script are two people's: on slips, at the desk, and in a review under another code."""

from decimal import Decimal

import pytest

from exam_portal.audit.kinds import PaperKind
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.marking import errors, queries, service
from exam_portal.marking.models import Mark
from exam_portal.sittings import handover, masking
from exam_portal.sittings.handover import BagView
from tests.portal.audit.builders import a_paper, a_pdf
from tests.portal.marking.builders import MARKED, SIGNERS, Office, assign, key, key_twice


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
        with pytest.raises(errors.SignerMarkedBefore):
            assign(session, office, 0, 2)
        assign(session, office, 1, 2)
        review, first = a_review(session, office), office.markers[0].account_id
        assert first is not None
        with pytest.raises(errors.SignerMarkedBefore):
            service.assign_bag(session, office.secretary, MARKED, bag=review, marker_id=first, round=1)
