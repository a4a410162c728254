# SPDX-License-Identifier: Apache-2.0
"""Verbs of a draw: prepared with a seed that is committed to, begun before witnesses, run by the worker.

The secret part of the seed follows from the key of the first form. So it is in the record by its hash before
anybody can say which words will go with it, it is divided with that key, and nobody has ever seen it. A run
that ends without a paper is repeated with the same seed and the same words: it can only find the same paper.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core import outbox
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.core.keystore import Keystore
from exam_portal.items import queries as banks
from exam_portal.items.models import ItemBank
from exam_portal.papers import demands, drawing, errors, named, preparing, recording, service
from exam_portal.papers.asked import Asked
from exam_portal.papers.models import DrawOutcome, Paper, PaperDraw, PaperDrawProgress, PaperDrawRun
from question_bank import draw_seed
from question_bank.text import one_line
from scoring.verify.canonical import canonical_bytes, sha256_of

JOB = "papers.draw"
ASKED = "papers.asked"
FEWEST_LETTERS = 4  # of the words that witnesses add
REPEATABLE = frozenset({DrawOutcome.STOPPED, DrawOutcome.LATE, DrawOutcome.DIED})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """Keys of the papers to come, by kind, and what binds to them; what was asked, sealed."""

    keys: Mapping[str, str]
    seeds: Mapping[str, str]
    asked: bytes


def commit(keys: Keystore, asked: Asked, kind: str) -> Committed:
    """Return fresh keys for the papers that are asked for, and the hashes of the secrets they give."""
    kinds = (kind, "reserve") if asked.with_reserve and kind == "official" else (kind,)
    own = {each: keys.create() for each in kinds}
    return Committed(
        keys=own,
        seeds={each: draw_seed.commitment(drawing.secret_of(keys, key)) for each, key in own.items()},
        asked=keys.seal(own[kind], canonical_bytes(asked.whole()), ASKED),
    )


def prepare(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    part: str,
    kind: str,
    bank: ItemBank,
    asked: Asked,
    committed: Committed,
    pool: preparing.Pool,
    ready_from: datetime | None,
) -> PaperDraw:
    """What the paper is to be, from which pool, and the hash of its seed are on record; nothing is drawn yet.

    A later preparation takes the place of an earlier one, as long as no run of that one is under way.
    """
    session.get_one(Competition, competition.id, with_for_update=True)
    service.require_time(session, competition.id, now, ready_from)
    _require_free(session, competition.id, part, committed.keys)
    if pool.stamp != banks.pool_stamp(session, bank.id):
        raise errors.PoolChanged
    named.require_possible(pool, asked, kind=kind)
    others = demands.others(session, competition.id, part, committed.keys, bank, pool)
    demands.require_apart(pool, asked, others)
    demands.require_chance(pool, asked, kind=kind)
    draw = PaperDraw(
        competition_id=competition.id,
        part=part,
        kind=kind,
        bank_id=bank.id,
        blueprint={
            **asked.stored(),
            "day": pool.day.isoformat(),
            "written": pool.written,
            "open": len(demands.left(pool, asked)),
            "beside": bool(others),
        },
        asked=committed.asked,
        keys=dict(committed.keys),
        seeds=dict(committed.seeds),
        pool=len(pool.items),
        pool_stamp=pool.stamp,
        pool_hash=pool.hash,
        by=recording.person(actor),
        at=now,
    )
    session.add(draw)
    session.flush()
    _record(session, actor, now, "papers.draw_prepared", draw, prepared_facts(draw))
    return draw


def begin(
    session: Session, actor: Actor, now: datetime, *, draw: PaperDraw, witnesses: str, words: str
) -> PaperDrawRun:
    """The witnesses have added their words to the seed, and the worker will draw; once for a preparation."""
    session.get_one(Competition, draw.competition_id, with_for_update=True)
    if newest(session, draw.competition_id, draw.part, draw.kind) is not draw:
        raise errors.DrawSuperseded
    if runs(session, draw):
        raise errors.DrawBegun
    if not one_line(witnesses):
        raise errors.NoWitness
    if len(one_line(words)) < FEWEST_LETTERS:
        raise errors.WordsTooShort(FEWEST_LETTERS)
    _require_free(session, draw.competition_id, draw.part, draw.keys)
    _require_known(session, draw)
    return _run(session, actor, now, "papers.draw_begun", draw, 1, one_line(witnesses), one_line(words))


def repeat(session: Session, actor: Actor, now: datetime, *, draw: PaperDraw) -> PaperDrawRun:
    """The draw whose last run ended without an answer runs again, from the same seed and words."""
    session.get_one(Competition, draw.competition_id, with_for_update=True)
    if newest(session, draw.competition_id, draw.part, draw.kind) is not draw:
        raise errors.DrawSuperseded
    known = runs(session, draw)
    if not known or not is_repeatable(known[-1]):
        raise errors.NotRepeatable
    _require_free(session, draw.competition_id, draw.part, draw.keys)
    _require_known(session, draw)
    last = known[-1]
    code = "papers.draw_repeated"
    return _run(session, actor, now, code, draw, last.number + 1, last.witnesses, last.words)


def is_repeatable(run: PaperDrawRun) -> bool:
    """Whether the run ended without an answer and might have one if it is carried out again.

    A search that came to its own limit would do so again; one that ended by the clock may not.
    """
    return run.outcome in REPEATABLE and not (run.findings or {})


def stop(session: Session, actor: Actor, now: datetime, *, draw: PaperDraw, is_silent: bool) -> None:
    """The run will be given up; at once where no worker has taken it on, or the one that did is silent."""
    session.get_one(Competition, draw.competition_id, with_for_update=True)
    run = _open_run(session, draw)
    if run is None or (run.stopped_at is not None and not is_silent):
        raise errors.NotRunning
    if run.stopped_at is None:
        run.stopped_by, run.stopped_at = recording.person(actor), now
        _record(session, actor, now, "papers.draw_stopped", draw, {"run": run.number})
    taken = session.scalar(select(PaperDrawProgress.id).where(PaperDrawProgress.run_id == run.id))
    if taken is None or is_silent:
        end(session, now, run=run, outcome=DrawOutcome.DIED if taken else DrawOutcome.STOPPED, findings={})


def end(
    session: Session, now: datetime, *, run: PaperDrawRun, outcome: DrawOutcome, findings: Mapping[str, Any]
) -> None:
    """The run has ended like this, once."""
    if run.outcome is not None:
        return
    run.outcome, run.findings, run.ended_at = outcome.value, dict(findings), now
    session.flush()
    facts = {"run": run.number, "outcome": outcome.value, "hash": sha256_of(dict(findings))}
    _record(session, SYSTEM, now, "papers.draw_ended", session.get_one(PaperDraw, run.draw_id), facts)


def keep(
    session: Session,
    now: datetime,
    *,
    run: PaperDrawRun,
    asked: Asked,
    draws: Sequence[tuple[str, drawing.Draw]],
) -> None:
    """What the run drew is kept as papers, unless it has been ended or given up meanwhile."""
    draw = session.get_one(PaperDraw, run.draw_id)
    competition = session.get_one(Competition, draw.competition_id, with_for_update=True)
    run = session.get_one(PaperDrawRun, run.id, populate_existing=True, with_for_update=True)
    if run.outcome is not None:
        return
    if run.stopped_at is not None:
        end(session, now, run=run, outcome=DrawOutcome.STOPPED, findings={})
        return
    kept = preparing.keep(
        session,
        Actor(account_id=run.by),
        now,
        competition=competition,
        part=draw.part,
        bank=session.get_one(ItemBank, draw.bank_id),
        asked=asked,
        draws=draws,
        ready_from=None,  # held where it was prepared
    )
    findings = {
        "papers": {paper.kind: paper.public_id for paper in kept},
        "forms": {kind: [_in_the_open(asked, form) for form in each.balance] for kind, each in draws},
        "status": {kind: each.status for kind, each in draws},
    }
    end(session, now, run=run, outcome=DrawOutcome.DRAWN, findings=findings)


def newest(session: Session, competition_id: int, part: str, kind: str) -> PaperDraw | None:
    """Return the preparation that counts for this paper: the last one."""
    found = select(PaperDraw).where(
        PaperDraw.competition_id == competition_id, PaperDraw.part == part, PaperDraw.kind == kind
    )
    return session.scalar(found.order_by(PaperDraw.id.desc()).limit(1))


def runs(session: Session, draw: PaperDraw) -> Sequence[PaperDrawRun]:
    """Return the runs of a draw in their order."""
    found = select(PaperDrawRun).where(PaperDrawRun.draw_id == draw.id)
    return session.scalars(found.order_by(PaperDrawRun.number)).all()


def prepared_facts(draw: PaperDraw) -> dict[str, Any]:
    """Return what the record holds of a preparation."""
    return {
        "part": draw.part,
        "kind": draw.kind,
        "seeds": draw.seeds,
        "pool": draw.pool,
        "pool_hash": draw.pool_hash,
        "blueprint": sha256_of(draw.blueprint),
        "asked": audit.digest(draw.asked),
    }


def _in_the_open(asked: Asked, figures: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the figures of a form without those of the places that are not stored in the open."""
    return {**figures, "cells": asked.open_cells(figures["cells"])}


def _require_free(session: Session, competition_id: int, part: str, kinds: Mapping[str, str]) -> None:
    """None of these papers exists, and no run that may make one is under way."""
    taken = select(Paper.id).where(
        Paper.competition_id == competition_id, Paper.part == part, Paper.kind.in_(kinds)
    )
    if session.scalar(taken.limit(1)) is not None:
        raise errors.PaperExists
    under_way = (
        select(PaperDrawRun.id)
        .join(PaperDraw, PaperDraw.id == PaperDrawRun.draw_id)
        .where(PaperDraw.competition_id == competition_id, PaperDraw.part == part)
        .where(PaperDrawRun.outcome.is_(None))
    )
    if session.scalar(under_way.limit(1)) is not None:
        raise errors.DrawRunning


def _require_known(session: Session, draw: PaperDraw) -> None:
    """No other paper of the part was drawn after this draw was counted without it."""
    found = select(Paper.id).where(
        Paper.competition_id == draw.competition_id,
        Paper.part == draw.part,
        Paper.kind.not_in(draw.keys),
        Paper.bank_id.is_not(None),
    )
    if not draw.blueprint["beside"] and session.scalar(found.limit(1)) is not None:
        raise errors.OtherPaperSince


def _open_run(session: Session, draw: PaperDraw) -> PaperDrawRun | None:
    """Return the last run if it is open, locked and as it is now: its worker may be ending it."""
    found = select(PaperDrawRun).where(PaperDrawRun.draw_id == draw.id).order_by(PaperDrawRun.number.desc())
    run = session.scalar(found.limit(1).with_for_update().execution_options(populate_existing=True))
    return run if run is not None and run.outcome is None else None


def _run(
    session: Session,
    actor: Actor,
    now: datetime,
    code: str,
    draw: PaperDraw,
    number: int,
    witnesses: str,
    words: str,
) -> PaperDrawRun:
    run = PaperDrawRun(
        draw_id=draw.id,
        number=number,
        witnesses=witnesses,
        words=words,
        by=recording.person(actor),
        at=now,
    )
    session.add(run)
    session.flush()
    outbox.enqueue(session, JOB, {"run": run.id}, now)
    facts = {"run": number, "witnesses": audit.digest(witnesses), "words": words}
    _record(session, actor, now, code, draw, facts)
    return run


def _record(
    session: Session, actor: Actor, now: datetime, code: str, draw: PaperDraw, facts: Mapping[str, Any]
) -> None:
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=draw.competition_id,
        subject=draw.public_id,
        content={"draw": draw.public_id, **facts},
    )
