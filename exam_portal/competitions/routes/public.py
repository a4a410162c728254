# SPDX-License-Identifier: Apache-2.0
"""What everybody may read: the announced competitions, each notice, and the notice as a document."""

from flask import current_app
from flask_babel import force_locale
from werkzeug.wrappers import Response

from exam_portal.competitions import documents, milestones, queries, rules, rulesets
from exam_portal.competitions.models import Competition, MilestoneKind
from exam_portal.competitions.routes.blueprint import PLACE, bp, load
from exam_portal.web import context, database, filters, policy, printing, templating


@bp.get("/competitions")
@policy.requires(policy.PUBLIC)
def notices() -> str:
    """List the announced competitions."""
    now = context.now()
    standings = queries.public_notices(database.reader())
    return templating.render(
        "competitions/notices.html",
        open_now=[s for s in standings if s.competition.apply_closes_at >= now],
        closed=[s for s in standings if s.competition.apply_closes_at < now],
        now=now,
    )


@bp.get("/competitions/<public_id:competition_id>")
@policy.requires(policy.PUBLIC)
def notice(competition_id: str) -> str:
    """Show a notice: posts, criteria, dates, rules in words, and how to apply."""
    session = database.reader()
    competition = queries.notice(session, competition_id)
    now, reached = context.now(competition), list(queries.reached(session, competition.id))
    ruleset = rulesets.of(competition)
    return templating.render(
        "competitions/notice.html",
        competition=competition,
        organisation=queries.organisation_of(session, competition),
        announced=queries.milestone(session, competition.id, MilestoneKind.ANNOUNCED),
        state=milestones.state(reached),
        ruleset=ruleset,
        rows=rules.rows(ruleset),
        words=rules.in_words(ruleset, filters.language()),
        is_open=competition.apply_opens_at <= now <= competition.apply_closes_at
        and milestones.may_reach(
            MilestoneKind.REGISTRATION_CLOSED, "", reached, rulesets.course_of(competition)
        ),
        is_ahead=now < competition.apply_opens_at,
        can_apply="registration.start" in current_app.view_functions,
    )


@bp.get("/competitions/<public_id:competition_id>/notice.pdf")
@policy.requires(policy.PUBLIC)
def notice_document(competition_id: str) -> Response:
    """Return the notice in the national layout."""
    return _print(queries.notice(database.reader(), competition_id), "notice")


@bp.get(f"{PLACE}/documents/<any(notice, plan):name>.pdf")
@policy.requires("competitions.view")
def draft_document(competition_id: str, name: str) -> Response:
    """Return the notice or the plan as it stands, for the records office; a draft says that it is one."""
    return _print(load(database.reader(), competition_id, "competitions.view"), name)


def _print(competition: Competition, name: str) -> Response:
    """Official documents are in Vietnamese, whatever the reader's language."""
    with force_locale("vi"):
        paper = documents.competition_paper(
            database.reader(), competition, context.now(competition), name=name
        )
        address = f"{context.settings().server.base_url}/competitions/{competition.public_id}"
        frame = paper.frame(address, printing.qr)
    content = printing.document(f"competitions/print/{name}.html", frame, paper=paper)
    return printing.response(content, f"{competition.code}-{name}.pdf")
