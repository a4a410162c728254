# SPDX-License-Identifier: Apache-2.0
"""Generalizability (Brennan 2001): how much of the spread of scores is the persons', for crossed designs.

Persons are crossed with one facet (p × i) or with two (p × i × o), every cell filled once. The components of
variance come from the expected mean squares; a negative one counts as 0 and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scoring.statistics.arrays import Rows, Table, UnusableTable, whole

PERSON = "p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect of the design, by the letters of its facets: `t` is the uncorrected sum of squares."""

    t: float
    ss: float
    freedom: int
    ms: float
    variance: float
    was_negative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """For decisions that compare persons (`relative`, E rho²) and against a cut (`absolute`, phi)."""

    relative: float | None
    absolute: float | None
    relative_error: float
    absolute_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The effects of a design and the number of conditions of each facet."""

    sizes: Mapping[str, int]
    effects: Mapping[str, Effect]


def g_study(scores: Rows | Sequence[Rows]) -> Study:
    """Return the study of persons by items (p × i), or of such a table for each occasion (p × i × o)."""
    cube = _cube(scores)
    letters = "pio"[: cube.ndim]
    sizes = dict(zip(letters, cube.shape, strict=True))
    names = ["".join(one) for size in range(1, cube.ndim + 1) for one in combinations(letters, size)]
    totals = {name: _uncorrected(cube, name, letters) for name in names}
    whole_mean = float(cube.mean()) ** 2 * cube.size
    squares: dict[str, float] = {}
    for name in names:
        inner = [other for other in squares if set(other) < set(name)]
        squares[name] = totals[name] - whole_mean - sum(squares[other] for other in inner)
    freedom = {name: int(np.prod([sizes[letter] - 1 for letter in name])) for name in names}
    means = {name: squares[name] / freedom[name] for name in names}
    effects = {
        name: _effect(name, totals[name], squares[name], freedom[name], means, sizes) for name in names
    }
    return Study(sizes=sizes, effects=effects)


def d_study(study: Study, sizes: Mapping[str, int] | None = None) -> Coefficients:
    """Return the coefficients for so many conditions of each facet (those of the study when not given)."""
    planned = {**study.sizes, **(sizes or {})}
    if planned.keys() != study.sizes.keys() or any(one < 1 for one in planned.values()):
        raise UnusableTable(f"a number of conditions for {', '.join(sorted(set(study.sizes) - {PERSON}))}")
    parts = {
        name: effect.variance / np.prod([planned[letter] for letter in name if letter != PERSON])
        for name, effect in study.effects.items()
        if name != PERSON
    }
    person = study.effects[PERSON].variance
    relative = float(sum(part for name, part in parts.items() if PERSON in name))
    absolute = float(sum(parts.values()))
    return Coefficients(
        relative=person / (person + relative) if person + relative else None,
        absolute=person / (person + absolute) if person + absolute else None,
        relative_error=relative,
        absolute_error=absolute,
    )


def _cube(scores: Rows | Sequence[Rows]) -> Table:
    if scores and scores[0] and isinstance(scores[0][0], Sequence):
        layers = [whole(layer, least_columns=2) for layer in scores]  # type: ignore[arg-type]
        if len(layers) < 2 or len({layer.shape for layer in layers}) > 1:
            raise UnusableTable("two occasions or more, each with the same persons and items")
        return np.stack(layers, axis=2)
    return whole(scores, least_columns=2)  # type: ignore[arg-type]


def _uncorrected(cube: Table, name: str, letters: str) -> float:
    away = tuple(axis for axis, letter in enumerate(letters) if letter not in name)
    means = cube.mean(axis=away)
    return float((means**2).sum()) * float(cube.size / means.size)


def _effect(
    name: str, total: float, ss: float, freedom: int, means: Mapping[str, float], sizes: Mapping[str, int]
) -> Effect:
    """Return the effect; its component is its mean square without those of the effects that hold it."""
    outer = [letter for letter in sizes if letter not in name]
    signed = sum(
        (-1) ** size * means["".join(sorted(name + "".join(more), key="pio".index))]
        for size in range(len(outer) + 1)
        for more in combinations(outer, size)
    )
    found = signed / float(np.prod([sizes[letter] for letter in outer]))
    return Effect(
        t=total, ss=ss, freedom=freedom, ms=means[name], variance=max(found, 0.0), was_negative=found < 0
    )
