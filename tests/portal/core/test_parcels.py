# SPDX-License-Identifier: Apache-2.0
"""Files that travel: opened by the one they are for, whole, in one spelling, from who signed them."""

import zlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from exam_portal.core import parcels as parcel
from exam_portal.core.parcels import Address, ParcelRefused, Parcels, exact_bytes, exact_loads
from exam_portal.core.signing import Signer

CONTENT = {"words": "Cà phê sữa đá", "typed": "e\u0301", "number": 7, "none": None}


def an_installation(mark: int, name: str = "home.example") -> Parcels:
    """An installation with keys of its own."""
    raw = Ed25519PrivateKey.from_private_bytes(bytes([mark]) * 32)
    return Parcels(
        Signer(name, raw.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())),
        bytes([mark + 1]) * 32,
    )


HOME, LAPTOP, STRANGER = an_installation(1), an_installation(3, "hall.example"), an_installation(5)


def test_a_parcel_says_exactly_what_was_packed_and_who_packed_it() -> None:
    file, sha256 = HOME.pack("box", "one", LAPTOP.address.sealing, CONTENT)
    opened = LAPTOP.open(file, "box")
    assert (opened.content, opened.sender, opened.subject) == (CONTENT, HOME.address.signing, "one")
    assert opened.sha256 == sha256
    again, same = HOME.pack("box", "one", LAPTOP.address.sealing, CONTENT)
    assert again != file
    assert same == sha256


def test_an_address_is_carried_in_one_line() -> None:
    assert Address.parse(HOME.address.line) == HOME.address
    for line in ("", HOME.address.line + " x", HOME.address.line[:-4], "exam-portal-address/1 a b c"):
        with pytest.raises(ParcelRefused, match="address"):
            Address.parse(line)


def test_every_byte_of_a_parcel_is_held() -> None:
    file, _ = HOME.pack("box", "one", LAPTOP.address.sealing, CONTENT)
    for place in range(0, len(file), 7):
        changed = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        with pytest.raises(ParcelRefused):
            LAPTOP.open(changed, "box")
    for cut in (0, 1, 300, len(file) - 1):
        with pytest.raises(ParcelRefused):
            LAPTOP.open(file[:cut], "box")
    with pytest.raises(ParcelRefused, match="receiver"):
        STRANGER.open(file, "box")
    with pytest.raises(ParcelRefused, match="kind"):
        LAPTOP.open(file, "other")


def test_nobody_hands_on_as_the_own_what_another_has_signed() -> None:
    """The head, sender and receiver in it, is signed with the content."""
    file, _ = HOME.pack("box", "one", LAPTOP.address.sealing, CONTENT)
    head, _, sealed = file.partition(b"\n")
    plain = parcel._suite().decrypt(sealed, LAPTOP._private, info=head)
    forged = head.replace(LAPTOP.address.sealing.hex().encode(), STRANGER.address.sealing.hex().encode())
    receiver = X25519PublicKey.from_public_bytes(STRANGER.address.sealing)
    with pytest.raises(ParcelRefused, match="signature"):
        STRANGER.open(forged + b"\n" + parcel._suite().encrypt(plain, receiver, info=forged), "box")


def test_what_unfolds_without_end_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcel, "MOST_BYTES", 1_000)
    with pytest.raises(ParcelRefused, match="size"):
        parcel._unfolded(zlib.compress(b"0" * 5_000))
    with pytest.raises(ParcelRefused, match="size"):
        LAPTOP.open(b"0" * 1_001, "box")


@pytest.mark.parametrize(
    "spelling",
    [
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1.5}',
        b'{"a":NaN}',
        b"[" * 100_000,
        b"\xff",
        b"",
    ],
)
def test_content_has_one_spelling(spelling: bytes) -> None:
    with pytest.raises(ParcelRefused, match="shape"):
        exact_loads(spelling)
    assert exact_loads(exact_bytes(CONTENT)) == CONTENT
