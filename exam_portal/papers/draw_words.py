# SPDX-License-Identifier: Apache-2.0
"""The words of draws that came to nothing: what the bank lacks, which demand bars, why a run has ended."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from exam_portal.items import messages as items
from exam_portal.papers import errors
from exam_portal.papers.draw_queries import DrawStage, DrawStanding
from exam_portal.web import messages
from exam_portal.web.filters import mark
from question_bank.paper import MOST_ITEMS

ENDINGS: Mapping[DrawStage, object] = {
    DrawStage.STOPPED: _l("An officer gave the draw up."),
    DrawStage.LATE: _l(
        "No forms were found within five minutes. That does not prove that there are none. Draw again when "
        "the machine has less to do, or ask for less at once."
    ),
    DrawStage.DIED: _l(
        "The program that draws ended before it had an answer. Nothing was kept; the draw can be repeated."
    ),
    DrawStage.CHANGED: _l(
        "The bank has changed since the seed was committed to: questions were approved, changed or retired. "
        "State anew what is asked for."
    ),
}
EXHAUSTED = _l(
    "The search came to its limit and found no forms. That does not prove that there are none. It would end "
    "in the same way again: allow a larger tolerance, ask for less, or let the forms have questions in "
    "common."
)
REFUSALS: Mapping[str, object] = {  # of those whose words need more than their name
    "NotApproved": _l(
        "A question that was asked for by its code is not among the approved ones any more. Nothing was "
        "kept; state anew what is asked for."
    ),
    "NotYetTime": _l(
        "It is too early to keep a paper for this sitting: the rules let it be prepared only shortly before."
    ),
}
RULES: Mapping[str, object] = {
    "sharing": _l("the limit on questions that forms have in common"),
    "include": _l("the questions that were named for every form"),
    "enemies": _l("the groups of questions that never stand in one form"),
    "left_out": _l("leaving questions out by their codes"),
    "resting": _l("the rest of questions that were held too often or lately"),
    "difficulty": _l("the mean difficulty"),
    "bands": _l("the numbers of easy, medium and hard questions"),
}


BANDS: Mapping[str, object] = {"easy": _l("Easy"), "medium": _l("Medium"), "hard": _l("Hard")}


def band_name(name: str) -> str:
    """Return the reader's word for a band."""
    return str(BANDS[name])


def ending(standing: DrawStanding) -> str:
    """Return why nothing was drawn."""
    reason = standing.findings.get("reason")
    if standing.stage is DrawStage.LACKING:
        return _lacking(standing)
    if standing.stage is DrawStage.REFUSED:
        return str(REFUSALS.get(str(reason)) or messages.failure(reason))
    if standing.stage is DrawStage.LATE and reason is not None:
        return str(EXHAUSTED)
    return str(ENDINGS[standing.stage])


def _lacking(standing: DrawStanding) -> str:
    if standing.is_silent:
        return str(
            gettext("The bank does not suffice. Nothing more is told, for it would speak of the other paper.")
        )
    of_reserve = standing.findings.get("paper") == "reserve" and standing.draw.kind != "reserve"
    told = [gettext("There are forms of the official paper, but none of the reserve paper beside it.")]
    if any(not lack.difficulty and not lack.included for lack in standing.missing):
        told.append(
            gettext("The approved questions do not allow what is asked for. This is what is missing:")
        )
    elif standing.missing:
        told.append(gettext("The approved questions do not allow what is asked for."))
    else:
        told.append(
            gettext("The demands bar each other: no further questions would help, a demand has to give way.")
        )
    return " ".join(map(str, told if of_reserve else told[1:]))


NAMED_BARS: Mapping[errors.NamedBar, str] = {
    errors.NamedBar.LEFT_OUT: _l("They are left out as well. Name each question once."),
    errors.NamedBar.RESERVE: _l(
        "The reserve paper drawn at the same time has no question in common with the official one. Draw "
        "the official paper alone, and the reserve afterwards."
    ),
    errors.NamedBar.FORMS: _l(
        "Several forms without a question in common cannot all hold them. Let the forms have questions in "
        "common, or draw one form."
    ),
    errors.NamedBar.SHARED: _l(
        "The forms may have fewer questions in common than are named for each of them. Raise the limit, or "
        "name fewer."
    ),
    errors.NamedBar.TOO_MANY: _l("A form has fewer questions than are named for it."),
    errors.NamedBar.ENEMIES: _l("They never stand in one form. Name one of them only."),
    errors.NamedBar.NO_DIFFICULTY: _l(
        "Their difficulty is not known, and a mean difficulty is asked for. State their difficulty in the "
        "bank, or leave the mean difficulty empty."
    ),
    errors.NamedBar.COUNTS: _l(
        "The counts by topic and level leave no place for them. Raise the count of their topic and level, "
        "or the number of questions in all."
    ),
    errors.NamedBar.BANDS: _l(
        "More of them are equally hard than may stand in a form. Raise what is allowed of easy, medium or "
        "hard questions, or name fewer."
    ),
}


def named_unfit(error: errors.NamedUnfit) -> messages.Words:
    """Return the words of a refusal of named questions."""
    return messages.Words(
        _l("Questions that were asked for by name could not stand in the paper"),
        _l("These are: %(codes)s.", codes=", ".join(error.codes)),
        NAMED_BARS[error.bar],
    )


def rule(name: str) -> str:
    """Return a demand that bars a draw, as part of a sentence."""
    return str(RULES[name])


def lack(found: errors.Lack) -> str:
    """Return in words what the bank lacks."""
    if found.difficulty:
        return str(
            gettext(
                "A mean difficulty of %(difficulty)s cannot be reached with these questions; the nearest is "
                "%(nearest)s. Ask for that one, or for a larger tolerance",
                difficulty=" ± ".join(mark(Decimal(part)) for part in found.difficulty.split(" ± ")),
                nearest=mark(Decimal(found.nearest)),
            )
        )
    if found.included:
        return str(
            ngettext(
                "%(num)d question that was named for every form cannot stand in each of them",
                "%(num)d questions that were named for every form cannot stand in each of them",
                found.included,
            )
        )
    return str(
        gettext(
            "%(cell)s: all forms together need %(need)s, only %(have)s of these places can be filled; "
            "%(lacking)s more are needed",
            cell=cell(found),
            need=found.need,
            have=found.have,
            lacking=found.need - found.have,
        )
    )


def cell(found: errors.Lack) -> str:
    """Return the name of a cell, or of the whole."""
    if found.is_sealed:
        return str(gettext("a topic and level of restricted questions"))
    named = [found.topic, items.level(found.level) if found.level else "", band(found.low, found.high)]
    return " · ".join(part for part in named if part) or str(gettext("all items together"))


def band(low: str, high: str) -> str:
    """Return a band of difficulty by its bounds, as decimal texts; empty where it has none."""
    if not low and not high:
        return ""
    if not low:
        return str(gettext("difficulty below %(high)s", high=mark(Decimal(high))))
    if not high:
        return str(gettext("difficulty from %(low)s", low=mark(Decimal(low))))
    return str(
        gettext("difficulty from %(low)s to below %(high)s", low=mark(Decimal(low)), high=mark(Decimal(high)))
    )


def asked(cell: Mapping[str, Any]) -> str:
    """Return how many questions a cell of a stored blueprint asks of each form."""
    if "count" in cell:
        return str(cell["count"])
    if cell["max"] >= MOST_ITEMS:
        return str(gettext("at least %(count)s", count=cell["min"]))
    if not cell["min"]:
        return str(gettext("at most %(count)s", count=cell["max"]))
    return f"{cell['min']}–{cell['max']}"


def bands(cells: Sequence[Mapping[str, Any]]) -> str:
    """Return what a stored blueprint asks of bands of difficulty; empty where it asks for nothing."""
    named = [(band(str(cell.get("from", "")), str(cell.get("to", ""))), asked(cell)) for cell in cells]
    return "; ".join(f"{name}: {count}" for name, count in named if name)


def resting(count: int) -> str:
    """Return in words that questions were left out because they were held."""
    return str(
        ngettext(
            "%(num)d question rests because it was held too often or lately.",
            "%(num)d questions rest because they were held too often or lately.",
            count,
        )
    )
