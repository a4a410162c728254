# SPDX-License-Identifier: Apache-2.0
"""Printing a paper: who may when, before the start and after it, and the one leaf of each printing.

Before the start only the paper of a part that is held on paper, for two members of the setting board who
give their word and are the only ones to print, in isolation; never where its keys are divided. The key sheet
is told to nobody while a sitting lies ahead.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased
from exam_portal.items.models import ItemBank
from exam_portal.papers import errors, opened, queries, recording
from exam_portal.papers.models import Paper, PrintWord
from question_bank import booklets
from question_bank.paper import PaperForm


def allow(
    session: Session, actor: Actor, now: datetime, *, paper: Paper, mode: str, opens_at: datetime | None
) -> bool:
    """The member has given the word that the paper is printed before its start; whether it may be now."""
    paper = session.get_one(Paper, paper.id, with_for_update=True)
    session.expire(paper, ["split"])
    if mode != "paper":
        raise errors.NotOnPaper
    if not queries.is_sealed(session, paper.id):
        raise errors.NotSealed
    if paper.split is not None:
        raise errors.KeysDivided
    if opens_at is None:
        raise errors.NoSitting
    if now >= opens_at:
        raise errors.Started
    by = recording.person(actor)
    if by in queries.print_words(session, paper.id):
        raise errors.AlreadyAllowed
    session.add(PrintWord(paper_id=paper.id, by=by, at=now))
    session.flush()
    complete = len(queries.print_words(session, paper.id)) >= queries.OFFICERS
    recording.record(session, actor, now, paper, "papers.print_allowed", {"complete": complete})
    return complete


def require_printable(session: Session, actor: Actor, paper: Paper) -> None:
    """The officer may print the paper now; else NotSealed, NotAllowedToPrint or PaperLocked."""
    if queries.is_released(session, paper.id):
        return
    if not queries.is_sealed(session, paper.id):
        raise errors.NotSealed
    words = queries.print_words(session, paper.id, complete=True)
    if not words:
        raise errors.PaperLocked
    if actor.account_id not in words:
        raise errors.NotAllowedToPrint


def require_key_told(session: Session, paper: Paper, ended_at: datetime | None) -> None:
    """The key may be printed: the paper was opened, and every sitting that uses it has ended."""
    if not queries.is_released(session, paper.id):
        raise errors.PaperLocked
    if ended_at is None:
        raise errors.SittingsGoOn


def forms_to_print(
    session: Session, actor: Actor, paper: Paper, count: int
) -> list[tuple[PaperForm, bytes, Sequence[str]]]:
    """Return each form with the seed of its orders and its codes, ``count`` for each form.

    KeyErased where it holds restricted questions and the key of their board exists no more.
    """
    found: list[tuple[PaperForm, bytes, Sequence[str]]] = []
    for row in paper.forms:
        form = opened.form_to_print(session, row.id, by=actor.account_id)
        if any(item.restricted for item in form.items):
            _require_board_key(session, paper)
        codes = booklets.codes_of(row.code, count, is_only=len(paper.forms) == 1)
        found.append((form, opened.shuffle_seed(session, row.id), codes))
    return found


def record_printing(
    session: Session, actor: Actor, now: datetime, *, paper: Paper, what: str, files: Mapping[str, bytes]
) -> None:
    """The printing is on record: which files, each with its digest, and whether it was before the opening."""
    facts = {
        "what": what,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "before_opening": not queries.is_released(session, paper.id),
    }
    recording.record(session, actor, now, paper, "papers.printed", facts)


def _require_board_key(session: Session, paper: Paper) -> None:
    bank = session.get(ItemBank, paper.bank_id) if paper.bank_id is not None else None
    if bank is None or not session.keys.exists(bank.key_id):
        raise KeyErased(bank.key_id if bank is not None else "")
