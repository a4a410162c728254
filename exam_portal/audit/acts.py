# SPDX-License-Identifier: Apache-2.0
"""Rows held against the acts that made them: what a table says is told by a leaf, and no leaf lacks its row.

Who may write to the database can change a row and every hash beside it; the leaf that told of the act is held
by the tree and by every checkpoint that somebody else has.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from exam_portal.audit import service
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.core.db import Session
from scoring.rounding import plain

Facts = Mapping[str, Any]
Rows = Select[*tuple[Any, ...]]


def compare(
    session: Session,
    where: str,
    code: str,
    types: Collection[str],
    rows: Rows,
    words: Collection[str] = (),
) -> Iterator[Difference]:
    """Yield each row that no act of these types tells as it stands, and each act whose row is gone.

    The columns of ``rows`` are labelled as the content of the leaf names them (``_about``, ``_by``, ``_at``
    and ``_type`` too); of the columns in ``words`` the leaf holds the hash.
    """
    return untold(where, code, stored(session, rows, words), told(session, *types))


def told(session: Session, *types: str) -> Iterator[Facts]:
    """Yield what the acts of these types say, in their order."""
    query = select(Leaf.type, Leaf.content).where(Leaf.type.in_(types)).order_by(Leaf.id)
    for type_, content in session.execute(query):
        yield {**content, "_type": type_}


def told_about(session: Session, name: str, *types: str) -> Iterator[Facts]:
    """Yield what the acts of these types say, each about what it names so, in place of its subject."""
    for act in told(session, *types):
        yield {**act, "_about": act.get(name)}


def stored(session: Session, rows: Rows, words: Collection[str] = ()) -> Iterator[Facts]:
    """Yield the rows as a leaf would tell them."""
    for row in session.execute(rows).mappings():
        yield {
            name: service.digest(value) if name in words else _written(value) for name, value in row.items()
        }


def untold(where: str, code: str, rows: Iterable[Facts], acts: Iterable[Facts]) -> Iterator[Difference]:
    """Yield each row that no act tells as it stands, and each act whose row is gone; each tells of one."""
    waiting: dict[Any, list[Facts]] = defaultdict(list)
    for act in acts:
        waiting[act["_about"]].append(act)
    named = set()
    for row in rows:
        place = row["_about"]
        own = next((act for act in waiting[place] if row.items() <= act.items()), None)
        if own is not None:
            waiting[place].remove(own)
        elif place not in named:
            named.add(place)
            yield Difference(where=where, code=code, place=str(place))
    for place, left in waiting.items():
        if left and place not in named:
            yield Difference(where=where, code=f"{code} gone", place=str(place))


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each signed paper that is not registered as it was filed, and each that is gone."""
    rows = select(
        SignedPaper.public_id.label("_about"),
        SignedPaper.filed_by.label("_by"),
        SignedPaper.filed_at.label("_at"),
        SignedPaper.kind,
        SignedPaper.number,
        SignedPaper.issued_on,
        SignedPaper.signed_by,
        SignedPaper.title,
        SignedPaper.sha256,
        SignedPaper.pages,
        SignedPaper.is_confidential.label("confidential"),
    )
    return compare(session, "signed_papers", "filing", ("audit.paper_filed",), rows, {"signed_by", "title"})


def _written(value: Any) -> Any:
    """Return the value as leaves write it."""
    match value:
        case datetime():
            return service.stamp(value)
        case date():
            return value.isoformat()
        case Decimal():
            return plain(value)
        case bytes():
            return value.hex()
        case _:
            return value
