# SPDX-License-Identifier: Apache-2.0
"""A blueprint is read with all its mistakes, each at its path."""

from decimal import Decimal

import pytest

from question_bank import blueprint
from question_bank.blueprint import Blueprint, BlueprintMistakes, Cell, Difficulty

FULL = """
schema = "exam-portal/blueprint/1"
items = 40
marks = "100"
minutes = 60
cells = [
  { topic = "Luật Hành chính", level = "understand", count = 6 },
  { topic = "Tài chính công", min = 4, max = 8 },
  { level = "apply", min = 10 },
]
difficulty = { mean = "0.55", tolerance = "0.01" }
enemies = [["Q1", "Q2"]]
include = ["Q3"]
exclude = ["Q4"]
max_uses = 2
max_overlap = 5
"""


def test_every_key_of_a_blueprint_is_read() -> None:
    assert blueprint.parse(FULL) == Blueprint(
        items=40,
        marks=Decimal(100),
        minutes=60,
        cells=(
            Cell(topic="Luật Hành chính", level="understand", least=6, most=6),
            Cell(topic="Tài chính công", level=None, least=4, most=8),
            Cell(topic=None, level="apply", least=10, most=40),
        ),
        difficulty=Difficulty(mean=Decimal("0.55"), tolerance=Decimal("0.01")),
        enemies=(("Q1", "Q2"),),
        include=("Q3",),
        exclude=("Q4",),
        max_uses=2,
        max_overlap=5,
    )


MISTAKES = [
    ("items = 40", "missing_key", ""),
    ('schema = "exam-portal/blueprint/2"\nitems = 40', "unknown_schema", "schema"),
    ('schema = "exam-portal/blueprint/1"', "missing_key", ""),
    ('items = "40"', "wrong_type", "items"),
    ("items = 0", "out_of_range", "items"),
    ("items = 4\nmarks = 100", "number_not_text", "marks"),
    ("items = 4\nmarks = 99.5", "number_not_text", "marks"),
    ("items = 4\nduration = 60", "unknown_key", "duration"),
    ("items = 4\ncells = [{ count = 2 }]", "empty_cell", "cells[0]"),
    ('items = 4\ncells = [{ topic = "T" }]', "count_or_bounds", "cells[0]"),
    ('items = 4\ncells = [{ topic = "T", count = 1, min = 1 }]', "count_or_bounds", "cells[0]"),
    ('items = 4\ncells = [{ topic = "T", min = 3, max = 1 }]', "empty_range", "cells[0].min"),
    ('items = 4\ncells = [{ topic = "T", count = 9 }]', "out_of_range", "cells[0].count"),
    ('items = 4\ncells = [{ topic = "T", level = "hard", count = 1 }]', "unknown_value", "cells[0].level"),
    ('items = 4\ncells = [{ topic = "T", count = 1, weight = 2 }]', "unknown_key", "cells[0].weight"),
    ('items = 4\ncells = [{ topic = "T", count = 1 }, { topic = "T", count = 2 }]', "repeated_cell", "cells"),
    ('items = 4\ndifficulty = { mean = "0.5" }', "missing_key", "difficulty"),
    ('items = 4\ndifficulty = { mean = "1.5", tolerance = "0" }', "out_of_range", "difficulty.mean"),
    ('items = 4\nenemies = [["Q1"]]', "lonely_enemy", "enemies"),
    ('items = 4\nenemies = ["Q1"]', "wrong_type", "enemies.0"),
    ('items = 4\nenemies = [["Q1", "Q2"]]\ninclude = ["Q1", "Q2"]', "included_enemies", "enemies"),
    ('items = 4\ninclude = ["Q1"]\nexclude = ["Q1"]', "included_and_excluded", "include"),
    ('items = 1\ninclude = ["Q1", "Q2"]', "too_many_asked", "include"),
    ("items = 4\nmax_uses = 0", "out_of_range", "max_uses"),
    ("items = = 4", "not_toml", ""),
]


@pytest.mark.parametrize(("toml", "code", "path"), MISTAKES)
def test_a_mistake_is_named_with_its_path(toml: str, code: str, path: str) -> None:
    head = "" if toml.startswith("schema") or toml == "items = 40" else 'schema = "exam-portal/blueprint/1"\n'
    with pytest.raises(BlueprintMistakes) as refusal:
        blueprint.parse(head + toml)
    assert (code, path) in {(mistake.code, mistake.path) for mistake in refusal.value.mistakes}


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(BlueprintMistakes) as refusal:
        blueprint.parse('schema = "x"\nitems = "40"\nmax_uses = 0')
    assert len(refusal.value.mistakes) == 3
