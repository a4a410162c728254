# SPDX-License-Identifier: Apache-2.0
"""The installation's signature is stable, verifiable by anybody, and named as signed notes name it."""

import base64
import stat

from exam_portal.core.settings import Settings
from exam_portal.core.signing import Signer, is_signed


def test_a_signature_holds_for_its_message_only(bare_settings: Settings) -> None:
    signer = Signer.of(bare_settings)
    signature = signer.sign(b"head 12")
    assert is_signed(signer.public_key, b"head 12", signature)
    assert not is_signed(signer.public_key, b"head 13", signature)
    assert not is_signed(signer.public_key, b"head 12", b"\0" * 64)
    assert not is_signed(b"\0" * 31, b"head 12", signature)


def test_the_key_is_made_once_and_for_its_owner_only(bare_settings: Settings) -> None:
    assert Signer.of(bare_settings).public_key == Signer.of(bare_settings).public_key
    file = bare_settings.instance.directory / "signing.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_verifier_key_of_a_published_example_is_reproduced() -> None:
    """The seed, name and key id of the example note in the Go documentation of signed notes."""
    seed = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
    signer = Signer("PeterNeumann", seed)
    assert signer.verifier_key == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
