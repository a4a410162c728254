# SPDX-License-Identifier: Apache-2.0
"""What waits for the chair, council members and the second approver."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.interviews import ballots
from exam_portal.interviews import queries as interviews
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.interviews.record import keeping
from exam_portal.results.models import Publication, PublicationApproval
from exam_portal.sittings.attempts import correcting
from exam_portal.web import policy
from scoring.ruleset import RuleSet


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what waits for the council."""
    yield from _ballots(scene)
    yield from _shares(scene)
    yield from _approvals(scene)
    yield from _lists(scene)
    yield from _publications(scene)
    yield from _corrections(scene)


def _corrections(scene: Scene) -> Iterator[Task]:
    """Yield the competitions in which corrections of questions wait that others have proposed."""
    places = {found.id: found for found in scene.where("results.decide_correction", after={Kind.ANNOUNCED})}
    if not places or scene.actor.account_id is None:
        return
    counts = correcting.waiting(scene.session, places, scene.actor.account_id)
    for competition_id, count in sorted(counts.items()):
        competition = places[competition_id]
        yield Task(
            title=gettext("Decide corrections of questions"),
            text=gettext("The effect on marks and ranks is shown first; it takes the council's minute."),
            href=url_for("results.corrections", competition_id=competition.public_id),
            act=gettext("Read the proposals"),
            place=place(competition),
            count=count,
        )


def _ballots(scene: Scene) -> Iterator[Task]:
    """Yield the hearings in which this member has not yet voted."""
    account_id = scene.actor.account_id
    if account_id is None or not policy.may_ever("interviews.own"):
        return
    panels = interviews.panels_of_member(scene.session, account_id)
    hearings = {found: panel for panel in panels if panel.mode != "paper" for found in panel.hearings}
    if not hearings:
        return
    events = interviews.events(scene.session, [found.id for found in hearings])
    voted = interviews.has_voted(scene.session, [found.id for found in hearings], account_id)
    running = {standing.competition.id: standing.competition for standing in scene.standings}
    for hearing, panel in hearings.items():
        competition = running.get(panel.competition_id)
        past = events.get(hearing.id, {})
        is_open = "ballot_opened" in past and interviews.BALLOT_OVER.isdisjoint(past)
        if competition and is_open and hearing.id not in voted and _has_slip(scene, hearing, account_id):
            yield Task(
                title=_ballot(panel, competitions.ruleset(competition)),
                text=_kept_how(panel, competitions.ruleset(competition), hearing.order_no),
                href=url_for("interviews.vote", hearing_id=hearing.public_id),
                act=gettext("Open the ballot"),
                place=place(competition),
                is_urgent=True,
            )


def _shares(scene: Scene) -> Iterator[Task]:
    """Yield the panels of whose sealed record this person has a share still to copy."""
    there = {one.id: one for one in scene.where("interviews.keep_record", after={Kind.ANNOUNCED})}
    if scene.actor.account_id is None or not there:
        return
    for competition_id, panel_id, post in keeping.uncopied(scene.session, there, scene.actor.account_id):
        competition = there[competition_id]
        yield Task(
            title=gettext("Copy your share of the sealed record for %(post)s", post=post),
            text=gettext("Lots are drawn after every keeper has copied their own share, by hand and alone."),
            href=url_for("interviews.record_share", competition_id=competition.public_id, panel_id=panel_id),
            act=gettext("Copy your share"),
            place=place(competition),
            is_urgent=True,
        )


def _has_slip(scene: Scene, hearing: Hearing, account_id: int) -> bool:
    """Whether a ballot of this person would be taken."""
    voters = interviews.voters(scene.session, hearing.panel, [hearing])[hearing.id]
    return any(one.account_id == account_id for one in voters)


def _ballot(panel: PanelSession, ruleset: RuleSet) -> str:
    is_vote = ballots.part_of(ruleset, panel.part).kind == "vote"
    return str(gettext("Say whether you have confidence") if is_vote else gettext("Give your ballot"))


def _kept_how(panel: PanelSession, ruleset: RuleSet, number: int) -> str:
    rule = ballots.part_of(ruleset, panel.part).panel
    is_named = rule is not None and rule.ballot == "named"
    named = gettext("Hearing %(number)s. Your ballot bears your name.", number=number)
    secret = gettext("Hearing %(number)s. Your ballot is secret.", number=number)
    return str(named if is_named else secret)


def _approvals(scene: Scene) -> Iterator[Task]:
    states = {standing.competition.id: standing.state for standing in scene.standings}
    for competition in scene.where("competitions.approve", before={Kind.ANNOUNCED}):
        if states[competition.id] == "submitted":
            yield Task(
                title=gettext("Approve the competition, or send it back"),
                text=gettext("With the notice, rules, posts and dates are frozen."),
                href=url_for("competitions.approval", competition_id=competition.public_id),
                act=gettext("Read the draft"),
                place=place(competition),
            )


def _lists(scene: Scene) -> Iterator[Task]:
    vetted = list(
        scene.where(
            "registration.approve_list", after={Kind.REGISTRATION_CLOSED}, before={Kind.LIST_APPROVED}
        )
    )
    ids = [found.id for found in vetted]
    undecided = queries.undecided_counts(scene.session, ids) if ids else {}
    for competition in vetted:
        if not undecided[competition.id]:
            yield Task(
                title=gettext("Approve the list of candidates"),
                text=gettext("Every dossier has been concluded on."),
                href=url_for("registration.applications", competition_id=competition.public_id),
                act=gettext("Look at the list"),
                place=place(competition),
            )


def _publications(scene: Scene) -> Iterator[Task]:
    """Yield what is prepared for the public and waits for this person's word."""
    may = {found.id: found for found in scene.where("results.approve", after={Kind.SUMMONED})}
    given = select(PublicationApproval.publication_id).where(PublicationApproval.by == scene.actor.account_id)
    rows = scene.session.scalars(
        select(Publication)
        .where(
            Publication.competition_id.in_(may),
            Publication.published_at.is_(None),
            Publication.discarded_at.is_(None),
            Publication.id.not_in(given),
        )
        .order_by(Publication.id)
    ).all()
    for publication in rows:
        competition = may[publication.competition_id]
        yield Task(
            title=gettext("Approve what is to be published"),
            text=gettext("Two people approve exactly the content that becomes public."),
            href=url_for(
                "results.publication",
                competition_id=competition.public_id,
                publication_id=publication.public_id,
            ),
            act=gettext("Read the publication"),
            place=place(competition),
            is_urgent=True,
        )
