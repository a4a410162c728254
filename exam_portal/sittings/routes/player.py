# SPDX-License-Identifier: Apache-2.0
"""The candidate's pages of a sitting: take the place, wait, sit, and keep the receipt."""

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from exam_portal.papers import revealing
from exam_portal.sittings.attempts import access, presentation, receipts, service, submit
from exam_portal.sittings.attempts.errors import CodeRefused, DeviceMoved, TokenRefused
from exam_portal.sittings.attempts.queries import AttemptPlace
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.answers import cookie_name, path
from exam_portal.sittings.routes.code_form import CodeForm
from exam_portal.sittings.routes.proofs import machine
from exam_portal.web import context, database, policy, printing, templating

PLACE = "/sit"


@bp.get("/sit/<public_id:attempt_id>")
@policy.requires("sittings.sit")
def sit(attempt_id: str) -> ResponseReturnValue:
    """The attempt as it stands for this person at this computer."""
    place = access.attempt_for(database.reader(), context.actor(), attempt_id, "sittings.sit")
    return _page(place, CodeForm())


@bp.post("/sit/<public_id:attempt_id>/device")
@policy.requires("sittings.sit")
def take_device(attempt_id: str) -> ResponseReturnValue:
    """This computer is in charge of the attempt."""
    form = CodeForm()
    place = access.attempt_for(database.reader(), context.actor(), attempt_id, "sittings.sit")
    if not form.validate_on_submit():
        return _page(place, form)
    try:
        with database.writer() as session:
            place = access.attempt_for(session, context.actor(), attempt_id, "sittings.sit")
            lease = service.take_attempt(
                session,
                context.actor(),
                context.now(place),
                attempt=place.attempt,
                device=request.user_agent.string,
                code=form.code.data or "",
                machine=machine(attempt_id),
            )
    except (CodeRefused, DeviceMoved):
        place = access.attempt_for(database.reader(), context.actor(), attempt_id, "sittings.sit")
        form.refuse(presentation.CODE_REFUSED, field="code")
        return _page(place, form)
    answer = redirect(url_for("sittings.sit", attempt_id=attempt_id), code=303)
    return _with_token(answer, place, lease)


@bp.get("/sit/<public_id:attempt_id>/receipt")
@policy.requires("sittings.sit")
def receipt(attempt_id: str) -> ResponseReturnValue:
    """The receipt of what was handed in."""
    place = access.attempt_for(database.reader(), context.actor(), attempt_id, "sittings.sit")
    submission = submit.submission_of(database.reader(), place.attempt)
    if submission is None:
        return redirect(url_for("sittings.sit", attempt_id=attempt_id), code=303)
    shown = receipts.receipt_of(submission)
    return templating.render(
        "sittings/receipt.html",
        place=place,
        submission=submission,
        receipt=shown,
        qr=printing.qr(shown.qr_text),
        key=receipts.key_to_name(database.reader(), place.sitting.id),
        paper=revealing.address_of(database.reader(), place.attempt.form_id),
        is_rehearsal=place.kind == "rehearsal",
    )


@bp.get("/sit/<public_id:attempt_id>/receipt.pdf")
@policy.requires("sittings.sit")
def receipt_document(attempt_id: str) -> Response:
    """The receipt as a document."""
    place = access.attempt_for(database.reader(), context.actor(), attempt_id, "sittings.sit")
    submission = submit.submission_of(database.reader(), place.attempt)
    if submission is None:
        abort(404)
    frame = presentation.receipt_frame(database.reader(), place, submission)
    content = printing.document(
        "sittings/receipt_document.html",
        frame,
        language=context.language(),
        place=place,
        submission=submission,
        receipt=receipts.receipt_of(submission),
    )
    return printing.response(content, f"receipt-{place.candidate_no}.pdf")


def _page(place: AttemptPlace, form: CodeForm) -> ResponseReturnValue:
    attempt = place.attempt
    if attempt.state == "submitted":
        return redirect(url_for("sittings.receipt", attempt_id=attempt.public_id), code=303)
    template = "waiting" if attempt.state in {"awaiting", "void"} else "player"
    if template == "player" and not _holds(place):
        template = "device"
    form_ = presentation.form_at_hand(database.reader(), place) if template == "player" else None
    page = presentation.player_page(place, context.now(place), context.settings().sittings, form_)
    return templating.render(
        f"sittings/player_{template}.html" if template != "player" else "sittings/player.html",
        place=place,
        page=page,
        form=form,
        is_on_paper=service.is_on_paper(database.reader(), attempt),
        is_rehearsal=place.kind == "rehearsal",
    )


def _holds(place: AttemptPlace) -> bool:
    cookie = request.cookies.get(cookie_name(place.attempt.public_id))
    try:
        token = path().press.read(cookie, place.attempt.public_id, context.now())
    except TokenRefused:
        return False
    return token.lease == place.attempt.lease


def _with_token(answer: object, place: AttemptPlace, lease: str) -> Response:
    assert isinstance(answer, Response)
    offset = context.now(place) - context.now()
    answer.set_cookie(
        cookie_name(place.attempt.public_id),
        path().issue(place.attempt, lease, int(offset.total_seconds()), context.now()),
        max_age=context.settings().sittings.token_hours * 3600,
        path=PLACE,
        secure=context.settings().server.base_url.startswith("https"),
        httponly=True,
        samesite="Strict",
    )
    return answer
