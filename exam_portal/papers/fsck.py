# SPDX-License-Identifier: Apache-2.0
"""Who sealed and opened a paper, who holds its keys, and what was drawn: held against the record."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.papers import draws, errata, opened, revealing
from exam_portal.papers.drawing import secret_of
from exam_portal.papers.errors import PaperLocked
from exam_portal.papers.errors import SealBroken as PaperBroken
from exam_portal.papers.models import (
    Envelope,
    EnvelopeEvent,
    KeyRelease,
    Paper,
    PaperDraw,
    PaperDrawRun,
    PaperErratum,
    PaperForm,
    PaperReveal,
    PaperSeal,
    PaperShare,
    PaperSplit,
    PrintWord,
)
from exam_portal.papers.queries import is_released
from question_bank import draw_seed
from scoring.verify.canonical import sha256_of

SEEN = (
    EnvelopeEvent.kind,
    EnvelopeEvent.happened_at,
    EnvelopeEvent.place,
    EnvelopeEvent.seal_no,
    EnvelopeEvent.seal_intact,
)
WRITTEN = (EnvelopeEvent.reason, EnvelopeEvent.witnesses, EnvelopeEvent.candidates)


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each seal, word and share that is not as it was recorded, and each key that should be gone."""
    yield from acts.compare(session, "papers", "seal", ("papers.sealed",), _by(PaperSeal))
    words = acts.told(session, "papers.release_asked", "open")
    of_papers = (act for act in words if "paper" in act)  # the start of a sitting is an "open" too
    yield from acts.untold("papers", "release", acts.stored(session, _by(KeyRelease)), of_papers)
    revealed = (act for act in acts.told(session, "papers.reveal_asked", "key-reveal") if "paper" in act)
    yield from acts.untold("papers", "reveal", _reveals(session), revealed)
    yield from acts.compare(session, "papers", "print word", ("papers.print_allowed",), _by(PrintWord))
    yield from acts.untold("papers", "split", _splits(session), acts.told(session, "papers.split"))
    yield from acts.compare(session, "papers", "share", ("papers.share_taken",), _taken())
    for name, type_ in ((PaperForm.commitment, "paper-commit"), (PaperForm.key_commitment, "key-commit")):
        yield from acts.untold("papers", "form", _committed(session, name), acts.told(session, type_))
    yield from acts.untold("papers", "draw", _prepared(session), acts.told(session, "papers.draw_prepared"))
    begun = ("papers.draw_begun", "papers.draw_repeated")
    yield from acts.compare(session, "papers", "draw begun", begun, _begun(), {"witnesses"})
    yield from acts.untold("papers", "draw ended", _ended(session), acts.told(session, "papers.draw_ended"))
    yield from acts.untold("papers", "order", _orders(session), acts.told(session, "paper-commit"))
    registered = _of_envelopes(
        Envelope, Envelope.seal_no, Envelope.copies, Envelope.sealed_at, Envelope.minute_no
    )
    yield from acts.compare(session, "papers", "envelope", ("papers.envelope_registered",), registered)
    noted = _of_envelopes(EnvelopeEvent, *SEEN, *WRITTEN)
    told = {column.key for column in WRITTEN}
    yield from acts.compare(session, "papers", "envelope noted", ("papers.envelope_noted",), noted, told)
    proposed = acts.told(session, "papers.erratum_proposed")
    yield from acts.untold("papers", "erratum", _errata(session, approved=False), proposed)
    versions = acts.told(session, "papers.erratum")
    yield from acts.untold("papers", "version", _errata(session, approved=True), versions)
    yield from acts.compare(session, "papers", "erratum dropped", ("papers.erratum_dropped",), _dropped())
    yield from _keys_left(session)


def _committed(session: Session, column: InstrumentedAttribute[bytes]) -> Iterator[acts.Facts]:
    """Yield what the forms of each paper are bound to."""
    found: dict[str, dict[str, str]] = {}
    rows = select(Paper.public_id, PaperForm.code, column).join(Paper, Paper.id == PaperForm.paper_id)
    for paper, code, commitment in session.execute(rows.order_by(PaperForm.id)):
        found.setdefault(paper, {})[code] = commitment.hex()
    for paper, commitments in found.items():
        yield {"_about": paper, "commitments": commitments}


def _prepared(session: Session) -> Iterator[acts.Facts]:
    """Yield what each draw is bound to before it is begun; secrets that are there are read again."""
    for draw in session.scalars(select(PaperDraw).order_by(PaperDraw.id)):
        held = {kind: key_id for kind, key_id in draw.keys.items() if session.keys.exists(key_id)}
        seeds = {kind: draw_seed.commitment(secret_of(session.keys, key)) for kind, key in held.items()}
        acted = {"_about": draw.public_id, "_by": draw.by, "_at": audit.stamp(draw.at)}
        yield {**acted, **draws.prepared_facts(draw), "seeds": {**draw.seeds, **seeds}}


def _begun() -> acts.Rows:
    return select(
        PaperDraw.public_id.label("_about"),
        PaperDrawRun.by.label("_by"),
        PaperDrawRun.at.label("_at"),
        PaperDrawRun.number.label("run"),
        PaperDrawRun.witnesses,
        PaperDrawRun.words,
    ).join(PaperDraw, PaperDraw.id == PaperDrawRun.draw_id)


def _ended(session: Session) -> Iterator[acts.Facts]:
    """Yield how each run ended, and what was found."""
    runs = select(PaperDrawRun, PaperDraw.public_id).join(PaperDraw, PaperDraw.id == PaperDrawRun.draw_id)
    for run, draw in session.execute(runs.where(PaperDrawRun.outcome.is_not(None)).order_by(PaperDrawRun.id)):
        facts = {
            "_about": draw,
            "_at": audit.stamp(run.ended_at or run.at),
            "run": run.number,
            "outcome": run.outcome,
        }
        yield {**facts, "hash": sha256_of(run.findings)}


def _orders(session: Session) -> Iterator[acts.Facts]:
    """Yield what the seeds of the orders are bound to; one that cannot be read is bound to nothing."""
    for paper in session.scalars(select(Paper).where(Paper.forms.any()).order_by(Paper.id)):
        try:
            yield {"_about": paper.public_id, "orders": opened.order_commitments(session, paper)}
        except (KeyErased, SealBroken):
            yield {"_about": paper.public_id, "orders": {}}


def _of_envelopes(
    table: type[Envelope] | type[EnvelopeEvent], *columns: InstrumentedAttribute[Any]
) -> acts.Rows:
    facts = (Paper.public_id.label("_about"), table.by.label("_by"), table.at.label("_at"), Envelope.label)
    signed = (SignedPaper.public_id.label("minutes"), SignedPaper.sha256)
    found = select(*facts, *columns, *signed).select_from(Envelope)
    found = found.join(Paper, Paper.id == Envelope.paper_id).order_by(table.id)
    if table is EnvelopeEvent:
        found = found.join(EnvelopeEvent, EnvelopeEvent.envelope_id == Envelope.id)
    return found.outerjoin(SignedPaper, SignedPaper.id == table.signed_paper_id)


def _by(table: type[PaperSeal] | type[KeyRelease] | type[PrintWord]) -> acts.Rows:
    columns = (Paper.public_id.label("_about"), table.by.label("_by"), table.at.label("_at"))
    return select(*columns).join(Paper, Paper.id == table.paper_id)


def _reveals(session: Session) -> Iterator[acts.Facts]:
    """Yield each word to reveal; what was revealed with the second is hashed, and derived again, here."""
    rows = select(PaperReveal, Paper).join(Paper, Paper.id == PaperReveal.paper_id)
    for word, paper in session.execute(rows.order_by(PaperReveal.id)):
        facts = {"_about": paper.public_id, "_by": word.by, "_at": audit.stamp(word.at)}
        if word.revealed is None:
            yield {**facts, "_type": "papers.reveal_asked"}
            continue
        facts |= {"_type": "key-reveal", "revealed": sha256_of(word.revealed)}
        if not session.keys.exists(paper.forms[0].key_id):
            yield facts
            continue
        try:
            again = sha256_of(revealing.content(session, paper))
            parties = sha256_of(revealing.read(session, paper, word))
        except (KeyErased, PaperBroken, PaperLocked, SealBroken):
            again = parties = ""
        yield {**facts, "parties": parties if again == facts["revealed"] else ""}


def _taken() -> acts.Rows:
    columns = (
        Paper.public_id.label("_about"),
        PaperShare.holder.label("_by"),
        PaperShare.taken_at.label("_at"),
        PaperShare.fingerprint.label("share"),
    )
    return (
        select(*columns)
        .join(PaperSplit, PaperSplit.paper_id == Paper.id)
        .join(PaperShare, PaperShare.split_id == PaperSplit.id)
        .where(PaperShare.taken_at.is_not(None))
    )


def _splits(session: Session) -> Iterator[acts.Facts]:
    for split in session.scalars(select(PaperSplit).order_by(PaperSplit.id)):
        yield {
            "_about": session.get_one(Paper, split.paper_id).public_id,
            "_by": split.by,
            "_at": audit.stamp(split.at),
            "threshold": split.threshold,
            "holders": {str(share.holder): share.fingerprint.hex() for share in split.shares},
            "locked": audit.digest(split.locked),
        }


def _errata(session: Session, *, approved: bool) -> Iterator[acts.Facts]:
    """Yield each correction as it was proposed, or as the version that it is; hashes are computed again."""
    for paper in session.scalars(select(Paper).where(Paper.id.in_(select(PaperErratum.paper_id)))):
        earlier: list[PaperErratum] = []
        for row in errata.rows(session, paper.id):
            facts = {"_about": paper.public_id, **errata.facts_of(row)}
            if not approved:
                yield {**facts, "_by": row.proposed_by, "_at": audit.stamp(row.proposed_at)}
            elif row.version is not None:
                told = {"version": row.version, "hash": errata.version_hash(paper, earlier, row)}
                yield {
                    **facts,
                    **told,
                    "_by": row.approved_by,
                    "_at": audit.stamp(row.approved_at or row.proposed_at),
                }
                earlier.append(row)


def _dropped() -> acts.Rows:
    columns = (
        Paper.public_id.label("_about"),
        PaperErratum.public_id.label("erratum"),
        PaperErratum.dropped_by.label("_by"),
        PaperErratum.dropped_at.label("_at"),
    )
    rows = select(*columns).join(Paper, Paper.id == PaperErratum.paper_id)
    return rows.where(PaperErratum.dropped_by.is_not(None))


def _keys_left(session: Session) -> Iterator[Difference]:
    """Yield what the machine can still read though it must not: bare keys, shares that were copied."""
    for split in session.scalars(select(PaperSplit).order_by(PaperSplit.id)):
        paper = session.get_one(Paper, split.paper_id)
        bare = [] if is_released(session, paper.id) else [form.key_id for form in paper.forms]
        copied = [share.key_id for share in split.shares if share.taken_at is not None]
        if any(session.keys.exists(key_id) for key_id in (*bare, *copied)):
            yield Difference(where="papers", code="key left", place=paper.public_id)
