# SPDX-License-Identifier: Apache-2.0
"""Who may do what with papers. Before a paper is opened nobody reads one here but two who print it."""

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor, Role
from exam_portal.core.db import Session
from exam_portal.papers import draw_queries, queries
from exam_portal.papers.models import Envelope, Paper, PaperDraw
from exam_portal.web import policy

OFFICERS = (Role.SETTING_BOARD, Role.CHAIR, Role.SECRETARY)

PERMISSIONS: policy.Permissions = {
    "papers.see": policy.any_of(
        policy.holds(*OFFICERS, Role.ORGANISER, Role.INVIGILATOR, Role.AUTHORITY, Role.OVERSIGHT),
        doc="See which papers exist, their commitments, seals and envelopes; never their content.",
    ),
    "papers.name": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.SECRETARY), doc="Settle how the paper of a part is held."
    ),
    "papers.draw": policy.any_of(
        policy.holds(Role.SETTING_BOARD), doc="Set the blueprint of a paper and draw it from a bank."
    ),
    "papers.split": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.SECRETARY),
        doc="Divide the keys of a drawn paper into shares among officers.",
    ),
    "papers.seal": policy.any_of(policy.holds(*OFFICERS), doc="Seal a drawn paper (two different people)."),
    "papers.release": policy.any_of(
        policy.holds(*OFFICERS),
        doc="Give the word to open a paper (two different people, or as many shares as it needs).",
    ),
    "papers.allow_print": policy.any_of(
        policy.holds(Role.SETTING_BOARD),
        doc="Give the word that a sealed paper is printed before its start (two different members).",
    ),
    "papers.print": policy.any_of(
        policy.holds(*OFFICERS),
        doc="Print a paper: opened, or before the start with the own word; the key after the last sitting.",
    ),
    "papers.reveal": policy.any_of(
        policy.holds(*OFFICERS),
        doc="Reveal a paper after the last sitting, and read what its parties recompute (two people).",
    ),
    "papers.correct": policy.any_of(
        policy.holds(Role.SETTING_BOARD),
        doc="Correct a sealed paper, and read corrections before it is opened (two different people).",
    ),
    "papers.register_envelope": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.SECRETARY), doc="Register an envelope with its seal number."
    ),
    "papers.note_envelope": policy.any_of(
        policy.holds(Role.SETTING_BOARD, Role.SECRETARY, Role.INVIGILATOR),
        doc="Record that an envelope was handed over, opened, resealed or destroyed.",
    ),
}


def load_competition(session: Session, actor: Actor, public_id: str, permission: str) -> Competition:
    """Return the competition if the actor may do this in it, else NotFound (Forbidden to its other staff)."""
    found = competitions.competition(session, actor, public_id)
    policy.authorise(actor, permission, found, view="competitions.view")
    return found


def load_paper(
    session: Session, actor: Actor, competition_id: str, public_id: str, permission: str
) -> tuple[Competition, Paper]:
    """Return the paper with its competition if the actor may do this with it, else NotFound."""
    competition = load_competition(session, actor, competition_id, permission)
    return competition, queries.paper(session, competition, public_id)


def load_draw(
    session: Session, actor: Actor, competition_id: str, public_id: str, permission: str
) -> tuple[Competition, PaperDraw]:
    """Return the draw with its competition if the actor may do this with it, else NotFound."""
    competition = load_competition(session, actor, competition_id, permission)
    return competition, draw_queries.draw(session, competition, public_id)


def load_envelope(
    session: Session, actor: Actor, competition_id: str, paper_id: str, public_id: str, permission: str
) -> tuple[Competition, Envelope]:
    """Return the envelope with its competition if the actor may do this with it, else NotFound."""
    competition, paper = load_paper(session, actor, competition_id, paper_id, permission)
    return competition, queries.envelope(session, paper.id, public_id)
