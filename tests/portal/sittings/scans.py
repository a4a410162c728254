# SPDX-License-Identifier: Apache-2.0
"""What a copier makes of our sheets: printed, laid on the glass askew, grey, noisy, in any order."""

import io
import struct
import subprocess
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import segno
from PIL import Image, ImageEnhance, ImageFilter
from PIL.Image import Image as Picture
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject


def rasterised(pdf: bytes, folder: Path, *, dpi: int, most: int) -> list[Picture]:
    """Return the pages of a printed document as a scanner would see them."""
    source = folder / "printed.pdf"
    source.write_bytes(pdf)
    target = str(folder / f"page{dpi}")
    subprocess.run(["pdftoppm", "-r", str(dpi), "-l", str(most), "-png", str(source), target], check=True)
    return [Image.open(file).convert("RGB") for file in sorted(folder.glob(f"page{dpi}-*.png"))]


def turned(page: Picture, degrees: float) -> Picture:
    """Return the page laid on the glass like that."""
    return page.rotate(degrees, expand=True, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC)


def photocopied(page: Picture) -> Picture:
    """Return the page as an old copier gives it back: soft, greyish, faded."""
    soft = page.convert("L").filter(ImageFilter.GaussianBlur(0.8))
    faded = ImageEnhance.Contrast(soft).enhance(0.45)
    return ImageEnhance.Brightness(faded).enhance(0.95).convert("RGB")


def noisy(page: Picture) -> Picture:
    """Return the page with dust and grain on it."""
    grain = Image.effect_noise(page.size, 60).convert("RGB")
    return Image.blend(page, grain, 0.25)


def a_stack(pages: Iterable[Picture]) -> bytes:
    """Return the pages as the one PDF that a scanner sends."""
    first, *rest = pages
    target = io.BytesIO()
    first.save(target, "PDF", save_all=True, append_images=rest, resolution=150, quality=80)
    return target.getvalue()


def without_code(page: Picture) -> Picture:
    """Return the page with its strip torn off."""
    torn = page.copy()
    torn.paste((255, 255, 255), (0, 0, page.width, page.height // 8))
    return torn


def a_single(page: Picture, kind: str = "PNG") -> bytes:
    """Return the page as one picture."""
    target = io.BytesIO()
    page.save(target, kind)
    return target.getvalue()


def darkest(content: bytes, box: Sequence[float]) -> int:
    """Return the darkest grey in a part of a picture, given as fractions of its sides."""
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
        part = picture.convert("L").crop(
            (round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height))
        )
        return min(part.tobytes())


def a_page_with(text: str) -> Picture:
    """Return a page that bears some code in its upper corner."""
    target = io.BytesIO()
    segno.make(text, error="m").save(target, kind="png", scale=5, border=4)
    page = Image.new("RGB", (1240, 1754), "white")
    with Image.open(io.BytesIO(target.getvalue())) as code:
        page.paste(code.convert("RGB"), (980, 60))
    return page


def a_bomb(width: int, height: int) -> bytes:
    """Return a small PNG that unpacks to a picture of that size."""
    rows = zlib.compressobj(9)
    row = bytes(width // 8 + 2)
    packed = b"".join(rows.compress(row) for _ in range(height)) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    blocks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_block(kind, content) for kind, content in blocks)


def a_pdf_with_a_bomb(side: int) -> bytes:
    """Return a one-page PDF with a picture that unpacks to so many grey pixels a side."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(side)) for _ in range(side)) + rows.flush()
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    picture = StreamObject()
    picture.set_data(packed)
    facts = {
        "Type": NameObject("/XObject"),
        "Subtype": NameObject("/Image"),
        "Filter": NameObject("/FlateDecode"),
    }
    numbers = {"Width": side, "Height": side, "BitsPerComponent": 8}
    for name, value in {**facts, "ColorSpace": NameObject("/DeviceGray")}.items():
        picture[NameObject(f"/{name}")] = value
    for name, number in numbers.items():
        picture[NameObject(f"/{name}")] = NumberObject(number)
    drawing = StreamObject()
    drawing.set_data(b"q 595 0 0 842 0 0 cm /P Do Q")
    names = DictionaryObject({NameObject("/P"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): names})
    page[NameObject("/Contents")] = writer._add_object(drawing)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _block(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
