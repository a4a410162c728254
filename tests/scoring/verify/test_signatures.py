# SPDX-License-Identifier: Apache-2.0
"""Signatures and signed notes: as the portal makes them, and as the specification of notes shows them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.verify.checkpoint import (
    LogHead,
    NoteError,
    NoteKey,
    parse_head,
    parse_key,
    parse_note,
    sign_head,
)
from scoring.verify.ed25519 import GROUP_ORDER, verify_ed25519
from tests.scoring.verify.bundles import KEY, PRIVATE, verifier_key
from tests.scoring.verify.test_merkle import VECTORS

HEAD = LogHead(origin="exam.example/0123", size=7, root=bytes(range(32)))
NOTE = sign_head(HEAD, KEY, PRIVATE.sign)


@settings(max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_what_the_library_signs_verifies_and_one_bit_less_does_not(
    seed: bytes, message: bytes, bit: int
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify_ed25519(public, message, signature)
    assert not verify_ed25519(public, message + b"x", signature)
    broken = bytearray(signature)
    broken[bit // 8] ^= 1 << bit % 8
    assert not verify_ed25519(public, message, bytes(broken))


def test_the_first_vector_of_the_standard_verifies() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
        "25bf5f0595bbe24655141438e7a100b"
    )
    assert verify_ed25519(public, b"", signature)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key, signature: (key[:31], signature),
        lambda key, signature: (key, signature[:63]),
        lambda key, signature: (b"\xff" * 32, signature),
        lambda key, signature: (key, b"\xff" * 32 + signature[32:]),
        lambda key, signature: (b"\x02" + bytes(31), signature),
        lambda key, signature: (b"\x01" + bytes(30) + b"\x80", signature),
        lambda key, signature: (key, signature[:32] + plus_order(signature[32:])),
    ],
)
def test_malformed_keys_and_signatures_are_a_plain_no(
    spoil: Callable[[bytes, bytes], tuple[bytes, bytes]],
) -> None:
    key, signature = spoil(KEY.public_key, PRIVATE.sign(b"m"))
    assert not verify_ed25519(key, b"m", signature)


def plus_order(scalar: bytes) -> bytes:
    """The same scalar spelt a second way, which the standard forbids."""
    return (int.from_bytes(scalar, "little") + GROUP_ORDER).to_bytes(32, "little")


def test_the_published_note_verifies() -> None:
    if not VECTORS.exists():
        pytest.skip("the published vectors are not on this machine")
    published = json.loads(VECTORS.read_text())["signed_note"]
    key = parse_key(published["vkey"])
    assert key.key_id.hex() == published["key_id_hex"]
    note = parse_note(f"{published['text']}\n{published['signature_line'].rstrip()}\n")
    assert note.signed_by(key)
    assert not parse_note(NOTE).signed_by(key)


def test_a_checkpoint_reads_back() -> None:
    note = parse_note(NOTE)
    assert parse_head(note.text) == HEAD
    assert note.signed_by(KEY)
    assert parse_key(verifier_key()) == KEY


def test_a_key_of_the_same_name_signs_nothing_for_another() -> None:
    other = NoteKey(name=KEY.name, public_key=bytes(32))
    assert not parse_note(NOTE).signed_by(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n\n",
        NOTE[:-1],
        NOTE.replace("— ", "- "),
        NOTE.replace("— exam", "—  exam"),
        NOTE + "\n",
        NOTE.replace("7\n", "7\r\n"),
        "a\n\n— x AAAA\n",
        "a\n\n— x !!!!\n",
        NOTE[:-3] + "=\n",
    ],
)
def test_what_is_no_signed_note_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_note(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n7\n",
        "o\n07\nAAAA\n",
        "o\n-1\nAAAA\n",
        "o\n7\nAAAA\n",
        "\n" + HEAD.text().partition("\n")[2],
        HEAD.text() + "more\n",
        HEAD.text().replace("=", ""),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_head(text)


@pytest.mark.parametrize(
    "text",
    ["", "name+00000000+AAAA", verifier_key().replace("exam", "maxe"), verifier_key() + "A", "a b+00+AA"],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_key(text)
