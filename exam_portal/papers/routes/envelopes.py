# SPDX-License-Identifier: Apache-2.0
"""Envelopes: registered by label and seal, followed until they are opened."""

from collections.abc import Mapping

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.audit import service as audit
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.audit.papers import PreparedPaper
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.papers import access, errors, queries, service
from exam_portal.papers.forms import EnvelopeEventForm, EnvelopeForm
from exam_portal.papers.models import EnvelopeEventKind
from exam_portal.papers.routes.blueprint import PAPER, again, bp, refuse, to
from exam_portal.web import context, database, messages, policy, templating

FIELDS: Mapping[type[DomainError], str] = {
    errors.LabelTaken: "label",
    errors.SealNumberTaken: "seal_no",
    errors.SealNotRead: "seal_no",
    errors.SealUnexplained: "reason",
    errors.NotYetHappened: "happened_at",
    errors.BeforeSealed: "happened_at",
    errors.TwoCandidates: "first_candidate",
    errors.WrongEnvelopeEvent: "kind",
}


@bp.route(f"{PAPER}/envelopes/new", methods=["GET", "POST"])
@policy.requires("papers.register_envelope")
def new_envelope(competition_id: str, paper_id: str) -> str | Response:
    """Register an envelope of the paper."""
    permission = "papers.register_envelope"
    access.load_paper(database.reader(), context.actor(), competition_id, paper_id, permission)
    form = EnvelopeForm()
    if form.validate_on_submit():
        minutes = form.prepared_paper()
        try:
            with database.writer() as session:
                actor = context.actor()
                competition, paper = access.load_paper(session, actor, competition_id, paper_id, permission)
                title = gettext("Envelope %(label)s", label=form.label.data)
                service.register_envelope(
                    session,
                    actor,
                    context.now(competition),
                    paper=paper,
                    label=form.label.data,
                    seal_no=form.seal_no.data,
                    copies=form.copies.data or 0,
                    sealed_at=form.sealed_at.data,
                    minute_no=form.minute_no.data,
                    minutes=_filed(session, competition, minutes, title),
                )
        except tuple(FIELDS) as problem:
            refuse(
                form,
                problem,
                field="sealed_at" if isinstance(problem, errors.NotYetHappened) else FIELDS[type(problem)],
            )
        else:
            flask.flash(gettext("The envelope is registered."), "done")
            return to("paper", competition_id=competition_id, paper_id=paper_id)
    competition, paper = access.load_paper(
        database.reader(), context.actor(), competition_id, paper_id, permission
    )
    body = templating.render("papers/envelope_new.html", form=form, competition=competition, paper=paper)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{PAPER}/envelopes/<public_id:envelope_id>", methods=["GET", "POST"])
@policy.requires("papers.note_envelope")
def envelope(competition_id: str, paper_id: str, envelope_id: str) -> str | Response:
    """Record what happened to an envelope."""
    access.load_paper(database.reader(), context.actor(), competition_id, paper_id, "papers.note_envelope")
    form = EnvelopeEventForm()
    if form.validate_on_submit():
        try:
            _note(competition_id, paper_id, envelope_id, form)
        except tuple(FIELDS) as problem:
            refuse(form, problem, field=FIELDS[type(problem)])
        else:
            flask.flash(gettext("It is on record what happened to the envelope."), "done")
            return to("paper", competition_id=competition_id, paper_id=paper_id)
    session = database.reader()
    competition, paper = access.load_paper(
        session, context.actor(), competition_id, paper_id, "papers.note_envelope"
    )
    entry = queries.envelope_entry(session, queries.envelope(session, paper.id, envelope_id))
    body = templating.render(
        "papers/envelope.html", form=form, competition=competition, paper=paper, entry=entry
    )
    return again(body) if flask.request.method == "POST" else body


def _note(competition_id: str, paper_id: str, envelope_id: str, form: EnvelopeEventForm) -> None:
    minutes, kind = form.prepared_paper(), EnvelopeEventKind(form.kind.data)
    with database.writer() as session:
        actor = context.actor()
        competition, found = access.load_envelope(
            session, actor, competition_id, paper_id, envelope_id, "papers.note_envelope"
        )
        title = f"{found.label}: {messages.label(kind)}"
        service.note_envelope(
            session,
            actor,
            context.now(competition),
            envelope=found,
            kind=kind.value,
            happened_at=form.happened_at.data,
            place=form.place.data or "",
            seal_no=form.seal_no.data or "",
            seal_intact=form.seal_intact.data == "yes",
            reason=form.reason.data or "",
            candidates=form.candidates(),
            present=form.witnesses.data,
            minutes=_filed(session, competition, minutes, title),
        )


def _filed(
    session: Session, competition: Competition, minutes: PreparedPaper | None, title: str
) -> SignedPaper | None:
    """The scan of the minutes is filed, where one was given; return its row."""
    if minutes is None:
        return None
    return audit.file_paper(
        session,
        context.actor(),
        context.now(competition),
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        kind=PaperKind.PAPER_HANDOVER,
        title=title,
        paper=minutes,
    )
