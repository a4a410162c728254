# SPDX-License-Identifier: Apache-2.0
"""Refusals and faults as pages: what happened, what the rule was, what can be done, and the request's id."""

import dataclasses
import html
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, jsonify, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from exam_portal.core.database import is_outage
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.web import messages, redirects, templating, tracing
from exam_portal.web.messages import Words

_log = structlog.get_logger(__name__)

OUTAGE_SECONDS = 2  # a database that was restarted is back by then, or soon after
MINUTE = 60  # every budget of requests is one of a minute
_EXPIRED = Words(
    _l("This form is no longer valid"),
    _l("You have signed in or out since you opened the page, or another site sent the form."),
    _l("Open the page again and repeat your entry."),
)
_FAULT = Words(
    _l("Something went wrong on our side"),
    _l("The fault has been recorded. Nothing of your last act has been stored."),
    _l("Try again in a minute. If it happens again, tell the secretary of the council the number below."),
)
_OUTAGE = Words(
    _l("The portal cannot store anything at the moment"),
    _l("The database does not answer, or its disk is full. Nothing of your last act has been stored."),
    _l("Try again in a few seconds. Answers of an examination wait on your computer and are sent again."),
)
_HTTP: dict[int, Words] = {
    400: Words(
        _l("The request could not be read"),
        _l("Your browser sent something that this page does not understand."),
        _l("Open the page again and repeat your entry."),
    ),
    401: Words(_l("Please sign in"), _l("Your session has ended, or you have not signed in yet.")),
    405: Words(_l("This address cannot be used in this way"), "", _l("Start again from the home page.")),
    413: Words(
        _l("The file or form is too large"),
        _l("What you sent is larger than this page accepts. Nothing has been stored."),
        _l("Make the file smaller, for example by scanning at a lower resolution, and send it again."),
    ),
    429: Words(
        _l("Too many requests"),
        _l("Very many requests have come from your network within a minute."),
        _l("Wait a minute, then try again."),
    ),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an error page says."""

    status: int
    code: str
    words: Words
    request_id: str


def init_app(app: Flask) -> None:
    """Every refusal and fault is answered with a worded page, or with JSON where that was asked for."""
    app.register_error_handler(DomainError, _refusal)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)
    app.after_request(_say_when)


def come_again(error: DomainError) -> None:
    """The answer says after how many seconds the same act may succeed, where the refusal knows."""
    g.retry_after = error.retry_after


def _say_when(response: Response) -> Response:
    if g.get("retry_after") is not None:
        response.headers["Retry-After"] = str(g.retry_after)
    return response


def wants_json() -> bool:
    """Whether the client speaks JSON: the examination player and other programs."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return request.is_json or best == "application/json"


def _refusal(error: DomainError) -> Response:
    if error.status == 500:
        return _fault(error)
    _log.info("refused", refusal=error.code, status=error.status)
    come_again(error)
    return _answer(error.status, error.code, messages.words(error), getattr(error, "details", None))


def _expired(error: CSRFError) -> Response:
    _log.warning("form_refused", reason=str(error.description))
    return _answer(400, "web.FormExpired", _EXPIRED)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return Response.force_type(error.get_response())
    words = messages.words(_as_domain(status)) if status in {403, 404} else _HTTP.get(status, _HTTP[400])
    g.retry_after = MINUTE if status == 429 else None
    answer = _answer(status, f"http.{status}", _FAULT if status >= 500 else words)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def _fault(error: Exception) -> Response:
    _log.error("fault", exc_info=error)
    if is_outage(error):
        g.retry_after = OUTAGE_SECONDS
        return _answer(503, "web.Outage", _OUTAGE)
    if current_app.testing and current_app.config.get("PROPAGATE_FAULTS"):
        raise error
    return _answer(500, "web.Fault", _FAULT)


def _as_domain(status: int) -> DomainError:
    return NotFound() if status == 404 else Forbidden()


def _answer(status: int, code: str, words: Words, details: object = None) -> Response:
    report = Report(status=status, code=code, words=words, request_id=tracing.request_id())
    if wants_json():
        answer: Response = jsonify(
            error=code,
            title=str(words.title),
            body=str(words.body),
            remedy=str(words.remedy),
            request_id=report.request_id,
            **({"details": details} if details is not None else {}),
        )
        answer.status_code = status
        return answer
    return Response(_page(report), status=status, mimetype="text/html")


def _options(words: Words) -> list[dict[str, str]]:
    back = _page_of_the_form()
    return [
        *([{"text": str(words.remedy)}] if words.remedy else []),
        *([{"text": gettext("Open the page you came from again"), "href": back}] if back else []),
        {"text": gettext("Go to the home page"), "href": "/"},
    ]


def _page_of_the_form() -> str:
    """Return the path of the page whose form was refused; nothing for a page that was only opened."""
    if request.method in {"GET", "HEAD"} or not request.referrer:
        return ""
    came_from = urlsplit(request.referrer)
    query = f"?{came_from.query}" if came_from.query else ""
    is_ours = came_from.netloc == request.host
    return redirects.safe_path(f"{came_from.path}{query}", default="") if is_ours else ""


def _page(report: Report) -> str:
    try:
        return templating.render(
            "errors/error.html",
            code=report.code,
            title=report.words.title,
            explanation=report.words.body,
            options=_options(report.words),
            reference=report.request_id,
        )
    except Exception:  # noqa: BLE001 - the page that reports a fault must not end in another one
        _log.error("error_page_failed", exc_info=True)
        parts = [str(part) for part in report.words if part] + [report.request_id]
        title, *rest = (html.escape(part) for part in parts)
        body = "".join(f"<p>{part}</p>" for part in rest)
        return (
            f'<!doctype html><html lang="vi"><title>{title}</title><main><h1>{title}</h1>{body}</main></html>'
        )
