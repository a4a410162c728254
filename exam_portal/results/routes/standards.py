# SPDX-License-Identifier: Apache-2.0
"""Where the pass mark lies: judges are appointed, estimate in rounds, and see how far they differ."""

import flask
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import printing as letterhead
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import workspace
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.results import access, errors, messages, standard_pages, standards
from exam_portal.results.forms import ExcuseJudgeForm, StandardForm
from exam_portal.results.models import StandardSetting
from exam_portal.results.routes.blueprint import PLACE, bp, form_page, page, refuse, titles, to
from exam_portal.web import context, database, policy, printing
from exam_portal.web.printed import Signature

STANDARD = f"{PLACE}/standards/<public_id:standard_id>"
workspace.add_room("results.standards_list", _l("Pass mark by judges"), "results.see_standards", order=725)


@bp.get(f"{PLACE}/standards")
@policy.requires("results.see_standards")
def standards_list(competition_id: str) -> Response:
    """List the standards of the competition, those that the reader judges first to be done."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.see_standards")
    rows = standards.settings(session, competition.id)
    return page("standards", competition, rows=rows, titles=titles(competition), words=messages)


@bp.route(f"{PLACE}/standards/new", methods=["GET", "POST"])
@policy.requires("results.set_standard")
def new_standard(competition_id: str) -> Response:
    """Appoint the judges of a held form."""
    session = database.reader()
    competition = access.load_competition(session, context.actor(), competition_id, "results.set_standard")
    tests = [part.key for part in competitions.ruleset(competition).parts if part.kind == "test"]
    held = {row.public_id: row for row in standards.held_forms(session, competition, tests)}
    appointing = context.actor().account_id  # who appoints does not judge
    members = {entry.public_id: entry for entry in _members(session, competition) if entry.id != appointing}
    form = StandardForm()
    form.form.choices = [(name, gettext("Form %(code)s", code=row.code)) for name, row in held.items()]
    form.judges.choices = [(name, entry.name) for name, entry in members.items()]
    if held and form.validate_on_submit():
        judges = [members[name].id for name in form.judges.data or () if name in members]
        try:
            with database.writer() as writer:
                place = access.load_competition(
                    writer, context.actor(), competition_id, "results.set_standard"
                )
                made = standards.begin(
                    writer,
                    context.actor(),
                    context.now(place),
                    competition=place,
                    form_id=held[form.form.data or ""].id,
                    method=form.method.data or "",
                    judges=judges,
                )
                standard_id = made.public_id
            return to("standard", competition_id=competition_id, standard_id=standard_id)
        except errors.TooFewJudges as problem:
            refuse(form, problem, field="judges")
    return form_page("standard_new", competition, form=form, held=held)


@bp.get(STANDARD)
@policy.requires("results.see_standards")
def standard(competition_id: str, standard_id: str) -> Response:
    """Show where the rounds stand, and what the complete ones say."""
    session = database.reader()
    competition, found = access.load_standard(
        session, context.actor(), competition_id, standard_id, "results.see_standards"
    )
    return page(
        "standard",
        competition,
        standard=found,
        last=found.rounds[-1],
        told=[
            one.number for one in found.rounds if standards.are_told(found, one, context.actor().account_id)
        ],
        standing=standards.standing(session, found.rounds[-1]),
        people=_names(session, found),
        excused=_excused(session, found),
        most_rounds=standards.MOST_ROUNDS,
        words=messages,
        titles=titles(competition),
    )


@bp.route(f"{STANDARD}/judge", methods=["GET", "POST"])
@policy.requires("results.judge_standard")
def judge_standard(competition_id: str, standard_id: str) -> Response:
    """Read the form with its key and give the own estimates; of others only what a complete round says."""
    problem: DomainError | None = None
    if flask.request.method == "POST":
        try:
            with database.writer() as session:
                competition, found = access.load_standard(
                    session, context.actor(), competition_id, standard_id, "results.judge_standard"
                )
                shares = standard_pages.typed(found, flask.request.form)
                now = context.now(competition)
                standards.estimate(session, context.actor(), now, setting=found, shares=shares)
            flask.flash(
                gettext("Your estimates are stored. Nobody sees them before the last judge's."), "done"
            )
            return to("judge_standard", competition_id=competition_id, standard_id=standard_id)
        except errors.EstimateIncomplete as refusal:
            problem = refusal
    session, actor = database.reader(), context.actor()
    competition, found = access.load_standard(
        session, actor, competition_id, standard_id, "results.judge_standard"
    )
    shown = standard_pages.judging(session, actor, found, flask.request.form)
    status = 422 if problem else 200
    return page(
        "standard_judge",
        competition,
        status=status,
        shown=shown,
        standard=found,
        titles=titles(competition),
        words=messages,
    )


@bp.route(f"{STANDARD}/excuse", methods=["GET", "POST"])
@policy.requires("results.set_standard")
def excuse_judge(competition_id: str, standard_id: str) -> Response:
    """Go on without a judge who has given nothing in the open round."""
    session = database.reader()
    competition, found = _to_set(session, competition_id, standard_id)
    names = _names(session, found)
    waited = {str(place): one for place, one in enumerate(found.judge_ids) if found.waits_for(one)}
    form = ExcuseJudgeForm()
    form.judge.choices = [(place, names[one]) for place, one in waited.items()]
    if waited and form.validate_on_submit():
        try:
            with database.writer() as writer:
                place, setting = _to_set(writer, competition_id, standard_id)
                standards.excuse(
                    writer,
                    context.actor(),
                    context.now(place),
                    setting=setting,
                    account_id=waited[form.judge.data or ""],
                    reason=form.reason.data or "",
                )
            return to("standard", competition_id=competition_id, standard_id=standard_id)
        except (errors.TooFewJudges, errors.JudgeHasSpoken) as problem:
            refuse(form, problem, field="judge")
    return form_page("standard_excuse", competition, form=form, standard=found, waited=waited)


@bp.post(f"{STANDARD}/rounds")
@policy.requires("results.set_standard")
def open_standard_round(competition_id: str, standard_id: str) -> Response:
    """Have the judges estimate again, knowing how the last round spread."""
    with database.writer() as session:
        competition, found = _to_set(session, competition_id, standard_id)
        standards.open_round(session, context.actor(), context.now(competition), setting=found)
    return to("standard", competition_id=competition_id, standard_id=standard_id)


@bp.post(f"{STANDARD}/again")
@policy.requires("results.set_standard")
def compute_standard_again(competition_id: str, standard_id: str) -> Response:
    """Have the computation of a round that failed tried again at once."""
    with database.writer() as session:
        competition, found = _to_set(session, competition_id, standard_id)
        standards.repeat(session, context.actor(), context.now(competition), setting=found)
    return to("standard", competition_id=competition_id, standard_id=standard_id)


@bp.post(f"{STANDARD}/conclude")
@policy.requires("results.set_standard")
def conclude_standard(competition_id: str, standard_id: str) -> Response:
    """Conclude with the cut of the last round."""
    with database.writer() as session:
        competition, found = _to_set(session, competition_id, standard_id)
        standards.conclude(session, context.actor(), context.now(competition), setting=found)
    return to("standard", competition_id=competition_id, standard_id=standard_id)


@bp.get(f"{STANDARD}/minutes.pdf")
@policy.requires("results.see_standards")
def standard_minutes(competition_id: str, standard_id: str) -> Response:
    """Return the minutes of the judges, to be signed by them."""
    session = database.reader()
    competition, found = access.load_standard(
        session, context.actor(), competition_id, standard_id, "results.see_standards"
    )
    if found.concluded_at is None:
        raise errors.RoundRuns
    people = _names(session, found)
    with force_locale("vi"):
        frame = letterhead.frame(
            session,
            competition,
            context.now(competition),
            title=gettext("MINUTES"),
            subject=gettext("On the pass mark that judges recommend"),
            code=f"BB-DC-{found.part}",
            grounds=(),
            signatures=[
                Signature(duty=gettext("JUDGE"), name=people.get(one, "")) for one in found.awaited_ids
            ],
            content_hash=found.rounds[-1].content_hash or "",
        )
        part = titles(competition).get(found.part, found.part)
    content = printing.document(
        "results/print/standard.html",
        frame,
        standard=found,
        people=people,
        excused=_excused(session, found),
        part=part,
        words=messages,
    )
    return printing.response(content, f"{competition.code}-{found.part}-standard.pdf")


def _to_set(session: Session, competition_id: str, standard_id: str) -> tuple[Competition, StandardSetting]:
    return access.load_standard(session, context.actor(), competition_id, standard_id, "results.set_standard")


def _names(session: Session, setting: StandardSetting) -> dict[int, str]:
    """Return the names of the judges, in the order of their appointment."""
    names = accounts.names_of(session, setting.judge_ids)
    return {one: names.get(one, "") for one in setting.judge_ids}


def _excused(session: Session, setting: StandardSetting) -> list[str]:
    """Return who was excused, each with the reason."""
    names = _names(session, setting)
    gone = [judge for judge in setting.judges if judge.excused_at is not None]
    return [f"{names[judge.account_id]} – {judge.reason}" for judge in gone]


def _members(session: Session, competition: Competition) -> list[accounts.AccountEntry]:
    """Return who may be appointed a judge: members of the boards of this competition, each once."""
    found = {
        entry.id: entry
        for role in access.PANEL
        for entry in accounts.holders(
            session, role, organisation_id=competition.organisation_id, competition_id=competition.id
        )
    }
    return sorted(found.values(), key=lambda entry: entry.name)
