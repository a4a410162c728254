# SPDX-License-Identifier: Apache-2.0
"""The design system alone: an application with its templates and nothing else."""

import flask
from flask_babel import Babel

from exam_portal.core.settings import Settings
from exam_portal.web import chrome, context, i18n, styleguide, templating
from exam_portal.web.chrome import Account, Link


def an_application(language: str = "vi") -> flask.Flask:
    """Return an application that renders the design system's pages and no slice's."""
    app = flask.Flask("exam_portal", template_folder=None)
    app.secret_key = "only for this test"
    app.testing = True
    app.extensions[context.SETTINGS] = Settings()
    Babel(
        app,
        locale_selector=lambda: language,
        default_translation_directories=str(i18n.TRANSLATIONS),
    )
    templating.init_app(app, [])
    chrome.fill(app, navigation=_navigation, account=_account)
    app.add_url_rule("/<name>", "page", styleguide.page, methods=["GET", "POST"])
    return app


def _navigation() -> list[Link]:
    return [
        Link(text="Kỳ thi tuyển", href="/components", current=True, count=3),
        Link(text="Giám sát", href="/forms"),
    ]


def _account() -> Account:
    links = [Link(text="Tài khoản của tôi", href="/forms")]
    return Account(name="Trần Thị Bích Hợp", note="Ủy viên kiêm Thư ký", links=links, sign_out="/forms")
