# SPDX-License-Identifier: Apache-2.0
"""The Merkle tree gives the stated verdict for every published and derived vector."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.verify import merkle

SHARED = Path(os.environ.get("EXAM_PORTAL_SHARED", Path(__file__).parents[4] / "shared"))
VECTORS = SHARED / "data" / "published" / "merkle.json"


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    if not VECTORS.exists():
        pytest.skip("the published Merkle vectors are not on this machine")
    loaded: dict[str, Any] = json.loads(VECTORS.read_text())
    return loaded


def _hashes(values: list[str] | None) -> list[bytes]:
    return [bytes.fromhex(value) for value in values or []]


def test_roots_and_nodes_are_the_published_ones(vectors: dict[str, Any]) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in vectors["leaves_hex"]]
    roots = [merkle.merkle_root(leaves[:size]).hex() for size in range(len(leaves) + 1)]
    assert roots == vectors["roots_by_size"]
    for level, expected in enumerate(vectors["node_hashes_by_level"]):
        width = 1 << level
        nodes = [
            merkle.merkle_root(leaves[start : start + width]).hex() for start in range(0, len(leaves), width)
        ]
        assert nodes[: len(expected)] == expected


@pytest.mark.parametrize("group", ["published_inclusion", "derived_inclusion_all_sizes_1_to_8"])
def test_every_inclusion_probe_gets_its_verdict(vectors: dict[str, Any], group: str) -> None:
    for probe in vectors[group]:
        verdict = merkle.verify_inclusion(
            bytes.fromhex(probe["leafHash"] or ""),
            probe["leafIdx"],
            probe["treeSize"],
            _hashes(probe["proof"]),
            bytes.fromhex(probe["root"] or ""),
        )
        assert verdict is not probe.get("wantErr", False), probe


@pytest.mark.parametrize("group", ["published_consistency", "derived_consistency_all_1_to_8"])
def test_every_consistency_probe_gets_its_verdict(vectors: dict[str, Any], group: str) -> None:
    for probe in vectors[group]:
        verdict = merkle.verify_consistency(
            probe["size1"],
            bytes.fromhex(probe["root1"] or ""),
            probe["size2"],
            bytes.fromhex(probe["root2"] or ""),
            _hashes(probe["proof"]),
        )
        assert verdict is not probe.get("wantErr", False), probe


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_proofs_prove_their_claim_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [merkle.leaf_hash(bytes([place]) + leaf) for place, leaf in enumerate(leaves)]
    root, size = merkle.merkle_root(hashes), len(hashes)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(hashes, index)
    assert merkle.verify_inclusion(hashes[index], index, size, proof, root)
    wrong = data.draw(st.integers(0, size - 1).filter(lambda place: place != index)) if size > 1 else size
    assert not merkle.verify_inclusion(hashes[index], wrong, size, proof, root)
    old = data.draw(st.integers(1, size))
    old_root, path = merkle.merkle_root(hashes[:old]), merkle.consistency_proof(hashes, old)
    assert merkle.verify_consistency(old, old_root, size, root, path)
    if old < size:
        assert not merkle.verify_consistency(old, root, size, root, path)


def test_a_proof_outside_the_tree_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof([merkle.leaf_hash(b"")], 1)
    with pytest.raises(IndexError):
        merkle.consistency_proof([merkle.leaf_hash(b"")], 0)
