# SPDX-License-Identifier: Apache-2.0
"""Two officers reveal a paper after its last sitting: one file for everybody, one for the parties."""

import json

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.papers import access, revealing
from exam_portal.papers.routes.blueprint import PAPER, bp, to
from exam_portal.web import context, database, policy


@bp.post(f"{PAPER}/reveal")
@policy.requires("papers.reveal")
def reveal(competition_id: str, paper_id: str) -> Response:
    """Give the word to reveal the paper; the second word of another officer reveals it."""
    with database.writer() as session:
        actor = context.actor()
        competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.reveal")
        done = revealing.reveal(session, actor, context.now(competition), paper=paper)
    told = (
        gettext("The paper is revealed: every candidate can derive their own order of it again.")
        if done
        else gettext("Your word is on record. Another officer now reveals the paper.")
    )
    flask.flash(told, "done")
    return to("paper", competition_id=competition_id, paper_id=paper_id)


@bp.post(f"{PAPER}/revealed-draw.json")
@policy.requires("papers.reveal")
def revealed_draw(competition_id: str, paper_id: str) -> Response:
    """Hand out the secret of the draw and what blinds the commitments, signed; who takes it is on record."""
    with database.writer() as session:
        actor = context.actor()
        competition, paper = access.load_paper(session, actor, competition_id, paper_id, "papers.reveal")
        content = revealing.hand_out(session, actor, context.now(competition), paper=paper)
        name = f"draw-{paper.part}-{paper.kind}.json"
    return _file(content, name)


@bp.get("/papers/<public_id:paper_id>/revealed.json")
@policy.requires(policy.PUBLIC)
def revealed(paper_id: str) -> Response:
    """The seeds of a revealed paper with the ids that they put into order; no word of a question."""
    paper, told = revealing.shown_to_all(database.reader(), paper_id)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return _file(text.encode(), f"paper-{paper.part}-{paper.kind}.json")


def _file(content: bytes, name: str) -> Response:
    answer = flask.Response(content, mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
