# SPDX-License-Identifier: Apache-2.0
"""What a candidate needs to check a receipt without the portal: its text, the own journal, the program."""

import json

from flask import Response, abort, make_response

from exam_portal.sittings.attempts import access, receipts, replaying, submit
from exam_portal.sittings.attempts.queries import AttemptPlace
from exam_portal.sittings.models import Submission
from exam_portal.sittings.routes import bp
from exam_portal.web import context, database, policy
from scoring.verify import onefile


@bp.get("/check-receipt.py")
@policy.requires(policy.PUBLIC)
def receipt_program() -> Response:
    """The one-file program, with the public key of this installation."""
    program = onefile.build_receipt_check(database.database().signer.public_key)
    return _file(program, "text/x-python", "check-receipt.py")


@bp.get("/sit/<public_id:attempt_id>/receipt.txt")
@policy.requires("sittings.sit")
def receipt_text(attempt_id: str) -> Response:
    """The text of the code on the receipt."""
    place, submission = _submitted(attempt_id)
    text = receipts.receipt_of(submission).qr_text
    return _file(text + "\n", "text/plain", f"receipt-{place.candidate_no}.txt")


@bp.get("/sit/<public_id:attempt_id>/journal.json")
@policy.requires("sittings.sit")
def journal(attempt_id: str) -> Response:
    """The candidate's own journal: every change as it was sent, from which the head can be recomputed."""
    place, _ = _submitted(attempt_id)
    found = replaying.journal_of(database.reader(), place.attempt)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return _file(text, "application/json", f"journal-{place.candidate_no}.json")


def _submitted(attempt_id: str) -> tuple[AttemptPlace, Submission]:
    place = access.attempt_for(database.reader(), context.actor(), attempt_id, "sittings.sit")
    submission = submit.submission_of(database.reader(), place.attempt)
    if submission is None:
        abort(404)
    return place, submission


def _file(text: str, kind: str, name: str) -> Response:
    answer = make_response(text.encode())
    answer.mimetype = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
