# SPDX-License-Identifier: Apache-2.0
"""Keys live apart from the database, open only what they sealed, and once destroyed are gone for all."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from exam_portal.core.keystore import KeyErased, Keystore, SealBroken
from exam_portal.core.settings import Settings


@pytest.fixture
def keys(bare_settings: Settings) -> Keystore:
    return Keystore.of(bare_settings)


def test_what_was_sealed_can_be_opened_and_is_not_legible(keys: Keystore) -> None:
    key = keys.create()
    name = "Nguyễn Thị Ánh".encode()
    sealed = keys.seal(key, name, "profile")
    # Fewer bytes than eight would be there by chance.
    assert not any(name[at : at + 8] in sealed for at in range(len(name) - 7))
    assert keys.open(key, sealed, "profile") == name


def test_equal_texts_are_sealed_differently(keys: Keystore) -> None:
    key = keys.create()
    assert keys.seal(key, b"x", "c") != keys.seal(key, b"x", "c")


@pytest.mark.parametrize("position", [0, 11, 12, -1])
def test_changed_bytes_are_noticed(keys: Keystore, position: int) -> None:
    key = keys.create()
    sealed = bytearray(keys.seal(key, b"mark 75", "c"))
    sealed[position] ^= 1
    with pytest.raises(SealBroken):
        keys.open(key, bytes(sealed), "c")


def test_a_seal_belongs_to_its_key_and_its_context(keys: Keystore) -> None:
    one, other = keys.create(), keys.create()
    sealed = keys.seal(one, b"x", "dossier")
    for key, context in ((other, "dossier"), (one, "profile")):
        with pytest.raises(SealBroken):
            keys.open(key, sealed, context)
    with pytest.raises(SealBroken):
        keys.open(one, b"short", "dossier")


def test_a_destroyed_key_opens_nothing_any_more(keys: Keystore) -> None:
    key = keys.create()
    sealed = keys.seal(key, b"x", "c")
    keys.destroy(key)
    with pytest.raises(KeyErased):
        keys.open(key, sealed, "c")
    with pytest.raises(KeyErased):
        keys.seal(key, b"y", "c")
    assert not keys.exists(key)
    keys.destroy(key)  # once more is no error


def test_a_key_destroyed_by_another_process_is_gone_here_too(keys: Keystore, bare_settings: Settings) -> None:
    key = keys.create()
    sealed = keys.seal(key, b"x", "c")
    assert keys.open(key, sealed, "c") == b"x"  # now it is in the cache
    Keystore.of(bare_settings).destroy(key)
    with pytest.raises(KeyErased):
        keys.open(key, sealed, "c")


def test_nothing_of_a_destroyed_key_stays_on_disk(keys: Keystore) -> None:
    key = keys.create()
    keys.destroy(key)
    assert [path for path in keys.directory.rglob("*") if path.is_file()] == []


def test_key_files_are_for_their_owner_only_and_hold_no_bare_key(keys: Keystore) -> None:
    key = keys.create()
    file = next(path for path in keys.directory.rglob(key))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    bare = keys.subkey(key, "c")
    assert bare not in file.read_bytes()


def test_the_master_key_is_made_once_and_for_its_owner_only(bare_settings: Settings) -> None:
    first, second = Keystore.of(bare_settings), Keystore.of(bare_settings)
    file = bare_settings.instance.directory / "master.key"
    assert first.secret("x") == second.secret("x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_master_key_opens_no_key(keys: Keystore) -> None:
    key = keys.create()
    stranger = Keystore(keys.directory, b"\1" * 32)
    with pytest.raises(SealBroken, match="another master key"):
        stranger.subkey(key, "c")


def test_two_processes_that_start_together_agree_on_one_master_key(bare_settings: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; from exam_portal.core.keystore import Keystore;"
        "from tests.harness.databases import settings_in;"
        "print(Keystore.of(settings_in(Path(sys.argv[1]))).secret('x').hex())"
    )
    command = [sys.executable, "-c", code, str(bare_settings.instance.directory)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = {process.communicate()[0] for process in started}
    assert len(said) == 1


def test_equal_values_are_found_by_index_and_only_for_one_purpose(keys: Keystore) -> None:
    assert keys.index("001099012345", "identity") == keys.index("001099012345", "identity")
    assert keys.index("001099012345", "identity") != keys.index("001099012346", "identity")
    assert keys.index("001099012345", "identity") != keys.index("001099012345", "phone")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 26, "a" * 25])
def test_a_key_id_cannot_lead_out_of_the_directory(keys: Keystore, name: str) -> None:
    with pytest.raises(ValueError, match="key id"):
        keys.subkey(name, "c")


def test_a_master_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keystore(tmp_path, b"short")
