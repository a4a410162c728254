# SPDX-License-Identifier: Apache-2.0
"""The child that prints: limited in memory and processor time, with a fetcher that refuses every address.

It reads requests from standard input until that closes, so it ends with its parent.
"""

import logging
import os
import resource
import sys
from typing import BinaryIO

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from exam_portal.core.pdf import wire

SCHEME = "asset:"
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
LARGEST_FILE = 16 * 1024 * 1024


class MemoryFetcher(URLFetcher):
    """Gives what was sent along with the page, and stops the document at any other address."""

    def __init__(self, assets: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._assets = assets

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - as inherited
        """Return the asset or stop the document."""
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self._assets:
            raise FatalURLFetchingError(f"refused to load {url[:200]}")
        kind = MEDIA_TYPES.get(os.path.splitext(name)[1], "application/octet-stream")  # noqa: PTH122 - no path
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": kind})


def main() -> None:
    """Print until standard input closes."""
    cpu_seconds, megabytes = int(sys.argv[1]), int(sys.argv[2])
    source, target = sys.stdin.buffer, _claim_output()
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    _limit(megabytes)
    while True:
        try:
            request = wire.unpack_request(lambda size: _read(source, size))
        except EOFError:
            return
        _grant(cpu_seconds)
        target.write(_answer(*request))
        target.flush()


def _answer(html: str, assets: dict[str, bytes], variant: str | None) -> bytes:
    try:
        document = HTML(string=html, url_fetcher=MemoryFetcher(assets)).write_pdf(pdf_variant=variant)
    except (Exception, FatalURLFetchingError) as problem:  # noqa: BLE001 - told to the parent
        return wire.pack_answer(wire.FAILED, f"{type(problem).__name__}: {problem}".encode())
    return wire.pack_answer(wire.DONE, document)


def _claim_output() -> BinaryIO:
    """Return the answers' stream; whatever a library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _read(source: BinaryIO, size: int) -> bytes:
    content = source.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _limit(megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _grant(cpu_seconds: int) -> None:
    """Give this document its own processor time: the limit of the kernel counts from the start."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
