# SPDX-License-Identifier: Apache-2.0
"""Many-facet Rasch model (Linacre 1989): how severe each rater is, apart from how hard each item is.

Of a score x of 0 … m the model says: log P(x) / P(x - 1) = t - b - r - s(x), with t the person's ability, b
the item's difficulty, r the rater's severity (their sum is 0) and s the steps of the scale (their sum is 0).
Marginal maximum likelihood takes t from a normal distribution and is consistent. Joint maximum likelihood
estimates every t, leaves out persons with the lowest or highest score of all, and overstates differences by
about L / (L - 1) with L scores a person: it is here to be compared with programs that use it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from scoring.statistics.arrays import Table, UnusableTable
from scoring.statistics.irt import NODES, information

MOST_SCORE = 100
_Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One score: a whole number from 0, that this rater gave this person on this item."""

    person: str
    item: str
    rater: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Difficulties, severities and steps in logits. The errors are empty where the method gives none."""

    difficulties: Mapping[str, float]
    severities: Mapping[str, float]
    steps: tuple[float, ...]
    se_difficulties: Mapping[str, float]
    se_severities: Mapping[str, float]
    ability_sd: float
    persons: int
    log_likelihood: float
    converged: bool


def fit_facets(ratings: Sequence[Rating]) -> Facets:
    """Return the model by marginal maximum likelihood; raises UnusableTable where it cannot be fitted."""
    data = _Data.of(ratings)
    nodes, masses = np.polynomial.hermite_e.hermegauss(NODES)
    weights = np.log(masses / masses.sum())

    def down(at: Table) -> tuple[float, Table]:
        value, gradient = _marginal(data, at, nodes, weights)
        return -value, -gradient

    done = optimize.minimize(
        down, data.start(), jac=True, method="BFGS", options={"gtol": 1e-5, "maxiter": 2000}
    )
    found = data.parts(done.x[:-1])
    spread: Table = np.linalg.pinv(information(down, done.x), hermitian=True).astype(np.float64)
    errors = data.errors(spread[:-1, :-1])
    return Facets(
        difficulties=dict(zip(data.items, found.difficulties.tolist(), strict=True)),
        severities=dict(zip(data.raters, found.severities.tolist(), strict=True)),
        steps=tuple(found.steps.tolist()),
        se_difficulties=dict(zip(data.items, errors[0].tolist(), strict=True)),
        se_severities=dict(zip(data.raters, errors[1].tolist(), strict=True)),
        ability_sd=math.exp(float(done.x[-1])),
        persons=data.persons,
        log_likelihood=-float(done.fun),
        converged=float(np.abs(down(done.x)[1]).max()) < 1e-2,
    )


def fit_facets_jointly(ratings: Sequence[Rating]) -> Facets:
    """Return the model by joint maximum likelihood, difficulties centred at 0; errors as `fit_facets`."""
    kept = _without_extremes(ratings)
    data = _Data.of(kept)
    people = data.persons

    def down(at: Table) -> tuple[float, Table]:
        own, by_eta, chances = _likelihood(data, at[people:], at[:people][data.person][:, None])
        by_step = _by_step(data, chances, np.ones_like(own))
        gradient = [np.bincount(data.person, by_eta[:, 0], people), data.gradient(by_eta[:, 0], by_step)]
        return -float(own.sum()), -np.concatenate(gradient)

    start = np.concatenate([np.zeros(people), data.start()[:-1]])
    limits = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-14, "gtol": 1e-7}
    done = optimize.minimize(down, start, jac=True, method="L-BFGS-B", options=limits)
    found = data.parts(done.x[people:])
    middle = float(found.difficulties.mean())
    return Facets(
        difficulties=dict(zip(data.items, (found.difficulties - middle).tolist(), strict=True)),
        severities=dict(zip(data.raters, found.severities.tolist(), strict=True)),
        steps=tuple(found.steps.tolist()),
        se_difficulties={},
        se_severities={},
        ability_sd=float(np.std(done.x[:people], ddof=1)) if people > 1 else 0.0,
        persons=people,
        log_likelihood=-float(done.fun),
        converged=float(np.abs(down(done.x)[1]).max()) < 1e-2,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    difficulties: Table
    severities: Table
    steps: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Data:
    """The ratings as numbers; parameters in the order of items, raters but the last, steps but the last."""

    person: _Places
    item: _Places
    rater: _Places
    score: _Places
    persons: int
    items: tuple[str, ...]
    raters: tuple[str, ...]
    most: int

    @classmethod
    def of(cls, ratings: Sequence[Rating]) -> "_Data":
        if not ratings or any(not 0 <= one.score <= MOST_SCORE for one in ratings):
            raise UnusableTable(f"scores from 0 to {MOST_SCORE}, one at least")
        persons, items, raters = (sorted({getattr(one, name) for one in ratings}) for name in _FACETS)
        most = max(one.score for one in ratings)
        if unused := set(range(most + 1)) - {one.score for one in ratings}:
            raise UnusableTable(f"no score is {', '.join(map(str, sorted(unused)))}: join them to others")
        _refuse_stuck(ratings, most)
        places = ({name: place for place, name in enumerate(names)} for names in (persons, items, raters))
        by_person, by_item, by_rater = places
        return cls(
            person=np.array([by_person[one.person] for one in ratings], dtype=np.intp),
            item=np.array([by_item[one.item] for one in ratings], dtype=np.intp),
            rater=np.array([by_rater[one.rater] for one in ratings], dtype=np.intp),
            score=np.array([one.score for one in ratings], dtype=np.intp),
            persons=len(persons),
            items=tuple(items),
            raters=tuple(raters),
            most=most,
        )

    def start(self) -> Table:
        """Return nought for all, and a spread of 1 (its logarithm comes last)."""
        return np.zeros(len(self.items) + len(self.raters) - 1 + self.most - 1 + 1)

    def parts(self, at: Table) -> _Parts:
        items, raters = len(self.items), len(self.items) + len(self.raters) - 1
        return _Parts(
            difficulties=at[:items], severities=_centred(at[items:raters]), steps=_centred(at[raters:])
        )

    def gradient(self, by_eta: Table, by_step: Table) -> Table:
        """Return the gradient by parameter from that by the logit of each rating and by each step."""
        of_items = -np.bincount(self.item, by_eta, len(self.items))
        of_raters = -np.bincount(self.rater, by_eta, len(self.raters))
        return np.concatenate([of_items, of_raters[:-1] - of_raters[-1], by_step[:-1] - by_step[-1]])

    def errors(self, covariance: Table) -> tuple[Table, Table]:
        """Return the errors of items and raters; the last rater is minus the sum of the others."""
        items, raters = len(self.items), len(self.items) + len(self.raters) - 1
        among = covariance[items:raters, items:raters]
        variances = [np.diag(covariance)[:items], np.append(np.diag(among), among.sum())]
        return np.sqrt(np.maximum(variances[0], 0)), np.sqrt(np.maximum(variances[1], 0))


_FACETS = ("person", "item", "rater")


def _centred(free: Table) -> Table:
    return np.append(free, -free.sum())


def _marginal(data: _Data, at: Table, nodes: Table, weights: Table) -> tuple[float, Table]:
    """Return the marginal log-likelihood and its gradient; the last parameter is log of the ability's sd."""
    sd = math.exp(float(at[-1]))
    own, by_eta, chances = _likelihood(data, at[:-1], sd * nodes[None, :])
    by_person = np.zeros((data.persons, len(nodes)))
    np.add.at(by_person, data.person, own)
    by_person += weights
    marginal = special.logsumexp(by_person, axis=1)
    posterior = np.exp(by_person - marginal[:, None])[data.person]
    excess = by_eta * posterior
    of_sd = float((excess @ nodes).sum()) * sd
    by_step = _by_step(data, chances, posterior)
    return float(marginal.sum()), np.append(data.gradient(excess.sum(axis=1), by_step), of_sd)


def _likelihood(data: _Data, at: Table, abilities: Table) -> tuple[Table, Table, Table]:
    """Return, by rating and ability, the log-likelihood, its slope by the logit, and each score's chance."""
    logs = _logs(data, at, abilities)
    own: Table = np.take_along_axis(logs, data.score[:, None, None], axis=2)[:, :, 0]
    chances = np.exp(logs)
    by_eta: Table = data.score[:, None] - chances @ np.arange(data.most + 1.0)
    return own, by_eta, chances


def _by_step(data: _Data, chances: Table, weights: Table) -> Table:
    """Return the slope by each step: the scores that should reach it, less those that do."""
    should = (chances * weights[:, :, None]).sum(axis=(0, 1))
    do = np.bincount(data.score, weights.sum(axis=1), data.most + 1)
    reached: Table = np.cumsum((should - do)[::-1])[::-1][1:]
    return reached


def _logs(data: _Data, at: Table, abilities: Table) -> Table:
    """Return the log of the chance of each score: ratings × abilities × scores."""
    parts = data.parts(at)
    eta = abilities - (parts.difficulties[data.item] + parts.severities[data.rater])[:, None]
    heights = np.append(0.0, np.cumsum(parts.steps))
    logs: Table = special.log_softmax(eta[:, :, None] * np.arange(data.most + 1) - heights, axis=2)
    return logs


def _refuse_stuck(ratings: Sequence[Rating], most: int) -> None:
    """Refuse an item or a rater all of whose scores are the lowest or the highest: it lies at infinity."""
    for name in ("item", "rater"):
        scores: dict[str, set[int]] = {}
        for one in ratings:
            scores.setdefault(getattr(one, name), set()).add(one.score)
        stuck = sorted(place for place, given in scores.items() if given in ({0}, {most}))
        if stuck or not most:
            raise UnusableTable(f"all scores are the lowest, or the highest, of {name} {', '.join(stuck)}")


def _without_extremes(ratings: Sequence[Rating]) -> list[Rating]:
    most = max((one.score for one in ratings), default=0)
    scores: dict[str, list[int]] = {}
    for one in ratings:
        scores.setdefault(one.person, []).append(one.score)
    between = {person for person, given in scores.items() if 0 < sum(given) < most * len(given)}
    return [one for one in ratings if one.person in between]
