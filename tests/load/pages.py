# SPDX-License-Identifier: Apache-2.0
"""How long the server works on each page while 1,000 people have applied:

./dev exec python -m tests.load.pages

The demonstration, with 1,000 applications more in the competition being vetted and 200 candidates more in the
hall. Each page is asked for by the first role that may see it. What counts is the processor's time in the
answering thread: it does not depend on what else the machine does.
"""

import dataclasses
import itertools
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Table, select
from werkzeug.routing import Rule

from exam_portal.competitions.models import Competition
from exam_portal.core import schema
from exam_portal.core.db import Session
from exam_portal.demo.phases import sitting, vetting
from exam_portal.sittings.models import Sitting
from tests.architecture import matrix
from tests.harness import logs
from tests.load import crowd, weight

APPLICATIONS, CANDIDATES = 1000, 200
TIMES = 5
SLOW_KINDS = (".pdf", ".xlsx", ".zip")  # documents are made outside the answering thread, or rarely
NOT_PAGES = frozenset({"health.live", "health.ready", "health.metrics"})


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What one page cost."""

    address: str
    person: str
    milliseconds: float  # median, of the processor
    bytes: int  # as the page travels, with the built files that it loads, fonts aside


@contextmanager
def crowded() -> Iterator[matrix.Stage]:
    """Yield the stage, full of people."""
    with matrix.staged() as stage:
        with stage.database.writing(unhurried=True) as session:
            _fill(session)
        yield stage


def timings(stage: matrix.Stage) -> list[Timing]:
    """Return what each page costs in the competition where it costs most, the dearest first."""
    found = [one for code in (vetting.CODE, sitting.CODE) for one in _of_competition(stage, code)]
    dearest: dict[str, Timing] = {}
    for one in sorted(found, key=lambda each: each.milliseconds):
        dearest[one.address] = one
    return sorted(dearest.values(), key=lambda each: -each.milliseconds)


def _of_competition(stage: matrix.Stage, code: str) -> Iterator[Timing]:
    with stage.database.reading() as session:
        stage.ids = {**stage.ids, **_ids_of(session, code)}
    for rule in stage.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.endswith(SLOW_KINDS) or rule.endpoint in NOT_PAGES:
            continue
        found = (_timed(stage, rule, person) for person in matrix.PERSONS)
        yield from itertools.islice((one for one in found if one is not None), 1)


def _timed(stage: matrix.Stage, rule: Rule, person: str) -> Timing | None:
    first = stage.answer("GET", rule, person, accepting="gzip")
    if first.status_code != 200 or first.mimetype == "application/pdf":
        return None
    taken = []
    for _ in range(TIMES):
        began = time.thread_time()
        stage.answer("GET", rule, person, accepting="gzip")
        taken.append(1000 * (time.thread_time() - began))
    return Timing(
        address=rule.rule,
        person=person,
        milliseconds=statistics.median(taken),
        bytes=weight.of(first),
    )


def _fill(session: Session) -> None:
    now = datetime.now(UTC)
    being_vetted, in_the_hall = (
        session.scalars(select(Competition).where(Competition.code == code)).one()
        for code in (vetting.CODE, sitting.CODE)
    )
    crowd.applicants(session, being_vetted, APPLICATIONS, now)
    people = crowd.candidates(session, in_the_hall, CANDIDATES, now)
    held = session.scalars(select(Sitting).where(Sitting.competition_id == in_the_hall.id)).first()
    if held is not None:
        crowd.seats(session, held, people)


def _ids_of(session: Session, code: str) -> Mapping[str, str]:
    """Return by table the first public id of what belongs to this competition, however indirectly."""
    tables = schema.metadata().tables
    own: dict[str, set[int]] = {
        "competitions": set(session.scalars(select(Competition.id).where(Competition.code == code)))
    }
    found: dict[str, str] = {}
    for table in schema.metadata().sorted_tables:
        link = next((key for key in _links(table) if key.column.table.name in own), None)
        if table.name == "competitions":
            condition = tables["competitions"].c.code == code
        elif link is None or table.name in {"accounts", "organisations"}:
            continue
        else:
            condition = link.parent.in_(own[link.column.table.name])
        public_id = table.c.public_id if "public_id" in table.c else table.c.id
        rows = session.execute(select(table.c.id, public_id).where(condition).order_by(table.c.id)).all()
        own[table.name] = {row[0] for row in rows[:500]}
        if rows and "public_id" in table.c:
            found[table.name] = rows[0][1]
    return found


def _links(table: Table) -> list[ForeignKey]:
    """Return the references of a table, the one to its competition first."""
    if "id" not in table.c:
        return []
    keys = [key for key in table.foreign_keys if key.column.table is not table]
    return sorted(keys, key=lambda key: (key.column.table.name != "competitions", key.parent.name))


def main() -> None:
    """Print the pages, the dearest first."""
    logs.configure()
    with crowded() as stage:
        found = timings(stage)
    for one in found:
        print(f"{one.milliseconds:7.1f} ms {one.bytes / 1000:7.1f} kB  {one.person:14} {one.address}")
    print(f"{statistics.median(each.milliseconds for each in found):7.1f} ms, the median of {len(found)}")


if __name__ == "__main__":
    main()
