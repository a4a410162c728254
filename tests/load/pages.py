# SPDX-License-Identifier: Apache-2.0
"""How long the server works on each page while 1,000 people have applied:

./dev bench pages

The demonstration, with 1,000 applications more in the competition being vetted and 200 candidates more in the
hall, half of whom have taken their places. Each page is asked for by every role that may see it, and the one
for whom it costs most counts.

What counts is the processor's time in the answering thread, so that waiting costs nothing. What else the
machine does still adds to it: tests that run beside this one double it, through shared caches and halves of
cores. Before and after each page the same table is therefore rendered, and a page's time is told as on a
machine that renders this table in ``REFERENCE_MILLISECONDS``, as the two cores on which this was written do
when nothing else runs. A page that comes near the limit is asked for seven times, and its median counts.
"""

import dataclasses
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import jinja2
from sqlalchemy import ForeignKey, Table, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from exam_portal.competitions.models import Competition
from exam_portal.core import schema
from exam_portal.core.db import Session
from exam_portal.demo.phases import sitting, vetting
from exam_portal.sittings.models import Sitting
from exam_portal.web import policy
from tests.architecture import matrix
from tests.harness import weight
from tests.harness.counting import counted
from tests.load import crowd
from tests.portal.demo.stage import NOW

APPLICATIONS, CANDIDATES = 1000, 200
MILLISECONDS = 50
TRIES, SURE = 7, 0.7 * MILLISECONDS
REFERENCE_MILLISECONDS = 0.625
ROWS = [{"number": number, "name": "Nguyễn Thị Hạnh", "unit": "Phòng Tài chính"} for number in range(40)]
REFERENCE = jinja2.Environment(autoescape=True).from_string(
    "{% macro cell(value) %}<td>{{ value }}</td>{% endmacro %}"
    "{% for row in rows %}{{ cell(row.number) }}{{ cell(row.name) }}{{ cell(row.unit | upper) }}{% endfor %}"
)
PAGES = frozenset({"text/html", "application/json"})
DOCUMENTS = (".pdf", ".xlsx", ".zip")  # they are made outside the answering thread, or rarely


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one page cost one person."""

    address: str
    person: str
    milliseconds: float  # of the processor
    bytes: int  # as the page travels, with the built files that it loads, fonts aside
    questions: int  # to the database
    mimetype: str


@contextmanager
def crowded(seeded: Path) -> Iterator[matrix.Stage]:
    """Yield the stage, full of people."""
    with matrix.staged(seeded) as stage:
        with stage.database.writing(unhurried=True) as session:
            _fill(session)
        yield stage


def costs(stage: matrix.Stage) -> list[Cost]:
    """Return what each page costs where and for whom it costs most, the dearest first."""
    dearest: dict[str, Cost] = {}
    for one in sorted(_asked(stage), key=lambda each: each.milliseconds):
        dearest[one.address] = one
    return sorted(dearest.values(), key=lambda each: -each.milliseconds)


def _asked(stage: matrix.Stage) -> Iterator[Cost]:
    """Yield the cost of each page in each of the two competitions, one that knows neither once."""
    seen: set[str] = set()
    for code in (vetting.CODE, sitting.CODE):
        with stage.database.reading() as session:
            stage.ids = {**stage.ids, **_ids_of(session, code)}
        for rule in stage.app.url_map.iter_rules():
            address = stage.address(rule)
            if "GET" in (rule.methods or ()) and address not in seen and not address.endswith(DOCUMENTS):
                seen.add(address)
                yield from _for_everybody(stage, rule)


def _for_everybody(stage: matrix.Stage, rule: Rule) -> Iterator[Cost]:
    permission = policy.permission_of(stage.app, rule.endpoint)
    people = [one for one in matrix.PERSONS if permission is None or stage.can_ever(permission, one)]
    is_warm = False
    for person in people:
        if not is_warm:  # the first answer also reads what is read once
            is_warm = _is_page(stage.answer("GET", rule, person, headers={}))
        if is_warm and (found := cost(stage, rule, person)) is not None:
            yield found


def cost(stage: matrix.Stage, rule: Rule, person: str) -> Cost | None:
    """Return what the page costs this person, or None if it is not shown to this person, or no page."""
    tries = [_try(stage, rule, person)]
    if tries[0] is None or tries[0].milliseconds < SURE:
        return tries[0]
    tries += [_try(stage, rule, person) for _ in range(TRIES - 1)]
    return sorted(filter(None, tries), key=lambda one: one.milliseconds)[TRIES // 2]


def _try(stage: matrix.Stage, rule: Rule, person: str) -> Cost | None:
    with counted() as counts:
        reference = _reference()
        began = time.thread_time()
        answer = stage.answer("GET", rule, person, headers={"Accept-Encoding": "gzip"})
        taken = time.thread_time() - began
        reference = (reference + _reference()) / 2
    if not _is_page(answer):
        return None
    return Cost(
        address=rule.rule,
        person=person,
        milliseconds=taken / reference * REFERENCE_MILLISECONDS,
        bytes=weight.of(answer),
        questions=len(counts.statements),
        mimetype=answer.mimetype or "",
    )


def _reference() -> float:
    """Return how many seconds of the processor the table takes now."""
    began = time.thread_time()
    for _ in range(2):
        REFERENCE.render(rows=ROWS)
    return (time.thread_time() - began) / 2


def _is_page(answer: TestResponse) -> bool:
    return answer.status_code == 200 and answer.mimetype in PAGES


def _fill(session: Session) -> None:
    now = NOW
    being_vetted, in_the_hall = (
        session.scalars(select(Competition).where(Competition.code == code)).one()
        for code in (vetting.CODE, sitting.CODE)
    )
    crowd.applicants(session, being_vetted, APPLICATIONS, now)
    people = crowd.candidates(session, in_the_hall, CANDIDATES, now)
    held = session.scalars(select(Sitting).where(Sitting.competition_id == in_the_hall.id)).first()
    if held is not None:
        crowd.take_places(session, held, crowd.seats(session, held, people), now)


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


def table(found: Sequence[Cost]) -> str:
    """Return the pages in lines, in their order, and their median."""
    lines = [
        f"{one.milliseconds:7.1f} ms {one.bytes / 1000:7.1f} kB {one.questions:4}"
        f"  {one.person:14} {one.address}"
        for one in found
    ]
    median = statistics.median(each.milliseconds for each in found)
    return "\n".join([*lines, f"{median:7.1f} ms, the median of {len(found)}"])
