# SPDX-License-Identifier: Apache-2.0
"""Archives from strangers (T28): nothing is written anywhere, and what is built for harm is refused."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from question_bank import formats
from question_bank.formats.archive import MOST_PART, MOST_PARTS, Archive, ArchiveRefused
from tests.question_bank.builders import an_item


def an_archive(**parts: bytes) -> bytes:
    """An archive with these parts."""

    def fill(archive: zipfile.ZipFile) -> None:
        for name, content in parts.items():
            archive.writestr(name, content)

    return built(fill)


def built(fill: Callable[[zipfile.ZipFile], None]) -> bytes:
    """The bytes of an archive that was filled so."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return written.getvalue()


def test_the_parts_of_an_archive_are_read_by_name() -> None:
    archive = Archive(an_archive(một=b"1", two=b"2"))
    assert (archive.names, archive.read("một"), archive.has("three")) == (("một", "two"), b"1", False)


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "a\\..\\x", "C:/x", "a//x", "./x", "..", "a/./x"]
)
def test_t28_a_part_that_reaches_outside_is_refused(name: str) -> None:
    with pytest.raises(ArchiveRefused) as caught:
        Archive(an_archive(**{name: b"x"}))
    assert caught.value.code == "unsafe_path"


def test_t28_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with pytest.raises(ArchiveRefused) as caught:
        Archive(built(lambda archive: archive.writestr(link, "/etc/passwd")))
    assert caught.value.code == "link_in_archive"


def test_t28_a_bomb_is_refused_before_it_has_unpacked() -> None:
    bomb = an_archive(x=b"0" * (MOST_PART + 1))
    archive = Archive(bomb)
    tracemalloc.start()
    with pytest.raises(ArchiveRefused) as caught:
        archive.read("x", 1_000_000)
    assert (caught.value.code, tracemalloc.get_traced_memory()[1] < 10_000_000) == ("too_large", True)
    tracemalloc.stop()


def test_t28_many_parts_together_have_a_bound_too() -> None:
    archive = Archive(an_archive(**{str(number): b"0" * (MOST_PART - 1) for number in range(4)}))
    with pytest.raises(ArchiveRefused) as caught:
        [archive.read(name) for name in archive.names]
    assert caught.value.code == "too_large"


def test_t28_an_archive_of_countless_parts_is_refused() -> None:
    with pytest.raises(ArchiveRefused) as caught:
        Archive(an_archive(**{str(number): b"" for number in range(MOST_PARTS + 1)}))
    assert caught.value.code == "too_many"


def test_t28_a_part_that_stands_there_twice_is_refused() -> None:
    twice = an_archive(aa=b"1", ab=b"2").replace(b"ab", b"aa")
    with pytest.raises(ArchiveRefused) as caught:
        Archive(twice)
    assert caught.value.code == "repeated_part"


def test_a_cut_or_spoilt_archive_is_refused() -> None:
    whole = an_archive(x=b"abc" * 1000, y=b"2")
    for place in range(0, len(whole), 7):
        for broken in (whole[:place], whole[:place] + b"\xff\x00" + whole[place + 2 :]):
            try:
                archive = Archive(broken)
                for name in archive.names:
                    archive.read(name)
            except ArchiveRefused as problem:
                assert problem.code  # noqa: PT017  # damage may also go unseen, in a date


@pytest.mark.parametrize(
    "spell",
    [lambda n: f"/{n}", lambda n: n.replace("/", "\\"), str.upper],
    ids=["slash", "backslashes", "capitals"],
)
def test_an_office_file_is_read_whose_writer_spells_its_parts_in_another_way(
    spell: Callable[[str], str],
) -> None:
    for format, name in (("xlsx", "de.xlsx"), ("docx", "de.docx")):
        item = an_item(id="Q1")
        with zipfile.ZipFile(io.BytesIO(formats.write([item], format))) as archive:
            parts = {spell(part): archive.read(part) for part in archive.namelist()}
        assert [each.id for each in formats.read(an_archive(**parts), name=name).items] == ["Q1"]


def test_t28_an_office_file_reaches_outside_by_no_spelling() -> None:
    for name in ("/etc/x", "\\..\\x", "/xl/../../x", "\\\\server\\x"):
        with pytest.raises(ArchiveRefused) as caught:
            Archive(an_archive(**{"xl/workbook.xml": b"", name: b"x"}), is_office=True)
        assert caught.value.code == "unsafe_path"
    with pytest.raises(ArchiveRefused) as caught:
        Archive(an_archive(**{"xl/a.xml": b"", "/XL/a.xml": b""}), is_office=True)
    assert caught.value.code == "repeated_part"
