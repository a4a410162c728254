# SPDX-License-Identifier: Apache-2.0
"""Pages travel compressed, unless another site may have asked for them in the reader's name (docs/adr/0011).

The length of a compressed page tells whoever may ask for it again and again, with words of his own in it,
about secrets that stand beside those words. So only these are compressed: what the reader's own page or hand
asked for, which the browser vouches for, and what came without a cookie, where there is no secret of anybody.
"""

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 1400  # below that a page is one packet in any case
LEVEL = 5
VOUCHED = frozenset({"same-origin", "none"})  # none: typed, or opened from a bookmark


def init_app(app: Flask) -> None:
    """Every page that may be compressed is, for browsers that take it."""
    app.after_request(_compress)


def is_safe() -> bool:
    """Whether no other site can have caused this request with the reader's cookies."""
    return not request.cookies or request.headers.get("Sec-Fetch-Site") in VOUCHED


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
        return response
    response.vary.update(("Accept-Encoding", "Cookie", "Sec-Fetch-Site"))
    if not request.accept_encodings["gzip"] or "Content-Encoding" in response.headers or not is_safe():
        return response
    content = response.get_data()
    if len(content) >= LEAST_BYTES:
        response.set_data(gzip.compress(content, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
