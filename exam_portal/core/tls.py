# SPDX-License-Identifier: Apache-2.0
"""A certificate for a closed network: an authority that can vouch for nothing but this hall, for a few days.

The authority's private key exists in memory only, for as long as it takes to sign one certificate. What
browsers are told to trust can therefore never be used to pretend to be anything else, or anybody later.
"""

import dataclasses
import hashlib
import ipaddress
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SLACK = timedelta(days=1)  # clocks of old machines are a day off, too
ONSETS = ("b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "ph", "r", "s", "t", "v", "x")
RIMES = ("a", "an", "ang", "ao", "ay", "e", "en", "ê", "i", "o", "on", "ông", "ơ", "u", "ung", "ư")
SPOKEN_BYTES = 10
SERVER = "exam-portal hall server"  # no host name: OpenSSL would hold one against the constraints, too


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What serving over TLS in a hall needs, and what browsers are given to trust it."""

    authority: bytes  # certificate, DER
    chain: bytes  # certificate of the server and of the authority, PEM
    key: bytes  # of the server, PEM
    expires_at: datetime

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the authority's certificate, as browsers show it."""
        return hashlib.sha256(self.authority).digest()


def make_kit(
    addresses: Sequence[Address], names: Sequence[str], *, title: str, now: datetime, days: int
) -> Kit:
    """Return a fresh kit for these addresses and names of the hall, good for so many days."""
    if not addresses:
        raise ValueError("a hall has an address")
    starts, ends = now - SLACK, now + timedelta(days=days)
    vouching, serving = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])
    own = x509.SubjectKeyIdentifier.from_public_key(vouching.public_key())
    authority = (
        _certificate(subject, subject, vouching.public_key(), starts, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(addresses, names), None), critical=True)
        .add_extension(own, critical=False)
        .sign(vouching, hashes.SHA256())
    )
    server = (
        _certificate(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SERVER)]),
            subject,
            serving.public_key(),
            starts,
            ends,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(addresses, names)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .sign(vouching, hashes.SHA256())
    )
    return Kit(
        authority=authority.public_bytes(Encoding.DER),
        chain=server.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM),
        key=serving.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        expires_at=ends,
    )


def spoken(fingerprint: bytes) -> str:
    """Return the first 80 bits of a fingerprint as syllables that two people can read to each other."""
    syllables = [ONSETS[byte >> 4] + RIMES[byte & 15] for byte in fingerprint[:SPOKEN_BYTES]]
    return " ".join(
        f"{first} {second}" for first, second in zip(syllables[::2], syllables[1::2], strict=True)
    )


def figures(fingerprint: bytes) -> str:
    """Return a fingerprint as certificate viewers write it."""
    return ":".join(f"{byte:02X}" for byte in fingerprint)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, starts: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _permitted(addresses: Sequence[Address], names: Sequence[str]) -> Sequence[x509.GeneralName]:
    """Return what the authority may vouch for: exactly these hosts (a closed list shuts out all others)."""
    hosts = [x509.IPAddress(ipaddress.ip_network(address)) for address in addresses]
    return [*hosts, *(x509.DNSName(name) for name in names or ("hall.invalid",))]


def _alternatives(addresses: Sequence[Address], names: Sequence[str]) -> Iterator[x509.GeneralName]:
    yield from (x509.IPAddress(address) for address in addresses)
    yield from (x509.DNSName(name) for name in names)
