# SPDX-License-Identifier: Apache-2.0
"""What waits for organisers, secretaries, the chair and the counter before the examination and after it."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from exam_portal.accounts import persons
from exam_portal.accounts import queries as accounts
from exam_portal.accounts.models import RoleGrant
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import Competition
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.core.actors import Role
from exam_portal.web import filters, policy


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what waits in the office."""
    yield from _drafts(scene)
    yield from _registration(scene)
    yield from _summonses(scene)
    yield from _grants(scene)
    yield from _erasures(scene)
    yield from _counter(scene)


def _drafts(scene: Scene) -> Iterator[Task]:
    states = {standing.competition.id: standing.state for standing in scene.standings}
    for competition in scene.where("competitions.submit", before={Kind.ANNOUNCED}):
        href = url_for("competitions.approval", competition_id=competition.public_id)
        if states[competition.id] in {"draft", "returned"}:
            title, act = gettext("Complete the draft and submit it"), gettext("Check the draft")
        elif states[competition.id] == "approved":
            title, act = gettext("Publish the notice"), gettext("Publish the notice")
        else:
            continue
        words = gettext("Applications open on %(when)s.", when=_when(competition.apply_opens_at))
        yield Task(title=title, text=words, href=href, act=act, place=place(competition))


def _registration(scene: Scene) -> Iterator[Task]:
    closing = {Kind.REGISTRATION_CLOSED}
    for competition in scene.where("competitions.close_registration", after={Kind.ANNOUNCED}, before=closing):
        if scene.clock(competition) > competition.apply_closes_at:
            yield Task(
                title=gettext("Close the registration"),
                text=gettext("The period ended on %(when)s.", when=_when(competition.apply_closes_at)),
                href=url_for("competitions.home", competition_id=competition.public_id) + "#close",
                act=gettext("Close the registration"),
                place=place(competition),
            )


def _summonses(scene: Scene) -> Iterator[Task]:
    for competition in scene.where("sittings.arrange", after={Kind.LIST_APPROVED}, before={Kind.SUMMONED}):
        yield Task(
            title=gettext("Prepare rooms and sittings, and summon the candidates"),
            text=gettext("The list is approved. Candidates wait for time and place."),
            href=url_for("sittings.overview", competition_id=competition.public_id),
            act=gettext("Arrange the sittings"),
            place=place(competition),
        )


def _grants(scene: Scene) -> Iterator[Task]:
    """Yield the places in which a proposed role waits for a second person."""
    by_id = {found.id: found for found in scene.where("accounts.approve")}
    rows = scene.session.scalars(
        select(RoleGrant).where(
            RoleGrant.approved_at.is_(None),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.competition_id.in_(by_id),
            RoleGrant.proposed_by != scene.actor.account_id,
            RoleGrant.account_id != scene.actor.account_id,
        )
    ).all()
    for competition_id in sorted({row.competition_id for row in rows if row.competition_id is not None}):
        competition = by_id[competition_id]
        yield Task(
            title=gettext("Approve proposed roles"),
            text=gettext("A role is held once a second person has approved it."),
            href=url_for("accounts.people", competition_id=competition.public_id),
            act=gettext("Look at the proposals"),
            place=place(competition),
            count=sum(row.competition_id == competition_id for row in rows),
        )


def _erasures(scene: Scene) -> Iterator[Task]:
    """Yield the people whose erasure waits for a second person."""
    if not policy.may_ever("accounts.erase"):
        return
    for account, organisation in persons.waiting_erasures(scene.session, scene.actor):
        yield Task(
            title=gettext("Approve the erasure of a person"),
            text=gettext("It was proposed on a signed decision. What is erased cannot be brought back."),
            href=url_for(
                "accounts.person", organisation_id=organisation.public_id, account_id=account.public_id
            ),
            act=gettext("Look at the proposal"),
            place=organisation.name,
        )


def _counter(scene: Scene) -> Iterator[Task]:
    if not policy.may_ever("registration.enter_dossier") or Role.COUNTER not in scene.actor.roles:
        return
    for competition in scene.where(
        "registration.enter_dossier", after={Kind.ANNOUNCED}, before={Kind.LIST_APPROVED}
    ):
        yield Task(
            title=gettext("Take in a paper dossier"),
            text=_period(competition),
            href=url_for("registration.enter", competition_id=competition.public_id),
            act=gettext("Enter a dossier"),
            place=place(competition),
        )
    for organisation in accounts.organisations_of(scene.session, scene.actor, [Role.COUNTER])[:1]:
        yield Task(
            title=gettext("Open an account without e-mail"),
            text=gettext("The person takes home a printed one-time code."),
            href=url_for("accounts.counter", organisation_id=organisation.public_id),
            act=gettext("Print a code"),
        )


def _period(competition: Competition) -> str:
    return str(
        gettext(
            "Stamped by %(when)s counts, however late it is keyed in.",
            when=_when(competition.apply_closes_at),
        )
    )


def _when(instant: object) -> str:
    return filters.instant(instant)  # type: ignore[arg-type]
