# SPDX-License-Identifier: Apache-2.0
"""Two people act at the same instant: one wins, the other is told, nothing is doubled."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from exam_portal.accounts import codes, errors, service, throttle
from exam_portal.accounts.codes import Purpose
from exam_portal.accounts.models import RoleGrant, SignInThrottle
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from tests.portal.accounts.builders import (
    NOW,
    a_candidate,
    a_competition,
    a_member,
    acting,
    an_organisation,
    give,
    seat,
)


def at_once(database: Database, *acts: Callable[[Session], object]) -> list[DomainError | None]:
    """Carry out the acts in threads that begin together; return what each was told."""
    outcomes: list[DomainError | None] = [None] * len(acts)
    start = threading.Barrier(len(acts))
    database.hold()

    def run(number: int) -> None:
        start.wait()
        try:
            with database.writing() as session:
                acts[number](session)
        except DomainError as problem:
            outcomes[number] = problem

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_duties_that_exclude_each_other_only_one_is_given(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        city = an_organisation(session)
        first, second = a_member(session, "mot@example.vn"), a_member(session, "hai@example.vn")
        for account in (first, second):
            give(session, account, Role.ORGANISER, seat(city))
        person = a_member(session, "ba@example.vn")
        here = seat(city, a_competition(session, city, first))

    def propose(by: int, role: Role) -> Callable[[Session], object]:
        def act(session: Session) -> object:
            proposer = acting(session, session.get_one(type(first), by))
            grantee = session.get_one(type(person), person.id)
            return service.propose_grant(session, proposer, NOW, account=grantee, role=role, seat=here)

        return act

    outcomes = at_once(database, propose(first.id, Role.MARKER), propose(second.id, Role.INVIGILATOR))
    assert [type(outcome) for outcome in outcomes if outcome] == [errors.ForbiddenCombination]
    with database.reading() as session:
        count = select(func.count()).select_from(RoleGrant).where(RoleGrant.account_id == person.id)
        assert session.scalar(count) == 1


def test_a_code_used_by_two_at_once_opens_once(database: Database) -> None:
    code = codes.new_counter_code()
    with database.writing(unhurried=True) as session:
        account = a_candidate(session)
        lasts = timedelta(days=1)
        codes.issue(session, NOW, account_id=account.id, purpose=Purpose.COUNTER, code=code, lasts=lasts)

    def use(session: Session) -> object:
        return codes.use(session, NOW, purpose=Purpose.COUNTER, code=code)

    outcomes = at_once(database, *[use] * 6)
    assert [type(outcome) for outcome in outcomes if outcome] == [errors.CodeRefused] * 5


def test_guesses_sent_at_the_same_instant_all_count(database: Database) -> None:
    rules = throttle.Rules(failures=5, delay=timedelta(minutes=15))
    now = datetime.now(UTC)

    def guess(session: Session) -> None:
        counted = throttle.subjects(session, login="an@example.vn", address="192.0.2.1", rules=rules)
        throttle.take(session, now, counted, rules)

    outcomes = at_once(database, *[guess] * 12)
    assert [type(outcome) for outcome in outcomes if outcome] == [errors.Throttled] * 7
    with database.reading() as session:
        assert set(session.scalars(select(SignInThrottle.failures))) == {5}
