# SPDX-License-Identifier: Apache-2.0
"""The candidate's own sittings and summons."""

from flask import Response

from exam_portal.sittings import access, queries, summons_documents
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import titles
from exam_portal.web import context, database, policy, printing, templating


@bp.get("/me/sittings")
@policy.requires("sittings.own_list")
def own_sittings() -> str:
    """Show when and where the reader sits, with the summons and the way to the attempt."""
    account_id = context.actor().account_id
    assert account_id is not None
    found = queries.own_sittings(database.reader(), account_id)
    return templating.render(
        "sittings/own.html",
        sittings=found,
        titles={one.competition.id: titles(one.competition) for one in found},
    )


@bp.get("/me/candidacies/<public_id:candidate_id>/summons.pdf")
@policy.requires("sittings.own")
def own_summons(candidate_id: str) -> Response:
    """The reader's own summons."""
    session = database.reader()
    candidate = access.load_own(session, context.actor(), candidate_id)
    content = summons_documents.summonses(
        session, candidate.competition_id, context.now(), candidate_ids=[candidate.id]
    )
    return printing.response(content, f"giay-trieu-tap-{candidate.candidate_no}.pdf")
