# SPDX-License-Identifier: Apache-2.0
"""The portal of a test on a real socket, so that a real browser can sit in it."""

import contextlib
import threading
from collections.abc import Iterator

from flask import Flask
from werkzeug.serving import make_server

from exam_portal.core.static_files import StaticFiles
from exam_portal.wsgi import STATIC


@contextlib.contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Yield the address of the application."""
    server = make_server("127.0.0.1", 0, StaticFiles(app, STATIC), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=60)
        server.server_close()
