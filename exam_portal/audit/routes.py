# SPDX-License-Identifier: Apache-2.0
"""Opening a signed paper: ``/papers/<id>`` is the scan itself, so that ``#page=3`` opens the third page."""

from flask import Blueprint
from werkzeug.wrappers import Response

from exam_portal.audit import queries
from exam_portal.core.storage import Blob
from exam_portal.web import context, database, policy, templating

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}

bp = Blueprint("audit", __name__)


@bp.get("/papers/<public_id:paper_id>")
@policy.requires("audit.read_paper")
def scan(paper_id: str) -> Response:
    """Return the scan of a signed paper, to be shown in the browser."""
    session = database.reader()
    paper = queries.paper(session, context.actor(), paper_id)
    policy.authorise(context.actor(), "audit.read_paper", paper)
    blob = session.get_one(Blob, paper.blob_id)
    response = Response(session.files.read(session, blob), mimetype=blob.media_type)
    name = f"{paper.kind}-{paper.public_id[:8]}.{ENDINGS[blob.media_type]}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@bp.get("/papers/<public_id:paper_id>/about")
@policy.requires("audit.read_paper")
def about(paper_id: str) -> str:
    """Show what is known of a signed paper: number, date, signers, pages, hash."""
    paper = queries.paper(database.reader(), context.actor(), paper_id)
    policy.authorise(context.actor(), "audit.read_paper", paper)
    return templating.render("audit/about.html", paper=paper, kind=queries.kind_of(paper))
