# SPDX-License-Identifier: Apache-2.0
"""Who may do what with results, and the only functions that hand their rows to pages."""

from typing import Any

from sqlalchemy import select

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.registration.models import Candidate
from exam_portal.results import queries
from exam_portal.results.models import Publication, StandardSetting
from exam_portal.web import policy


def _is_own(actor: Actor, target: Any) -> bool:
    return target is not None and actor.account_id == getattr(target, "account_id", None)


def _is_judge(actor: Actor, target: Any) -> bool:
    """Whether the actor was appointed, and the judges are still asked."""
    is_asked = target is not None and getattr(target, "concluded_at", None) is None
    return is_asked and actor.account_id in getattr(target, "awaited_ids", ())


is_judge = policy.Check(
    "judge of the standard", _is_judge, lambda actor: actor.is_known and not actor.is_candidate
)
PANEL = (Role.ORGANISER, Role.CHAIR, Role.SETTING_BOARD, Role.OVERSIGHT, Role.COUNCIL)
is_own = policy.Check("own result", _is_own, lambda actor: actor.is_known and actor.is_candidate)
SEE = (Role.SECRETARY, Role.CHAIR, Role.AUTHORITY, Role.OVERSIGHT, Role.ORGANISER)

PERMISSIONS: policy.Permissions = {
    "results.see": policy.any_of(
        policy.holds(*SEE), doc="See result sheets, runs, publications; take the bundle."
    ),
    "results.unmask": policy.any_of(
        policy.holds(Role.MASKING_BOARD), doc="Lift the masks of a part, before a witness of another board."
    ),
    "results.compute": policy.any_of(
        policy.holds(Role.SECRETARY, Role.CHAIR), doc="Compute the ranking from what was marked."
    ),
    "results.prepare": policy.any_of(
        policy.holds(Role.SECRETARY, Role.ORGANISER), doc="Prepare a publication, or discard one."
    ),
    "results.approve": policy.any_of(
        policy.holds(Role.CHAIR, Role.AUTHORITY), doc="Approve a publication; the second approval publishes."
    ),
    "results.record_approval": policy.any_of(
        policy.holds(Role.SECRETARY, Role.ORGANISER),
        doc="Record an approval that was signed on paper, with its scan.",
    ),
    "results.record_step": policy.any_of(
        policy.holds(Role.SECRETARY, Role.AUTHORITY),
        doc="Record opinion and recognition from their signed papers.",
    ),
    "results.see_item_analysis": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.CHAIR, Role.OVERSIGHT),
        doc="See how the items of a test did; texts of items only with the bank's own permission.",
    ),
    "results.analyse_items": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.CHAIR), doc="Have the items of a marked test analysed."
    ),
    "results.see_corrections": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.CHAIR, Role.AUTHORITY, Role.SECRETARY, Role.OVERSIGHT),
        doc="See corrections of test questions and their effect; of single candidates only who sees results.",
    ),
    "results.propose_correction": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.CHAIR),
        doc="Propose to neutralise a question of a marked test, or to change its key.",
    ),
    "results.decide_correction": policy.any_of(
        policy.holds(Role.CHAIR, Role.AUTHORITY),
        doc="Approve or refuse a correction that somebody else proposed, on the council's minute.",
    ),
    "results.see_standards": policy.any_of(
        policy.holds(*PANEL), doc="See which standards are set, and the cut that judges came to."
    ),
    "results.set_standard": policy.any_of(
        policy.holds(Role.ORGANISER), doc="Appoint the judges of a standard, open rounds, conclude."
    ),
    "results.judge_standard": policy.any_of(
        is_judge,
        doc="Read the held form and give own estimates, as an appointed judge, until the conclusion.",
    ),
    "results.own_list": policy.any_of(policy.is_candidate, doc="See where own results stand."),
    "results.own": policy.any_of(
        policy.all_of(policy.is_candidate, is_own), doc="See the own result and how it came about."
    ),
}


def load_competition(session: Session, actor: Actor, public_id: str, permission: str) -> Competition:
    """Return the competition if the actor may do this in it, else NotFound."""
    found = session.scalar(select(Competition).where(Competition.public_id == public_id))
    if found is None:
        raise NotFound
    policy.authorise(actor, permission, found, view="competitions.view")
    return found


def load_vacancy(
    session: Session, actor: Actor, competition_id: str, vacancy_id: str, permission: str
) -> tuple[Competition, Vacancy]:
    """Return a vacancy with its competition if the actor may do this in it, else NotFound."""
    competition = load_competition(session, actor, competition_id, permission)
    return competition, competitions.vacancy(session, competition, vacancy_id)


def load_publication(
    session: Session, actor: Actor, competition_id: str, publication_id: str, permission: str
) -> tuple[Competition, Publication]:
    """Return a publication with its competition if the actor may do this in it, else NotFound."""
    competition = load_competition(session, actor, competition_id, permission)
    return competition, queries.publication(session, competition, publication_id)


def load_standard(
    session: Session, actor: Actor, competition_id: str, public_id: str, permission: str
) -> tuple[Competition, StandardSetting]:
    """Return the standard with its competition if the actor may do this with it, else NotFound."""
    found = session.scalar(select(StandardSetting).where(StandardSetting.public_id == public_id))
    if found is None:
        raise NotFound
    competition = session.get_one(Competition, found.competition_id)
    if competition.public_id != competition_id:
        raise NotFound
    if permission == "results.judge_standard":
        policy.authorise(actor, "results.see_standards", competition)  # who left the boards judges no more
        policy.authorise(actor, permission, found)
    else:
        policy.authorise(actor, permission, competition)
    return competition, found


def load_own(session: Session, actor: Actor, public_id: str) -> Candidate:
    """Return the actor's own candidacy, else NotFound."""
    candidate = session.scalar(select(Candidate).where(Candidate.public_id == public_id))
    if candidate is None:
        raise NotFound
    policy.authorise(actor, "results.own", candidate)
    return candidate
