# SPDX-License-Identifier: Apache-2.0
"""How far the ballots of panels lie apart, once they are counted, and what they say about the members."""

import flask

from exam_portal.competitions.models import Competition
from exam_portal.core.errors import NotFound
from exam_portal.interviews import access, agreement, documents, presentation, raters
from exam_portal.interviews.presentation import PanelPage
from exam_portal.interviews.raters import PanelFigures
from exam_portal.interviews.routes.blueprint import PANEL, PLACE, bp
from exam_portal.web import context, database, plots, policy, templating

PERMISSION = "interviews.see_agreement"
MOST_PRINTED = 15  # hearings in a plot on one sheet of paper; the table has all


@bp.get(f"{PANEL}/agreement")
@policy.requires(PERMISSION)
def panel_agreement(competition_id: str, panel_id: str) -> str:
    """Show the spread of each hearing's ballots, and what they say about the members."""
    page, figures = _of_panel(competition_id, panel_id)
    return templating.render(
        "interviews/agreement.html", page=page, found=figures.found, view=figures.view, **_surroundings()
    )


@bp.get(f"{PANEL}/agreement.pdf")
@policy.requires(PERMISSION)
def agreement_document(competition_id: str, panel_id: str) -> flask.Response:
    """Print what the ballots of a panel say."""
    page, figures = _of_panel(competition_id, panel_id)
    if not figures.found.ballots or page.part.kind == "vote":
        raise NotFound
    now = context.now(page.competition)
    facts = {"panels": [figures], "together": None, **_surroundings()}
    return documents.agreement(database.reader(), page.competition, now, page.vacancy.code, facts)


@bp.get(f"{PLACE}/agreement")
@policy.requires(PERMISSION)
def agreements(competition_id: str) -> str:
    """Show what the ballots of all panels say."""
    competition = _competition(competition_id)
    return templating.render(
        "interviews/agreements.html",
        competition=competition,
        found=raters.of_competition(database.reader(), competition),
        **_surroundings(),
    )


@bp.get(f"{PLACE}/agreement.pdf")
@policy.requires(PERMISSION)
def agreements_document(competition_id: str) -> flask.Response:
    """Print what the ballots of all panels say."""
    competition, session = _competition(competition_id), database.reader()
    found = raters.of_competition(session, competition)
    if not found.panels:
        raise NotFound
    facts = {"panels": found.panels, "together": found.together, **_surroundings()}
    return documents.agreement(session, competition, context.now(competition), competition.code, facts)


def _competition(competition_id: str) -> Competition:
    return access.load_competition(database.reader(), context.actor(), competition_id, PERMISSION)


def _of_panel(competition_id: str, panel_id: str) -> tuple[PanelPage, PanelFigures]:
    session = database.reader()
    competition, panel = access.load_panel(session, context.actor(), competition_id, panel_id, PERMISSION)
    page, found = presentation.panel_page(session, competition, panel), agreement.of_panel(session, panel)
    view = raters.of_panel(competition, panel, found)
    return page, PanelFigures(panel=panel, vacancy=page.vacancy, found=found, view=view)


def _surroundings() -> dict[str, object]:
    """Return what the words of the figures are told with."""
    return {
        "figures": plots,
        "needed": raters.NEEDED,
        "of_a_member": raters.OF_A_MEMBER,
        "most_drawn": MOST_PRINTED,
    }
