# SPDX-License-Identifier: Apache-2.0
"""Questions that a board asks for by name: each is in a form, or the draw is refused and names it."""

from collections.abc import Collection, Iterator

from exam_portal.papers import errors
from exam_portal.papers.asked import Asked, holds
from exam_portal.papers.errors import NamedBar
from exam_portal.papers.preparing import Pool


def require_possible(found: Pool, asked: Asked, *, kind: str) -> None:
    """Nothing that is asked for beside them keeps a named question out, else NamedUnfit is raised."""
    named = {*asked.included, *asked.chosen}
    for bar, codes in _barred(found, asked, named, kind=kind):
        if codes:
            raise errors.NamedUnfit(tuple(sorted(codes)), bar)


def _barred(
    found: Pool, asked: Asked, named: Collection[str], *, kind: str
) -> Iterator[tuple[NamedBar, Collection[str]]]:
    yield NamedBar.LEFT_OUT, {*named} & {*asked.left_out}
    if kind == "official" and asked.with_reserve:
        yield NamedBar.RESERVE, named
    if asked.forms > 1 and not asked.may_share:
        yield NamedBar.FORMS, named
    if asked.forms > 1 and asked.max_shared is not None and len(named) > asked.max_shared:
        yield NamedBar.SHARED, named
    if len(named) > asked.items:
        yield NamedBar.TOO_MANY, named
    for group in (*asked.enemies, *asked.bank_enemies):
        together = {*named} & {*group}
        yield NamedBar.ENEMIES, together if len(together) > 1 else ()
    if asked.difficulty is not None:
        yield (
            NamedBar.NO_DIFFICULTY,
            {item.id for item in found.items if item.id in named and item.difficulty is None},
        )
    yield NamedBar.COUNTS, _beyond_counts(found, asked, named)
    for band in asked.bands:
        inside = {item.id for item in found.items if item.id in named and band.holds(item)}
        yield NamedBar.BANDS, inside if len(inside) > band.most else ()


def _beyond_counts(found: Pool, asked: Asked, named: Collection[str]) -> Collection[str]:
    """Return the named questions for which no place is free beside the counts; empty where there are enough.

    Counted where every question of the pool stands in one cell at most; otherwise the search tells.
    """
    if any(sum(holds(place, item) for place in asked.counts) > 1 for item in found.items):
        return ()
    items = [item for item in found.items if item.id in named]
    over: set[str] = {item.id for item in items if not any(holds(place, item) for place in asked.counts)}
    beyond = len(over)
    for place, count in asked.counts.items():
        inside = {item.id for item in items if holds(place, item)}
        if len(inside) > count:
            over |= inside
            beyond += len(inside) - count
    return over if sum(asked.counts.values()) + beyond > asked.items else ()
