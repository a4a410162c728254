# SPDX-License-Identifier: Apache-2.0
"""The certificate of the hall's own authority, for browsers to install."""

from flask import Response, abort

from exam_portal.sittings.routes import bp
from exam_portal.web import context, policy


@bp.get("/hall/authority.crt")
@policy.requires(policy.PUBLIC)
def authority() -> Response:
    """The certificate, where this installation serves a hall over TLS."""
    file = context.settings().instance.directory / "tls" / "authority.crt"
    if not file.exists():
        abort(404)
    answer = Response(file.read_bytes(), mimetype="application/x-x509-ca-cert")
    answer.headers.set("Content-Disposition", "attachment", filename="authority.crt")
    return answer
