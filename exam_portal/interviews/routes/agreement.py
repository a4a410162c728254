# SPDX-License-Identifier: Apache-2.0
"""How far the ballots of a panel lie apart, once they are counted."""

from exam_portal.interviews import access, agreement, presentation
from exam_portal.interviews.routes.blueprint import PANEL, bp
from exam_portal.web import context, database, policy, templating


@bp.get(f"{PANEL}/agreement")
@policy.requires("interviews.view")
def panel_agreement(competition_id: str, panel_id: str) -> str:
    """Show the spread of each hearing's ballots, and of members what named ballots allow."""
    session = database.reader()
    competition, panel = access.load_panel(
        session, context.actor(), competition_id, panel_id, "interviews.view"
    )
    return templating.render(
        "interviews/agreement.html",
        page=presentation.panel_page(session, competition, panel),
        found=agreement.of_panel(session, panel),
        needed=agreement.NEEDED,
    )
