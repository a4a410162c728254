# SPDX-License-Identifier: Apache-2.0
"""Merkle trees of RFC 6962 and 9162 over SHA-256: roots, proofs, and their verification.

A proof that is wrong in any way raises nothing and proves nothing: the verifying functions answer False.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in their order."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier = frontier.append(leaf)
    return frontier.root()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """A tree that only grows: its size, and the roots of its perfect subtrees from large to small.

    These O(log n) hashes are all that must be stored to append the next leaf and to know the root.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = field(default=())

    def append(self, leaf: bytes) -> Frontier:
        """The tree with one more leaf hash."""
        peaks, remaining = list(self.peaks), self.size
        while remaining & 1:
            leaf = node_hash(peaks.pop(), leaf)
            remaining >>= 1
        return Frontier(size=self.size + 1, peaks=(*peaks, leaf))

    def root(self) -> bytes:
        """The root of the leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        *larger, root = self.peaks
        for peak in reversed(larger):
            root = node_hash(peak, root)
        return root


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the leaf at `index` to the root of all these leaves."""
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"no leaf {index} in a tree of {len(leaf_hashes)}")
    if len(leaf_hashes) == 1:
        return []
    split = _split(len(leaf_hashes))
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if index < split:
        return [*inclusion_proof(left, index), merkle_root(right)]
    return [*inclusion_proof(right, index - split), merkle_root(left)]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """The hashes that show the first `old_size` leaves to be a prefix of all these leaves."""
    if not 0 < old_size <= len(leaf_hashes):
        raise IndexError(f"no proof from size {old_size} to {len(leaf_hashes)}")
    return _subproof(leaf_hashes, old_size, complete=True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from this leaf hash at this place to the root."""
    if not 0 <= index < size or not _well_formed((leaf, *proof)):
        return False
    place, last, running = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            running = node_hash(sibling, running)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            running = node_hash(running, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and running == root


def verify_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows the old tree to be a prefix of the new; nothing follows from an empty one."""
    if not 0 < old_size <= size or not _well_formed(proof):
        return False
    if old_size == size:
        return not proof and old_root == root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _climb(old_size - 1, size - 1, path) == (old_root, root)


def _climb(place: int, last: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def _subproof(leaf_hashes: Sequence[bytes], old_size: int, *, complete: bool) -> list[bytes]:
    if old_size == len(leaf_hashes):
        return [] if complete else [merkle_root(leaf_hashes)]
    split = _split(len(leaf_hashes))
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if old_size <= split:
        return [*_subproof(left, old_size, complete=complete), merkle_root(right)]
    return [*_subproof(right, old_size - split, complete=False), merkle_root(left)]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _well_formed(hashes: Sequence[bytes]) -> bool:
    return all(len(each) == HASH_BYTES for each in hashes)
