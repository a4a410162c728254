# SPDX-License-Identifier: Apache-2.0
"""How far the ballots of a council agree, as a document of plain decimals that names nobody.

`python -m scoring.statistics.councils` reads the ballots of each hearing from standard input and writes what
they say about each other: a portal runs it as a child, and never loads numpy itself.

What needs no names is told of every ballot: Krippendorff's alpha, the one-way ICC(1) and a decision study of
members nested in hearings (r : p). What compares members (ICC(2), ICC(3), Kendall's W, a crossed G study)
needs to know which ballots of several hearings are one member's, and so is told of named ballots only.

Below `NEEDED` hearings nothing is told. With seven members, an agreement of 0.7 and an interval of 0.3 in all
at 95 in 100, Bonett (2002) asks for 20.8 hearings: 8 z² (1 - r)² (1 + (k - 1) r)² / (k (k - 1) w²) + 1.
Of one member a figure is told from `NEEDED_OF_A_MEMBER` hearings on, as of a marker.
"""

import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

import numpy as np

from scoring.statistics import agreement, facets, generalizability, planning, severity
from scoring.statistics.agreement import Level
from scoring.statistics.arrays import UnusableTable

SCHEMA = "exam-portal/council-agreement/1"
NEEDED = 21  # hearings
NEEDED_OF_A_MEMBER = 30
LEAST_MEMBERS = 3  # Koo & Li 2016
MOST_ERROR = 1.0  # logits: with a wider error a severity says nothing, and the model has no bound to it
MOST_MEMBERS = 12  # that a plan is told for
MEMORY = 1 << 30  # bytes of address space for the child
Json = dict[str, Any]
Ballots = Mapping[str, float]


def agree(document: Mapping[str, Any]) -> Json:
    """Return the agreement of `views` (key, is_named, step, hearings: the marks of each by who gave them)."""
    found = [_view(view) for view in document["views"]]
    return {"schema": SCHEMA, "needed": NEEDED, "of_a_member": NEEDED_OF_A_MEMBER, "views": found}


def _view(view: Mapping[str, Any]) -> Json:
    hearings = [{voter: float(mark) for voter, mark in one.items()} for one in view["hearings"]]
    enough = len(hearings) >= NEEDED
    return {
        "key": view["key"],
        "hearings": len(hearings),
        "unnamed": _unnamed(hearings) if enough else None,
        "crossed": _crossed(hearings) if enough and view["is_named"] else None,
        "members": _members(hearings, float(view["step"])) if enough and view["is_named"] else [],
    }


def _unnamed(hearings: Sequence[Ballots]) -> Json:
    """Return what needs no names; one-way figures of the hearings with the most usual number of ballots."""
    usual, _ = max(Counter(len(one) for one in hearings).items(), key=lambda each: (each[1], each[0]))
    table = [list(one.values()) for one in hearings if len(one) == usual]
    most = max(len(one) for one in hearings)
    padded = np.array([[*one.values(), *[np.nan] * (most - len(one))] for one in hearings]).T
    plan = planning.plan_markers(table) if len(table) >= NEEDED else None
    one_way = agreement.icc(table) if len(table) >= NEEDED else None
    return {
        "ballots": usual,
        "hearings": len(table),
        "alpha": _text(agreement.krippendorff_alpha(padded.tolist(), Level.INTERVAL)),
        "icc1": _text(one_way.icc1 if one_way else None),
        "icc1k": _text(one_way.icc1k if one_way else None),
        "sd": _text(fmean(stdev(one.values()) for one in hearings)),
        "coefficients": _nested(plan),
        "plan": plan.needed if plan else None,
    }


def _nested(plan: planning.Plan | None) -> list[str | None]:
    if plan is None:
        return []
    counts = range(1, MOST_MEMBERS + 1)
    return [_text(plan.between / (plan.between + plan.within / count)) for count in counts]


def _crossed(hearings: Sequence[Ballots]) -> Json | None:
    """Return what compares members: of those who voted on everybody; None where they are too few."""
    members = sorted(set.intersection(*(set(one) for one in hearings)), key=_order)
    if len(members) < LEAST_MEMBERS:
        return None
    table = [[one[member] for member in members] for one in hearings]
    found, concord = agreement.icc(table), agreement.kendall_w(list(map(list, zip(*table, strict=True))))
    study = generalizability.g_study(table)
    planned = [generalizability.d_study(study, {"i": count}) for count in range(1, MOST_MEMBERS + 1)]
    return {
        "members": len(members),
        **{name: _text(getattr(found, name)) for name in ("icc2", "icc2k", "icc3", "icc3k")},
        "w": _text(concord.w if concord else None),
        "p": _text(concord.p if concord else None),
        "relative": [_text(one.relative) for one in planned],
        "absolute": [_text(one.absolute) for one in planned],
    }


def _members(hearings: Sequence[Ballots], step: float) -> list[Json]:
    """Return of each member how much more he or she gives than the others to the same candidates."""
    apart: dict[str, list[float]] = {}
    for one in hearings:
        for member, mark in one.items():
            apart.setdefault(member, []).append(mark - fmean(one[other] for other in one if other != member))
    severities = _severities(hearings)
    return [
        _member(member, apart[member], step, severities.get(member)) for member in sorted(apart, key=_order)
    ]


def _member(member: str, apart: Sequence[float], step: float, modelled: tuple[float, float] | None) -> Json:
    if len(apart) < NEEDED_OF_A_MEMBER:
        return {"member": member, "hearings": len(apart), "deviation": None, "severity": None}
    found = severity.deviation(apart, step=step)
    told = {name: _text(getattr(found, name)) for name in ("mean", "low", "high", "z")}
    modelled_ = None if modelled is None else {"value": _text(modelled[0]), "error": _text(modelled[1])}
    return {"member": member, "hearings": len(apart), "deviation": told, "severity": modelled_}


def _severities(hearings: Sequence[Ballots]) -> dict[str, tuple[float, float]]:
    """Return severities and errors by the many-facet Rasch model; nothing where it does not fit."""
    members = set().union(*hearings)
    if len(hearings) < NEEDED_OF_A_MEMBER or len(members) < LEAST_MEMBERS or not _is_connected(hearings):
        return {}
    rows = [(number, member, mark) for number, one in enumerate(hearings) for member, mark in one.items()]
    bands = severity.in_bands(np.array([[mark] for _, _, mark in rows]))
    ratings = [
        facets.Rating(person=str(number), item="", rater=member, score=int(band[0]))
        for (number, member, _), band in zip(rows, bands, strict=True)
    ]
    try:
        fit = facets.fit_facets(ratings)
    except (UnusableTable, np.linalg.LinAlgError):
        return {}
    if not fit.converged or not all(0 < one < MOST_ERROR for one in fit.se_severities.values()):
        return {}
    return {member: (value, fit.se_severities[member]) for member, value in fit.severities.items()}


def _is_connected(hearings: Sequence[Ballots]) -> bool:
    """Return whether hearings in common lead from each member to each other one."""
    groups: list[set[str]] = []
    for one in hearings:
        joined = set(one).union(*(group for group in groups if group & set(one)))
        groups = [group for group in groups if not group & set(one)] + [joined]
    return len(groups) == 1


def _order(member: str) -> tuple[int, str]:
    return len(member), member


def _text(value: float | None) -> str | None:
    return None if value is None else format(value, ".4f")


def main() -> None:
    """Standard input to standard output, in a bounded address space and at low priority."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(10)
    json.dump(agree(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
