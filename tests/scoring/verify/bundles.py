# SPDX-License-Identifier: Apache-2.0
"""Small whole bundles, signed with a key made for the test."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scoring.ranking import rank
from scoring.verify.bundle import BundleContents, BundleOpening, BundleRun, files_of
from scoring.verify.canonical import canonical_bytes, sha256_of
from scoring.verify.checkpoint import LogHead, NoteKey, sign_head
from scoring.verify.container import pack
from scoring.verify.leaves import commitment, leaf_data
from scoring.verify.merkle import leaf_hash, merkle_root
from tests.scoring.builders import candidate, gate_content, marks_content, read, slips, written

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = NoteKey(name="exam.example", public_key=PRIVATE.public_key().public_bytes_raw())
ORIGIN = "exam.example/0123"
BEGAN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def verifier_key(key: NoteKey = KEY) -> str:
    """The key as notes write it."""
    encoded = base64.b64encode(b"\x01" + key.public_key).decode()
    return f"{key.name}+{key.key_id.hex()}+{encoded}"


@dataclass
class LogBook:
    """A log being written: every act gets a leaf, and its opening is kept."""

    origin: str = ORIGIN
    leaves: list[bytes] = field(default_factory=list)
    openings: dict[int, BundleOpening] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)

    def record(self, kind: str, content: Mapping[str, Any]) -> None:
        """The act is a leaf."""
        seq = len(self.leaves)
        salt = hashlib.sha256(f"salt {seq}".encode()).digest()
        commit = commitment(salt, content)
        at = BEGAN + seq * timedelta(minutes=1)
        self.leaves.append(leaf_data(seq=seq, kind=kind, commit=commit, at=at))
        self.openings[seq] = BundleOpening(seq=seq, salt=salt, content=dict(content))

    def sign(self, private: Ed25519PrivateKey = PRIVATE, key: NoteKey = KEY) -> None:
        """The present size and root are signed."""
        root = merkle_root([leaf_hash(leaf) for leaf in self.leaves])
        head = LogHead(origin=self.origin, size=len(self.leaves), root=root)
        self.heads.append(sign_head(head, key, private.sign))


def a_run(name: str, *candidates: dict[str, Any], decisions: tuple[Any, ...] = ()) -> BundleRun:
    """A run of the gate rule set."""
    content = marks_content(*candidates, decisions=decisions)
    output = rank(*read(gate_content(), content)).to_json()
    return BundleRun(vacancy="V1", run=name, input=content, output=output)


def a_publication(number: int, run: BundleRun, **overrides: Any) -> dict[str, Any]:
    """The publication of one run."""
    keys = ("id", "outcome", "rank", "total", "tie_rule")
    rows = [{key: row[key] for key in keys} for row in run.output["candidates"]]
    for row, computed in zip(rows, run.output["candidates"], strict=True):
        row["parts"] = {part: each["mark"] for part, each in computed["parts"].items()}
    vacancy = {"vacancy": run.vacancy, "run": run.run, "candidates": rows, "title": "Trưởng phòng"}
    return {
        "_": "exam-portal/publication/1",
        "number": number,
        "kind": "results",
        "supersedes": None,
        "vacancies": [vacancy],
        **overrides,
    }


def the_runs() -> tuple[BundleRun, BundleRun]:
    """A run, and the one after a review that turned it round."""
    rivals = [candidate("R", written=written("70", "70"), programme=slips(5, "80.5"))]
    rivals.append(candidate("S", written=written("60", "60"), programme=slips(6, "70")))
    first = a_run("run-1", candidate("E", written=written("44", "56", "49")), *rivals)
    reviewed = written("44", "56", "49", remarks=("52", "50", "52"))
    return first, a_run("run-2", candidate("E", written=reviewed, programme=slips(7, "81")), *rivals)


def log_run(book: LogBook, run: BundleRun) -> None:
    """The run's hashes are in the log."""
    facts = {"input": sha256_of(run.input), "output": sha256_of(run.output)}
    book.record("result", {"vacancy": run.vacancy, "run": run.run, **facts, "_by": 7})


def log_publication(book: LogBook, publication: dict[str, Any], *approvals: str) -> None:
    """The publication's hash and its approvers are in the log."""
    content = {
        "number": publication["number"],
        "publication": sha256_of(publication),
        "approvals": list(approvals or ("chair", "authority")),
    }
    book.record("publish", content)


def contents_of(book: LogBook, runs: tuple[BundleRun, ...], publications: tuple[Any, ...]) -> BundleContents:
    """What a portal would hand over: only what must be open is."""
    types = [json.loads(leaf)["type"] for leaf in book.leaves]
    opened = [book.openings[seq] for seq, kind in enumerate(types) if kind in OPENED_TYPES]
    return BundleContents(
        competition="TT-2026-01",
        log="0123",
        origin=book.origin,
        verifier_key=verifier_key(),
        leaves=book.leaves,
        checkpoints=book.heads,
        openings=opened,
        rulesets=[gate_content()],
        runs=runs,
        publications=publications,
        specification="# spec\n",
    )


OPENED_TYPES = ("genesis", "config", "code", "result", "publish")
PROGRAM = {"version": "0.1.0", "build": "sha256:" + "1" * 64, "lock": "sha256:" + "2" * 64}


def a_bundle() -> BundleContents:
    """A competition from genesis to a second publication that supersedes the first."""
    first, second = the_runs()
    one = a_publication(1, first)
    two = a_publication(2, second, supersedes=1, reason="Kết quả phúc khảo")
    book = LogBook()
    book.record("genesis", {"origin": ORIGIN, "key": verifier_key(), "_by": None})
    book.record("competitions.created", {"code": "TT-2026-01"})
    book.record("config", {"ruleset": sha256_of(gate_content())})
    book.sign()
    book.record("code", PROGRAM)
    book.record("roster", {"candidates": 3})
    book.record("blind-commit", {"scripts": 3})
    book.record("mark", {"mask": "A1"})
    book.record("mark-lock", {"part": "written"})
    log_run(book, first)
    log_publication(book, one)
    book.sign()
    book.record("appeal", {"mask": "A1"})
    log_run(book, second)
    log_publication(book, two)
    book.sign()
    return contents_of(book, (first, second), (one, two))


def relisted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files under a manifest that a forger has brought up to date."""
    manifest = json.loads(files["manifest.json"])
    others = {name: content for name, content in files.items() if name != "manifest.json"}
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in others.items()}
    return {**others, "manifest.json": canonical_bytes(manifest)}


def zipped(files: Mapping[str, bytes], *, relist: bool = True) -> bytes:
    """A bundle of these files; with `relist`, as a forger would hand it on."""
    return pack(relisted(files) if relist else files)


def packed(contents: BundleContents) -> bytes:
    """The bundle's bytes."""
    return pack(files_of(contents))
