# SPDX-License-Identifier: Apache-2.0
"""Questions of marked tests corrected: proposed, read with the effect, decided by somebody else."""

import flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import workspace
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.results import access, correction_pages, messages, rescoring
from exam_portal.results.correction_pages import Asked
from exam_portal.results.forms import CorrectionApprovalForm, CorrectionForm, CorrectionRefusalForm
from exam_portal.results.routes.blueprint import PLACE, bp, form_page, page, refuse, titles, to
from exam_portal.sittings.attempts import correcting
from exam_portal.sittings.attempts import errors as of_attempts
from exam_portal.web import context, database, policy

CORRECTION = f"{PLACE}/corrections/<public_id:correction_id>"
workspace.add_room(
    "results.corrections", _l("Corrections of questions"), "results.see_corrections", order=722
)


@bp.get(f"{PLACE}/corrections")
@policy.requires("results.see_corrections")
def corrections(competition_id: str) -> Response:
    """List what was proposed and decided, and which tests can be corrected."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.see_corrections")
    rows = correcting.corrections(session, competition.id)
    return page(
        "corrections",
        competition,
        rows=rows,
        parts=correction_pages.parts(session, competition),
        titles=titles(competition),
        words=messages,
    )


@bp.route(f"{PLACE}/corrections/new", methods=["GET", "POST"])
@policy.requires("results.propose_correction")
def new_correction(competition_id: str) -> Response:
    """Choose a question of a marked test; then say what becomes of it, and why."""
    session, actor = database.reader(), context.actor()
    competition = access.load_competition(session, actor, competition_id, "results.propose_correction")
    part, item = flask.request.args.get("part", ""), flask.request.args.get("item", "")
    if part not in correction_pages.parts(session, competition):
        raise NotFound
    asked = {each.id: each for each in correction_pages.questions(session, actor, competition.id, part)}
    if not item:
        return page(
            "correction_choose", competition, asked=asked.values(), part=part, titles=titles(competition)
        )
    if item not in asked:
        raise NotFound
    form = _correction_form(asked[item])
    if form.validate_on_submit():
        try:
            made = _propose(competition_id, part, asked[item], form)
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field=_field(problem, asked[item]))
        else:
            return to("correction", competition_id=competition_id, correction_id=made)
    return form_page(
        "correction_new",
        competition,
        form=form,
        asked=asked[item],
        part=part,
        titles=titles(competition),
        rule=competitions.ruleset(competition).review.neutralise,
        words=messages,
    )


@bp.get(CORRECTION)
@policy.requires("results.see_corrections")
def correction(competition_id: str, correction_id: str) -> Response:
    """Show a correction; while it waits, what it would change, computed now."""
    return _show(competition_id, correction_id)


@bp.post(f"{CORRECTION}/approve")
@policy.requires("results.decide_correction")
def approve_correction(competition_id: str, correction_id: str) -> Response:
    """Approve the correction upon exactly the effect that was shown; marks and rankings follow."""
    form = CorrectionApprovalForm()
    if not form.validate_on_submit():
        return _show(competition_id, correction_id, approval=form, status=422)
    try:
        _approve(competition_id, correction_id, form)
    except (NotFound, Forbidden):
        raise
    except DomainError as problem:
        refuse(form, problem, field="minute" if isinstance(problem, of_attempts.MinuteMissing) else None)
        return _show(competition_id, correction_id, approval=form, status=problem.status)
    flask.flash(
        gettext("The correction is in force. Every script that holds the question is scored anew."), "done"
    )
    return to("correction", competition_id=competition_id, correction_id=correction_id)


@bp.post(f"{CORRECTION}/refuse")
@policy.requires("results.decide_correction")
def refuse_correction(competition_id: str, correction_id: str) -> Response:
    """Refuse the correction with a reason; the marks stay."""
    form = CorrectionRefusalForm()
    if not form.validate_on_submit():
        return _show(competition_id, correction_id, refusal=form, status=422)
    try:
        with database.writer() as session:
            actor = context.actor()
            competition = access.load_competition(session, actor, competition_id, "results.decide_correction")
            row = correcting.correction(session, competition.id, correction_id)
            now = context.now(competition)
            correcting.refuse(session, actor, now, correction=row, reason=form.reason.data or "")
    except (NotFound, Forbidden):
        raise
    except DomainError as problem:
        refuse(form, problem, field="reason" if isinstance(problem, of_attempts.ReasonMissing) else None)
        return _show(competition_id, correction_id, refusal=form, status=problem.status)
    flask.flash(gettext("The correction has been refused. No mark has changed."), "done")
    return to("correction", competition_id=competition_id, correction_id=correction_id)


def _correction_form(asked: Asked) -> CorrectionForm:
    form, until_now = CorrectionForm(typed=asked.written), gettext("right until now")
    choices = [
        (str(place), f"{each.shown} ({until_now})" if each.is_right else each.shown)
        for place, each in enumerate(asked.answers)
    ]
    form.one.choices = [] if asked.takes_several else choices
    form.several.choices = choices if asked.takes_several else []
    offered = {
        "neutralised": not asked.is_out,
        "key": asked.has_key,
        "restored": bool(asked.standing),
    }
    form.kind.choices = [(name, words) for name, words in messages.CORRECTIONS.items() if offered[name]]
    return form


def _field(problem: DomainError, asked: Asked) -> str:
    """Return beside which field the refusal stands."""
    if isinstance(problem, of_attempts.ReasonMissing):
        return "reason"
    if not isinstance(problem, of_attempts.NoSuchKey | of_attempts.SameKey) or not asked.has_key:
        return "kind"
    if asked.typed:
        return "typed"
    return "several" if asked.takes_several else "one"


def _propose(competition_id: str, part: str, asked: Asked, form: CorrectionForm) -> str:
    chosen = [asked.answers[int(place)] for place in form.chosen()]
    right, names = [each.text for each in chosen], [each.name for each in chosen]
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, "results.propose_correction")
        if asked.typed and form.kind.data == "key":
            typed = form.typed.data or ""
            right = [*correction_pages.new_key(session, competition.id, part, asked.id, typed)]
            names = [line for each in typed.splitlines() if (line := each.strip())]
        proposal = correcting.Proposal(
            part=part,
            item=asked.id,
            kind=form.kind.data or "",
            reason=form.reason.data or "",
            right=right,
            names=names,
        )
        row = rescoring.propose(
            session, actor, context.now(competition), competition=competition, proposal=proposal
        )
        return row.public_id


def _approve(competition_id: str, correction_id: str, form: CorrectionApprovalForm) -> None:
    """The effect is computed before the writer is taken: reading answers back takes its time."""
    reader, permission = database.reader(), "results.decide_correction"
    competition = access.load_competition(reader, context.actor(), competition_id, permission)
    row = correcting.correction(reader, competition.id, correction_id)
    recomputed = correcting.recompute(reader, row)
    foreseen = rescoring.foresee(reader, context.now(competition), competition, row, recomputed)
    with database.writer() as session:
        actor = context.actor()
        competition = access.load_competition(session, actor, competition_id, permission)
        rescoring.approve(
            session,
            actor,
            context.now(competition),
            competition=competition,
            correction=correcting.correction(session, competition.id, correction_id),
            minute=form.minute.data or "",
            seen=form.effect.data or "",
            recomputed=recomputed,
            foreseen=foreseen,
        )


def _show(
    competition_id: str,
    correction_id: str,
    *,
    approval: CorrectionApprovalForm | None = None,
    refusal: CorrectionRefusalForm | None = None,
    status: int = 200,
) -> Response:
    session, actor = database.reader(), context.actor()
    competition = access.load_competition(session, actor, competition_id, "results.see_corrections")
    row = correcting.correction(session, competition.id, correction_id)
    effect = None
    if row.state == "waiting":
        now = context.now(competition)
        effect = rescoring.foresee(session, now, competition, row, correcting.recompute(session, row))
    approval = approval or CorrectionApprovalForm(formdata=None)
    approval.effect.data = effect.hash if effect is not None else ""
    return page(
        "correction",
        competition,
        status=status,
        correction=row,
        content=correction_pages.words_of(session, row),
        key=correction_pages.named(correction_pages.words_of(session, row)),
        people=accounts.names_of(session, [each for each in (row.proposed_by, row.decided_by) if each]),
        effect=effect,
        rankings=correction_pages.rankings(competition, effect, titles(competition)),
        approval=approval,
        refusal=refusal or CorrectionRefusalForm(formdata=None),
        is_own=row.proposed_by == actor.account_id,
        is_in_force=correcting.is_in_force(session, row),
        rule=competitions.ruleset(competition).review.neutralise,
        titles=titles(competition),
        words=messages,
    )
