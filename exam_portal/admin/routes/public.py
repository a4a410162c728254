# SPDX-License-Identifier: Apache-2.0
"""What everybody may read: the opening page, published results, how to verify, and the usual statements."""

from flask import url_for

from exam_portal.admin import queries
from exam_portal.admin.routes.blueprint import bp
from exam_portal.competitions import queries as competitions
from exam_portal.web import context, database, policy, templating

SHOWN = 6


@bp.get("/")
@policy.requires(policy.PUBLIC)
def index() -> str:
    """Show what is open, what goes on, what is published, and how anybody can check it."""
    session, now = database.reader(), context.now()
    notices = competitions.public_notices(session)
    published = queries.published_results(session, limit=SHOWN)
    done = {found.competition.id for found in published}
    return templating.render(
        "admin/index.html",
        open_now=[s for s in notices if s.competition.apply_opens_at <= now <= s.competition.apply_closes_at],
        under_way=[
            s for s in notices if s.competition.apply_closes_at < now and s.competition.id not in done
        ][:SHOWN],
        published=published,
        result_href=result_href,
        now=now,
    )


@bp.get("/results")
@policy.requires(policy.PUBLIC)
def results() -> str:
    """List the published results."""
    found = queries.published_results(database.reader())
    return templating.render("admin/results.html", published=found, result_href=result_href)


@bp.get("/verify")
@policy.requires(policy.PUBLIC)
def verify() -> str:
    """Explain how anybody recomputes a published ranking."""
    found = queries.published_results(database.reader(), limit=SHOWN)
    return templating.render("admin/verify.html", published=found, result_href=result_href)


@bp.get("/about")
@policy.requires(policy.PUBLIC)
def about() -> str:
    """Say what this portal is and how it works."""
    return templating.render("admin/about.html")


@bp.get("/accessibility")
@policy.requires(policy.PUBLIC)
def accessibility() -> str:
    """State how far the portal can be used by everybody, and whom to tell where it cannot."""
    return templating.render("admin/accessibility.html")


@bp.get("/privacy")
@policy.requires(policy.PUBLIC)
def privacy() -> str:
    """Say which personal data are kept, why, how long, and what the record holds."""
    return templating.render("admin/privacy.html")


def result_href(public_id: str) -> str:
    """Return the address of a published result."""
    return url_for("results.publications", competition_id=public_id)
