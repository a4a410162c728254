# SPDX-License-Identifier: Apache-2.0
"""The forms as ciphertext, and their keys from the start on: the same bytes for everybody.

The door answers these from memory, and lets browsers keep the ciphertext; what does not lie there yet, and
names that nobody has given, come here (routes/door.py).
"""

from flask import Response, abort

from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.answers import path
from exam_portal.web import policy


@bp.get("/sit/forms/<public_id:form_id>/sealed")
@policy.requires(policy.PUBLIC)
def sealed_form(form_id: str) -> Response:
    """The form as it was committed to: nothing can be read of it without its key."""
    found = path().shelf.sealed(form_id)
    if found is None:
        abort(404)
    return Response(found, mimetype="application/octet-stream")


@bp.get("/sit/forms/<public_id:form_id>/key")
@policy.requires(policy.PUBLIC)
def form_key(form_id: str) -> Response:
    """The key of the form and the rooms that have started; before, nothing (204)."""
    found = path().shelf.key(form_id)
    if found is None:
        abort(404)
    return Response(found, mimetype="application/json") if found else Response(status=204)
