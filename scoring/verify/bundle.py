# SPDX-License-Identifier: Apache-2.0
"""A bundle: all that anybody needs to recompute a competition's result, in one file (docs/bundle.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring.verify import onefile
from scoring.verify.canonical import canonical_bytes, canonical_object
from scoring.verify.checking import check
from scoring.verify.checkpoint import parse_head, parse_note
from scoring.verify.container import pack
from scoring.verify.report import Report
from scoring.verify.shapes import (
    BUNDLE_SCHEMA,
    KEYS_SCHEMA,
    OPENING_SCHEMA,
    PAPERS_FILE,
    PAPERS_SCHEMA,
    RUN_SCHEMA,
    ruleset_file,
)

__all__ = ["BundleContents", "BundleOpening", "BundleRun", "Report", "check", "files_of", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleOpening:
    """The salt and content of one leaf that is published."""

    seq: int
    salt: bytes
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRun:
    """One run: `exam-portal/marks/1` in, `exam-portal/ranking/1` out."""

    vacancy: str
    run: str
    input: Mapping[str, Any]
    output: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleContents:
    """What goes into a bundle. Leaves are `leaf_data` in the order of the log, checkpoints whole notes."""

    competition: str
    log: str
    origin: str
    verifier_key: str
    leaves: Sequence[bytes]
    checkpoints: Sequence[str]
    openings: Sequence[BundleOpening]
    rulesets: Sequence[Mapping[str, Any]]
    runs: Sequence[BundleRun]
    publications: Sequence[Mapping[str, Any]]
    specification: str
    papers: Sequence[Mapping[str, Any]] = ()  # those that were revealed


def write(target: Path, contents: BundleContents) -> str:
    """The bundle is at the target; its SHA-256 in hex is returned. Same contents, same bytes."""
    packed = pack(files_of(contents))
    target.write_bytes(packed)
    return hashlib.sha256(packed).hexdigest()


def files_of(contents: BundleContents) -> dict[str, bytes]:
    """The files of a bundle by name, the manifest over all others included."""
    files = {
        "keys.json": canonical_object(KEYS_SCHEMA, log=contents.verifier_key),
        f"leaves/{contents.log}.jsonl": b"".join(leaf + b"\n" for leaf in contents.leaves),
        "spec.md": contents.specification.encode(),
        "verify.py": onefile.build().encode(),
        **{_head_name(note): note.encode() for note in contents.checkpoints},
        **{f"openings/{each.seq}.json": _opening_bytes(each) for each in contents.openings},
        **{_ruleset_name(each): canonical_bytes(each) for each in contents.rulesets},
        **{f"results/{each.vacancy}/{each.run}.json": _run_bytes(each) for each in contents.runs},
        **{f"publications/{each['number']}.json": canonical_bytes(each) for each in contents.publications},
    }
    if contents.papers:
        files[PAPERS_FILE] = canonical_object(PAPERS_SCHEMA, papers=contents.papers)
    files["manifest.json"] = canonical_object(
        BUNDLE_SCHEMA,
        competition=contents.competition,
        log=contents.log,
        origin=contents.origin,
        files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    )
    return files


def _head_name(note: str) -> str:
    return f"checkpoints/{parse_head(parse_note(note).text).size:010}.txt"


def _ruleset_name(content: Mapping[str, Any]) -> str:
    return ruleset_file(hashlib.sha256(canonical_bytes(content)).hexdigest())


def _opening_bytes(opening: BundleOpening) -> bytes:
    return canonical_object(OPENING_SCHEMA, seq=opening.seq, salt=opening.salt.hex(), content=opening.content)


def _run_bytes(run: BundleRun) -> bytes:
    return canonical_object(RUN_SCHEMA, vacancy=run.vacancy, run=run.run, input=run.input, output=run.output)
