# SPDX-License-Identifier: Apache-2.0
"""What a hall sent, held against what home knows of it, before anything is written."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from exam_portal.audit import checkpoints, fsck, tree
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.core.db import Base, Session
from exam_portal.core.parcels import Parcel, ParcelRefused, Parcels
from exam_portal.sittings.hall import rows
from exam_portal.sittings.hall.contents import LEAF, PROJECTION, RESULTS, RETURNED, SCHEMA
from exam_portal.sittings.hall.errors import PackageRefused
from exam_portal.sittings.hall.opening import origin_of
from exam_portal.sittings.models import (
    Attempt,
    Hall,
    HallSide,
    Incident,
    LeaseChange,
    PaperTurn,
    Sanction,
    Sitting,
    Submission,
    TimeGrant,
)
from scoring.verify import merkle
from scoring.verify.checkpoint import LogHead, NoteKey

ALSO = {"_", "package", "sitting", "attempts", "events", "late", "files", "paper_keys", "log", "installation"}
CHECKPOINT = ("origin", "size", "root", "note")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The results of one hall, read and checked by themselves: nothing of them is at home yet."""

    hall_id: int
    sha256: str
    content: Mapping[str, Any]
    tables: Mapping[type[Base], Sequence[Mapping[str, Any]]]
    attempts: Sequence[Mapping[str, Any]]
    leaves: Sequence[Leaf]

    @property
    def papers(self) -> Sequence[Mapping[str, Any]]:
        """The signed papers that were filed in the hall."""
        return self.tables[SignedPaper]

    @property
    def report(self) -> dict[str, int]:
        """What will come with it, in figures."""
        counted = {
            "handed_in": Submission,
            "turns": PaperTurn,
            "grants": TimeGrant,
            "moves": LeaseChange,
            "incidents": Incident,
            "sanctions": Sanction,
            "papers": SignedPaper,
        }
        found = {name: len(self.tables[model]) for name, model in counted.items()}
        found["moves"] = sum(row["moved_by"] is not None for row in self.tables[LeaseChange])
        late = sum(len(batches) for batches in self.content["late"].values())
        events = sum(one["seq"] for one in self.attempts)
        return {
            "attempts": len(self.attempts),
            **found,
            "events": events,
            "late": late,
            "leaves": len(self.leaves),
        }

    @property
    def results(self) -> dict[str, Any]:
        """What home keeps of the package: its hash, and where both logs of the hall ended."""
        log = {name: self.content["log"][name] for name in CHECKPOINT}
        return {"package": self.sha256, "log": log, "installation": self.content["installation"]}


def read(session: Session, file: bytes) -> Returned:
    """Return the results that the hall of a live package has signed, or raise PackageRefused."""
    try:
        parcel = Parcels.of(session.keys, session.signer).open(file, RESULTS)
        hall = _hall(session, parcel)
        return _read(hall, parcel, session.get_one(Sitting, hall.sitting_id))
    except ParcelRefused as problem:
        raise PackageRefused(problem.reason) from problem
    except (KeyError, TypeError, ValueError) as problem:
        raise PackageRefused("shape") from problem


def require_live(hall: Hall) -> None:
    """The hall is one that was packed here and from which nothing has come, or PackageRefused says what."""
    if hall.withdrawn_at is not None:
        raise PackageRefused("withdrawn")
    if hall.merged_at is not None:
        raise PackageRefused("second")


def _hall(session: Session, parcel: Parcel) -> Hall:
    hall = session.scalar(
        select(Hall).where(Hall.public_id == parcel.subject, Hall.side == HallSide.HOME.value)
    )
    if hall is None:
        raise ParcelRefused("unknown")
    if parcel.sender != hall.signing_key:
        raise ParcelRefused("sender")
    require_live(hall)
    return hall


def _read(hall: Hall, parcel: Parcel, sitting: Sitting) -> Returned:
    tables = {model.__tablename__ for model in RETURNED}
    content = rows.only_keys(parcel.content, {*ALSO, *tables})
    if content["_"] != SCHEMA:
        raise ParcelRefused("schema")
    if content["sitting"] != sitting.public_id or content["package"] != hall.package.hex():
        raise ParcelRefused("sitting")
    tried = rows.load_all(Attempt, PROJECTION, content["attempts"])
    if len({one["id"] for one in tried}) != len(tried) or len(tried) != hall.attempts:
        raise ParcelRefused("attempts")
    return Returned(
        hall_id=hall.id,
        sha256=parcel.sha256,
        content=content,
        tables={
            model: rows.load_all(model, RETURNED[model], content[model.__tablename__]) for model in RETURNED
        },
        attempts=tried,
        leaves=_log(hall, rows.only_keys(content["log"], (*CHECKPOINT, "leaves"))),
    )


def _log(hall: Hall, written: Mapping[str, Any]) -> list[Leaf]:
    """Return the leaves of the hall's log: whole, unchanged, and as this laptop has signed them."""
    found = [Leaf(**row) for row in rows.load_all(Leaf, LEAF, written["leaves"])]
    root = bytes.fromhex(written["root"])
    head = LogHead(origin=origin_of(hall.name, hall.public_id), size=written["size"], root=root)
    key = NoteKey(name=hall.name, public_key=hall.signing_key)
    if not checkpoints.is_genuine(written["note"], head, key):
        raise ParcelRefused("checkpoint")
    if not found or [leaf.index for leaf in found] != list(range(head.size)):
        raise ParcelRefused("log")
    hashes = [merkle.leaf_hash(tree.leaf_data(leaf, place)) for place, leaf in enumerate(found)]
    if merkle.merkle_root(hashes) != root or not all(fsck.is_kept(leaf) for leaf in found):
        raise ParcelRefused("log")
    begins, ends = found[0], found[-1]
    if begins.type != "sittings.hall_opened" or begins.content["package"] != hall.package.hex():
        raise ParcelRefused("log")
    if ends.type != "sittings.hall_closed":
        raise ParcelRefused("log")
    return found
