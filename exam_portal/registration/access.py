# SPDX-License-Identifier: Apache-2.0
"""Who may do what in registration and vetting, and the only functions that hand out its rows."""

from typing import Any

from sqlalchemy import select

from exam_portal.accounts import profiles
from exam_portal.accounts import queries as accounts
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Criterion, MilestoneKind, Vacancy
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.registration import opening
from exam_portal.registration.models import Application, Attachment, Candidate, RefusedDossier
from exam_portal.web import policy


def _is_own(actor: Actor, target: Any) -> bool:
    return target is not None and actor.account_id == target.account_id


OWN = "registration.own"
is_own = policy.Check("own application", _is_own, lambda actor: actor.is_known and actor.is_candidate)

PERMISSIONS: policy.Permissions = {
    "registration.apply": policy.any_of(policy.is_candidate, doc="Start an application for a vacancy."),
    OWN: policy.any_of(
        policy.all_of(policy.is_candidate, is_own), doc="See, fill, submit and withdraw the own application."
    ),
    "registration.list": policy.any_of(
        policy.holds(
            Role.ORGANISER,
            Role.SECRETARY,
            Role.CHAIR,
            Role.VETTING_BOARD,
            Role.COUNTER,
            Role.AUTHORITY,
            Role.OVERSIGHT,
        ),
        doc="See the list of applications and how vacancies stand.",
    ),
    "registration.enter_dossier": policy.any_of(
        policy.holds(Role.COUNTER, Role.SECRETARY), doc="Take in a paper dossier; print its receipt."
    ),
    "registration.view_dossier": policy.any_of(
        policy.holds(Role.VETTING_BOARD, Role.SECRETARY, Role.OVERSIGHT),
        doc="Open a dossier and its documents.",
    ),
    "registration.vet": policy.any_of(
        policy.holds(Role.VETTING_BOARD), doc="Record findings and conclusions."
    ),
    "registration.approve_list": policy.any_of(
        policy.holds(Role.CHAIR, Role.SECRETARY),
        doc="Approve the list of candidates: the chair, or the secretary with the chair's signed decision.",
    ),
    "registration.exclude": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR), doc="Record that a candidate withdrew or was disqualified."
    ),
}


def load_application(session: Session, actor: Actor, public_id: str, permission: str) -> Application:
    """Return the application if the actor may do this with it, else NotFound; drafts are their owner's."""
    application = session.scalar(select(Application).where(Application.public_id == public_id))
    if application is None or not _is_handed_in(application, permission):
        raise NotFound
    policy.authorise(actor, permission, _target(session, application, permission))
    opening.require(session, actor, application, permission)
    return application


def load_attachment(session: Session, actor: Actor, public_id: str, permission: str) -> Attachment:
    """Return the document if the actor may do this with its application, else NotFound."""
    attachment = session.scalar(select(Attachment).where(Attachment.public_id == public_id))
    if attachment is None or not _is_handed_in(attachment.application, permission):
        raise NotFound
    policy.authorise(actor, permission, _target(session, attachment.application, permission))
    opening.require(session, actor, attachment.application, permission)
    return attachment


def load_refusal(session: Session, actor: Actor, public_id: str, permission: str) -> RefusedDossier:
    """Return the refused dossier if the actor may do this with it, else NotFound."""
    refusal = session.scalar(select(RefusedDossier).where(RefusedDossier.public_id == public_id))
    if refusal is None:
        raise NotFound
    policy.authorise(actor, permission, scope(session, refusal.competition_id))
    return refusal


def load_candidate(session: Session, actor: Actor, public_id: str, permission: str) -> Candidate:
    """Return the candidate if the actor may do this, else NotFound."""
    candidate = session.scalar(select(Candidate).where(Candidate.public_id == public_id))
    if candidate is None:
        raise NotFound
    own = permission.endswith(".own")
    policy.authorise(actor, permission, candidate if own else scope(session, candidate.competition_id))
    return candidate


def load_vacancy(session: Session, actor: Actor, public_id: str, permission: str) -> Vacancy:
    """Return a vacancy of an announced competition if the actor may do this, else NotFound."""
    vacancy = session.scalar(select(Vacancy).where(Vacancy.public_id == public_id))
    if vacancy is None:
        raise NotFound
    if (MilestoneKind.ANNOUNCED, "") not in competitions.reached(session, vacancy.competition_id):
        raise NotFound
    policy.authorise(actor, permission, scope(session, vacancy.competition_id))
    return vacancy


def load_criterion(session: Session, application: Application, public_id: str) -> Criterion:
    """Return a criterion of the application's vacancy, else NotFound."""
    criterion = session.scalar(
        select(Criterion).where(
            Criterion.public_id == public_id, Criterion.vacancy_id == application.vacancy_id
        )
    )
    if criterion is None:
        raise NotFound
    return criterion


def vacancy_of(session: Session, competition: Competition, public_id: str) -> Vacancy:
    """Return a vacancy of the competition that the actor has been admitted to, else NotFound."""
    return competitions.vacancy(session, competition, public_id)


def counter_account(session: Session, competition: Competition, public_id: str) -> int:
    """Return the account of a person registered for the competition's counter, else NotFound."""
    account = accounts.account_by_public_id(session, public_id)
    organisation = competitions.organisation_of(session, competition)
    if profiles.read(session, account).counter != organisation.public_id:
        raise NotFound
    return account.id


def scope(session: Session, competition_id: int) -> policy.Scope:
    """Return the place of a competition, for permissions held by role."""
    organisation_id = session.scalars(
        select(Competition.organisation_id).where(Competition.id == competition_id)
    ).one()
    return policy.Scope(organisation_id=organisation_id, competition_id=competition_id)


def _is_handed_in(application: Application, permission: str) -> bool:
    """Whether others than the applicant may know of it: what was never submitted was shown to nobody."""
    return permission == OWN or application.submitted_at is not None


def _target(session: Session, application: Application, permission: str) -> object:
    return application if permission == OWN else scope(session, application.competition_id)
