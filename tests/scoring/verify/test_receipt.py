# SPDX-License-Identifier: Apache-2.0
"""The one-file program that checks a receipt, run as a candidate runs it: without our packages."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoring.verify import onefile, orders, receipt
from tests.scoring.verify.bundles import PRIVATE

PUBLIC = PRIVATE.public_key().public_bytes_raw()
SALT = bytes(range(32))
FORM = bytes(32)
EVENTS = [
    {
        "client_seq": number,
        "item": "Q-1",
        "kind": "answer",
        "ms": number,
        "nonce": f"{number:016x}",
        "content": text,
    }
    for number, text in enumerate(["a", ["b", "c"], "Điều 19 🌱", None], start=1)
]  # fmt: skip
JOURNAL = {"_": receipt.JOURNAL_SCHEMA, "attempt": "a" * 26, "form": FORM.hex(), "events": EVENTS}
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


def a_receipt(**changes: Any) -> str:
    """The text of a code, signed by the test's installation."""
    content = {
        "_": receipt.RECEIPT_SCHEMA,
        "answered": 1,
        "at": "2026-11-28T02:00:00.000000Z",
        "attempt": "a" * 26,
        "head": receipt.journal_head(JOURNAL, SALT).hex(),
        "items": 4,
        "kind": "by_candidate",
        "salt": SALT.hex(),
        "seq": len(EVENTS),
        "sitting": "b" * 26,
        **changes,
    }
    return signed(content)


def signed(content: dict[str, Any]) -> str:
    body = receipt.exact_spelling(content)
    return body.decode() + "." + base64.urlsafe_b64encode(PRIVATE.sign(body)).decode().rstrip("=")


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The program in a process of its own that sees no installed package."""
    program = tmp_path / "check-receipt.py"
    program.write_text(onefile.build_receipt_check(PUBLIC), encoding="utf-8")

    def given(text: str | bytes, journal: Any = None, *more: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "receipt.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        arguments = [str(file), *more]
        if journal is not None:
            kept = tmp_path / "journal.json"
            kept.write_text(json.dumps(journal, ensure_ascii=False), encoding="utf-8")
            arguments += ["--journal", str(kept)]
        command = [sys.executable, "-I", "-S", str(program), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    return given


def test_a_genuine_receipt_with_its_journal_holds(run: Run) -> None:
    done = run(a_receipt() + "\n", JOURNAL)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line[:9] for line in done.stdout.splitlines() if "P1." in line] == [
        f"OK   P1.{number}" for number in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (a_receipt().replace('"answered":1', '"answered":2'), "FAIL P1.1"),
        (a_receipt(head="0" * 64), "FAIL P1.4"),
        (a_receipt(attempt="c" * 26), "FAIL P1.2"),
        (a_receipt(seq=3), "FAIL P1.3"),
        (a_receipt(salt="1" * 64), "FAIL P1.4"),
        (a_receipt()[:-4] + "AAAA", "FAIL P1.1"),
    ],
    ids=["answered", "head", "attempt", "seq", "salt", "signature"],
)
def test_a_receipt_that_was_changed_is_told_by_the_check_that_fails(run: Run, text: str, told: str) -> None:
    done = run(text, JOURNAL)
    assert done.returncode == 1
    assert told in done.stdout


@pytest.mark.parametrize("change", ["content", "order", "one less", "other form"])
def test_a_journal_that_was_changed_does_not_lead_to_the_head(run: Run, change: str) -> None:
    events = {
        "content": [EVENTS[0], {**EVENTS[1], "content": ["b"]}, *EVENTS[2:]],
        "order": [EVENTS[1], EVENTS[0], *EVENTS[2:]],
        "one less": EVENTS[:-1],
        "other form": EVENTS,
    }[change]
    form = "ff" * 32 if change == "other form" else FORM.hex()
    done = run(a_receipt(), {**JOURNAL, "events": events, "form": form})
    assert done.returncode == 1
    assert "FAIL P1.4" in done.stdout


REVEALED_FORM: dict[str, Any] = {
    "code": "101",
    "commitment": FORM.hex(),
    "seed": SALT.hex(),
    "seed_hash": orders.order_commitment(SALT.hex()),
    "items": ["Q-1", "Q-2"],
    "slots": {"Q-1": ["a", "b", "c"], "Q-2": ["a", "b"]},
    "shuffled": {"": [], "Q-1": ["c"]},
}
REVEALED = {"_": orders.REVEALED_SCHEMA, "forms": [REVEALED_FORM]}
ORDER = orders.order_shown(REVEALED_FORM, "a" * 26)
SHOWN: dict[str, Any] = {**JOURNAL, "order": ORDER}
SHOWN["order_signature"] = PRIVATE.sign(receipt.order_told(SHOWN)).hex()


@pytest.mark.parametrize(
    "change",
    [
        {"order": {**ORDER, "items": ORDER["items"][::-1]}},
        {"order_signature": "00" * 64},
        {"order_signature": ""},
    ],
    ids=["swapped", "another signature", "no signature"],
)
def test_an_order_that_the_installation_did_not_sign_is_seen_without_the_paper(
    run: Run, change: dict[str, Any]
) -> None:
    assert "OK   P1.8" in run(a_receipt(), SHOWN).stdout
    done = run(a_receipt(), {**SHOWN, **change})
    assert done.returncode == 1
    assert "FAIL P1.8" in done.stdout
    unsigned = {name: value for name, value in SHOWN.items() if name != "order_signature"}
    assert "FAIL P1.8" in run(a_receipt(), unsigned).stdout


@pytest.mark.parametrize(
    ("paper", "journal", "told"),
    [
        (REVEALED, SHOWN, ""),
        (REVEALED, {**SHOWN, "order": {**ORDER, "items": ["Q-9", "Q-2"]}}, "FAIL P1.7"),
        ({**REVEALED, "forms": [{**REVEALED_FORM, "seed": "0" * 64}]}, SHOWN, "FAIL P1.6"),
        ({**REVEALED, "forms": [{**REVEALED_FORM, "commitment": "f" * 64}]}, SHOWN, "FAIL P1.5"),
    ],
    ids=["genuine", "another order", "another seed", "another form"],
)
def test_a_revealed_paper_gives_the_order_that_the_journal_names(
    run: Run, tmp_path: Path, paper: Any, journal: Any, told: str
) -> None:
    (tmp_path / "paper.json").write_text(json.dumps(paper), encoding="utf-8")
    done = run(a_receipt(), journal, "--paper", "paper.json")
    assert (done.returncode, told in done.stdout, done.stderr) == (1 if told else 0, True, "")
    if not told:
        assert "Q-2: a b" in done.stdout  # not shuffled


@pytest.mark.parametrize("paper", [{}, REVEALED | {"forms": [{}]}, []])
def test_what_is_no_revealed_paper_is_said_to_be_none(run: Run, tmp_path: Path, paper: Any) -> None:
    (tmp_path / "paper.json").write_text(json.dumps(paper), encoding="utf-8")
    assert run(a_receipt(), SHOWN, "--paper", "paper.json").returncode == 2
    assert run(a_receipt(), None, "--paper", "paper.json").returncode == 2


def test_another_key_has_not_signed_it(run: Run) -> None:
    done = run(a_receipt(), None, "--key", RFC_8032[0][0])
    assert done.returncode == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no receipt",
        a_receipt(more="x"),
        a_receipt().replace(",", ", ", 1),
        a_receipt()[:-1],
        a_receipt()[:-1] + chr(ord(a_receipt()[-1]) + 1),  # A, Q, g, w: the low bits say nothing
    ],
    ids=["empty", "other", "key too many", "other spelling", "cut", "the same signature, spelt otherwise"],
)
def test_what_is_no_receipt_is_said_to_be_none(run: Run, text: str) -> None:
    done = run(text)
    assert done.returncode == 2, done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "journal", [{}, {**JOURNAL, "_": "other"}, {**JOURNAL, "events": [{}]}, {**JOURNAL, "form": "x"}, []]
)
def test_what_is_no_journal_is_said_to_be_none(run: Run, journal: Any) -> None:
    done = run(a_receipt(), journal)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_receipt_is_found_in_the_packed_streams_of_a_document(run: Run) -> None:
    written = a_receipt().replace('"', "&quot;").encode()
    packed = zlib.compress(b"<x:keywords>" + written + b"</x:keywords>")
    document = b"%PDF-1.7\n1 0 obj\nstream\n" + packed + b"\nendstream\nendobj\n"
    assert run(document).returncode == 0
    assert run(document.replace(packed, packed[:-9])).returncode in {0, 2}  # never a traceback


def test_the_signature_arithmetic_in_the_file_agrees_with_the_standard(tmp_path: Path) -> None:
    program = onefile.build_receipt_check(PUBLIC).split("\nKEY = ")[0]
    asked = "\n".join(
        f"print(verify_ed25519(bytes.fromhex({key!r}), bytes.fromhex({said!r}), bytes.fromhex({sign!r})))\n"
        f"print(verify_ed25519(bytes.fromhex({key!r}), bytes.fromhex({said!r}) + b'x', "
        f"bytes.fromhex({sign!r})))"
        for key, said, sign in RFC_8032
    )
    file = tmp_path / "vectors.py"
    file.write_text(program + "\n\n" + asked, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-S", str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"] * 3


def test_the_large_verifier_checks_receipts_too(tmp_path: Path) -> None:
    program, file = tmp_path / "verify.py", tmp_path / "receipt.txt"
    program.write_text(onefile.build(), encoding="utf-8")
    file.write_text(a_receipt(), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(program), "receipt", str(file), "--key", PUBLIC.hex()]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert subprocess.run([*command[:-2]], capture_output=True, check=False).returncode == 2


def test_the_chain_is_the_one_that_the_portal_computes() -> None:
    first = hashlib.sha256(b"exam/attempt/v1" + b"a" * 26 + FORM + SALT).digest()
    assert receipt.journal_head({**JOURNAL, "events": []}, SALT) == first
