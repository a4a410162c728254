# SPDX-License-Identifier: Apache-2.0
"""The demonstration holds a competition in each phase, of real acts; seeding again changes nothing."""

import pytest
from sqlalchemy import func, select

from exam_portal.accounts import passwords
from exam_portal.accounts.models import Account
from exam_portal.audit import fsck
from exam_portal.audit import queries as record
from exam_portal.audit.models import Leaf
from exam_portal.cli import main
from exam_portal.competitions import queries
from exam_portal.competitions.models import Competition
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.demo import cast, guide, material, seed
from exam_portal.results import bundle
from scoring.verify import bundle as verifying
from scoring.verify.leaves import order_problems
from tests.portal.demo.stage import NOW, Show, show_settings

STATES = {
    "TT-01": "submitted",
    "TT-02": "announced",
    "TT-03": "registration_closed",
    "TT-04": "summoned",
    "TT-05": "summoned",
    "TT-06": "summoned",
    "TT-07": "marks_posted",
    "TT-08": "published",
}


def test_there_is_a_competition_in_each_phase(gallery: Show) -> None:
    with gallery.database.reading() as session:
        found = {
            competition.code: queries.state(session, competition)
            for competition in session.scalars(select(Competition))
        }
    assert found == STATES


def test_everything_in_it_can_be_recomputed(gallery: Show) -> None:
    assert "fsck" in main.commands  # loads what every slice asks
    with gallery.database.reading() as session:
        assert list(fsck.differences(session)) == []


def test_every_log_keeps_the_order_of_milestones_and_the_published_bundle_verifies(show: Show) -> None:
    with show.database.writing(unhurried=True) as session:
        for competition in session.scalars(select(Competition).order_by(Competition.code)).all():
            log = record.log_of_competition(session, competition.id)
            assert log is not None
            types = [leaf.type for leaf in record.sequenced(session, log.id)]
            assert order_problems(types) == [], competition.code
        published = session.scalars(select(Competition).where(Competition.code == "TT-08")).one()
        bundle.seal(session, NOW, published)
        report = verifying.check(bundle.packed(session, published))
        assert report.exit_status == 0, report.text()


def test_seeding_again_changes_nothing(show: Show) -> None:
    with show.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Leaf))
    seed.ensure(show.database, NOW)
    with show.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Leaf)) == before


def test_every_account_is_marked_as_one_of_a_demonstration(gallery: Show) -> None:
    with gallery.database.reading() as session:
        assert session.scalar(select(func.count()).where(Account.is_demonstration.is_(False))) == 0


def test_everybody_signs_in_with_the_documented_password(gallery: Show) -> None:
    hasher = passwords.Hasher(1)
    with gallery.database.reading() as session:
        stored = set(session.scalars(select(Account.password_hash)))
    assert len(stored) == 1
    assert hasher.verify(stored.pop(), cast.PASSWORD)


def test_an_installation_that_is_no_demonstration_gets_nothing(
    settings: Settings, database: Database
) -> None:
    assert not settings.instance.demonstration
    with pytest.raises(seed.NotADemonstration):
        seed.ensure(database, NOW)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


@pytest.mark.engines("postgresql")
def test_it_can_be_seeded_on_postgresql(settings: Settings, database: Database) -> None:
    there = show_settings(settings.instance.directory, settings.database.url)
    database.dispose()
    opened = Database(there)
    try:
        seed.ensure(opened, NOW)
        with opened.reading() as session:
            assert session.scalar(select(func.count()).select_from(Competition)) == len(STATES)
    finally:
        opened.dispose()


def test_the_guide_names_the_address_and_the_password() -> None:
    told = "\n".join(guide.lines("http://127.0.0.1:8000"))
    assert "http://127.0.0.1:8000/" in told
    assert cast.PASSWORD in told
    for member in ("tochuc", "chutich", "thuky", "giamsat", "quantri"):
        assert member in told


def test_no_two_people_of_the_content_share_a_name_and_staff_do_not_apply() -> None:
    names = [person.name for person in material.people()]
    assert len(set(names)) == len(names)
    assert len(cast.STAFF) + 70 < len(names)
