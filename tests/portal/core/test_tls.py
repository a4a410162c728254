# SPDX-License-Identifier: Apache-2.0
"""The certificate of a hall: its authority vouches for the hall, for a few days, and for nothing else."""

import contextlib
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import verification

from exam_portal.core import tls

NOW = datetime(2027, 1, 18, 1, 0, tzinfo=UTC)
HOST = ipaddress.ip_address("192.168.10.2")


@pytest.fixture(scope="module")
def kit() -> tls.Kit:
    """A kit for three days."""
    return tls.make_kit([HOST], ["hall.lan"], title="exam-portal TT-2026-01", now=NOW, days=3)


def verifies(
    kit: tls.Kit, leaf: x509.Certificate, subject: x509.DNSName | x509.IPAddress, at: datetime = NOW
) -> bool:
    """Whether a browser that trusts the authority believes the certificate to be this host's."""
    store = verification.Store([x509.load_der_x509_certificate(kit.authority)])
    verifier = verification.PolicyBuilder().store(store).time(at).build_server_verifier(subject)
    try:
        verifier.verify(leaf, [])
    except verification.VerificationError:
        return False
    return True


def test_the_hall_is_believed_under_its_address_and_name_for_its_days(kit: tls.Kit) -> None:
    [leaf, _] = x509.load_pem_x509_certificates(kit.chain)
    assert verifies(kit, leaf, x509.IPAddress(HOST))
    assert verifies(kit, leaf, x509.DNSName("hall.lan"))
    assert not verifies(kit, leaf, x509.IPAddress(ipaddress.ip_address("192.168.10.3")))
    assert not verifies(kit, leaf, x509.DNSName("example.vn"))
    assert not verifies(kit, leaf, x509.IPAddress(HOST), NOW + timedelta(days=4))


def test_the_authority_names_the_only_hosts_it_can_vouch_for(kit: tls.Kit) -> None:
    authority = x509.load_der_x509_certificate(kit.authority)
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert limits.value.permitted_subtrees == [
        x509.IPAddress(ipaddress.ip_network("192.168.10.2/32")),
        x509.DNSName("hall.lan"),
    ]
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    nameless = tls.make_kit([HOST], [], title="x", now=NOW, days=1)
    found = x509.load_der_x509_certificate(nameless.authority).extensions
    permitted = found.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    assert permitted is not None
    assert x509.DNSName("hall.invalid") in permitted  # without any name, every name would be allowed


def test_the_key_of_the_authority_is_nowhere(kit: tls.Kit) -> None:
    assert kit.key.count(b"BEGIN PRIVATE KEY") == 1
    [leaf, authority] = x509.load_pem_x509_certificates(kit.chain)
    key = load_pem_private_key(kit.key, None)
    assert key.public_key() == leaf.public_key()
    assert key.public_key() != authority.public_key()


def test_a_server_of_another_authority_is_not_believed(kit: tls.Kit) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    [own, _] = x509.load_pem_x509_certificates(kit.chain)
    forged = (
        x509.CertificateBuilder()
        .subject_name(own.subject)
        .issuer_name(own.issuer)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(own.not_valid_before_utc)
        .not_valid_after(own.not_valid_after_utc)
    )
    for extension in own.extensions:
        forged = forged.add_extension(extension.value, critical=extension.critical)
    assert not verifies(kit, forged.sign(key, hashes.SHA256()), x509.IPAddress(HOST))


def test_a_fingerprint_is_read_aloud_in_syllables_that_differ_when_it_does() -> None:
    assert tls.spoken(bytes(range(32))) == "ba ban bang bao bay be ben bê bi bo"
    assert len({first + second for first in tls.ONSETS for second in tls.RIMES}) == 256
    assert tls.figures(b"\x01\xab") == "01:AB"


@pytest.mark.parametrize(("names", "host"), [((), str(HOST)), (("hall.lan",), "hall.lan")])
def test_openssl_believes_the_server_too(names: tuple[str, ...], host: str, tmp_path: Path) -> None:
    kit = tls.make_kit([HOST], names, title="x", now=datetime.now(UTC), days=1)
    (tmp_path / "chain").write_bytes(kit.chain)
    (tmp_path / "key").write_bytes(kit.key)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(tmp_path / "chain", tmp_path / "key")
    trusting = ssl.create_default_context(cadata=kit.authority)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(served, trusting, "192.168.10.3")
    shake_hands(served, trusting, host)


def shake_hands(served: ssl.SSLContext, trusting: ssl.SSLContext, host: str) -> None:
    """The two have agreed, or the client has refused the server."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(back, there, server_hostname=host)
    server = served.wrap_bio(there, back, server_side=True)
    for _ in range(4):
        for side in (client, server):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
