# SPDX-License-Identifier: Apache-2.0
"""A sitting goes to the hall in one package and comes back in another; nothing else does."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.audit import fsck
from exam_portal.audit import queries as record
from exam_portal.core.actors import SYSTEM, Role
from exam_portal.core.database import Database
from exam_portal.core.parcels import Parcels, exact_bytes
from exam_portal.papers import errata, notices, schedule
from exam_portal.papers import service as papers
from exam_portal.papers.errors import AlreadyReleased, NoShare, ShareDiffers
from exam_portal.papers.models import Paper, PaperErratum, PaperForm
from exam_portal.registration.models import Candidate
from exam_portal.sittings import errors, paper_times, queries, service
from exam_portal.sittings.attempts import opened, receipts
from exam_portal.sittings.hall import closing, opening, packing
from exam_portal.sittings.hall.errors import AnswersMayCome, NotEmpty, NotForHall, PackageRefused
from exam_portal.sittings.models import Attempt, Hall, Sitting
from tests.portal.sittings.builders import MINUTE, START
from tests.portal.sittings.computers import mark_tests, player_at, seal_all
from tests.portal.sittings.hall import builders
from tests.portal.sittings.hall.builders import HOME_AGAIN, OVER, READY, Home


@pytest.fixture
def home(database: Database) -> Home:
    """Home, with a sitting that is ready."""
    return builders.a_home(database)


@pytest.fixture
def laptop(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """The laptop of the hall, empty."""
    made = builders.a_laptop(tmp_path / "laptop", sqlite_template)
    yield made
    made.dispose()


def test_what_was_held_in_a_hall_is_as_though_it_had_been_held_here(home: Home, laptop: Database) -> None:
    packed, slips = home.pack(builders.address_of(laptop))
    builders.open_on(laptop, home.database, packed.file)
    builders.hold(laptop, slips)
    home.take_back(builders.close(laptop))
    with home.database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, home.sitting_id)
        board = queries.board(session, sitting)
        assert [seat.attempt_state for seat in board] == ["submitted", "submitted", "awaiting"]
        assert [seat.status for seat in board] == ["present", "present", "absent"]
        assert mark_tests(session, home.hall.invigilator, HOME_AGAIN, sitting) == 2
        marks = queries.test_marks(session, home.hall.competition.id, "test")
        differences = [str(one) for one in fsck.differences(session)]
        log = record.log_of_competition(session, home.hall.competition.id)
        assert log is not None
        types = record.types_in(session, log.id)
        key = receipts.signing_key(session, sitting.id)
        assert receipts.key_to_name(session, sitting.id) == key.hex() == laptop.signer.public_key.hex()
    assert [marks[one.id][0] for one in home.hall.candidates[:2]] == ["3", "1"]
    assert not [one for one in differences if one.startswith(("sittings", "halls", "hoi", log.origin))]
    for kind in ("sittings.hall_opened", "open", "paper-reveal", "seal", "close", "sittings.hall_closed"):
        assert kind in types
    with pytest.raises(PackageRefused, match="second"):
        home.take_back(builders.close(laptop))


@pytest.mark.engines("sqlite")
def test_a_sitting_is_in_one_hall_at_a_time_and_nothing_about_it_is_written_at_home(
    home: Home, laptop: Database
) -> None:
    packed, _ = home.pack(builders.address_of(laptop))
    with pytest.raises(errors.InHall):
        home.pack(builders.address_of(laptop))
    with home.database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, home.sitting_id)
        with pytest.raises(errors.InHall):
            service.start(session, home.hall.invigilator, START, sitting=sitting)
        with pytest.raises(errors.InHall):
            service.check_in_room(
                session, home.hall.invigilator, START, sitting=sitting, room=sitting.seats[0].room
            )
    assert packed.hall


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("is_divided", [False, True], ids=["two officers", "shares"])
def test_a_correction_travels_with_the_paper_and_of_a_later_one_home_says_that_it_stays_here(
    home: Home, laptop: Database, is_divided: bool
) -> None:
    paper_times.fill_hooks()
    shares = builders.divide(home) if is_divided else {}
    chair, secretary = home.hall.house.chair, home.hall.house.secretary
    told: dict[str, Any] = {"forms": ["101"], "reason": "Luật đã sửa đổi"}

    def corrected(words: str) -> None:
        with home.database.writing(unhurried=True) as session:
            paper = session.scalars(select(Paper)).one()
            found = errata.propose(session, chair, READY, paper=paper, words=words, **told)
            errata.approve(session, secretary, READY + MINUTE, erratum=found)

    corrected("Câu 3: “2024” sửa thành “2025”.")
    corrected("Đề sai.")
    with home.database.writing(unhurried=True) as session:
        _, wrong = errata.approved(session, session.scalars(select(Paper)).one().id)
        undo = errata.propose_withdrawal(session, chair, READY, erratum=wrong, words="Đề đúng.")
        errata.approve(session, secretary, READY + MINUTE, erratum=undo)
    packed, slips = home.pack(builders.address_of(laptop))
    corrected("Câu 4: bỏ chữ “không”.")
    with home.database.reading() as session:
        paper = session.scalars(select(Paper)).one()
        ((name, since),) = schedule.away(session, paper)
        first, *_later = errata.approved(session, paper.id)
        assert (name, since) == ("hoi-truong.example", READY)
        assert first.version_hash is not None
    builders.open_on(laptop, home.database, packed.file)
    with laptop.reading() as session:
        kept, *_ = session.scalars(select(PaperErratum).order_by(PaperErratum.version))
        assert (kept.version, kept.version_hash, kept.sealed) == (2, first.version_hash, first.sealed)
        form = session.scalars(select(PaperForm)).one()
        assert notices.of_form(session, form.id) == []
        assert session.keys.exists(kept.key_id) is is_divided  # else it is locked with the paper
    for role in (Role.CHAIR, Role.SECRETARY):
        with laptop.writing(unhurried=True) as session:
            paper = session.scalars(select(Paper)).one()
            officer = builders.somebody(session, slips, role)
            slip = next(one for one in slips if role in one.roles)
            words = shares.get(slip.account_id, slip.share)
            papers.release_key(session, officer, START, paper=paper, opens_at=START, share=words)
    with laptop.reading() as session:
        notice, withdrawn, withdrawal = notices.of_form(session, form.id)
        assert (notice.words, notice.version) == ("Câu 3: “2024” sửa thành “2025”.", 2)
        assert (withdrawn.withdrawn, withdrawal.is_withdrawal) == ("Đề đúng.", True)


@pytest.mark.engines("sqlite")
def test_a_sitting_in_which_somebody_was_checked_in_here_goes_to_no_hall(
    home: Home, laptop: Database
) -> None:
    with home.database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, home.sitting_id)
        room = sitting.seats[0].room
        service.check_in_room(session, home.hall.invigilator, START, sitting=sitting, room=room)
    with pytest.raises(NotForHall):
        home.pack(builders.address_of(laptop))


@pytest.mark.engines("sqlite")
def test_a_hall_that_was_withdrawn_brings_nothing_and_another_takes_its_place(
    home: Home, laptop: Database
) -> None:
    packed, slips = home.pack(builders.address_of(laptop))
    builders.open_on(laptop, home.database, packed.file)
    builders.hold(laptop, slips)
    with home.database.writing(unhurried=True) as session:
        hall = session.scalars(select(Hall)).one()
        packing.withdraw(session, SYSTEM, START, hall=hall, reason="Máy chủ hỏng trước giờ thi")
    with pytest.raises(PackageRefused, match="withdrawn"):
        home.take_back(builders.close(laptop))
    assert home.pack(builders.address_of(laptop))[0].hall != packed.hall
    with home.database.reading() as session:
        assert not [str(one) for one in fsck.differences(session) if one.where == "halls"]


@pytest.mark.engines("sqlite")
def test_what_a_lost_laptop_held_goes_on_on_paper_at_home_without_a_start_or_a_key(
    home: Home, laptop: Database
) -> None:
    home.pack(builders.address_of(laptop))
    people = home.hall
    with home.database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, home.sitting_id)
        facts: dict[str, Any] = {"sitting": sitting, "reason": "Máy chủ hỏng, không khôi phục được"}
        with pytest.raises(errors.InHall):
            service.propose_paper(session, people.invigilator, START, **facts)
        hall = session.scalars(select(Hall)).one()
        packing.withdraw(session, SYSTEM, START, hall=hall, reason="Máy chủ hỏng")
        turn = service.propose_paper(session, people.invigilator, START, **facts)
        with pytest.raises(errors.PaperNotOpened):
            service.start(session, people.invigilator, START, sitting=sitting)
        assert service.approve_paper(session, people.second, START, turn=turn) == 3
        attempts = session.scalars(select(Attempt)).all()
        assert {(one.state, one.seq, one.opens_at) for one in attempts} == {("void", 0, None)}
        service.start(session, people.invigilator, START + MINUTE, sitting=sitting)
        room = sitting.seats[0].room
        service.check_in_room(session, people.invigilator, START + MINUTE, sitting=sitting, room=room)
        service.end(session, people.invigilator, OVER, sitting=sitting)
        sheets = {seat.id: 2 for seat in sitting.seats}
        assert service.collect_scripts(session, people.invigilator, OVER, sitting=sitting, sheets=sheets) == 3
    with pytest.raises(NotForHall):
        home.pack(builders.address_of(laptop))
    with home.database.reading() as session:
        assert not [str(one) for one in fsck.differences(session) if one.where in {"halls", "sittings"}]


@pytest.mark.engines("sqlite")
def test_the_hall_is_closed_once_nobody_works_and_then_for_good(home: Home, laptop: Database) -> None:
    packed, slips = home.pack(builders.address_of(laptop))
    builders.open_on(laptop, home.database, packed.file)
    builders.release(laptop, slips, Role.CHAIR, Role.SECRETARY)
    with laptop.writing(unhurried=True) as session, pytest.raises(AnswersMayCome):
        closing.close(session, SYSTEM, START, hall=closing.here(session))
    with laptop.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        invigilator = builders.somebody(session, slips, Role.INVIGILATOR)
        service.check_in_room(session, invigilator, START, sitting=sitting, room=sitting.seats[0].room)
        service.start(session, invigilator, START, sitting=sitting)
    with laptop.reading() as session:
        seat = session.get_one(Sitting, sitting.id).seats[0]
    player_at(laptop, seat, START + MINUTE).answer("b")  # and then this computer falls silent
    with laptop.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, sitting.id)
        service.end(session, invigilator, OVER, sitting=sitting)
        with pytest.raises(AnswersMayCome):
            closing.close(session, SYSTEM, OVER, hall=closing.here(session))
        seal_all(session, invigilator, OVER, sitting)
        with pytest.raises(AnswersMayCome) as refused:  # what it has may still come
            closing.close(session, SYSTEM, OVER, hall=closing.here(session))
        assert refused.value.until is not None
        closing.close(session, SYSTEM, OVER + 60 * MINUTE, hall=closing.here(session))
        with pytest.raises(errors.HallClosed):
            service.pause(session, invigilator, OVER, sitting=sitting, reason="x")


@pytest.mark.engines("sqlite")
def test_the_laptop_alone_cannot_open_the_paper(home: Home, laptop: Database) -> None:
    packed, slips = home.pack(builders.address_of(laptop))
    builders.open_on(laptop, home.database, packed.file)
    with laptop.reading() as session:
        form = session.scalars(select(PaperForm)).one()
        assert not laptop.keys.exists(form.key_id)
    builders.release(laptop, slips, Role.CHAIR)
    assert not laptop.keys.exists(form.key_id)
    with pytest.raises(AlreadyReleased):
        builders.release(laptop, slips, Role.CHAIR)
    others = next(slip.share for slip in slips if Role.CHAIR in slip.roles)
    with laptop.writing(unhurried=True) as session:
        found = session.get_one(Paper, form.paper_id)
        second = builders.somebody(session, slips, Role.SECRETARY)
        for share in ("", others):  # a word without a share, or with another officer's
            with pytest.raises(ShareDiffers):
                papers.release_key(session, second, START, paper=found, opens_at=START, share=share)
        nobody = builders.somebody(session, slips, Role.INVIGILATOR)
        with pytest.raises(NoShare):
            papers.release_key(session, nobody, START, paper=found, opens_at=START, share=others)
    builders.release(laptop, slips, Role.SECRETARY)
    assert laptop.keys.exists(form.key_id)


def seeds(of: Database) -> dict[str, bytes]:
    """Return from what each attempt's browser there derives its order."""
    with of.reading() as session:
        return {one.public_id: opened.seed_of(session, one) for one in session.scalars(select(Attempt))}


@pytest.mark.engines("sqlite")
def test_shares_that_officers_hold_open_the_paper_in_the_hall_and_its_keys_come_home(
    home: Home, laptop: Database
) -> None:
    words = builders.divide(home)
    packed, slips = home.pack(builders.address_of(laptop))
    assert not any(slip.share for slip in slips)
    builders.open_on(laptop, home.database, packed.file)
    own = [dataclasses.replace(one, share=words.get(one.account_id, "")) for one in slips]
    assert len(seeds(home.database)) == 3
    assert seeds(laptop) == seeds(home.database)  # while nobody can open the form, here or there
    builders.hold(laptop, own)
    home.take_back(builders.close(laptop))
    with home.database.writing(unhurried=True) as session:
        sitting = session.get_one(Sitting, home.sitting_id)
        assert mark_tests(session, home.hall.invigilator, HOME_AGAIN, sitting) == 2


@pytest.mark.engines("sqlite")
def test_a_package_is_opened_by_its_laptop_alone_from_its_home_alone_and_once(
    home: Home, laptop: Database, tmp_path: Path, sqlite_template: Path
) -> None:
    packed, _ = home.pack(builders.address_of(laptop))
    other = builders.a_laptop(tmp_path / "other", sqlite_template)
    with pytest.raises(PackageRefused, match="receiver"):
        builders.open_on(other, home.database, packed.file)
    with pytest.raises(PackageRefused, match="sender"):
        opening.read(Parcels.of(laptop.keys, laptop.signer), packed.file, builders.address_of(other))
    other.dispose()
    builders.open_on(laptop, home.database, packed.file)
    with pytest.raises(NotEmpty):
        builders.open_on(laptop, home.database, packed.file)


@pytest.mark.engines("sqlite")
def test_no_more_about_people_travels_than_a_hall_needs(home: Home, laptop: Database) -> None:
    with home.database.writing(unhurried=True) as session:
        candidate = session.get_one(Candidate, home.hall.candidates[0].id)
        account = session.get_one(Account, candidate.account_id)
        account.password_hash = "CANARY-HASH"
        profile = Profile(name="Nguyễn Thị Hạnh", login="canary@example.vn", phone="0987CANARY")
        account.profile = profiles.seal(session, account.key_id, profile)
    packed, slips = home.pack(builders.address_of(laptop))
    sent = opening.read(
        Parcels.of(laptop.keys, laptop.signer), packed.file, builders.address_of(home.database)
    )
    said = exact_bytes(sent.content).decode()
    assert "Nguyễn Thị Hạnh" in said
    for kept in (
        "canary",
        "CANARY",
        "Phòng Tài chính",
        account.key_id,
        *(slip.code for slip in slips),
    ):
        assert kept not in said
