# SPDX-License-Identifier: Apache-2.0
"""The minutes of a paper as PDF, to be signed: of its drawing, handing over and opening."""

from flask_babel import force_locale
from werkzeug.wrappers import Response

from exam_portal.papers import access, documents, queries
from exam_portal.papers.routes.blueprint import PAPER, bp, part_of
from exam_portal.web import context, database, policy, printing


@bp.get(f"{PAPER}/minutes/<any(drawing, handover, opening):name>")
@policy.requires("papers.see")
def minutes(competition_id: str, paper_id: str, name: str) -> Response:
    """Return one of the minutes."""
    session = database.reader()
    competition, paper = access.load_paper(session, context.actor(), competition_id, paper_id, "papers.see")
    standing = queries.standing(session, paper)
    entries = queries.envelopes(session, paper.id)
    facts = documents.recorded(session, competition, entries, documents.EVENTS.get(name))
    with force_locale("vi"):
        sheet = documents.minutes(
            session,
            competition,
            part_of(competition, paper.part),
            standing,
            context.now(competition),
            name=name,
        )
    database.release_reader()
    content = printing.document(
        f"papers/print/{name}.html", sheet.frame, sheet=sheet, standing=standing, envelopes=entries, **facts
    )
    return printing.response(content, f"{competition.code}-{paper.part}-{paper.kind}-{name}.pdf")
