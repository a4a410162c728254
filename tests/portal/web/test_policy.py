# SPDX-License-Identifier: Apache-2.0
"""Permissions decide before, in and after a view; a view that forgets to ask answers and writes nothing."""

import dataclasses
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from exam_portal.accounts.models import Organisation, RoleGrant
from exam_portal.core.actors import NOBODY, Actor, Grant, Role
from exam_portal.core.clock import SYSTEM as CLOCK
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.web import context, policy
from exam_portal.web import database as web_database
from tests.portal.accounts.builders import Visitor, a_member, an_organisation, give, seat

pytestmark = pytest.mark.engines("sqlite")


def holding(role: Role, *organisation_ids: int, competition_id: int | None = None) -> Actor:
    grant = Grant(role=role, organisation_ids=frozenset(organisation_ids), competition_id=competition_id)
    return Actor(account_id=1, public_id="a" * 26, grants=(grant,))


CHAIR_HERE = policy.any_of(policy.holds(Role.CHAIR))
SAID = "what only an overseer may read"  # so long that no token on a page holds it by chance


def test_a_role_counts_only_where_it_is_held() -> None:
    here, elsewhere = policy.Scope(organisation_id=7), policy.Scope(organisation_id=8)
    assert CHAIR_HERE.permits(holding(Role.CHAIR, 7), here)
    assert not CHAIR_HERE.permits(holding(Role.CHAIR, 7), elsewhere)
    assert not CHAIR_HERE.permits(holding(Role.MARKER, 7), here)
    assert not CHAIR_HERE.permits(holding(Role.CHAIR, 7), None)


def test_a_role_for_a_competition_counts_in_that_competition() -> None:
    here = policy.Scope(organisation_id=7, competition_id=3)
    assert CHAIR_HERE.permits(holding(Role.CHAIR, competition_id=3), here)
    assert not CHAIR_HERE.permits(holding(Role.CHAIR, competition_id=4), here)


def test_alternatives_are_ors_of_ands() -> None:
    @dataclasses.dataclass
    class Draft:
        is_draft: bool
        organisation_id: int = 7
        competition_id: int | None = None

    def is_draft(_actor: Actor, target: Draft) -> bool:
        return target.is_draft

    rule = policy.any_of(
        policy.all_of(policy.holds(Role.ORGANISER), is_draft), policy.holds(Role.ADMINISTRATOR)
    )
    assert rule.permits(holding(Role.ORGANISER, 7), Draft(is_draft=True))
    assert not rule.permits(holding(Role.ORGANISER, 7), Draft(is_draft=False))
    assert rule.permits(holding(Role.ADMINISTRATOR, 7), Draft(is_draft=False))
    assert str(rule) == "organiser and is draft; or administrator"


def test_a_rule_without_alternatives_permits_nobody() -> None:
    assert not policy.any_of().permits(holding(Role.ADMINISTRATOR, 1), policy.Scope(organisation_id=1))
    assert not policy.any_of().is_possible(holding(Role.ADMINISTRATOR, 1))


def test_the_coarse_question_needs_the_role_somewhere() -> None:
    assert CHAIR_HERE.is_possible(holding(Role.CHAIR, 99))
    assert not CHAIR_HERE.is_possible(holding(Role.MARKER, 99))
    assert not policy.any_of(lambda _actor, _target: True).is_possible(NOBODY)


@pytest.fixture
def place(database: Database) -> policy.Scope:
    with database.writing(unhurried=True) as session:
        organisation = an_organisation(session)
        chair = a_member(session, "chair@example.vn")
        give(session, chair, Role.OVERSIGHT, seat(organisation))
        a_member(session, "nobody@example.vn")
        return policy.Scope(organisation_id=organisation.id)


@pytest.fixture
def probe(app: Flask, database: Database, place: policy.Scope) -> Flask:
    """The portal with a few views that behave, and some that forget."""
    app.extensions["policy"].declare(
        {
            "probe.see": policy.any_of(policy.holds(Role.OVERSIGHT)),
            "probe.edit": policy.any_of(policy.holds(Role.CHAIR)),
            "probe.list": policy.any_of(policy.holds_anywhere(Role.OVERSIGHT)),
            "probe.known": policy.any_of(policy.signed_in),
            "probe.token": policy.by_proof("probe token"),
        }
    )

    def add(path: str, permission: str, view: Callable[[], str], *methods: str) -> None:
        app.view_functions.pop(path, None)
        app.add_url_rule(path, path, policy.requires(permission)(view), methods=methods or ("GET",))

    def decided() -> str:
        policy.authorise(context.actor(), "probe.see", place)
        return SAID

    def decided_elsewhere() -> str:
        policy.authorise(context.actor(), "probe.see", policy.Scope(organisation_id=-1))
        return SAID

    def wrong_one() -> str:
        policy.authorise(context.actor(), "probe.list")
        return SAID

    def viewer_edits() -> str:
        policy.authorise(context.actor(), "probe.edit", place, view="probe.see")
        return "edited"

    def write(*, authorise_inside: bool) -> str:
        policy.authorise(context.actor(), "probe.see", place)
        with web_database.writer() as session:
            if authorise_inside:
                policy.authorise(context.actor(), "probe.see", place)
            an_organisation(session, "written")
        return "written"

    def proves() -> str:
        policy.prove("probe.token")
        return "proved"

    add("/probe/decided", "probe.see", decided)
    add("/probe/elsewhere", "probe.see", decided_elsewhere)
    add("/probe/forgets", "probe.see", lambda: SAID)
    add("/probe/wrong-one", "probe.see", wrong_one)
    add("/probe/edit", "probe.edit", viewer_edits)
    add("/probe/list", "probe.list", lambda: "listed")
    add("/probe/known", "probe.known", lambda: "known")
    add("/probe/proves", "probe.token", proves)
    add("/probe/forgets-proof", "probe.token", lambda: SAID)
    add("/probe/write", "probe.see", lambda: write(authorise_inside=True), "POST")
    add("/probe/write-forgets", "probe.see", lambda: write(authorise_inside=False), "POST")
    add("/probe/write-list", "probe.list", _write_only, "POST")
    return app


def _write_only() -> str:
    with web_database.writer() as session:
        an_organisation(session, "written")
    return "written"


@pytest.fixture
def overseer(probe: Flask) -> Visitor:
    visitor = Visitor(probe)
    visitor.sign_in("chair@example.vn")
    return visitor


def test_who_has_not_signed_in_is_sent_to_sign_in_and_back(probe: Flask) -> None:
    answer = Visitor(probe).get("/probe/decided?page=2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=%2Fprobe%2Fdecided%3Fpage%3D2"


def test_after_signing_in_one_comes_back(probe: Flask) -> None:
    visitor = Visitor(probe)
    answer = visitor.sign_in("chair@example.vn", next="/probe/decided?page=2")
    assert answer.headers["Location"] == "/probe/decided?page=2"


def test_a_program_that_has_not_signed_in_gets_401(probe: Flask) -> None:
    answer = Visitor(probe).get("/probe/decided", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["error"] == "http.401"


def test_a_link_from_another_site_loads_the_page_once_more_instead_of_asking_to_sign_in(probe: Flask) -> None:
    answer = Visitor(probe).get(
        "/probe/decided", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    )
    assert (answer.status_code, answer.headers["Refresh"], answer.data) == (200, "0", b"")


def test_without_any_fitting_role_the_view_is_not_even_begun(probe: Flask) -> None:
    visitor = Visitor(probe)
    visitor.sign_in("nobody@example.vn")
    assert visitor.get("/probe/forgets").status_code == 403


def test_a_decided_view_answers(overseer: Visitor) -> None:
    assert overseer.get("/probe/decided").text == SAID
    assert overseer.get("/probe/list").data == b"listed"
    assert overseer.get("/probe/known").data == b"known"


def test_what_one_may_not_see_does_not_exist(overseer: Visitor) -> None:
    assert overseer.get("/probe/elsewhere").status_code == 404


def test_what_one_may_see_but_not_do_is_forbidden(
    probe: Flask, database: Database, place: policy.Scope
) -> None:
    with database.writing(unhurried=True) as session:
        both = a_member(session, "both@example.vn")
        organisation = session.get_one(Organisation, place.organisation_id)
        give(session, both, Role.OVERSIGHT, seat(organisation))
        other = an_organisation(session, "elsewhere")
        give_chair(session, both.id, other.id)
    visitor = Visitor(probe)
    visitor.sign_in("both@example.vn")
    assert visitor.get("/probe/edit").status_code == 403


def give_chair(session: Session, account_id: int, organisation_id: int) -> None:
    """A grant that no verb would give, so that the coarse check passes and the object decides."""
    session.add(
        RoleGrant(
            account_id=account_id,
            role=Role.CHAIR,
            organisation_id=organisation_id,
            proposed_at=CLOCK.now(),
            approved_at=CLOCK.now(),
        )
    )


@pytest.mark.parametrize("path", ["/probe/forgets", "/probe/wrong-one", "/probe/forgets-proof"])
def test_a_view_that_forgets_to_ask_answers_nothing(overseer: Visitor, path: str) -> None:
    answer = overseer.get(path)
    assert answer.status_code == 500
    assert SAID not in answer.text


def test_a_proof_of_its_own_lets_a_view_answer_without_a_session(probe: Flask) -> None:
    assert Visitor(probe).get("/probe/proves").data == b"proved"


def test_only_a_permission_by_proof_can_be_proved(probe: Flask) -> None:
    with probe.test_request_context("/probe/decided"), pytest.raises(policy.PermissionNotDecided):
        policy.prove("probe.see")


def written(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Organisation.name == "written")) or 0


def test_an_act_authorised_inside_the_writer_is_kept(overseer: Visitor, database: Database) -> None:
    assert overseer.post("/probe/write", page="/account").data == b"written"
    assert written(database) == 1


def test_an_act_that_was_authorised_only_before_the_writer_is_undone(
    overseer: Visitor, database: Database
) -> None:
    assert overseer.post("/probe/write-forgets", page="/account").status_code == 500
    assert written(database) == 0


def test_an_act_whose_rule_asks_for_no_object_is_authorised_by_itself(
    overseer: Visitor, database: Database
) -> None:
    assert overseer.post("/probe/write-list", page="/account").data == b"written"


def test_a_route_without_a_permission_keeps_the_application_from_starting(app: Flask) -> None:
    app.add_url_rule("/open", "open", lambda: "open")
    with pytest.raises(policy.UnguardedRouteError, match="open: no permission"):
        policy.verify(app)


def test_a_route_with_an_unknown_permission_keeps_the_application_from_starting(app: Flask) -> None:
    app.add_url_rule("/open", "open", policy.requires("nobody.declared")(lambda: "open"))
    with pytest.raises(policy.UnguardedRouteError, match=r"nobody\.declared"):
        policy.verify(app)


def test_two_rules_for_one_permission_are_refused(app: Flask) -> None:
    registry: policy.Registry = app.extensions["policy"]
    registry.declare({"probe.twice": policy.any_of(policy.signed_in)})
    with pytest.raises(ValueError, match=r"probe\.twice"):
        registry.declare({"probe.twice": policy.any_of()})
