# SPDX-License-Identifier: Apache-2.0
"""A person is erased by two people on a decision, once nothing needs the person; and stays erased."""

import dataclasses
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from exam_portal.accounts import errors, holdings, profiles, service, sessions
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.erased import differences, stay_erased
from exam_portal.accounts.models import Account, Erasure, OneTimeCode, RoleGrant, WebSession
from exam_portal.audit.models import Leaf
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.core import mail, names, outbox
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden
from exam_portal.core.keystore import KeyErased
from exam_portal.registration import holdings as applications
from exam_portal.registration import service as registration
from exam_portal.registration.models import Application
from tests.portal.accounts.builders import HASH, NOW, a_candidate, give, seat
from tests.portal.accounts.erasing import destroy_keys, erase, proposed
from tests.portal.competitions.builders import LATER as AFTERWARDS
from tests.portal.competitions.builders import House, a_house, a_member, go_on
from tests.portal.registration.builders import a_competition, an_applicant, an_application

Kind = MilestoneKind


@pytest.fixture(autouse=True)
def known() -> None:
    holdings.fill(applications)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A house with two organisers, and a person who has registered and signed in."""

    house: House
    second: Actor
    person: Account

    @property
    def first(self) -> Actor:
        return self.house.organiser

    @property
    def place(self) -> int:
        return self.house.organisation.id


def a_scene(session: Session) -> Scene:
    house = a_house(session)
    second = a_member(session, "tochuc.hai", "Lê Thị Hai")
    person = a_candidate(session)
    sessions.start(
        session,
        token_hash=b"1" * 32,
        account_id=person.id,
        user_agent="Firefox",
        now=NOW,
        expires_at=AFTERWARDS,
    )
    return Scene(house=house, second=Actor(account_id=second.id), person=person)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing(unhurried=True) as writing:
        yield writing


@pytest.fixture
def scene(session: Session) -> Scene:
    return a_scene(session)


def test_one_person_alone_erases_nobody(session: Session, scene: Scene) -> None:
    erasure = proposed(session, scene.first, scene.place, scene.person)
    assert scene.person.erased_at is None
    with pytest.raises(errors.SamePerson):
        service.erase_person(session, scene.first, NOW, erasure=erasure)
    with pytest.raises(Forbidden):
        service.erase_person(session, Actor(account_id=None, system=True), NOW, erasure=erasure)
    assert session.get_one(Account, scene.person.id).erased_at is None


def test_the_database_knows_the_rule_of_two_as_well(session: Session, scene: Scene) -> None:
    erasure = proposed(session, scene.first, scene.place, scene.person)
    own = update(Erasure).where(Erasure.id == erasure.id)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(own.values(approved_by=scene.first.account_id, approved_at=NOW))


def test_nobody_proposes_or_approves_the_own_erasure(session: Session, scene: Scene) -> None:
    other = a_member(session, "nhanvien.ba", "Vũ Thị Ba")
    own = Actor(account_id=other.id)
    with pytest.raises(errors.SamePerson):
        proposed(session, own, scene.place, other)
    erasure = proposed(session, scene.first, scene.place, other)
    with pytest.raises(errors.SamePerson):
        service.erase_person(session, own, NOW, erasure=erasure)


def test_a_second_person_closes_the_account_and_frees_its_name(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = a_scene(session)
        erase(session, scene.first, scene.second, scene.place, scene.person)
        account = session.get_one(Account, scene.person.id)
        assert (account.erased_at, account.disabled_at, account.password_hash) == (NOW, NOW, None)
        assert service.by_login(session, "an@example.vn") is None
        browser = session.scalars(select(WebSession).where(WebSession.account_id == account.id)).one()
        assert (browser.ended_at, browser.user_agent) == (NOW, "")
        with pytest.raises(errors.SignInRefused):
            service.sign_in(
                session, Actor(account_id=None), NOW, account_id=account.id, password_hash=HASH, counted={}
            )
        again = a_candidate(session)
        assert again.id != account.id
    destroy_keys(database)
    with database.reading() as session:
        account = session.get_one(Account, scene.person.id)
        assert profiles.read(session, account) == profiles.ERASED
        assert profiles.ERASED.name == names.ERASED
        assert profiles.read(session, session.get_one(Account, again.id)).name == "Nguyễn Văn An"


def test_the_leaf_names_the_decision_and_not_the_person(session: Session, scene: Scene) -> None:
    erasure = erase(session, scene.first, scene.second, scene.place, scene.person)
    leaf = session.scalars(select(Leaf).where(Leaf.type == "accounts.person_erased")).one()
    said = {key: value for key, value in leaf.content.items() if not key.startswith("_")}
    assert set(said) == {"account", "erasure", "paper"}
    assert (said["account"], said["erasure"]) == (scene.person.public_id, erasure.public_id)
    assert leaf.actor_id == scene.second.account_id


def test_codes_and_letters_that_were_under_way_come_to_nothing(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = a_scene(session)
        service.request_reset(session, scene.first, NOW, login="an@example.vn")
        mail.queue(
            session, NOW, key_id=scene.person.key_id, to="an@example.vn", subject="Giấy triệu tập", text="Mời"
        )
        session.add(
            OneTimeCode(
                account_id=scene.person.id,
                purpose=Purpose.RESET,
                code_hash=b"2" * 32,
                expires_at=AFTERWARDS,
                created_at=NOW,
            )
        )
        erase(session, scene.first, scene.second, scene.place, scene.person)
    destroy_keys(database)
    for _ in range(2):
        with database.reading() as session:
            waiting = session.scalars(select(outbox.OutboxRow.id)).all()
        for row_id in waiting:
            outbox.perform(database, row_id, lambda: NOW)
    with database.reading() as session:
        assert session.scalars(select(outbox.OutboxRow)).all() == []
        assert [code.used_at for code in session.scalars(select(OneTimeCode))] == [NOW]
    assert list(mail.sink(database.settings).glob("*.eml")) == []


def test_who_holds_a_role_or_is_to_hold_one_stays(session: Session, scene: Scene) -> None:
    member = a_member(session, "nhanvien.ba", "Vũ Thị Ba")
    place = seat(scene.house.organisation)
    give(session, member, Role.COUNTER, place)
    with pytest.raises(errors.StillHolds):
        proposed(session, scene.first, scene.place, member)
    grant = session.scalars(select(RoleGrant)).one()
    service.revoke_grant(session, scene.first, NOW, grant=grant, seat=place)
    erasure = proposed(session, scene.first, scene.place, member)
    service.propose_grant(session, scene.first, NOW, account=member, role=Role.COUNTER, seat=place)
    with pytest.raises(errors.StillHolds):
        service.erase_person(session, scene.second, NOW, erasure=erasure)


def an_application_of(session: Session, scene: Scene) -> tuple[Competition, Application, Account]:
    competition = a_competition(session, scene.house)
    applicant = an_applicant(session, "Lý Thị Hồng Nhung", "nhung@example.vn")
    application = an_application(session, competition, applicant)
    return competition, application, session.get_one(Account, applicant.account_id)


def test_who_applies_for_a_post_stays_until_the_result(session: Session, scene: Scene) -> None:
    competition, application, person = an_application_of(session, scene)
    with pytest.raises(errors.StillTakesPart) as refused:
        proposed(session, scene.first, scene.place, person)
    assert refused.value.competition == competition.title
    go_on(session, scene.house, competition, (Kind.ANNULLED, ""))
    erase(session, scene.first, scene.second, scene.place, person)
    assert session.get_one(Application, application.id, populate_existing=True).identity_index is None


def test_who_withdrew_before_the_list_need_not_wait(session: Session, scene: Scene) -> None:
    _, application, person = an_application_of(session, scene)
    own = Actor(account_id=person.id)
    registration.withdraw(session, own, AFTERWARDS, application, reason="Lý do gia đình")
    erase(session, scene.first, scene.second, scene.place, person)
    assert person.erased_at == NOW


def test_an_application_between_proposal_and_approval_is_noticed(session: Session, scene: Scene) -> None:
    competition = a_competition(session, scene.house)
    applicant = an_applicant(session, "Lý Thị Hồng Nhung", "nhung@example.vn")
    person = session.get_one(Account, applicant.account_id)
    erasure = proposed(session, scene.first, scene.place, person)
    an_application(session, competition, applicant)
    with pytest.raises(errors.StillTakesPart):
        service.erase_person(session, scene.second, NOW, erasure=erasure)


def test_a_proposal_is_decided_once(session: Session, scene: Scene) -> None:
    erasure = proposed(session, scene.first, scene.place, scene.person)
    with pytest.raises(errors.ErasureExists):
        proposed(session, scene.second, scene.place, scene.person)
    service.withdraw_erasure(session, scene.second, NOW, erasure=erasure)
    with pytest.raises(errors.ErasureDecided):
        service.erase_person(session, scene.second, NOW, erasure=erasure)
    done = erase(session, scene.first, scene.second, scene.place, scene.person)
    with pytest.raises(errors.ErasureDecided):
        service.withdraw_erasure(session, scene.second, NOW, erasure=done)
    with pytest.raises(errors.ErasureExists):
        proposed(session, scene.first, scene.place, scene.person)


def test_a_key_that_a_restored_copy_brings_back_is_named_and_destroyed_again(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        scene = a_scene(session)
        key_id = scene.person.key_id
        copy = database.keys.directory / key_id[:2] / key_id
        kept = copy.read_bytes()
        erase(session, scene.first, scene.second, scene.place, scene.person)
    destroy_keys(database)
    with database.reading() as session:
        assert list(differences(session)) == []
    copy.write_bytes(kept)
    with database.reading() as session:
        assert [found.place for found in differences(session)] == [scene.person.public_id]
    stay_erased(database, NOW)
    with pytest.raises(KeyErased):
        database.keys.subkey(key_id, profiles.CONTEXT)
