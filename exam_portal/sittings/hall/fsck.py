# SPDX-License-Identifier: Apache-2.0
"""What went into halls and came back stands in the record, and the leaves of a hall are those it signed."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.audit import acts, checkpoints, tree
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import Leaf
from exam_portal.core.db import Session
from exam_portal.sittings.models import Hall, HallLeaf, HallSide, Sitting
from scoring.verify import merkle
from scoring.verify.checkpoint import LogHead, NoteKey

WHERE = "halls"


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each hall that the record tells otherwise, and each whose leaves are not the signed ones."""
    home = Hall.side == HallSide.HOME.value
    rows = (
        select(
            Hall.public_id.label("_about"),
            Hall.public_id.label("hall"),
            Sitting.public_id.label("sitting"),
            Hall.by.label("_by"),
            Hall.at.label("_at"),
            Hall.package,
            Hall.signing_key.label("key"),
            Hall.attempts,
        )
        .join(Sitting, Sitting.id == Hall.sitting_id)
        .where(home)
    )
    yield from acts.compare(session, WHERE, "hall", ("sittings.hall_packed",), rows)
    gone = select(
        Hall.public_id.label("_about"),
        Hall.withdrawn_by.label("_by"),
        Hall.withdrawn_at.label("_at"),
        Hall.withdrawn_because.label("reason"),
    ).where(Hall.withdrawn_at.is_not(None))
    yield from acts.compare(session, WHERE, "withdrawal", ("sittings.hall_withdrawn",), gone, {"reason"})
    yield from acts.untold(WHERE, "merge", _merged(session), acts.told(session, "sittings.hall_merged"))
    for hall in session.scalars(select(Hall).where(home, Hall.merged_at.is_not(None)).order_by(Hall.id)):
        if not is_signed(session, hall):
            yield Difference(where=WHERE, code="leaves", place=hall.public_id)


def is_signed(session: Session, hall: Hall) -> bool:
    """Whether the leaves of the hall, put in their old places, make the tree that the laptop has signed."""
    assert hall.results is not None
    log = hall.results["log"]
    head = LogHead(origin=log["origin"], size=log["size"], root=bytes.fromhex(log["root"]))
    rows = session.execute(
        select(Leaf, HallLeaf.index)
        .join(HallLeaf, HallLeaf.leaf_id == Leaf.id)
        .where(HallLeaf.hall_id == hall.id)
        .order_by(HallLeaf.index)
    ).all()
    hashes = [merkle.leaf_hash(tree.leaf_data(leaf, index)) for leaf, index in rows]
    if [index for _, index in rows] != list(range(head.size)):
        return False
    key = NoteKey(name=hall.name, public_key=hall.signing_key)
    return merkle.merkle_root(hashes) == head.root and checkpoints.is_genuine(log["note"], head, key)


def _merged(session: Session) -> Iterator[acts.Facts]:
    rows = select(
        Hall.public_id.label("_about"),
        Hall.merged_by.label("_by"),
        Hall.merged_at.label("_at"),
        Hall.results.label("results"),
    ).where(Hall.merged_at.is_not(None))
    for row in acts.stored(session, rows):
        results = row["results"]
        facts = {name: value for name, value in row.items() if name != "results"}
        yield {**facts, "package": results["package"], "log": results["log"]}
