# SPDX-License-Identifier: Apache-2.0
"""The record of a competition: acts a page at a time, a leaf with its proof, the signed heads."""

from datetime import UTC, date, datetime, time, timedelta

import flask
from werkzeug.wrappers import Response

from exam_portal.admin import oversight
from exam_portal.admin.forms import LogSearch
from exam_portal.admin.oversight import Participant
from exam_portal.admin.routes.blueprint import PLACE, bp
from exam_portal.audit import queries as record
from exam_portal.audit.models import Log
from exam_portal.audit.queries import LeafFilter
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.errors import NotFound
from exam_portal.web import context, database, filters, policy, templating


@bp.get(f"{PLACE}/log")
@policy.requires("admin.read_log")
def log(competition_id: str) -> str:
    """Show the acts of a competition, the newest first, as the reader has asked."""
    competition, found = _load(competition_id, "admin.read_log")
    session = database.reader()
    people = oversight.participants(session, found)
    search = LogSearch(flask.request.args, meta={"csrf": False})
    search.offer(record.types_in(session, found.id), people)
    page = record.leaves(
        session,
        found.id,
        _wanted(search, people),
        before=flask.request.args.get("before", type=int),
        after=flask.request.args.get("after", type=int),
    )
    asked = {key: value for key, value in flask.request.args.items() if key not in {"before", "after"}}
    return templating.render(
        "admin/log.html",
        competition=competition,
        search=search,
        acts=oversight.acts(session, competition, page.leaves),
        page=page,
        asked=asked,
    )


@bp.get(f"{PLACE}/log/<int:index>")
@policy.requires("admin.open_leaf")
def leaf(competition_id: str, index: int) -> str:
    """Show one leaf: its content, the commitment it opens, and its way to a signed head."""
    competition, found = _load(competition_id, "admin.open_leaf")
    opened = oversight.opened(database.reader(), competition, found, index)
    return templating.render("admin/leaf.html", competition=competition, opened=opened, log=found)


@bp.get(f"{PLACE}/log/heads")
@policy.requires("admin.read_log")
def heads(competition_id: str) -> str:
    """List the signed heads of the record."""
    competition, found = _load(competition_id, "admin.read_log")
    heads = list(reversed(record.checkpoints_of(database.reader(), found.id)))
    return templating.render("admin/heads.html", competition=competition, heads=heads, log=found)


@bp.get(f"{PLACE}/log/heads/<int:size>.txt")
@policy.requires("admin.read_log")
def head(competition_id: str, size: int) -> Response:
    """Return one signed head as it stands in the bundle."""
    _, found = _load(competition_id, "admin.read_log")
    note = next((h.note for h in record.checkpoints_of(database.reader(), found.id) if h.size == size), None)
    if note is None:
        raise NotFound
    return Response(note, mimetype="text/plain; charset=utf-8")


def _load(competition_id: str, permission: str) -> tuple[Competition, Log]:
    session, actor = database.reader(), context.actor()
    competition = competitions.competition(session, actor, competition_id)
    policy.authorise(actor, permission, competition, view="competitions.view")
    found = record.log_of_competition(session, competition.id)
    if found is None:
        raise NotFound
    return competition, found


def _wanted(search: LogSearch, people: list[Participant]) -> LeafFilter:
    """Return what was asked; what cannot be read asks nothing."""
    search.validate()
    first, last = search.days()
    chosen = next((p.account_id for p in people if p.public_id == search.person.data), None)
    return LeafFilter(
        types=[search.type.data] if search.type.data else (),
        actor_id=chosen,
        since=_midnight(first) if first and not search.since.errors else None,
        until=_midnight(last + timedelta(days=1)) if last and not search.until.errors else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=filters.LOCAL).astimezone(UTC)
