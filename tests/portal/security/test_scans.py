# SPDX-License-Identifier: Apache-2.0
"""What a scanner writes beside the pages of a script never reaches whoever marks it."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from exam_portal.core import anonymous
from exam_portal.core.filetypes import JPEG, PDF, PNG

NAME = "Nguyen Van Canary"


def a_picture(kind: str, *, turned: int = 1, progressive: bool = False) -> bytes:
    target = io.BytesIO()
    picture = Image.effect_noise((64, 48), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = NAME, turned
    if kind == JPEG:
        picture.save(target, "JPEG", exif=exif, comment=NAME.encode(), progressive=progressive)
        return target.getvalue() + NAME.encode()
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", NAME)
    picture.save(target, "PNG", pnginfo=info, exif=exif)
    return target.getvalue() + NAME.encode()


def a_pdf_with_traces() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    page[NameObject("/LastModified")] = TextStringObject(NAME)
    writer.add_metadata({"/Author": NAME, "/Title": f"{NAME}.pdf"})
    writer.add_attachment(f"{NAME}.txt", NAME.encode())
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (JPEG, a_picture(JPEG)),
        (JPEG, a_picture(JPEG, progressive=True)),
        (PNG, a_picture(PNG)),
        (PDF, a_pdf_with_traces()),
    ],
)
def test_t35_nothing_beside_the_pages_is_kept(kind: str, content: bytes) -> None:
    assert NAME.encode() in content
    assert NAME.encode() not in anonymous.stripped(content, kind)


@pytest.mark.parametrize(("kind", "progressive"), [(JPEG, False), (JPEG, True), (PNG, False)])
def test_t35_the_picture_itself_stays_the_same(kind: str, progressive: bool) -> None:
    content = a_picture(kind, turned=6, progressive=progressive)
    before = Image.open(io.BytesIO(content))
    after = Image.open(io.BytesIO(anonymous.stripped(content, kind)))
    assert before.tobytes() == after.tobytes()
    assert kind == PNG or after.getexif().get(0x0112) == 6


def test_t35_a_pdf_keeps_its_pages() -> None:
    pages = PdfReader(io.BytesIO(anonymous.stripped(a_pdf_with_traces(), PDF))).pages
    assert [round(float(page.mediabox.width)) for page in pages] == [595]


@pytest.mark.parametrize("kind", [JPEG, PNG, PDF])
@pytest.mark.parametrize("cut", [3, 40, 200])
def test_t35_a_broken_file_is_refused_whole(kind: str, cut: int) -> None:
    content = a_pdf_with_traces() if kind == PDF else a_picture(kind)
    with pytest.raises(anonymous.NotStripped):
        anonymous.stripped(content[:cut], kind)
