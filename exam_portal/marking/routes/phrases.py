# SPDX-License-Identifier: Apache-2.0
"""The marker's own phrases for comments."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.marking import access, comments
from exam_portal.marking.forms import PhraseForm
from exam_portal.marking.routes.blueprint import again, bp, now, refuse, to
from exam_portal.web import context, database, policy, templating

PHRASES = "/marking/bags/<public_id:bag_id>/comments"


@bp.route(PHRASES, methods=["GET", "POST"])
@policy.requires("marking.mark")
def phrases(bag_id: str) -> str | Response:
    """Show the reader's own phrases; sending the form keeps another one."""
    found = access.load_assigned(database.reader(), context.actor(), bag_id)
    form = PhraseForm()
    if form.validate_on_submit():
        try:
            keep(bag_id, form.text.data or "")
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="text")
        else:
            flask.flash(gettext("The phrase is in your list."), "done")
            return to("phrases", bag_id=bag_id)
    own = comments.phrases(database.reader(), found.competition_id, found.marker_id)
    body = templating.render("marking/phrases.html", assigned=found, phrases=own, form=form)
    return again(body) if flask.request.method == "POST" else body


@bp.route(f"{PHRASES}/<public_id:phrase_id>", methods=["GET", "POST"])
@policy.requires("marking.mark")
def phrase(bag_id: str, phrase_id: str) -> str | Response:
    """Change a phrase."""
    found = access.load_assigned(database.reader(), context.actor(), bag_id)
    own = comments.phrase(database.reader(), context.actor(), found.competition_id, phrase_id)
    form = PhraseForm(data={"text": own.text})
    if form.validate_on_submit():
        try:
            _change(bag_id, phrase_id, form.text.data or "")
        except (NotFound, Forbidden):
            raise
        except DomainError as problem:
            refuse(form, problem, field="text")
        else:
            flask.flash(gettext("The phrase has been changed."), "done")
            return to("phrases", bag_id=bag_id)
    body = templating.render("marking/phrase.html", assigned=found, form=form)
    return again(body) if flask.request.method == "POST" else body


@bp.post(f"{PHRASES}/<public_id:phrase_id>/deletion")
@policy.requires("marking.mark")
def delete_phrase(bag_id: str, phrase_id: str) -> Response:
    """Take a phrase out of the list."""
    with database.writer() as session:
        found = access.load_assigned(session, context.actor(), bag_id)
        own = comments.phrase(session, context.actor(), found.competition_id, phrase_id)
        comments.forget_phrase(session, phrase=own)
    flask.flash(gettext("The phrase has been taken out of your list."), "done")
    return to("phrases", bag_id=bag_id)


def _change(bag_id: str, phrase_id: str, text: str) -> None:
    with database.writer() as session:
        found = access.load_assigned(session, context.actor(), bag_id)
        own = comments.phrase(session, context.actor(), found.competition_id, phrase_id)
        comments.change_phrase(session, now(session, found.bag), phrase=own, text=text)


def keep(bag_id: str, text: str) -> None:
    """Keep a phrase of the reader."""
    with database.writer() as session:
        found = access.load_assigned(session, context.actor(), bag_id)
        at = now(session, found.bag)
        comments.keep_phrase(session, context.actor(), at, competition_id=found.competition_id, text=text)
