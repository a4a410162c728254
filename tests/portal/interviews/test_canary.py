# SPDX-License-Identifier: Apache-2.0
"""Before a member of a panel has declared relations no page of the portal tells what a dossier holds.

Names, posts, units and nominations are what members compare relations by; the rest of a dossier is sought.
"""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from exam_portal.accounts import profiles
from exam_portal.accounts.models import Account
from exam_portal.accounts.profiles import Profile
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.interviews import service
from exam_portal.interviews.models import PanelMember, PanelSession
from exam_portal.registration.form_content import FormContent
from exam_portal.registration.models import Application
from exam_portal.registration.queries import FORM_CONTEXT
from tests.portal.competitions.pages import Person
from tests.portal.interviews.builders import HEARD, Council, a_panel
from tests.portal.interviews.test_relations import _answers, _declare
from tests.portal.marking.test_canary import readable

pytestmark = pytest.mark.engines("sqlite")
CANARY = "chim-hoang-yen"
FORM = FormContent(
    identity_number=f"{CANARY}-so-dinh-danh",
    phone=f"{CANARY}-dien-thoai",
    address=f"{CANARY}-noi-o",
    degree_field=f"{CANARY}-nganh",
    programme_title=f"{CANARY}-chuong-trinh",
)


def with_canaries(session: Session, council: Council) -> str:
    """Every dossier holds canaries; returns the address part of the first one."""
    for number, candidate in enumerate(council.candidates):
        account = session.get_one(Account, candidate.account_id)
        profile = Profile(name=f"Người dự tuyển {number}", login=f"u{number}", email=f"{CANARY}@example.test")
        account.profile = profiles.seal(session, account.key_id, profile)
        application = session.get_one(Application, candidate.application_id)
        application.form = session.keys.seal(account.key_id, FORM.dump(), FORM_CONTEXT)
    session.flush()
    return session.get_one(Application, council.candidates[0].application_id).public_id


def everything(
    portal: Flask, database: Database, actor: Actor, ids: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Every page that can be asked for, with what belongs to this panel put into its address."""
    person = Person.at(portal, database, actor, HEARD)
    for rule in sorted(portal.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "accounts.log_out"}:
            continue
        address = str(rule)
        for name in rule.arguments:
            value = ids.get(name, "1" if f"<int:{name}>" in address else ids["candidate_id"])
            address = re.sub(rf"<(?:[^<>:]+(?:\([^)]*\))?:)?{name}>", value, address)
        answer = person.client.get(address, buffered=True)
        yield address, readable(answer.data, answer.mimetype)
        answer.close()


def test_t40_a_member_reads_nothing_of_a_dossier_before_declaring_whatever_else_the_person_is(
    portal: Flask, database: Database, council: Council
) -> None:
    secretary = council.secretary
    with database.writing(unhurried=True) as session:
        dossier = with_canaries(session, council)
        panel = a_panel(session, council, mode="portal", members=8)
        service.add_member(
            session,
            secretary,
            HEARD,
            panel=panel,
            name="Thư ký Hội đồng",
            duty="Ủy viên kiêm thư ký",
            account_id=secretary.account_id,
        )
        ids = {
            "competition_id": council.competition.public_id,
            "panel_id": panel.public_id,
            "public_id": dossier,
            "candidate_id": council.candidates[0].public_id,
            "part": "programme",
        }
    address = f"/staff/applications/{dossier}"
    read = dict(everything(portal, database, secretary, ids))
    assert address in read
    assert [where for where, text in read.items() if CANARY in text] == []
    with database.writing(unhurried=True) as session:
        panel = session.get_one(PanelSession, panel.id)
        member = next(one for one in panel.members if one.account_id == secretary.account_id)
        _speak(session, secretary, panel, member)
    assert CANARY in Person.at(portal, database, secretary, HEARD).get(address)  # the control


def test_t40_a_member_who_holds_no_other_role_reads_nothing_of_a_dossier_at_any_time(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        dossier = with_canaries(session, council)
        panel = a_panel(session, council, mode="portal")  # and all of them have declared
    ids = {
        "competition_id": council.competition.public_id,
        "panel_id": panel.public_id,
        "public_id": dossier,
        "candidate_id": council.candidates[0].public_id,
        "part": "programme",
    }
    read = dict(everything(portal, database, council.members[0], ids))
    assert any("Người dự tuyển 0" in text for text in read.values())  # who is heard a member does know
    assert [where for where, text in read.items() if CANARY in text] == []


def _speak(session: Session, actor: Actor, panel: PanelSession, member: PanelMember) -> None:
    _declare(session, actor, member, _answers(session, panel, member))
