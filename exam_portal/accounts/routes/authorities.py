# SPDX-License-Identifier: Apache-2.0
"""The organisations in which one has a duty."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import access, places, queries, service
from exam_portal.accounts.forms import OrganisationForm
from exam_portal.accounts.routes.blueprint import bp, page
from exam_portal.core.actors import Role
from exam_portal.web import context, database, policy, redirects, templating


@bp.get("/staff/organisations")
@policy.requires("accounts.see_organisations")
def organisations() -> str:
    """The organisations in which the reader holds a role, with the doors to their pages."""
    reading = database.reader()
    found = queries.organisations_of(reading, context.actor(), (*access.READERS, Role.COUNTER))
    return templating.render(
        "accounts/organisations.html",
        organisations=[(row, policy.Scope(organisation_id=row.id)) for row in found],
    )


@bp.route("/staff/organisations/<public_id:organisation_id>/new", methods=["GET", "POST"])
@policy.requires("accounts.create_organisation")
def new_organisation(organisation_id: str) -> Response:
    """Add an organisation below this one."""
    permission = "accounts.create_organisation"
    above = places.load(database.reader(), permission, competition_id=None, organisation_id=organisation_id)
    form = OrganisationForm()
    if not form.validate_on_submit():
        body = templating.render("accounts/organisation_new.html", form=form, above=above)
        return page(body, 422 if form.is_submitted() else 200)
    with database.writer() as writing:
        places.load(writing, permission, competition_id=None, organisation_id=organisation_id)
        made = service.create_organisation(
            writing,
            context.actor(),
            context.now(),
            name=form.name.data,
            name_en=form.name_en.data or "",
            place=form.place.data,
            governing_name=form.governing_name.data,
            parent=queries.organisation_by_public_id(writing, organisation_id),
        )
    flask.flash(gettext("%(name)s has been added.", name=made.name), "done")
    return redirects.see_other(flask.url_for("accounts.organisations"))
