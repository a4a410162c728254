# SPDX-License-Identifier: Apache-2.0
"""A sealed paper opens with its key alone, and any changed byte breaks it."""

import hashlib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import paper, sealing
from question_bank.sealing import SealBroken, SealSecrets
from scoring.verify.canonical import canonical_bytes
from tests.question_bank.builders import an_item
from tests.question_bank.papers import a_choice_form, a_form, secrets

FORM = a_choice_form()
# docs/papers.md prints it
VECTOR_COMMITMENT = "4a911d61788ce2b63af7d8b94319af87604ec97627be2c67fed423700c55f669"
SEALED = sealing.seal_paper(FORM, secrets())


def test_a_sealed_paper_opens_to_what_was_committed() -> None:
    opened = sealing.open_sealed(SEALED, secrets().key)
    assert opened.nonce == secrets().nonce
    assert canonical_bytes(opened.content) == canonical_bytes(paper.content(FORM))
    assert SEALED.commitment == sealing.commit(FORM, secrets().nonce)


def test_the_commitment_is_the_published_formula() -> None:
    content = canonical_bytes(paper.content(FORM))
    expected = hashlib.sha256(b"exam/paper/v1" + secrets().nonce + content).digest()
    assert sealing.commit(FORM, secrets().nonce) == expected
    assert expected.hex() == VECTOR_COMMITMENT


def test_a_sealed_key_opens_to_the_items() -> None:
    sealed = sealing.seal_key(FORM, secrets(5))
    opened = sealing.open_sealed(sealed, secrets(5).key)
    assert paper.items_of_key(opened.content) == FORM.items
    assert sealed.commitment == sealing.commit_key(FORM, secrets(5).nonce) != SEALED.commitment


@given(st.integers(0, len(SEALED.blob) - 1), st.integers(1, 255))
def test_one_changed_byte_of_the_ciphertext_breaks_the_seal(place: int, change: int) -> None:
    blob = bytearray(SEALED.blob)
    blob[place] ^= change
    with pytest.raises(SealBroken):
        sealing.open_sealed(replace(SEALED, blob=bytes(blob)), secrets().key)


@given(st.integers(0, 31), st.integers(1, 255))
def test_one_changed_byte_of_key_or_commitment_breaks_the_seal(place: int, change: int) -> None:
    key, commitment = bytearray(secrets().key), bytearray(SEALED.commitment)
    key[place] ^= change
    commitment[place] ^= change
    with pytest.raises(SealBroken):
        sealing.open_sealed(SEALED, bytes(key))
    with pytest.raises(SealBroken):
        sealing.open_sealed(replace(SEALED, commitment=bytes(commitment)), secrets().key)


@given(st.integers(0, 31), st.integers(1, 255))
def test_the_commitment_changes_with_one_byte_of_the_nonce(place: int, change: int) -> None:
    nonce = bytearray(secrets().nonce)
    nonce[place] ^= change
    assert sealing.commit(FORM, bytes(nonce)) != sealing.commit(FORM, secrets().nonce)


@given(st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=20))
def test_the_commitment_changes_with_the_content(title: str) -> None:
    other = replace(FORM, title=title)
    same = title == FORM.title
    assert (sealing.commit(other, secrets().nonce) == sealing.commit(FORM, secrets().nonce)) == same


def test_a_variant_cannot_be_passed_off_under_the_commitment_of_another() -> None:
    other = sealing.seal_paper(a_form(id="F2", items=(an_item(),)), secrets())
    swapped = replace(other, commitment=SEALED.commitment)
    with pytest.raises(SealBroken):
        sealing.open_sealed(swapped, secrets().key)


def test_a_key_cannot_be_passed_off_as_a_paper() -> None:
    sealed = sealing.seal_key(FORM, secrets())
    with pytest.raises(SealBroken, match="committed"):
        sealing.open_sealed(replace(sealed, schema="exam/paper/v1"), secrets().key)


@pytest.mark.parametrize("blob", [b"", b"short", bytes(28)])
def test_too_few_bytes_break_the_seal(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        sealing.open_sealed(replace(SEALED, blob=blob), secrets().key)


@pytest.mark.parametrize("lengths", [(31, 32, 12), (32, 16, 12), (32, 32, 16)])
def test_secrets_of_another_length_are_refused(lengths: tuple[int, int, int]) -> None:
    key, nonce, iv = map(bytes, lengths)
    with pytest.raises(ValueError, match="bytes"):
        SealSecrets(key=key, nonce=nonce, iv=iv)


def test_secrets_are_not_shown_when_printed() -> None:
    shown = repr(secrets())
    assert "key" not in shown
    assert r"\x01" not in shown


def test_scale_and_time_are_part_of_what_is_committed() -> None:
    for other in (replace(FORM, marks=Decimal(10)), replace(FORM, minutes=61), replace(FORM, kind="reserve")):
        assert sealing.commit(other, secrets().nonce) != SEALED.commitment
