# SPDX-License-Identifier: Apache-2.0
"""Built assets straight from memory, in the smallest form the browser takes."""

import dataclasses
import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENCODINGS = (("br", ".br"), ("gzip", ".gz"), ("", ""))  # the smallest first
HASHED = re.compile(r"\.[0-9a-f]{8,}\.")
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("font/woff2", ".woff2")


@dataclasses.dataclass(frozen=True, slots=True)
class Asset:
    """One file in the forms in which it can be sent."""

    media_type: str
    cache: str
    etag: str
    forms: Mapping[str, bytes]


class StaticFiles:
    """Answers GET below ``/static/`` for files that were there at the start; passes everything else on.

    Only names found at the start exist, so no address can lead out of the directory.
    """

    def __init__(self, application: "WSGIApplication", directory: Path, prefix: str = "/static/") -> None:
        self._application = application
        self._assets = {f"{prefix}{name}": asset for name, asset in _read(directory)}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        asset = self._assets.get(environ.get("PATH_INFO", ""))
        if asset is None or environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
            return self._application(environ, start_response)
        encoding = _choose(asset, environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = _headers(asset, encoding)
        if environ.get("HTTP_IF_NONE_MATCH") == asset.etag:
            start_response("304 Not Modified", headers)
            return []
        body = asset.forms[encoding]
        start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _read(directory: Path) -> Iterable[tuple[str, Asset]]:
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix not in {".br", ".gz"}:
            yield path.relative_to(directory).as_posix(), _asset(path)


def _asset(path: Path) -> Asset:
    forms = {name: path.with_name(path.name + suffix) for name, suffix in ENCODINGS}
    content = {name: form.read_bytes() for name, form in forms.items() if form.exists()}
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind in {"application/json", "image/svg+xml"}
    return Asset(
        media_type=f"{kind}; charset=utf-8" if is_text else kind,
        cache=FOR_EVER if HASHED.search(path.name) else BRIEFLY,
        etag=f'"{hashlib.sha256(content[""]).hexdigest()[:32]}"',
        forms=content,
    )


def _choose(asset: Asset, accepted: str) -> str:
    wanted = {part.split(";")[0].strip() for part in accepted.split(",") if not part.rstrip().endswith("q=0")}
    return next(name for name, _ in ENCODINGS if name in asset.forms and (name in wanted or not name))


def _headers(asset: Asset, encoding: str) -> list[tuple[str, str]]:
    headers = [
        ("Content-Type", asset.media_type),
        ("Cache-Control", asset.cache),
        ("ETag", asset.etag),
        ("Vary", "Accept-Encoding"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    return [*headers, ("Content-Encoding", encoding)] if encoding else headers
