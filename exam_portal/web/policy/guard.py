# SPDX-License-Identifier: Apache-2.0
"""The checks around every view: a coarse one before it, the decision in it, and a last one after it."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.exceptions import Unauthorized

from exam_portal.core.actors import Actor
from exam_portal.core.errors import DomainError, Forbidden, NotFound
from exam_portal.web import context, database
from exam_portal.web.policy.registry import PUBLIC, Registry, permission_of, registry
from exam_portal.web.policy.rules import Rule

_log = structlog.get_logger(__name__)
_View = TypeVar("_View", bound=Callable[..., object])


class PermissionNotDecided(DomainError):
    """A view answered or wrote without having asked whether its actor may: a fault of the program."""

    status = 500


def requires(permission: str) -> Callable[[_View], _View]:
    """Mark a view with the permission it asks for; the hooks of this module enforce it."""

    def mark(view: _View) -> _View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def authorise(
    actor: Actor, permission: str, target: object = None, *, hide: bool = True, view: str | None = None
) -> None:
    """The actor may do this to the target, and the decision is noted for this request.

    Otherwise NotFound hides that the target exists, unless ``hide`` is false or the actor may at least view
    it (``view`` names that permission): then Forbidden.
    """
    known = registry()
    if known.rule(permission).permits(actor, target):
        g.setdefault("granted", set()).add(permission)
        return
    _log.info("policy.refused", permission=permission, actor=actor.public_id)
    if hide and not (view is not None and known.rule(view).permits(actor, target)):
        raise NotFound
    raise Forbidden(permission)


def may(permission: str, target: object = None, *, actor: Actor | None = None) -> bool:
    """Whether the actor of this request could do this: for links, never instead of ``authorise``."""
    return registry().rule(permission).permits(actor or context.actor(), target)


def may_ever(permission: str) -> bool:
    """Whether some object might exist for which the actor of this request passes; for navigation."""
    return registry().rule(permission).is_possible(context.actor())


def prove(permission: str) -> None:
    """The view has verified its own proof (a signed token); only for permissions declared ``by_proof``."""
    if not registry().rule(permission).proof:
        raise PermissionNotDecided(permission)
    g.setdefault("granted", set()).add(permission)


def forget_decisions() -> None:
    """Earlier decisions no longer count: the writer's transaction is authorised anew, on fresh facts."""
    permission = _required()
    if permission == PUBLIC or registry().rule(permission).proof:
        return
    g.granted = {permission} if registry().rule(permission).permits_everywhere(context.actor()) else set()


def require_decision() -> None:
    """The permission of the running view has been granted, or PermissionNotDecided is raised."""
    permission = _required()
    if permission != PUBLIC and permission not in g.get("granted", ()):
        raise PermissionNotDecided(permission)


def init_app(app: Flask) -> None:
    """Every request of the application passes the coarse check before and the last one after its view."""
    app.extensions["policy"] = Registry()
    app.jinja_env.globals.update(may=may, may_ever=may_ever)
    if "static" in app.view_functions:  # Flask's own route to built files
        app.view_functions["static"] = requires(PUBLIC)(app.view_functions["static"])
    app.before_request(_check_coarsely)
    app.after_request(_refuse_undecided)
    database.guard_writer(app, on_enter=forget_decisions, on_leave=require_decision)


def _required() -> str:
    permission = permission_of(current_app, request.endpoint) if request.endpoint else None
    return permission or ""


def _check_coarsely() -> Response | None:
    if request.endpoint is None:  # no such address: the error page answers
        return None
    permission = _required()
    if permission == PUBLIC:
        return None
    rule = registry().rule(permission)
    if rule.proof:
        return None
    return _check_actor(permission, rule)


def _check_actor(permission: str, rule: Rule) -> Response | None:
    actor = context.actor()
    if not actor.is_known:
        return _ask_to_sign_in()
    if not rule.is_possible(actor):
        raise Forbidden(permission)
    if rule.permits_everywhere(actor):
        g.setdefault("granted", set()).add(permission)
    return None


def _ask_to_sign_in() -> Response:
    if request.is_json or request.accept_mimetypes.best == "application/json":
        raise Unauthorized
    if came_from_elsewhere():
        return _come_again()
    g.is_refusal = True
    target = current_app.config["SIGN_IN_PATH"]
    if request.method == "GET":
        target += "?" + urlencode({"next": request.full_path.rstrip("?")})
    response = redirect(target, code=303)
    assert isinstance(response, Response)
    return response


def came_from_elsewhere() -> bool:
    """Whether the browser followed a link of another site: it then withholds the strict session cookie."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
    )


def _come_again() -> Response:
    """Let the page load itself once more: the second request is the site's own and carries the cookie."""
    response = Response(status=200, mimetype="text/html")
    response.headers["Refresh"] = "0"
    g.is_refusal = True
    return response


def _refuse_undecided(response: Response) -> Response:
    if response.status_code >= 400 or request.endpoint is None or g.get("is_refusal"):
        return response
    permission = _required()
    if permission == PUBLIC or permission in g.get("granted", ()):
        return response
    _log.error("policy.undecided", permission=permission, endpoint=request.endpoint)
    return current_app.make_response(current_app.handle_user_exception(PermissionNotDecided(permission)))
