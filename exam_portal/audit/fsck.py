# SPDX-License-Identifier: Apache-2.0
"""Recomputing the record: commitments, places, tree, checkpoints, files. What differs is named."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from exam_portal.audit import checkpoints, queries, service, tree
from exam_portal.audit.models import Checkpoint, Leaf, Log, SignedPaper, TreeNode
from exam_portal.core.db import Session
from exam_portal.core.keystore import KeyErased, SealBroken
from exam_portal.core.storage import Blob
from scoring.verify import merkle
from scoring.verify.checkpoint import LogHead, NoteKey

CHUNK = 1_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where what is stored is not what it should be."""

    where: str  # the log's origin, or the register of papers
    code: str  # gap | commitment | tree | checkpoint | paper
    place: str  # index of the leaf, size of the checkpoint, public id of the paper

    def __str__(self) -> str:
        return f"{self.where}: {self.code} at {self.place}"


Check = Callable[[Session], Iterator[Difference]]
_ALSO: list[Check] = []


def also(check: Check) -> Check:
    """The command asks this, too: how a slice above has its own derived state recomputed."""
    _ALSO.append(check)
    return check


def first_difference(session: Session) -> Difference | None:
    """Return the first thing wrong with the record, or None."""
    return next(differences(session), None)


def differences(session: Session) -> Iterator[Difference]:
    """Yield everything wrong with the record: log by log, then the signed papers."""
    for log in session.scalars(select(Log).order_by(Log.id)).all():
        yield from _of_log(session, log)
    yield from _of_papers(session)
    for check in _ALSO:
        yield from check(session)


def _of_log(session: Session, log: Log) -> Iterator[Difference]:
    roots: dict[int, bytes] = {}
    frontier = merkle.Frontier()
    signed = {c.size: c for c in queries.checkpoints_of(session, log.id)}
    for leaf in _leaves(session, log.id):
        expected = frontier.size
        if leaf.index != expected:
            yield Difference(where=log.origin, code="gap", place=str(expected))
            return
        if not is_kept(leaf):
            yield Difference(where=log.origin, code="commitment", place=str(expected))
        frontier = frontier.append(merkle.leaf_hash(tree.leaf_data(leaf, expected)))
        yield from _of_nodes(session, log, frontier)
        if frontier.size in signed:
            roots[frontier.size] = frontier.root()
    yield from _of_size(session, log, frontier.size)
    yield from _of_checkpoints(session, log, signed, roots)


def is_kept(leaf: Leaf) -> bool:
    """Whether the content opens the commitment, and the columns beside it still say what it says."""
    said = (leaf.content.get("_by"), leaf.content.get("_at"), leaf.content.get("_about"))
    columns = (leaf.actor_id, service.stamp(leaf.at), leaf.subject)
    return said == columns and service.commitment(leaf.salt, leaf.content) == leaf.commitment


def _leaves(session: Session, log_id: int) -> Iterator[Leaf]:
    start = 0
    while chunk := queries.sequenced(session, log_id, start=start, limit=CHUNK):
        yield from chunk
        assert chunk[-1].index is not None
        start = chunk[-1].index + 1
        session.expunge_all()


def _of_nodes(session: Session, log: Log, frontier: merkle.Frontier) -> Iterator[Difference]:
    """Compare the subtree that the last leaf completed (the last peak holds all below it)."""
    level = (frontier.size & -frontier.size).bit_length() - 1
    position = (frontier.size >> level) - 1
    stored = session.scalar(
        select(TreeNode.hash).where(
            TreeNode.log_id == log.id, TreeNode.level == level, TreeNode.position == position
        )
    )
    if stored != frontier.peaks[-1]:
        yield Difference(where=log.origin, code="tree", place=str(frontier.size - 1))


def _of_checkpoints(
    session: Session, log: Log, signed: dict[int, Checkpoint], roots: dict[int, bytes]
) -> Iterator[Difference]:
    key = NoteKey(name=session.signer.name, public_key=session.signer.public_key)
    for size, checkpoint in signed.items():
        head = LogHead(origin=log.origin, size=size, root=checkpoint.root)
        genuine = checkpoints.is_genuine(checkpoint.note, head, key)
        if roots.get(size) != checkpoint.root or not genuine:
            yield Difference(where=log.origin, code="checkpoint", place=str(size))


def _of_size(session: Session, log: Log, size: int) -> Iterator[Difference]:
    """A tree holds as many level-0 nodes as there are leaves: fewer leaves mean that some are gone."""
    nodes = session.scalar(
        select(func.count()).select_from(TreeNode).where(TreeNode.log_id == log.id, TreeNode.level == 0)
    )
    if nodes != size:
        yield Difference(where=log.origin, code="gap", place=str(min(size, nodes or 0)))


def _of_papers(session: Session) -> Iterator[Difference]:
    rows = session.execute(select(SignedPaper, Blob).join(Blob, Blob.id == SignedPaper.blob_id))
    for paper, blob in rows:
        try:
            content = session.files.read(session, blob)
            sound = hashlib.sha256(content).digest() == paper.sha256
        except (SealBroken, KeyErased, OSError):
            sound = False
        if not sound:
            yield Difference(where="signed_papers", code="paper", place=paper.public_id)
