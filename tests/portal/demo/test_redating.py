# SPDX-License-Identifier: Apache-2.0
"""A demonstration that nobody has used is dated anew on a later day; one in use is left alone."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from exam_portal.accounts import service as accounts
from exam_portal.accounts.models import Account
from exam_portal.competitions.models import Competition
from exam_portal.core import schema
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.settings import Settings
from exam_portal.demo import redating, seed
from exam_portal.demo.phases import sitting
from exam_portal.sittings.models import Sitting
from tests.portal.demo.stage import NOW, show_settings

LATER_TODAY, TOMORROW = NOW + timedelta(hours=5), NOW + timedelta(days=1)


@pytest.fixture
def untouched(seeded: Path, tmp_path: Path) -> Settings:
    """The settings of a demonstration in which nobody has signed in."""
    directory = tmp_path / "instance"
    shutil.copytree(seeded, directory)
    return show_settings(directory)


def _sign_in(settings: Settings) -> None:
    database = Database(settings)
    try:
        with database.writing() as session:
            account = session.scalars(
                select(Account).where(Account.password_hash.is_not(None)).limit(1)
            ).one()
            accounts.sign_in(
                session,
                Actor(account_id=None),
                NOW,
                account_id=account.id,
                password_hash=account.password_hash or "",
                counted={},
            )
    finally:
        database.dispose()


def _starts_at(settings: Settings) -> timedelta:
    """Return how long after NOW the first sitting of the competition that can be sat begins."""
    database = Database(settings)
    try:
        with database.reading() as session:
            found = select(Sitting.starts_at).join(Competition).where(Competition.code == sitting.CODE)
            return session.scalars(found.order_by(Sitting.starts_at)).first() - NOW  # type: ignore[operator]
    finally:
        database.dispose()


def test_an_untouched_one_begins_anew_on_the_next_day(untouched: Settings) -> None:
    assert redating.clear_if_stale(untouched, TOMORROW)
    schema.upgrade(untouched)
    database = Database(untouched)
    try:
        seed.ensure(database, TOMORROW)
    finally:
        database.dispose()
    assert timedelta(hours=23) < _starts_at(untouched) < timedelta(hours=25)


def test_it_stays_for_the_day_on_which_it_was_made(untouched: Settings) -> None:
    assert not redating.clear_if_stale(untouched, LATER_TODAY)
    assert _starts_at(untouched) < timedelta(hours=1)


def test_one_in_which_somebody_has_signed_in_stays_for_good(untouched: Settings) -> None:
    _sign_in(untouched)
    assert not redating.clear_if_stale(untouched, TOMORROW)
    assert _starts_at(untouched) < timedelta(hours=1)


def test_an_installation_that_is_no_demonstration_is_never_touched(untouched: Settings) -> None:
    instance = untouched.instance.model_copy(update={"demonstration": False})
    real = untouched.model_copy(update={"instance": instance})
    assert not redating.clear_if_stale(real, TOMORROW)


def test_accounts_of_real_people_keep_everything(untouched: Settings) -> None:
    database = Database(untouched)
    with database.writing() as session:
        session.scalars(select(Account).limit(1)).one().is_demonstration = False
    database.dispose()
    assert not redating.clear_if_stale(untouched, TOMORROW)
