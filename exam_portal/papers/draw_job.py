# SPDX-License-Identifier: Apache-2.0
"""The job that draws: tells how far it is, ends when nobody wants it or time is over, and keeps once."""

import dataclasses
import json
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import DBAPIError

from exam_portal.competitions import rehearsals
from exam_portal.competitions.models import Competition
from exam_portal.core import outbox
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError
from exam_portal.items.models import ItemBank
from exam_portal.papers import asked as asking
from exam_portal.papers import drawing, draws, errors, preparing
from exam_portal.papers.models import DrawOutcome, PaperDraw, PaperDrawProgress, PaperDrawRun
from question_bank import assembly

SECONDS = 300  # of the clock for one run; below the lease of the outbox, so that no second worker takes it
HEARTBEAT_SECONDS = 5


@outbox.handler(draws.JOB)
def draw(job: outbox.Job) -> None:
    """The run has ended: drawn, with a reason, or given up because it was under way when a worker died."""
    with job.database.reading() as session:
        run = session.get_one(PaperDrawRun, job.payload["run"])
        own_now = job.now + _ahead(job.database, session, run)
        beside = session.get_one(PaperDraw, run.draw_id).blueprint["beside"]  # tells nothing of the other
    if run.outcome is not None:
        return
    if not _take(job.database, run, own_now):
        _end(job, own_now, run, DrawOutcome.DIED, {})
        return
    watch = _Watch(job.database, run, own_now)
    try:
        asked, found = _drawn(job.database, run, watch)
        with job.database.writing() as session:
            if job.finish(session):
                draws.keep(session, watch.now, run=run, asked=asked, draws=found)
    except assembly.Stopped:
        _end(job, watch.now, run, DrawOutcome.LATE if watch.is_late else DrawOutcome.STOPPED, {})
    except (errors.AssemblyFailed, assembly.AssemblyBroken):
        _end(job, watch.now, run, DrawOutcome.DIED, {})
    except errors.NotFoundInTime as problem:
        _end(job, watch.now, run, DrawOutcome.LATE, {"reason": type(problem).__name__})
    except errors.BankLacks as problem:
        _end(job, watch.now, run, DrawOutcome.LACKING, {"missing": []} if beside else _shown(problem))
    except errors.PoolChanged:
        _end(job, watch.now, run, DrawOutcome.CHANGED, {})
    except DomainError as problem:
        _end(job, watch.now, run, DrawOutcome.REFUSED, {"reason": type(problem).__name__})


def _shown(problem: errors.BankLacks) -> Mapping[str, Any]:
    """Return what is kept of a refusal, and shown."""
    return {
        "missing": [dataclasses.asdict(each) for each in problem.missing],
        "without": list(problem.without),
        "least": problem.least,
        "paper": problem.paper,
    }


class _Watch:
    """Writes down how far a run is and that it lives; says when it is to end."""

    def __init__(self, database: Database, run: PaperDrawRun, began_at: datetime) -> None:
        self._database = database
        self._run_id = run.id
        self._began_at = began_at
        self._began = self._told = time.monotonic()
        self._step, self._form = "", 0

    @property
    def now(self) -> datetime:
        """The instant, by the time that has gone by since the run was taken."""
        return self._began_at + timedelta(seconds=time.monotonic() - self._began)

    @property
    def is_late(self) -> bool:
        """Whether its time is over."""
        return time.monotonic() - self._began > SECONDS

    def tell(self, told: assembly.Told) -> None:
        """The step is on record."""
        self._step, self._form = told.step, told.form
        self._write()

    def is_wanted(self) -> bool:
        """Whether to go on; asked about once a second."""
        if self.is_late:
            return False
        try:
            if time.monotonic() - self._told > HEARTBEAT_SECONDS:
                self._write()
            with self._database.reading() as session:
                run = session.get_one(PaperDrawRun, self._run_id)
                return run.stopped_at is None and run.outcome is None
        except DBAPIError:  # it will be asked again
            return True

    def _write(self) -> None:
        self._told = time.monotonic()
        with self._database.writing() as session:
            progress = session.scalars(_progress(self._run_id)).one()
            progress.step, progress.form, progress.seen_at = self._step, self._form, self.now


def _take(database: Database, run: PaperDrawRun, now: datetime) -> bool:
    """Whether this worker is the first to take the run on; a second one finds that the first has died."""
    with database.writing() as session:
        session.get_one(PaperDrawRun, run.id, with_for_update=True)
        if session.scalar(_progress(run.id)) is not None:
            return False
        session.add(PaperDrawProgress(run_id=run.id, step="", form=0, seen_at=now))
        return True


def _drawn(
    database: Database, run: PaperDrawRun, watch: _Watch
) -> tuple[asking.Asked, list[tuple[str, drawing.Draw]]]:
    """Return what was asked and what was drawn; nothing of the database is held while forms are sought."""
    with database.reading() as session:
        draw = session.get_one(PaperDraw, run.draw_id)
        own = draw.keys[draw.kind]
        asked = asking.of(json.loads(session.keys.open(own, draw.asked, draws.ASKED)))
        day, written = date.fromisoformat(draw.blueprint["day"]), draw.blueprint["written"]
        pool = preparing.pool(session, session.get_one(ItemBank, draw.bank_id), day, written=written)
        if pool.stamp != draw.pool_stamp:
            raise errors.PoolChanged
        apart = preparing.items_of_other(session, draw)
        starts = {kind: drawing.Start(key_id=key, words=run.words) for kind, key in draw.keys.items()}
    try:
        found = preparing.draw(
            session,
            pool,
            asked,
            kind=draw.kind,
            starts=starts,
            apart_from=apart,
            watch=drawing.Watch(tell=watch.tell, is_wanted=watch.is_wanted, prepared=draw.public_id),
        )
    except errors.BankLacks as problem:
        problem.missing = tuple(each.told_in_the_open(asked.sealed) for each in problem.missing)
        raise
    return asked, found


def _end(
    job: outbox.Job, now: datetime, run: PaperDrawRun, outcome: DrawOutcome, findings: Mapping[str, Any]
) -> None:
    with job.database.writing() as session:
        if job.finish(session):
            kept = session.get_one(PaperDrawRun, run.id, with_for_update=True)
            draws.end(session, now, run=kept, outcome=outcome, findings=findings)


def _progress(run_id: int) -> Select[PaperDrawProgress]:
    return select(PaperDrawProgress).where(PaperDrawProgress.run_id == run_id)


def _ahead(database: Database, session: Session, run: PaperDrawRun) -> timedelta:
    """Return how far the clock of the run's competition runs ahead."""
    draw = session.get_one(PaperDraw, run.draw_id)
    return rehearsals.clock_offset(database.settings, session.get_one(Competition, draw.competition_id))
