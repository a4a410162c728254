# SPDX-License-Identifier: Apache-2.0
"""How severe each marker is, and whether that changed while the marking ran, from scripts marked twice.

Severity: the many-facet Rasch model (`facets`), with the marks put into at most ten bands that hold about as
many marks each, where every marker is connected with every other through scripts in common; it is told from
the middle (the median) of the markers. Otherwise the mean difference from whoever else marked the script.

Drift: the difference of two marks of a script is the severities of the two and where each stood in his or her
own order; least squares tell by how much each marker's marks moved from the first script to the last, beside
the middle of the markers. Two markers alone cannot be told apart: both drift, with opposite signs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from scoring.statistics import facets, sampling
from scoring.statistics.arrays import Table, UnusableTable
from scoring.statistics.double_marks import Given, Pair

BANDS = 10
MODELLED = 2_000  # scripts: more make the model hardly finer, and cost minutes (which ones: `sampling`)
MEDIAN_VARIANCE = math.pi / 2  # of a median, in variances of a mean
FLAGGED = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """How much higher a marker's marks are than those of the others on the same scripts."""

    pairs: int
    mean: float
    low: float
    high: float
    sd: float
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """How severe a marker is, in logits from the middle of the markers (above 0: more severe)."""

    value: float
    error: float
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """By how much a marker's marks rose from the first script to the last, severity apart."""

    change: float
    error: float
    z: float


def by_marker(pairs: Sequence[Pair]) -> dict[str, list[tuple[Given, Given]]]:
    """Return each marker's marks with the other mark of the same script, in his or her own order."""
    found: dict[str, list[tuple[Given, Given]]] = {}
    for pair in pairs:
        found.setdefault(pair.first.marker, []).append((pair.first, pair.second))
        found.setdefault(pair.second.marker, []).append((pair.second, pair.first))
    return {marker: sorted(rows, key=lambda row: row[0].place) for marker, rows in sorted(found.items())}


def groups(pairs: Sequence[Pair]) -> list[frozenset[str]]:
    """Return the markers in groups, within which scripts in common lead from each to each."""
    of: dict[str, set[str]] = {}
    for pair in pairs:
        joined = of.get(pair.first.marker, {pair.first.marker}) | of.get(
            pair.second.marker, {pair.second.marker}
        )
        of.update(dict.fromkeys(joined, joined))
    return sorted({frozenset(one) for one in of.values()}, key=sorted)


def deviation(differences: Sequence[float], *, step: float) -> Deviation:
    """Return the mean of one marker's differences with its interval (95 in 100); two at least.

    Marks lie on steps, so a difference is never surer than a step: its rounding counts as variance.
    """
    found = np.array(differences, dtype=np.float64)
    count, mean, sd = len(found), float(found.mean()), float(found.std(ddof=1))
    error = math.sqrt((sd**2 + _rounding(step)) / count)
    reach = float(stats.t.isf(0.025, count - 1)) * error
    return Deviation(pairs=count, mean=mean, low=mean - reach, high=mean + reach, sd=sd, z=mean / error)


def severities(pairs: Sequence[Pair]) -> dict[str, Severity] | None:
    """Return the severities by the many-facet Rasch model; None where it does not fit or is not connected."""
    if len(groups(pairs)) != 1:
        return None
    chosen = sampling.sample(pairs, MODELLED)
    banded = in_bands(np.array([[one.first.value, one.second.value] for one in chosen]))
    ratings = [
        facets.Rating(person=str(number), item="", rater=given.marker, score=int(band))
        for number, (pair, row) in enumerate(zip(chosen, banded, strict=True))
        for given, band in zip((pair.first, pair.second), row, strict=True)
    ]
    try:
        fit = facets.fit_facets(ratings)
    except (UnusableTable, np.linalg.LinAlgError):
        return None
    errors = list(fit.se_severities.values())
    if not fit.converged or not all(0 < one < math.inf for one in errors):
        return None
    middle = float(np.median(list(fit.severities.values())))
    of_middle = MEDIAN_VARIANCE * float(np.median(errors)) ** 2 / len(errors)
    found = {}
    for marker, value in fit.severities.items():
        error = math.sqrt(fit.se_severities[marker] ** 2 + of_middle)
        found[marker] = Severity(value=value - middle, error=error, z=(value - middle) / error)
    return found


def drifts(pairs: Sequence[Pair], *, step: float) -> dict[str, Drift]:
    """Return each marker's drift, told from the middle of those connected with him or her.

    What all drift in common no pair can tell: everybody marks the same scripts at about the same time.
    """
    design, markers = _design(pairs), list(by_marker(pairs))
    size, together = len(markers), groups(pairs)
    for group in together:
        columns = [size + markers.index(one) for one in group]
        design[:, columns] -= design[:, columns].mean(axis=1, keepdims=True)
    differences = np.array([pair.difference for pair in pairs])
    left = len(pairs) - int(np.linalg.matrix_rank(design))
    if left < 1:
        return {}
    inverse: Table = np.linalg.pinv(design.T @ design, rcond=1e-9, hermitian=True).astype(np.float64)
    found = inverse @ (design.T @ differences)
    residual = float(((differences - design @ found) ** 2).sum()) / left + _rounding(step)
    errors = np.sqrt(residual * np.maximum(np.diag(inverse), 0))
    told = {}
    for group in together:
        own = {one: size + markers.index(one) for one in sorted(group)}
        middle = float(np.median([found[place] for place in own.values()]))
        of_middle = MEDIAN_VARIANCE * float(np.median([errors[place] for place in own.values()])) ** 2
        for marker, place in own.items():
            error = math.sqrt(float(errors[place]) ** 2 + of_middle / len(group))
            if errors[place] > 1e-9:
                change = float(found[place]) - middle
                told[marker] = Drift(change=change, error=error, z=change / error)
    return told


def _design(pairs: Sequence[Pair]) -> Table:
    """Return pairs by the severities of the markers, and then by their drifts."""
    rows = by_marker(pairs)
    markers = {marker: number for number, marker in enumerate(rows)}
    places = {marker: _places(own) for marker, own in rows.items()}
    design = np.zeros((len(pairs), 2 * len(markers)))
    for number, pair in enumerate(pairs):
        for given, sign in ((pair.first, 1.0), (pair.second, -1.0)):
            design[number, markers[given.marker]] = sign
            design[number, len(markers) + markers[given.marker]] = sign * places[given.marker][given.place]
    return design


def fifths(rows: Sequence[tuple[Given, Given]]) -> list[float]:
    """Return the mean difference from the others in each fifth of a marker's own order."""
    differences = np.array([own.value - other.value for own, other in rows])
    return [float(part.mean()) for part in np.array_split(differences, 5) if len(part)]


def _places(own: Sequence[tuple[Given, Given]]) -> Mapping[int, float]:
    """Return each place of a marker's order as a share of it, from -1/2 to 1/2."""
    first, last = own[0][0].place, own[-1][0].place
    span = max(last - first, 1)
    return {given.place: (given.place - first) / span - 0.5 for given, _ in own}


def in_bands(values: Table) -> Table:
    """Return the marks as bands 0, 1, 2 … none of which is empty."""
    edges = np.unique(np.quantile(values, np.arange(1, BANDS) / BANDS, method="nearest"))
    placed = np.searchsorted(edges, values.ravel(), side="right")
    bands: Table = np.unique(placed, return_inverse=True)[1].reshape(values.shape).astype(np.float64)
    return bands


def _rounding(step: float) -> float:
    return step**2 / 6  # of a difference of two values, each rounded to the step
