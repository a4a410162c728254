# SPDX-License-Identifier: Apache-2.0
"""Taking questions out of a bank: at once where the format holds them all, else once losses are read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.core.errors import DomainError, NotFound
from exam_portal.items import access, changes, messages, queries, taking_out
from exam_portal.items.models import ItemBank
from exam_portal.items.routes.banks import ASKED, filter_of
from exam_portal.items.routes.blueprint import BANK, bp, to
from exam_portal.web import context, database, filters, policy, printing, templating
from exam_portal.web import messages as web_messages
from question_bank import formats
from question_bank.formats import FORMATS, Held
from question_bank.problems import Problem


@bp.post(f"{BANK}/take-out")
@policy.requires("items.take_out")
def take_out(bank_id: str) -> Response:
    """Give the ticked questions, or all that the search finds, as a file; what is lost is told first."""
    format, given = flask.request.form.get("format", ""), flask.request.form
    if format not in taking_out.OFFERED:
        raise NotFound
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.take_out")
    chosen = frozenset(given.getlist("item")[: queries.PAGE])
    asked = {name: given.get(name, "") for name in ASKED}
    is_all = given.get("scope") == "all"
    try:
        wanted = filter_of(asked) if is_all else queries.Filter(ids=chosen)
        items = taking_out.chosen(session, bank, wanted, format)
    except DomainError as problem:
        flask.flash(" ".join(str(part) for part in web_messages.words(problem) if str(part)), "attention")
        return to("bank", bank_id=bank_id, **{name: value for name, value in asked.items() if value})
    database.release_reader()
    with printing.place():
        held = formats.holding(items, format)
        if not held.items or (held.problems and "told" not in given):
            values = {**asked, "scope": "all"} if is_all else {"scope": "chosen"}
            return _told(bank, held, len(items), format, values, () if is_all else chosen)
        taken = taking_out.made(held, format, left_out=len(items) - len(held.items))
    with database.writer() as writer:
        bank = access.load_bank(writer, context.actor(), bank_id, "items.take_out")
        taking_out.record(writer, context.actor(), context.now(), bank=bank, taken=taken)
        name = _name(bank, taken)
    answer = flask.Response(taken.content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(
    bank: ItemBank, held: Held, count: int, format: str, values: Mapping[str, str], ticked: Iterable[str]
) -> Response:
    body = templating.render(
        "items/take_out.html",
        bank=bank,
        title=FORMATS[format].title,
        refused=_by_reason(held.errors),
        lost=_by_reason(problem for problem in held.problems if problem.severity == "warning"),
        held=len(held.items),
        count=count,
        values={**values, "format": format, "told": "1"},
        ticked=sorted(ticked),
    )
    return flask.Response(body, 422, headers={"Cache-Control": "no-store"})


def _by_reason(problems: Iterable[Problem]) -> list[tuple[str, list[str]]]:
    """Return the codes of questions by what is wrong with them, in the reader's words."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        words = messages.problem(problem.code)
        if problem.code == "parts_left_out":
            words = ", ".join(_part(name) for name in problem.detail.split(", "))
        found[words].append(problem.item)
    return list(found.items())


def _part(name: str) -> str:
    if name == "id":
        return str(gettext("Code of the question"))
    if name == "version":
        return str(gettext("Number of the version"))
    head, _, rest = name.partition(": ")
    worded = [
        str(changes.FIELDS.get(part) or changes.ENTRIES.get(part) or part) for part in (head, rest) if part
    ]
    return ": ".join(worded)


def _name(bank: ItemBank, taken: taking_out.TakenOut) -> str:
    day = context.now().astimezone(filters.LOCAL).strftime("%Y%m%d-%H%M")
    return printing.plain(f"{bank.title[:60]}-{len(taken.items)}-cau-{day}.{taken.ending}")
