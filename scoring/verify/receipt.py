# SPDX-License-Identifier: Apache-2.0
"""A candidate's receipt, checked without a server: the signature, and the head that the own journal leads to.

It reads what the candidate has: the text of the QR code, the same as a file, or the printed document (PDF).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import sys
import zlib
from pathlib import Path
from typing import Any

from scoring.verify.ed25519 import verify_ed25519
from scoring.verify.orders import order_checks

RECEIPT_SCHEMA = "exam-portal/receipt/1"
JOURNAL_SCHEMA = "exam-portal/journal/1"
EVENT_SCHEMA = "exam-portal/answer-event/1"
ORDER_SCHEMA = "exam-portal/shown-order/1"
RECEIPT_KEYS = frozenset(
    {"_", "answered", "at", "attempt", "head", "items", "kind", "salt", "seq", "sitting"}
)
WRITTEN = re.compile(r'\{"_":"exam-portal/receipt/1"[^{}]{1,1000}\}\.[A-Za-z0-9_-]{86}')
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
LARGEST_FILE = 32 * 1024 * 1024
RECEIPT_USAGE = (
    "python check-receipt.py RECEIPT.txt|RECEIPT.pdf"
    " [--journal JOURNAL.json [--paper PAPER.json]] [--key HEX]\n"
)


class UnusableReceipt(ValueError):
    """There is no receipt or journal in what was given."""


def receipt_command(arguments: list[str], own_key: str = "") -> int:
    """Print the checks of a receipt; 0: all hold, 1: one does not, 2: nothing to check."""
    try:
        options = _receipt_options(arguments, own_key)
        lines = _receipt_checks(options)
    except (UnusableReceipt, OSError) as problem:
        sys.stderr.write(f"{problem}\n{RECEIPT_USAGE}")
        return 2
    sys.stdout.write("".join(f"{'OK  ' if holds else 'FAIL'} {words}\n" for holds, words in lines))
    return 0 if all(holds for holds, _ in lines) else 1


def receipt_in(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the receipt and its signature from the text of its code or from the printed document."""
    for text in _texts_in(content):
        found = WRITTEN.search(text)
        if found:
            body, _, written = found[0].rpartition(".")
            receipt, signature = _parsed_receipt(body), base64.urlsafe_b64decode(written + "==")
            exact = base64.urlsafe_b64encode(signature).decode() == written + "=="
            if frozenset(receipt) != RECEIPT_KEYS or exact_spelling(receipt) != body.encode() or not exact:
                raise UnusableReceipt("the receipt is not written as receipts are")
            return receipt, signature
    raise UnusableReceipt("there is no receipt in it")


def journal_head(journal: dict[str, Any], salt: bytes) -> bytes:
    """Return where this journal of answers leads, from the attempt and the form on."""
    try:
        form = bytes.fromhex(journal["form"])
        head = hashlib.sha256(b"exam/attempt/v1" + journal["attempt"].encode() + form + salt).digest()
        for event in journal["events"]:
            content = "sha256:" + hashlib.sha256(exact_spelling(event["content"])).hexdigest()
            kept = {name: event[name] for name in ("client_seq", "item", "kind", "ms", "nonce")}
            told = exact_spelling({"_": EVENT_SCHEMA, "content": content, **kept})
            head = hashlib.sha256(b"exam/ev/v1" + head + told).digest()
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise UnusableReceipt("the journal is not written as journals are") from problem
    return head


def order_told(journal: dict[str, Any]) -> bytes:
    """Return what the installation signs of a journal's order: whose it is, of which form, and the order."""
    kept = {name: journal[name] for name in ("attempt", "form", "order")}
    return exact_spelling({"_": ORDER_SCHEMA, **kept})


def exact_spelling(value: object) -> bytes:
    """Return compact JSON with sorted keys, every character as it was typed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _receipt_checks(options: dict[str, str]) -> list[tuple[bool, str]]:
    receipt, signature = receipt_in(_content_of(options["receipt"]))
    key = _public_key(options["key"])
    is_signed = verify_ed25519(key, exact_spelling(receipt), signature)
    lines = [
        (is_signed, f"P1.1 the installation with the key {key.hex()[:16]}... has signed this receipt"),
        (True, f"     attempt {receipt['attempt']}, {receipt['answered']} of {receipt['items']} answered"),
        (True, f"     received {receipt['at']}, {receipt['seq']} changes, head {receipt['head']}"),
    ]
    if not options["journal"]:
        if options["paper"]:
            raise UnusableReceipt("the order of a paper is held against the journal: --journal")
        return lines
    journal = _parsed_receipt(_content_of(options["journal"]).decode(errors="replace"))
    if journal.get("_") != JOURNAL_SCHEMA or not isinstance(journal.get("events"), list):
        raise UnusableReceipt(f"the journal is not {JOURNAL_SCHEMA}")
    head = journal_head(journal, _from_hex(receipt["salt"]))
    return [
        *lines,
        (journal["attempt"] == receipt["attempt"], "P1.2 the journal is of this attempt"),
        (len(journal["events"]) == receipt["seq"], "P1.3 the journal has as many changes as the receipt"),
        (head.hex() == receipt["head"], "P1.4 the journal leads to the head of the receipt"),
        *(_signed_order(journal, {key, _public_key(options["own"] or options["key"])})),
        *(_order_checks(options["paper"], journal) if options["paper"] else ()),
    ]


def _signed_order(journal: dict[str, Any], keys: set[bytes]) -> list[tuple[bool, str]]:
    """The order was signed by this installation or, of a paper held in a hall, by the one it came home to."""
    if "order" not in journal:
        return []
    told, signature = order_told(journal), _from_hex(str(journal.get("order_signature", "")))
    holds = any(verify_ed25519(key, told, signature) for key in keys)
    return [(holds, "P1.8 the installation has signed the order that the journal names")]


def _order_checks(name: str, journal: dict[str, Any]) -> list[tuple[bool, str]]:
    revealed = _parsed_receipt(_content_of(name).decode(errors="replace"))
    try:
        return order_checks(revealed, journal)
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        raise UnusableReceipt("the paper is not written as revealed papers are") from problem


def _receipt_options(arguments: list[str], own_key: str) -> dict[str, str]:
    found = {"key": own_key, "own": own_key, "journal": "", "paper": "", "receipt": ""}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        name = word.removeprefix("--") if word in {"--key", "--journal", "--paper"} else "receipt"
        if name == "receipt" and (word.startswith("--") or found["receipt"]):
            raise UnusableReceipt(f"not understood: {word}")
        if name != "receipt" and not rest:
            raise UnusableReceipt(f"{word} needs a value")
        found[name] = word if name == "receipt" else rest.pop(0)
    if not found["receipt"]:
        raise UnusableReceipt("which receipt?")
    return found


def _texts_in(content: bytes) -> list[str]:
    """Return the text itself; of a printed document also what its packed streams hold."""
    found = [content]
    if content.startswith(b"%PDF"):
        for stream in STREAM.findall(content):
            try:
                found.append(zlib.decompressobj().decompress(stream, LARGEST_FILE))
            except zlib.error:
                continue
    return [html.unescape(one.decode("utf-8", errors="replace")).strip() for one in found]


def _content_of(name: str) -> bytes:
    with Path(name).open("rb") as opened:
        return opened.read(LARGEST_FILE)


def _parsed_receipt(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UnusableReceipt("not JSON") from problem
    if not isinstance(found, dict):
        raise UnusableReceipt("not an object")
    return found


def _public_key(text: str) -> bytes:
    key = _from_hex(text)
    if len(key) != 32:
        raise UnusableReceipt("the public key of the installation is needed: --key and 64 characters")
    return key


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as problem:
        raise UnusableReceipt("not hexadecimal") from problem
