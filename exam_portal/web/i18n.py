# SPDX-License-Identifier: Apache-2.0
"""The language of the reader: Vietnamese first, chosen by a link, kept on this computer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, Flask, request, url_for
from flask_babel import Babel, force_locale
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from exam_portal.core.settings import Settings
from exam_portal.web import chrome, context, policy, redirects

TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"

bp = Blueprint("language", __name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Pages of the application speak the reader's language."""
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
        BABEL_DEFAULT_LOCALE=settings.language.default,
        BABEL_DEFAULT_TIMEZONE=settings.language.timezone,
    )
    Babel(app, locale_selector=context.language)
    app.register_blueprint(bp)
    chrome.fill(app, language_href=_address)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts made inside are in this language: mails and documents speak their receiver's."""
    with force_locale(language if language in context.LANGUAGES else "vi"):
        yield


def remember(response: Response, language: str) -> Response:
    """The browser asks for this language from now on."""
    secure = context.settings().server.base_url.startswith("https://")
    response.set_cookie("lang", language, max_age=31_536_000, secure=secure, httponly=True, samesite="Lax")
    return response


@bp.get("/language/<string(length=2):code>")
@policy.requires(policy.PUBLIC)
def choose(code: str) -> Response:
    """Choose a language and come back to the page one was on."""
    if code not in context.LANGUAGES:
        raise NotFound
    return remember(redirects.see_other(redirects.safe_path(request.args.get("next"))), code)


def _address(code: str) -> str:
    return url_for("language.choose", code=code, next=request.full_path.rstrip("?"))
