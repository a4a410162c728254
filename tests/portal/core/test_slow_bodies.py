# SPDX-License-Identifier: Apache-2.0
"""Who sends bodies that never come holds some threads, never all of them."""

import io
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from exam_portal.core.slow_bodies import SHORT, SlowBodies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST = 3
WAIT = 30


class Held(io.BytesIO):
    """A body that comes when the test lets it."""

    def __init__(self, body: bytes = b"x" * 10) -> None:
        super().__init__(body)
        self.asked, self.let = threading.Event(), threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.set()
        assert self.let.wait(WAIT)
        return super().read(size)


def portal(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b"page"]


def ask(server: SlowBodies, body: io.BytesIO | None = None, **environ: str) -> tuple[str, bytes]:
    said: list[str] = []
    asked: dict[str, object] = {"REQUEST_METHOD": "POST" if body else "GET", "REMOTE_ADDR": "198.51.100.1"}
    if body is not None:
        asked |= {"CONTENT_LENGTH": str(len(body.getvalue())), "wsgi.input": body}
    answer = server(asked | environ, lambda status, _headers, _problem=None: said.append(status))  # type: ignore[arg-type]
    return said[0][:3], b"".join(answer)


def hold(server: SlowBodies, held: list[Held]) -> list[threading.Thread]:
    threads = [threading.Thread(target=ask, args=(server, each), daemon=True) for each in held]
    for thread, each in zip(threads, held, strict=True):
        thread.start()
        assert each.asked.wait(WAIT)
    return threads


def test_of_one_network_only_so_many_bodies_are_waited_for_and_nobody_else_is_kept_out() -> None:
    server, held = SlowBodies(portal, MOST), [Held() for _ in range(MOST)]
    threads = hold(server, held)
    assert ask(server, io.BytesIO(b"body"))[0] == "503"
    assert ask(server, io.BytesIO(b"body"), HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")[0] == "503"
    assert ask(server) == ("200", b"page")
    assert ask(server, io.BytesIO(b"body"), REMOTE_ADDR="203.0.113.7") == ("200", b"body")
    for each, thread in zip(held, threads, strict=True):
        each.let.set()
        thread.join(WAIT)
    assert ask(server, io.BytesIO(b"body")) == ("200", b"body")


def test_a_large_body_counts_until_its_last_byte_has_come() -> None:
    server, large = SlowBodies(portal, 1), Held(b"x" * (SHORT + 1))
    (thread,) = hold(server, [large])
    assert ask(server, io.BytesIO(b"body"))[0] == "503"
    large.let.set()
    thread.join(WAIT)
    assert ask(server, io.BytesIO(b"body"))[0] == "200"


def test_a_request_whose_body_nobody_reads_is_counted_no_longer_than_it_lasts() -> None:
    def deaf(_environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        start("404 Not Found", [])
        return [b""]

    server = SlowBodies(deaf, 1)
    for _ in range(3):
        assert ask(server, io.BytesIO(b"x" * (SHORT + 1)))[0] == "404"
