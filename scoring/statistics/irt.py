# SPDX-License-Identifier: Apache-2.0
"""Item response models for right and wrong: 1PL (Rasch 1960) and 2PL (Birnbaum 1968).

P(right | ability t) = 1 / (1 + exp(-(a t + d))), a the slope, d the intercept, b = -d / a the difficulty, and
t standard normal among those who sat. Fitted by marginal maximum likelihood (Bock & Aitkin 1981) over
Gauss-Hermite nodes; standard errors from the observed information.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from scoring.statistics.arrays import Rows, Table, UnusableTable, table

NODES = 61
STEP = 1e-4  # of the differences by which the information is taken


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFit:
    """One item: slope, intercept and difficulty with their standard errors (0 where a value was given)."""

    discrimination: float
    intercept: float
    difficulty: float
    se_discrimination: float
    se_intercept: float
    se_difficulty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted model. `latent_variance` is the ability's where every slope is written as 1 (1PL only)."""

    items: tuple[ItemFit, ...]
    log_likelihood: float
    parameters: int
    persons: float
    converged: bool
    latent_variance: float | None = None
    se_latent_variance: float | None = None

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, by persons."""
        return self.parameters * math.log(self.persons) - 2 * self.log_likelihood


def fit_2pl(answers: Rows, weights: Sequence[float] | None = None) -> Fit:
    """Return the model with a slope for each item, of persons by items: 1, 0 or None (not seen).

    `weights` says how many people answered as each row does. Raises UnusableTable for an item that all or
    none have right: nothing can be said of it.
    """
    data = _Data.of(answers, weights)
    count = data.items
    found = _maximum(lambda at: data.likelihood(at[:count], at[count:]), data.start(slopes=count))
    slopes, intercepts = found.at[:count], found.at[count:]
    items = tuple(
        _item(slopes[one], intercepts[one], found.covariance[np.ix_([one, count + one], [one, count + one])])
        for one in range(count)
    )
    return data.fit(items, found)


def fit_rasch(answers: Rows, weights: Sequence[float] | None = None, *, slope: float | None = None) -> Fit:
    """Return the model with one slope for all items, estimated or given; arguments and errors as `fit_2pl`.

    An estimated slope a with standard normal ability is the same model as slopes of 1 with the ability's
    variance free, which is then a squared.
    """
    data = _Data.of(answers, weights)
    if slope is not None:
        return _with_slope(data, slope)
    found = _maximum(
        lambda at: _shared(data.likelihood(np.full(data.items, at[0]), at[1:]), data.items),
        data.start(slopes=1),
    )
    common = float(found.at[0])
    items = tuple(
        _item(common, found.at[1 + one], found.covariance[np.ix_([0, 1 + one], [0, 1 + one])])
        for one in range(data.items)
    )
    error = 2 * abs(common) * math.sqrt(found.covariance[0, 0])
    return data.fit(items, found, latent_variance=common**2, se_latent_variance=error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maximum:
    """Where the likelihood is largest, and the covariance of the estimates there."""

    at: Table
    covariance: Table
    value: float
    converged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Data:
    """Answers by pattern, with the nodes over which ability is integrated."""

    right: Table  # patterns × items, 0 where not seen
    seen: Table
    weights: Table
    nodes: Table
    masses: Table

    @classmethod
    def of(cls, answers: Rows, weights: Sequence[float] | None) -> "_Data":
        found = table(answers, least_columns=2)
        seen = ~np.isnan(found)
        if not np.isin(found[seen], (0.0, 1.0)).all():
            raise UnusableTable("an answer is neither right (1), wrong (0) nor missing")
        counts = np.ones(len(found)) if weights is None else np.array(weights, dtype=np.float64)
        if counts.shape != (len(found),) or not (counts >= 0).all() or not np.isfinite(counts).all():
            raise UnusableTable("each row has a weight of 0 or more")
        right = np.where(seen, found, 0.0)
        shares = counts @ right / np.maximum(counts @ seen, np.finfo(float).tiny)
        stuck = [str(one + 1) for one in np.flatnonzero((shares <= 0) | (shares >= 1))]
        if stuck:
            raise UnusableTable(f"all or none have the items {', '.join(stuck)} right")
        nodes, masses = np.polynomial.hermite_e.hermegauss(NODES)
        return cls(
            right=right,
            seen=seen.astype(np.float64),
            weights=counts,
            nodes=nodes,
            masses=masses / masses.sum(),
        )

    @property
    def items(self) -> int:
        return int(self.right.shape[1])

    def start(self, *, slopes: int) -> Table:
        shares = self.weights @ self.right / (self.weights @ self.seen)
        return np.concatenate([np.ones(slopes), special.logit(shares)])

    def likelihood(self, slopes: Table, intercepts: Table) -> tuple[float, Table]:
        """Return the log-likelihood and its gradient (slopes, then intercepts)."""
        logits = np.outer(slopes, self.nodes) + intercepts[:, None]
        by_node = self.right @ special.log_expit(logits) + (self.seen - self.right) @ special.log_expit(
            -logits
        )
        by_node += np.log(self.masses)
        marginal = special.logsumexp(by_node, axis=1)
        posterior = np.exp(by_node - marginal[:, None]) * self.weights[:, None]  # patterns × nodes
        excess = self.right.T @ posterior - (self.seen.T @ posterior) * special.expit(logits)
        gradient = np.concatenate([excess @ self.nodes, excess.sum(axis=1)])
        return float(self.weights @ marginal), gradient

    def fit(self, items: tuple[ItemFit, ...], found: _Maximum, **variance: float) -> Fit:
        return Fit(
            items=items,
            log_likelihood=found.value,
            parameters=len(found.at),
            persons=float(self.weights.sum()),
            converged=found.converged,
            **variance,
        )


def _with_slope(data: _Data, slope: float) -> Fit:
    if not slope > 0 or not math.isfinite(slope):
        raise UnusableTable("the slope is above 0")
    slopes = np.full(data.items, slope)

    def likelihood(at: Table) -> tuple[float, Table]:
        value, gradient = data.likelihood(slopes, at)
        return value, gradient[data.items :]

    found = _maximum(likelihood, data.start(slopes=0))
    items = tuple(
        _item(slope, found.at[one], np.array([[0.0, 0.0], [0.0, found.covariance[one, one]]]))
        for one in range(data.items)
    )
    return data.fit(items, found)


def _shared(likelihood: tuple[float, Table], items: int) -> tuple[float, Table]:
    """Return the likelihood with one slope for all: its gradient is the sum over the items."""
    value, gradient = likelihood
    return value, np.concatenate([[gradient[:items].sum()], gradient[items:]])


def _maximum(likelihood: Callable[[Table], tuple[float, Table]], start: Table) -> _Maximum:
    def down(at: Table) -> tuple[float, Table]:
        value, gradient = likelihood(at)
        return -value, -gradient

    done = optimize.minimize(down, start, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 2000})
    at: Table = done.x
    covariance: Table = np.linalg.pinv(information(down, at), hermitian=True).astype(np.float64)
    gradient = float(np.abs(down(at)[1]).max())
    return _Maximum(at=at, covariance=covariance, value=-float(done.fun), converged=gradient < 1e-3)


def information(down: Callable[[Table], tuple[float, Table]], at: Table) -> Table:
    """Return the observed information: the slopes of the gradient of minus the log-likelihood."""
    found = np.array([_slope_of(down, at, one) for one in range(len(at))])
    symmetric: Table = (found + found.T) / 2
    return symmetric


def _slope_of(down: Callable[[Table], tuple[float, Table]], at: Table, one: int) -> Table:
    step = np.zeros_like(at)
    step[one] = STEP
    return (down(at + step)[1] - down(at - step)[1]) / (2 * STEP)


def _item(slope: float, intercept: float, covariance: Table) -> ItemFit:
    """Return the item with the error of its difficulty by the delta method."""
    slope, intercept = float(slope), float(intercept)
    towards = np.array([intercept / slope**2, -1 / slope])
    return ItemFit(
        discrimination=slope,
        intercept=intercept,
        difficulty=-intercept / slope,
        se_discrimination=math.sqrt(max(float(covariance[0, 0]), 0.0)),
        se_intercept=math.sqrt(max(float(covariance[1, 1]), 0.0)),
        se_difficulty=math.sqrt(max(float(towards @ covariance @ towards), 0.0)),
    )
