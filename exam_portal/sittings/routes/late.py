# SPDX-License-Identifier: Apache-2.0
"""Late answers: what is known about them, and the ruling of two people. Nobody sees what was answered."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import queries as record
from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.sittings import access, forms, queries, service
from exam_portal.sittings.attempts import access as attempt_access
from exam_portal.sittings.attempts import late
from exam_portal.sittings.attempts import service as attempts
from exam_portal.sittings.models import Attempt, LateVerdict, Sitting
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import SITTING, form_page, page, sitting, to
from exam_portal.web import context, database, policy

RULING = "/staff/late-rulings/<public_id:ruling_id>"


@bp.get(f"{SITTING}/late-answers")
@policy.requires("sittings.view")
def late_answers(sitting_id: str) -> str | Response:
    """Show when late answers came, and what was ruled."""
    session = database.reader()
    found, competition = sitting(session, sitting_id, "sittings.view")
    entries = queries.late_attempts(session, found)
    rulings = [one for entry in entries for one in (*entry.rulings, entry.proposal) if one is not None]
    return page(
        "late_answers",
        competition,
        sitting=found,
        entries=entries,
        expected_until=late.expected_until(session, found),
        now=context.now(competition),
        people=accounts.names_of(
            session, {one.by for one in rulings} | {one.approved_by for one in rulings if one.approved_by}
        ),
        papers=record.papers_by_id(session, [one.signed_paper_id for one in rulings if one.signed_paper_id]),
    )


@bp.route("/staff/attempts/<public_id:attempt_id>/late-answers", methods=["GET", "POST"])
@policy.requires("sittings.rule_late")
def propose_ruling(attempt_id: str) -> str | Response:
    """Propose whether the late answers of an attempt count."""
    place = attempt_access.attempt_for(database.reader(), context.actor(), attempt_id, "sittings.rule_late")
    entry = _entry(database.reader(), place.attempt).only()
    if not entry.batches:
        raise StaleState
    form = forms.LateRulingForm(data={"last": entry.batches[-1].hash})
    form.offer(is_void=place.attempt.state == "void")
    if not form.validate_on_submit():
        return form_page("propose_ruling", place.competition, form=form, sitting=place.sitting, entry=entry)
    with database.writer() as session:
        place = attempt_access.attempt_for(session, context.actor(), attempt_id, "sittings.rule_late")
        service.propose_ruling(
            session,
            context.actor(),
            context.now(place),
            attempt=place.attempt,
            last=bytes.fromhex(form.last.data or ""),
            verdict=LateVerdict(form.verdict.data),
            reason=form.reason.data or "",
        )
        sitting_id = place.sitting.public_id
    flask.flash(gettext("The ruling waits for the second person."), "attention")
    return to("late_answers", sitting_id=sitting_id)


@bp.post(f"{RULING}/withdraw")
@policy.requires("sittings.rule_late")
def withdraw_ruling(ruling_id: str) -> Response:
    """Withdraw a proposed ruling."""
    with database.writer() as session:
        ruling = access.load_late_ruling(session, context.actor(), ruling_id, "sittings.rule_late")
        found = _sitting(session, ruling.attempt_id)
        now = context.now(access.competition_of(session, found))
        service.withdraw_ruling(session, context.actor(), now, ruling=ruling)
        sitting_id = found.public_id
    flask.flash(gettext("The proposal has been withdrawn."), "done")
    return to("late_answers", sitting_id=sitting_id)


@bp.route(f"{RULING}/approve", methods=["GET", "POST"])
@policy.requires("sittings.rule_late")
def approve_ruling(ruling_id: str) -> str | Response:
    """Approve a ruling as the second person, with the signed decision if there is one."""
    reading = database.reader()
    asked = access.load_late_ruling(reading, context.actor(), ruling_id, "sittings.rule_late")
    attempt, found = reading.get_one(Attempt, asked.attempt_id), _sitting(reading, asked.attempt_id)
    form = forms.ApproveRulingForm()
    if not form.validate_on_submit():
        return form_page(
            "approve_ruling",
            access.competition_of(reading, found),
            form=form,
            sitting=found,
            ruling=asked,
            verdict=LateVerdict(asked.verdict),
            entry=_entry(reading, attempt).only(proposed=True),
            people=accounts.names_of(reading, {asked.by}),
        )
    decision, replayed = form.prepared_paper(), attempts.replay(reading, attempt)
    with database.writer() as session:
        ruling = access.load_late_ruling(session, context.actor(), ruling_id, "sittings.rule_late")
        competition = access.competition_of(session, _sitting(session, ruling.attempt_id))
        now, paper = context.now(competition), None
        if decision is not None:
            paper = audit.file_paper(
                session,
                context.actor(),
                now,
                organisation_id=competition.organisation_id,
                competition_id=competition.id,
                kind=PaperKind.COUNCIL_DECISION,
                title=gettext("Decision on late answers"),
                paper=decision,
            )
        left_out = service.approve_ruling(
            session, context.actor(), now, ruling=ruling, replayed=replayed, paper=paper
        )
    flask.flash(gettext("The ruling stands."), "done")
    if left_out:
        flask.flash(
            gettext(
                "%(count)s late answers are left out: they fit nothing that was written before, or the next"
                " computer has answered the question.",
                count=len(left_out),
            ),
            "attention",
        )
    return to("late_answers", sitting_id=found.public_id)


def _entry(session: Session, attempt: Attempt) -> queries.LateAttempt:
    """Return what is known about the attempt's late batches; without any there is nothing to rule on."""
    found = queries.late_attempts(session, _sitting(session, attempt.id), attempt.id)
    if not found:
        raise NotFound
    return found[0]


def _sitting(session: Session, attempt_id: int) -> Sitting:
    return session.get_one(Sitting, session.get_one(Attempt, attempt_id).sitting_id)
