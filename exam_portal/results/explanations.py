# SPDX-License-Identifier: Apache-2.0
"""How a mark, a total or a rank came about, in the reader's words: one sentence for each step."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.web.filters import mark

Step: TypeAlias = Mapping[str, Any]
Titles: TypeAlias = Mapping[str, str]

FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?")

OUTCOMES = {
    "selected": (_l("Selected"), "published"),
    "reserve": (_l("Reserve list"), "progress"),
    "passed": (_l("Passed, not selected"), "neutral"),
    "failed": (_l("Not passed"), "refused"),
    "absent": (_l("Absent"), "neutral"),
    "withdrawn": (_l("Withdrew"), "neutral"),
    "disqualified": (_l("Disqualified"), "refused"),
    "pending": (_l("Not decided yet"), "attention"),
}

SENTENCES = {
    "test_score": _l("%(value)s of %(most)s points of the test make %(result)s."),
    "neutralised_redistribute": _l(
        "Question %(values)s was neutralised: its points are spread over the other questions in proportion."
    ),
    "neutralised_full_credit": _l(
        "Question %(values)s was neutralised: everybody whose paper holds it is given its points."
    ),
    "neutralised_zero_weight": _l(
        "Question %(values)s was neutralised: nobody is given its points, and the most points stay."
    ),
    "correction_undone": _l("A correction of question %(values)s was undone; it counts as it was sealed."),
    "key_changed": _l("The key of question %(values)s was changed after the test; the answer counts by it."),
    "weighted_total": _l("Weighted: %(sum)s = %(result)s."),
    "single_mark": _l("One marker gave %(values)s: the mark is %(result)s."),
    "mean_of_two": _l("The mean of the two marks %(values)s is %(result)s."),
    "mean_of_three": _l("The mean of the three marks %(values)s is %(result)s."),
    "third_decides": _l("The marks %(first)s differ too much; the third mark decides: %(result)s."),
    "closest_two": _l("Of the three marks %(values)s the two closest count; their mean is %(result)s."),
    "median_of_three": _l("The middle one of the three marks %(values)s counts: %(result)s."),
    "two_agree": _l("Of the three marks %(values)s two agree: %(result)s."),
    "chair_decides": _l("The marks %(first)s differ too much; the chair decided: %(result)s."),
    "remark_two_agree": _l("Review: of the marks %(values)s two agree; the mark is now %(result)s."),
    "remark_mean_of_three": _l("Review: the mean of the three marks %(values)s; the mark is now %(result)s."),
    "remark_single": _l("Review: marked again with %(values)s; the mark is now %(result)s."),
    "remark_review_only": _l("Review: the marking was checked; the mark is %(result)s."),
    "remark_tolerance": _l("Review: before and after stand %(values)s; the mark is %(result)s."),
    "mean_of_ballots": _l("The mean of the %(count)s valid ballots %(values)s is %(result)s."),
    "trimmed_mean_of_ballots": _l(
        "The mean of the ballots %(values)s, highest and lowest left aside, is %(result)s."
    ),
    "median_of_ballots": _l("The middle of the ballots %(values)s is %(result)s."),
    "panel_keep": _l("The council let the deviating ballots stand (minute %(values)s)."),
    "panel_exclude": _l("The council left one ballot out of the count (minute %(values)s)."),
    "panel_remark": _l("The council marked again; its new ballots count (minute %(values)s)."),
    "third_mark_not_needed": _l("A third mark (%(values)s) was not called for and is left aside."),
    "ballots_repeated": _l(
        "These ballots were given again and count in place of the earlier ones (No. %(values)s)."
    ),
    "deviation_flagged": _l("The ballots lie further apart than the rules expect (%(values)s)."),
    "sanction_reprimand": _l(
        "A reprimand in this part takes %(most)s %% of %(value)s: the mark is %(result)s."
    ),
    "sanction_warning": _l("A warning in this part takes %(most)s %% of %(value)s: the mark is %(result)s."),
    "preference_points": _l("With preference points %(values)s the total is %(result)s."),
}


def sentence(step: Step, *, is_vote: bool = False, is_per_cent: bool = False) -> str:
    """Return what one step of the arithmetic did; ``is_per_cent``: of a vote whose figure is a percentage."""
    if is_vote and step["code"] == "mean_of_ballots":
        return _confidence(step, is_per_cent=is_per_cent)
    code, values = step["code"], [_figure(one) for one in step["values"]]
    words = SENTENCES.get(code)
    if words is None:
        return f"{code}: {_list(values)}"
    return str(words) % {
        "values": _list(values),
        "first": _list(values[:2]),
        "value": values[0] if values else "",
        "most": values[-1] if values else "",
        "count": len(values),
        "sum": _weighted(step),
        "result": mark(step["result"]),
    }


def _confidence(step: Step, *, is_per_cent: bool) -> str:
    """Return how many had confidence, of those whose ballot is valid."""
    facts = {
        "given": sum(Decimal(value) > 0 for value in step["values"]),
        "count": len(step["values"]),
        "result": mark(step["result"]),
    }
    if is_per_cent:
        return str(gettext("%(given)s of %(count)s valid ballots say confidence: %(result)s %%.", **facts))
    return str(
        gettext(
            "%(given)s of %(count)s valid ballots say confidence: %(result)s on the scale of the rules.",
            **facts,
        )
    )


def tie_words(rule: str | None, titles: Titles) -> str:
    """Return by which rule equal totals were separated; empty where they were not."""
    if not rule:
        return ""
    kind, _, name = rule.partition(":")
    if kind == "part":
        return str(gettext("Equal totals: separated by the part “%(part)s”.", part=titles.get(name, name)))
    if kind == "rubric":
        title = titles.get(name, name)
        return str(gettext("Equal totals: separated by the criterion “%(name)s”.", name=title))
    return str(gettext("Equal totals: ordered by the decision of the authority."))


def pending_words(lack: Mapping[str, Any], titles: Titles) -> str:
    """Return what is lacking, in the words of who has to act."""
    facts = {
        "candidate": lack.get("candidate", ""),
        "part": titles.get(lack.get("part", ""), lack.get("part", "")),
        "candidates": _list(lack.get("candidates", ())),
        "difference": mark(lack.get("difference")),
        "total": mark(lack.get("total")),
        "remaining": lack.get("remaining", ""),
        "minimum": lack.get("minimum", ""),
        "needed": lack.get("needed", ""),
        "valid": lack.get("valid", ""),
        "returned": lack.get("returned", ""),
    }
    return str(_PENDING[lack["code"]]) % facts


def overtaken_words(numbers: Sequence[str]) -> str:
    """Return which decisions to go on do not count any more, and why."""
    return str(
        gettext(
            "Decision No. %(numbers)s does not count any more: candidates were lost, or a gate was decided, "
            "after it was recorded.",
            numbers=", ".join(numbers),
        )
    )


_PENDING: Mapping[str, str] = {
    "marks_missing": _l("%(candidate)s has no complete mark in “%(part)s” yet."),
    "third_mark_required": _l(
        "%(candidate)s: the marks in “%(part)s” differ by %(difference)s; a third mark decides."
    ),
    "chair_mark_required": _l(
        "%(candidate)s: the marks in “%(part)s” differ by %(difference)s; the chair settles the mark."
    ),
    "quorum_missing": _l(
        "%(candidate)s: %(valid)s valid of %(returned)s ballots in “%(part)s”, but %(needed)s are needed."
    ),
    "panel_must_meet": _l("%(candidate)s: the ballots in “%(part)s” deviate; the council meets and decides."),
    "min_candidates": _l(
        "%(remaining)s left, at least %(minimum)s are asked for: the council decides whether to go on."
    ),
    "tie_decision_required": _l(
        "%(candidates)s have the same total %(total)s and the places end between them: the authority decides."
    ),
}

RESOLVED_BY: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], dict[str, str]]]] = {
    "marks_missing": ("", lambda _lack: {}),
    "third_mark_required": ("marking.board", lambda _lack: {}),
    "chair_mark_required": ("competitions.record_decision", lambda _lack: {"kind": "chair_mark"}),
    "quorum_missing": ("interviews.index", lambda _lack: {}),
    "panel_must_meet": ("competitions.record_decision", lambda _lack: {"kind": "panel_keep"}),
    "min_candidates": ("competitions.record_decision", lambda _lack: {"kind": "proceed"}),
    "tie_decision_required": ("competitions.record_decision", lambda _lack: {"kind": "tie"}),
}


def _figure(value: str) -> str:
    """Return a figure with the reader's decimal sign; the number of a minute as it is."""
    return mark(value) if FIGURE.fullmatch(value) else value


def _list(values: Sequence[str]) -> str:
    """Return figures one after the other; a semicolon, since the decimal sign is a comma."""
    return "; ".join(values)


def _weighted(step: Step) -> str:
    pairs = zip(step["values"], step.get("weights", ()), strict=False)
    return " + ".join(f"{mark(value)} × {mark(weight)}" for value, weight in pairs)
