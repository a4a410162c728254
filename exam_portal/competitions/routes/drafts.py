# SPDX-License-Identifier: Apache-2.0
"""Creating a competition, and editing what its draft says."""

from functools import lru_cache

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts.models import Organisation
from exam_portal.competitions import errors, queries, rulesets, service
from exam_portal.competitions import rules as presented
from exam_portal.competitions.forms import CompetitionForm, ModeForm
from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.competitions.routes.blueprint import PLACE, again, bp, load, refuse, to
from exam_portal.core.errors import NotFound
from exam_portal.web import context, database, filters, policy, templating
from scoring.ruleset import RuleSet


@bp.get("/staff/competitions/new")
@policy.requires("competitions.create")
def choose_rules() -> str:
    """Choose the rule set of a new competition, each told in words."""
    organisations = queries.organisations_to_create_in(database.reader(), context.actor())
    for organisation in organisations[:1]:
        policy.authorise(context.actor(), "competitions.create", _scope(organisation))
    return templating.render("competitions/choose_rules.html", rulesets=_available(), rows=presented.rows)


@bp.route("/staff/competitions/new/<string(maxlength=100):rules_id>", methods=["GET", "POST"])
@policy.requires("competitions.create")
def create(rules_id: str) -> str | Response:
    """Create a competition under a rule set."""
    ruleset = _ruleset(rules_id)
    form = CompetitionForm(kind=CompetitionKind.REAL.value, legal_basis="\n".join(ruleset.legal_basis))
    organisations = queries.organisations_to_create_in(database.reader(), context.actor())
    form.offer(organisations, rehearsals=context.settings().rehearsal.enabled)
    if not form.validate_on_submit():
        for organisation in organisations[:1]:
            policy.authorise(context.actor(), "competitions.create", _scope(organisation))
        body = templating.render("competitions/create.html", form=form, ruleset=ruleset)
        return again(body) if flask.request.method == "POST" else body
    try:
        public_id = _create(ruleset, form)
    except errors.CodeTaken as problem:
        refuse(form, problem, field="code")
        policy.authorise(context.actor(), "competitions.create", _scope(organisations[0]))
        return again(templating.render("competitions/create.html", form=form, ruleset=ruleset))
    flask.flash(gettext("The competition exists as a draft. Add its posts and criteria."), "done")
    return to("home", public_id)


@bp.route(f"{PLACE}/facts", methods=["GET", "POST"])
@policy.requires("competitions.edit")
def facts(competition_id: str) -> str | Response:
    """Edit the facts of a draft."""
    competition = load(database.reader(), competition_id, "competitions.edit")
    form = CompetitionForm(data=_typed(competition))
    form.for_edit()
    if not form.validate_on_submit():
        body = templating.render("competitions/facts.html", form=form, competition=competition)
        return again(body) if flask.request.method == "POST" else body
    try:
        with database.writer() as session:
            competition = load(session, competition_id, "competitions.edit")
            service.edit_draft(
                session, context.actor(), context.now(competition), competition, **form.facts()
            )
    except (errors.CodeTaken, errors.NotADraft) as problem:
        refuse(form, problem, field="code" if isinstance(problem, errors.CodeTaken) else None)
        competition = load(database.reader(), competition_id, "competitions.edit")
        return again(templating.render("competitions/facts.html", form=form, competition=competition))
    flask.flash(gettext("The draft has been saved."), "done")
    return to("home", competition_id)


@bp.get(f"{PLACE}/rules")
@policy.requires("competitions.view")
def rules(competition_id: str) -> str:
    """Show the rules in words, and how each part is held."""
    competition = load(database.reader(), competition_id, "competitions.view")
    ruleset = rulesets.of(competition)
    forms = {}
    for part in ruleset.parts:
        size = part.panel.size if part.panel else None
        form = ModeForm(formdata=None, prefix=part.key, data={"mode": part.mode, "panel_size": size})
        form.offer(part)
        forms[part.key] = form
    return templating.render(
        "competitions/rules.html",
        competition=competition,
        ruleset=ruleset,
        rows=presented.rows(ruleset),
        words=presented.in_words(ruleset, filters.language()),
        forms=forms,
        is_draft=queries.is_draft(database.reader(), competition),
    )


@bp.post(f"{PLACE}/rules/<string(maxlength=64):part>")
@policy.requires("competitions.edit")
def set_mode(competition_id: str, part: str) -> Response:
    """Settle how a part of the draft is held."""
    with database.writer() as session:
        competition = load(session, competition_id, "competitions.edit")
        known = {each.key: each for each in rulesets.of(competition).parts}
        if part not in known:
            raise NotFound
        form = ModeForm(prefix=part)
        form.offer(known[part])
        if not form.validate_on_submit():
            raise errors.ModeNotAllowed
        size = form.panel_size.data if "panel_size" in form else None
        now, mode = context.now(competition), form.mode.data
        service.set_mode(session, context.actor(), now, competition, part=part, mode=mode, panel_size=size)
    flask.flash(gettext("It is settled how the part is held."), "done")
    return to("rules", competition_id)


def _create(ruleset: RuleSet, form: CompetitionForm) -> str:
    kind = CompetitionKind(form.kind.data) if "kind" in form else CompetitionKind.REAL
    with database.writer() as session:
        offered = queries.organisations_to_create_in(session, context.actor())
        organisation = next(o for o in offered if o.public_id == form.organisation.data)
        policy.authorise(context.actor(), "competitions.create", _scope(organisation))
        competition = service.create_competition(
            session,
            context.actor(),
            context.now(),
            organisation_id=organisation.id,
            ruleset=ruleset,
            kind=kind,
            rehearsals_enabled=context.settings().rehearsal.enabled,
            **form.facts(),
        )
        return competition.public_id


def _typed(competition: Competition) -> dict[str, object]:
    names = ("code", "title", "title_en", "description", "apply_opens_at", "apply_closes_at")
    return {name: getattr(competition, name) for name in names} | {
        "legal_basis": "\n".join(competition.legal_basis)
    }


def _scope(organisation: Organisation) -> policy.Scope:
    return policy.Scope(organisation_id=organisation.id)


def _ruleset(rules_id: str) -> RuleSet:
    for ruleset in _available():
        if ruleset.id == rules_id:
            return ruleset
    raise NotFound


def _available() -> tuple[RuleSet, ...]:
    directory = context.settings().instance.rulesets
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in sorted(directory.glob("*.toml")))
    return _read(stamp)


@lru_cache(maxsize=4)
def _read(stamp: tuple[tuple[str, int], ...]) -> tuple[RuleSet, ...]:
    """Read the rule sets again only when one of their files has changed."""
    return tuple(rulesets.available(context.settings().instance.rulesets)) if stamp else ()
