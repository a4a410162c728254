# SPDX-License-Identifier: Apache-2.0
"""Documents as PDF: a template in the national layout in, a response out, nothing fetched on the way."""

import contextlib
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import cast

import flask
import segno
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup

from exam_portal.core import pdf
from exam_portal.core.pdf.queue import PrintQueue
from exam_portal.core.settings import Settings
from exam_portal.web import context as web
from exam_portal.web import templating
from exam_portal.web.manifest import STATIC, AssetManifest
from exam_portal.web.printed import PrintedDocument

EXTENSION = "exam_portal.printing"
_SHEET = "build/print.css"


def document(template: str, frame: PrintedDocument, /, *, language: str = "vi", **context: object) -> bytes:
    """Return the PDF of the document; official documents are in Vietnamese unless one asks for another.

    Raises PrinterBusy where too many wait for the printer already.
    """
    with place():
        return _printed(template, frame, language, context)


@contextlib.contextmanager
def place() -> Iterator[None]:
    """Hold a place before the printer, or raise PrinterBusy; a command or a job waits as long as it takes."""
    queue = flask.current_app.extensions.get(EXTENSION)
    if queue is None or not flask.has_request_context():
        yield
        return
    with cast("PrintQueue", queue).place(_visitor()):
        yield


def init_app(app: Flask, settings: Settings) -> None:
    """Of the threads of the application at most a quarter ever wait for the printer."""
    app.extensions[EXTENSION] = PrintQueue(settings.server.threads // 4)


def _visitor() -> str:
    account_id = web.actor().account_id
    return str(account_id) if account_id is not None else flask.request.remote_addr or ""


def _printed(template: str, frame: PrintedDocument, language: str, context: Mapping[str, object]) -> bytes:
    with force_locale(language):
        html = templating.render(template, document=frame, lang=language, asset_url=_asset, **context)
    sheet = STATIC / AssetManifest().resolve(_SHEET)
    return pdf.render(html, assets={_SHEET: sheet.read_bytes()})


def response(content: bytes, file_name: str) -> flask.Response:
    """Return the PDF as a page that the browser shows and saves under a plain name."""
    answer = flask.Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=plain(file_name))
    return answer


def qr(text: str) -> Markup:
    """Return the text as a QR code, to be written into a document as vector graphics."""
    return Markup(segno.make(text, error="m").svg_inline(border=0, omitsize=True))  # noqa: S704 - drawn by us


def content_hash(content: bytes) -> str:
    """Return the hash that a document prints of what it states."""
    return hashlib.sha256(content).hexdigest()


def _asset(name: str) -> str:
    return f"asset:{name}"


def plain(name: str) -> str:
    """Return the file name in letters that every system keeps."""
    folded = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^A-Za-z0-9._-]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")
