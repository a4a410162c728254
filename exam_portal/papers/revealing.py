# SPDX-License-Identifier: Apache-2.0
"""A paper that was held is revealed by two: what its draw, commitments and orders are recomputed from.

Everybody gets the seeds of the orders with the ids that they arrange: an order is found by the number of an
attempt, which stands on its candidate's receipt alone. The secret of the draw and the nonces of the
commitments are for the parties, who hold the questions: with the bank, the secret says what an author had
called an option, and so often which one is right. No word of a question is in either.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.papers import draw_queries, drawing, draws, errors, opened, queries, recording, schedule
from exam_portal.papers.models import Paper, PaperForm, PaperReveal
from question_bank import draw_seed
from question_bank.paper import layout
from scoring.verify.canonical import canonical_bytes, sha256_of
from scoring.verify.orders import REVEALED_SCHEMA

PARTIES_SCHEMA = "exam-portal/revealed-draw/1"
SEALED = "papers.reveal"


def reveal(session: Session, actor: Actor, now: datetime, *, paper: Paper) -> bool:
    """The officer has given the word to reveal; returns whether the paper is revealed now, by the second.

    Only a paper that was opened, after every sitting of its part has ended: those of later shifts and of
    people who sit apart, and those that use the reserve paper.
    """
    paper = session.get_one(Paper, paper.id, with_for_update=True)
    if not queries.is_released(session, paper.id):
        raise errors.PaperLocked
    if to_come := schedule.to_come(session, paper):
        raise errors.SittingsToCome(len(to_come), max(to_come))
    if schedule.last_end(session, paper) is None:
        raise errors.NoSitting
    given = words(session, paper.id)
    by = recording.person(actor)
    if len(given) >= queries.OFFICERS or any(one.by == by for one in given):
        raise errors.RevealedAlready
    word = PaperReveal(paper_id=paper.id, by=by, at=now)
    if len(given) + 1 < queries.OFFICERS:
        _keep(session, word)
        recording.record(session, actor, now, paper, "papers.reveal_asked", {})
        return False
    word.revealed = content(session, paper)
    told = for_parties(session, paper)
    word.sealed = session.keys.seal(paper.forms[0].key_id, canonical_bytes(told), SEALED)
    _keep(session, word)
    recording.record(session, actor, now, paper, "key-reveal", facts_of(word, told))
    return True


def words(session: Session, paper_id: int) -> list[PaperReveal]:
    """Return the officers' words to reveal the paper, in their order."""
    found = select(PaperReveal).where(PaperReveal.paper_id == paper_id)
    return list(session.scalars(found.order_by(PaperReveal.id)))


def revealed(session: Session, paper_id: int) -> PaperReveal | None:
    """Return the word with which the paper was revealed, if it was."""
    found = select(PaperReveal).where(PaperReveal.paper_id == paper_id, PaperReveal.revealed.is_not(None))
    return session.scalar(found)


def require_secret(session: Session, paper_id: int) -> None:
    """A sitting may still use the paper; PaperRevealed once it was revealed."""
    if revealed(session, paper_id) is not None:
        raise errors.PaperRevealed


def revealed_papers(session: Session, competition_id: int) -> list[tuple[Paper, Mapping[str, Any]]]:
    """Return what was revealed of the papers of a competition, in their order."""
    found = (
        select(Paper, PaperReveal.revealed)
        .join(PaperReveal, PaperReveal.paper_id == Paper.id)
        .where(Paper.competition_id == competition_id, PaperReveal.revealed.is_not(None))
    )
    return [(paper, told) for paper, told in session.execute(found.order_by(Paper.id)) if told]


def shown_to_all(session: Session, public_id: str) -> tuple[Paper, Mapping[str, Any]]:
    """Return a revealed paper by its address, else NotFound."""
    paper = session.scalar(select(Paper).where(Paper.public_id == public_id))
    word = revealed(session, paper.id) if paper is not None else None
    if paper is None or word is None or word.revealed is None:
        raise NotFound
    return paper, word.revealed


def address_of(session: Session, form_id: int) -> str:
    """Return the public id of the form's paper once it was revealed; empty before."""
    found = (
        select(Paper.public_id)
        .join(PaperForm, PaperForm.paper_id == Paper.id)
        .join(PaperReveal, PaperReveal.paper_id == Paper.id)
        .where(PaperForm.id == form_id, PaperReveal.revealed.is_not(None))
    )
    return session.scalar(found) or ""


def parties_file(session: Session, paper: Paper) -> bytes:
    """Return what the parties get, signed; NotFound before, KeyErased where the paper's key is gone."""
    word = revealed(session, paper.id)
    if word is None:
        raise NotFound
    told = read(session, paper, word)
    signature = base64.b64encode(session.signer.sign(canonical_bytes(told))).decode()
    signed = {"content": told, "key": session.signer.public_key.hex(), "signature": signature}
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def hand_out(session: Session, actor: Actor, now: datetime, *, paper: Paper) -> bytes:
    """Return what the parties get; who took it, and the hash of the file, are on record."""
    taken = parties_file(session, paper)
    facts = {"sha256": hashlib.sha256(taken).hexdigest()}
    recording.record(session, actor, now, paper, "papers.draw_secret_taken", facts)
    return taken


def read(session: Session, paper: Paper, word: PaperReveal) -> dict[str, Any]:
    """Return what was revealed to the parties."""
    assert word.sealed is not None
    told: dict[str, Any] = json.loads(session.keys.open(paper.forms[0].key_id, word.sealed, SEALED))
    return told


def facts_of(word: PaperReveal, told: Mapping[str, Any]) -> dict[str, str]:
    """Return what the record holds of a reveal: the hashes of both, as their readers compute them."""
    return {"revealed": sha256_of(word.revealed), "parties": sha256_of(told)}


def content(session: Session, paper: Paper) -> dict[str, Any]:
    """Return what everybody may have: seeds, commitments and ids."""
    start = _start(session, paper)
    seed = drawing.seed_of(session.keys, start)
    return {
        "_": REVEALED_SCHEMA,
        "paper": paper.public_id,
        "part": paper.part,
        "kind": paper.kind,
        "draw": {
            "secret": draw_seed.commitment(drawing.secret_of(session.keys, start.key_id)),
            "words": start.words,
            "seed": draw_seed.seed_commitment(seed),
        },
        "forms": [_form(session, row) for row in paper.forms],
    }


def for_parties(session: Session, paper: Paper) -> dict[str, Any]:
    """Return what makes the draw and the commitments recomputable for whoever holds the questions."""
    start, found = _start(session, paper), draw_queries.drawn(session, paper)
    asked = None
    if found is not None:
        draw, _ = found
        own = draw.keys[draw.kind]
        if session.keys.exists(own):  # of an official paper whose reserve is revealed, it may be divided
            asked = json.loads(session.keys.open(own, draw.asked, draws.ASKED))
    return {
        "_": PARTIES_SCHEMA,
        "paper": paper.public_id,
        "kind": paper.kind,
        "secret": drawing.secret_of(session.keys, start.key_id).hex(),
        "words": start.words,
        "pool": found and {"hash": found[0].pool_hash, "day": found[0].blueprint["day"]},
        "written": found and found[0].blueprint["written"],
        "asked": asked,
        "forms": [_opened(session, row) for row in paper.forms],
    }


def _start(session: Session, paper: Paper) -> drawing.Start:
    found = draw_queries.drawn(session, paper)
    return drawing.Start(key_id=paper.forms[0].key_id, words=found[1].words if found else "")


def _form(session: Session, row: PaperForm) -> dict[str, Any]:
    found, seed = layout(opened.opened_form(session, row.id)), opened.shuffle_seed(session, row.id)
    return {
        "code": row.code,
        "commitment": row.commitment.hex(),
        "key_commitment": row.key_commitment.hex(),
        "seed": seed.hex(),
        "seed_hash": drawing.order_commitment(seed),
        "items": list(found.items),
        "slots": {slot.name: list(slot.ids) for slot in found.slots},
        "shuffled": found.shuffled(),
    }


def _opened(session: Session, row: PaperForm) -> dict[str, Any]:
    paper_nonce, key_nonce = opened.nonces(session, row)
    form = opened.opened_form(session, row.id)
    return {
        "code": row.code,
        "title": form.title,
        "minutes": form.minutes,
        "marks": f"{form.marks:f}",
        "language": form.language,
        "shuffle_items": form.shuffle_items,
        "items": [{"id": item.id, "version": item.version} for item in form.items],
        "commitment": row.commitment.hex(),
        "nonce": paper_nonce.hex(),
        "key_commitment": row.key_commitment.hex(),
        "key_nonce": key_nonce.hex(),
    }


def _keep(session: Session, word: PaperReveal) -> None:
    session.add(word)
    session.flush()
