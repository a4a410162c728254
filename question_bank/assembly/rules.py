# SPDX-License-Identifier: Apache-2.0
"""The rules of a blueprint beside its counts, and the blueprint without each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from question_bank.blueprint import Blueprint, Cell


def without_each(blueprint: Blueprint, forms: int) -> Mapping[str, Blueprint]:
    """The blueprint without each kind of rule that it has, by the name of the rule.

    ``sharing`` (what forms may have in common), ``include``, ``enemies``, ``exclude``, ``difficulty`` (the
    mean), ``bands`` (of difficulty), ``item_marks``.
    """
    found: dict[str, Blueprint] = {}
    if forms > 1 and (blueprint.max_uses < forms or blueprint.max_overlap < blueprint.items):
        found["sharing"] = replace(blueprint, max_uses=forms, max_overlap=blueprint.items)
    if blueprint.include:
        found["include"] = replace(blueprint, include=())
    if blueprint.enemies:
        found["enemies"] = replace(blueprint, enemies=())
    if blueprint.exclude:
        found["exclude"] = replace(blueprint, exclude=())
    if blueprint.difficulty is not None:
        found["difficulty"] = replace(blueprint, difficulty=None)
    if any(cell.has_band for cell in blueprint.cells):
        found["bands"] = replace(blueprint, cells=tuple(_without_bands(blueprint)))
    if blueprint.item_marks is not None:
        found["item_marks"] = replace(blueprint, item_marks=None)
    return found


def _without_bands(blueprint: Blueprint) -> Iterator[Cell]:
    """Yield the cells that name a topic or a level; those that differ by their band only are one cell."""
    banded: dict[tuple[str | None, str | None], tuple[int, int]] = {}
    for cell in blueprint.cells:
        if not cell.has_band:
            yield cell
        elif cell.topic is not None or cell.level is not None:
            least, most = banded.get((cell.topic, cell.level), (0, 0))
            banded[cell.topic, cell.level] = (least + cell.least, most + cell.most)
    for (topic, level), (least, most) in banded.items():
        yield Cell(topic=topic, level=level, least=least, most=most)
