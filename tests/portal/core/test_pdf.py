# SPDX-License-Identifier: Apache-2.0
"""Documents are printed by a child that reaches nothing, is limited, and is replaced when it ends."""

import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from exam_portal.core.pdf import Printer, PrintingFailed
from exam_portal.core.pdf.queue import PrinterBusy, PrintQueue
from exam_portal.core.settings import Pdf

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="vi"><head><title>Bảng</title>{head}</head><body>{body}</body></html>'


def text_of(document: bytes) -> str:
    return "\n".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(document)).pages)


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    made = Printer(Pdf())
    yield made
    made.close()


def test_vietnamese_is_printed_and_tagged_for_readers(printer: Printer) -> None:
    document = printer.render(page("<h1>Bảng tổng hợp kết quả thi tuyển</h1>"))
    assert "Bảng tổng hợp kết quả thi tuyển" in text_of(document)
    root = pypdf.PdfReader(io.BytesIO(document)).root_object
    assert str(root["/Lang"]) == "vi"
    assert "/StructTreeRoot" in root
    assert "/Marked" in str(root["/MarkInfo"])


def test_an_asset_that_was_sent_along_is_used(printer: Printer) -> None:
    sheet = page("<p>một</p><p>hai</p>", '<link rel="stylesheet" href="asset:print.css">')
    css = b"p { break-after: page }"
    document = printer.render(sheet, assets={"print.css": css, "seal.svg": SVG})
    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) == 2
    printer.render(page('<img alt="dấu" src="asset:seal.svg">'), assets={"seal.svg": SVG})


ELSEWHERE = [
    '<img alt="" src="{address}">',
    '<link rel="stylesheet" href="{address}">',
    '<link rel="attachment" href="{address}">',
    '<style>@import url("{address}");</style>',
    '<style>body {{ background: url("{address}") }}</style>',
    '<style>@font-face {{ font-family: F; src: url("{address}") }} body {{ font-family: F }}</style>',
    '<object data="{address}"></object>',
    '<embed src="{address}">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}" width="9" height="9"/></svg>',
]


def attempt(printer: Printer, body: str) -> bytes:
    """Return the document uncompressed, or nothing when it was refused for the address in it."""
    try:
        document = printer.render(page(body))
    except PrintingFailed as refusal:
        assert "refused to load" in str(refusal)  # noqa: PT017 - a refusal for another reason proves nothing
        return b""
    objects = pypdf.PdfWriter(io.BytesIO(document))._objects
    return b"".join(each.get_data() for each in objects if isinstance(each, pypdf.generic.StreamObject))


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback and the paths somebody asked it for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/canary.png", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("markup", ELSEWHERE)
def test_no_address_on_the_network_is_ever_asked(
    printer: Printer, visits: tuple[str, list[str]], markup: str
) -> None:
    address, asked = visits
    attempt(printer, markup.format(address=address))
    assert asked == []


@pytest.mark.parametrize("markup", ELSEWHERE)
def test_no_file_of_the_machine_enters_a_document(printer: Printer, tmp_path: Path, markup: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary 4711", encoding="utf-8")
    assert b"canary" not in attempt(printer, markup.format(address=secret.as_uri()))


def test_the_fetcher_is_what_refuses(visits: tuple[str, list[str]]) -> None:
    """Without it the same page would reach the address: the negative of the tests above."""
    import weasyprint

    address, asked = visits
    weasyprint.HTML(string=page(f'<img alt="" src="{address}">')).write_pdf()
    assert asked == ["/canary.png"]


def test_after_a_refused_document_the_next_one_is_printed(printer: Printer) -> None:
    with pytest.raises(PrintingFailed):
        printer.render(page('<img alt="" src="file:///etc/passwd">'))
    assert printer.render(page("<p>tiếp</p>")).startswith(b"%PDF")


ENDLESS = page("<p>x</p>" * 60_000)


def test_a_document_that_takes_too_long_is_given_up_and_the_next_one_printed() -> None:
    slow = Printer(Pdf(timeout_seconds=1))
    try:
        slow.warm()
        with pytest.raises(PrintingFailed, match="longer than 1 s"):
            slow.render(ENDLESS)
        slow._settings = Pdf()  # on a busy machine a second is too short for any document
        assert slow.render(page("<p>tiếp</p>")).startswith(b"%PDF")
    finally:
        slow.close()


def test_a_document_that_wants_too_much_memory_is_given_up() -> None:
    small = Printer(Pdf(memory_megabytes=256, timeout_seconds=50))
    try:
        with pytest.raises(PrintingFailed):
            small.render(ENDLESS)
    finally:
        small.close()


def test_the_child_is_replaced_after_its_number_of_documents() -> None:
    short = Printer(Pdf(documents_per_child=1))
    try:
        short.render(page("<p>một</p>"))
        first = short._child
        short.render(page("<p>hai</p>"))
        assert first is not None
        assert (first.returncode is not None, short._child is not first) == (True, True)
    finally:
        short.close()


def test_the_child_knows_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAM_PORTAL_MAIL__HOST", "canary.example")
    lonely = Printer(Pdf())
    try:
        lonely.warm()
        assert lonely._child is not None
        known = Path(f"/proc/{lonely._child.pid}/environ").read_bytes()
    finally:
        lonely.close()
    assert b"canary" not in known


def test_who_waits_for_the_printer_is_bounded_in_all_and_of_one_visitor() -> None:
    queue = PrintQueue(3)
    with queue.place("an"), queue.place("an"):
        with pytest.raises(PrinterBusy), queue.place("an"):
            pass
        with queue.place("binh"), pytest.raises(PrinterBusy), queue.place("chi"):
            pass
        with queue.place("chi"):
            pass
    with queue.place("an"), queue.place("an"):
        pass
