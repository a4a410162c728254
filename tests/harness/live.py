# SPDX-License-Identifier: Apache-2.0
"""The portal of a test on a real socket, so that a real browser can sit in it."""

import contextlib
import threading
from collections.abc import Iterator

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from exam_portal.core.static_files import StaticFiles
from exam_portal.wsgi import STATIC
from tests.harness import ended
from tests.harness.browser import UNPLUGGED

SETTLED = """() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    .then(() => document.fonts.ready).then(() => null)"""


def settle(page: Page) -> None:
    """The page is drawn, and the faces of its letters have come: a face is fetched when it is first used."""
    page.evaluate(SETTLED)


def unplug(page: Page) -> None:
    """The browser has no network any more; what it had begun to fetch for its looks has come."""
    settle(page)
    UNPLUGGED.add(page.context)
    page.context.set_offline(True)


class Line:
    """The network between a browser and the portal of a test.

    A browser that is told to be offline is so for its pages; a service worker that starts anew, or a page
    that has just been loaded, may still reach the portal for a moment. Over a line that is cut nothing does.
    """

    def __init__(self) -> None:
        self.is_cut = False

    def cut(self, page: Page) -> None:
        """No request is answered any more, and the browser knows that it has no network."""
        unplug(page)
        self.is_cut = True

    def mend(self, page: Page) -> None:
        """Requests are answered again, and the browser knows it."""
        self.is_cut = False
        page.context.set_offline(False)


@contextlib.contextmanager
def serving(app: Flask, line: Line | None = None) -> Iterator[str]:
    """Yield the address of the application, which lies behind the line."""

    class Handler(WSGIRequestHandler):
        def run_wsgi(self) -> None:
            if line is not None and line.is_cut:
                self.close_connection = True
            else:
                super().run_wsgi()

    application = StaticFiles(app, STATIC)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        with ended.living(address):
            yield address
    finally:
        server.shutdown()
        thread.join(timeout=60)
        server.server_close()
