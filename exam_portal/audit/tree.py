# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree of a log (RFC 6962): leaves get their place, perfect subtrees are stored as they fill.

Every perfect subtree's hash is a row, written once, so that a leaf costs O(log n) and the root of any
earlier size can be told again: ``root(session, log_id, size)``.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from sqlalchemy import func, insert, select, text, tuple_, update
from sqlalchemy.orm import attributes

from exam_portal.audit.models import Leaf, TreeNode
from exam_portal.core.db import Session
from scoring.verify import leaves, merkle

SEQUENCER_LOCK = 0x6C6F67  # first key of the advisory lock; the second is the log's id
BATCH = 2_000

Place: TypeAlias = tuple[int, int]  # level, position


@dataclasses.dataclass(frozen=True, slots=True)
class _Node:
    level: int
    position: int
    hash: bytes


def leaf_data(leaf: Leaf, index: int) -> bytes:
    """Return the published bytes of a leaf (integrity 2.2): its commitment, place, minute and type."""
    return leaves.leaf_data(seq=index, kind=leaf.type, commit=leaf.commitment.hex(), at=leaf.at)


def sequence(session: Session, log_id: int, *, limit: int = BATCH) -> int:
    """Up to ``limit`` leaves without a place have the next contiguous ones; how many is returned.

    On PostgreSQL an advisory lock, held to the end of the transaction, makes one sequencer at a time.
    """
    _lock(session, log_id)
    session.flush()
    waiting = session.scalars(
        select(Leaf).where(Leaf.log_id == log_id, Leaf.index.is_(None)).order_by(Leaf.id).limit(limit)
    ).all()
    if waiting:
        _append(session, log_id, size_of(session, log_id), waiting)
    return len(waiting)


def append(session: Session, log_id: int, new: Sequence[Leaf]) -> None:
    """The new leaves are stored at the next places. Only for the one writer that gives the order."""
    size = size_of(session, log_id)
    for index, leaf in enumerate(new, start=size):
        leaf.index = index
    session.add_all(new)
    session.flush()
    _store_nodes(session, log_id, size, new)


def size_of(session: Session, log_id: int) -> int:
    """Return how many leaves of the log have their place."""
    highest = session.scalar(select(func.max(Leaf.index)).where(Leaf.log_id == log_id))
    return 0 if highest is None else int(highest) + 1


def root(session: Session, log_id: int, size: int | None = None) -> bytes:
    """Return the tree head at a size (default: now)."""
    size = size_of(session, log_id) if size is None else size
    return _range_hash(_load(session, log_id, _cover(0, size)), 0, size)


def inclusion_proof(session: Session, log_id: int, index: int, size: int) -> list[bytes]:
    """Return the hashes that tie the leaf at ``index`` to the root at ``size`` (RFC 6962, 2.1.1)."""
    if not 0 <= index < size <= size_of(session, log_id):
        raise ValueError(f"no leaf {index} in a tree of {size}")
    return _hash_ranges(session, log_id, _inclusion_path(index, 0, size))


def consistency_proof(session: Session, log_id: int, earlier: int, later: int) -> list[bytes]:
    """Return the hashes that show the tree at ``earlier`` to be a prefix of the one at ``later`` (2.1.2)."""
    if not 0 < earlier <= later <= size_of(session, log_id):
        raise ValueError(f"no tree grows from {earlier} to {later}")
    return _hash_ranges(session, log_id, _consistency_path(earlier, 0, later, whole=True))


def _lock(session: Session, log_id: int) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(CAST(:lock AS int), CAST(:log AS int))"),
            {"lock": SEQUENCER_LOCK, "log": log_id},
        )


def _append(session: Session, log_id: int, size: int, waiting: Sequence[Leaf]) -> None:
    """The leaves stand at ``size`` and after, and every subtree they complete is stored."""
    _store_nodes(session, log_id, size, waiting)
    places = [{"id": leaf.id, "index": index} for index, leaf in enumerate(waiting, start=size)]
    session.execute(update(Leaf), places)
    for index, leaf in enumerate(waiting, start=size):
        attributes.set_committed_value(leaf, "index", index)


def _store_nodes(session: Session, log_id: int, size: int, added: Sequence[Leaf]) -> None:
    frontier = _load(session, log_id, _cover(0, size))
    nodes: list[_Node] = []
    for index, leaf in enumerate(added, start=size):
        nodes.extend(_grow(frontier, index, merkle.leaf_hash(leaf_data(leaf, index))))
    session.execute(
        insert(TreeNode),
        [{"log_id": log_id, "level": n.level, "position": n.position, "hash": n.hash} for n in nodes],
    )


def _grow(frontier: dict[Place, bytes], index: int, leaf_hash: bytes) -> Iterable[_Node]:
    """Yield the leaf's node and each perfect subtree that it completes; the frontier knows them all."""
    level, position, value = 0, index, leaf_hash
    frontier[level, position] = value
    yield _Node(level, position, value)
    while position % 2:
        value = merkle.node_hash(frontier[level, position - 1], value)
        level, position = level + 1, position // 2
        frontier[level, position] = value
        yield _Node(level, position, value)


def _cover(start: int, end: int) -> list[Place]:
    """Return the perfect subtrees that make up [start, end), left to right; start is aligned to them."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _range_hash(known: dict[Place, bytes], start: int, end: int) -> bytes:
    hashes = [known[node] for node in _cover(start, end)]
    if not hashes:
        return merkle.EMPTY_ROOT
    value = hashes.pop()
    while hashes:
        value = merkle.node_hash(hashes.pop(), value)
    return value


def _hash_ranges(session: Session, log_id: int, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    known = _load(session, log_id, [node for start, end in ranges for node in _cover(start, end)])
    return [_range_hash(known, start, end) for start, end in ranges]


def _load(session: Session, log_id: int, nodes: Sequence[Place]) -> dict[Place, bytes]:
    if not nodes:
        return {}
    rows = session.execute(
        select(TreeNode.level, TreeNode.position, TreeNode.hash).where(
            TreeNode.log_id == log_id, tuple_(TreeNode.level, TreeNode.position).in_(nodes)
        )
    )
    return {(level, position): value for level, position, value in rows}


def _split(start: int, end: int) -> int:
    """Return where RFC 6962 divides a range: after the largest power of two below its length."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def _inclusion_path(index: int, start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= 1:
        return []
    middle = _split(start, end)
    if index < middle:
        return [*_inclusion_path(index, start, middle), (middle, end)]
    return [*_inclusion_path(index, middle, end), (start, middle)]


def _consistency_path(size: int, start: int, end: int, *, whole: bool) -> list[tuple[int, int]]:
    if size == end:
        return [] if whole else [(start, end)]
    middle = _split(start, end)
    if size <= middle:
        return [*_consistency_path(size, start, middle, whole=whole), (middle, end)]
    return [*_consistency_path(size, middle, end, whole=False), (start, middle)]
