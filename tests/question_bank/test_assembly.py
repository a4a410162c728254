# SPDX-License-Identifier: Apache-2.0
"""Assembled forms satisfy the blueprint, are the same for the same seed, and what is missing is named."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import assembly, blueprint
from question_bank.assembly import AssemblyBroken, Told, assemble, bank_of
from question_bank.assembly.plan import Plan
from question_bank.assembly.solving import Found, Search
from question_bank.blueprint import Blueprint
from question_bank.proof import checks
from tests.question_bank.papers import a_bank

HEAD = 'schema = "exam-portal/blueprint/1"\n'
BANK = a_bank()


def a_blueprint(toml: str) -> Blueprint:
    return blueprint.parse(HEAD + toml)


EXACT = a_blueprint("""
items = 12
cells = [
  { topic = "T0", level = "apply", count = 3 },
  { topic = "T1", count = 4 },
  { level = "remember", min = 3, max = 5 },
]
difficulty = { mean = "0.60", tolerance = "0.01" }
enemies = [["Q000", "Q003"], ["Q001", "Q004", "Q007"]]
exclude = ["Q002"]
""")


def _all_hold(result: assembly.Forms) -> bool:
    return all(check.holds for form in result.forms for check in form.checks)


def test_every_constraint_of_every_form_holds() -> None:
    result = assemble(a_bank(120), EXACT, 4, 1)
    assert result.status == "optimal"
    assert [form.id for form in result.forms] == ["F1", "F2", "F3", "F4"]
    assert _all_hold(result)
    used = [name for form in result.forms for name in form.items]
    assert len(used) == len(set(used)) == 48


def test_the_same_seed_gives_the_same_forms_whatever_the_order_of_the_bank() -> None:
    first = assemble(BANK, EXACT, 2, 7)
    assert assemble(tuple(reversed(BANK)), EXACT, 2, 7) == first
    assert assemble(BANK, EXACT, 2, 8).forms != first.forms


def test_the_solver_is_asked_in_the_same_words_by_every_process() -> None:
    names = [item.id for item in BANK[:30]]
    wanted = a_blueprint(f"items = 12\nenemies = [{names}]")
    program = Plan(bank_of(BANK), wanted, (1,)).program()
    (terms,) = (row.terms for row in program.rows if row.least is None)
    assert list(terms) == sorted(terms)
    assert len(terms) == 30


@settings(max_examples=12, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(1, 3),
    st.integers(0, 6),
    st.integers(0, 99),
)
def test_what_is_found_always_holds_and_what_is_not_found_is_explained(
    number: int, apply: int, topic: int, uses: int, overlap: int, seed: int
) -> None:
    wanted = a_blueprint(f"""
items = 10
cells = [{{ level = "apply", count = {apply} }}, {{ topic = "T2", min = {topic} }}]
max_uses = {uses}
max_overlap = {overlap}
""")
    result = assemble(a_bank(30), wanted, number, seed)
    assert (result.status != "infeasible") == bool(result.forms) == (not result.missing)
    assert _all_hold(result)


def test_included_items_stand_in_every_form_where_their_use_allows() -> None:
    wanted = a_blueprint('items = 6\ninclude = ["Q005", "Q010"]\nmax_uses = 3\nmax_overlap = 2')
    result = assemble(BANK, wanted, 3, 1)
    assert all({"Q005", "Q010"} <= set(form.items) for form in result.forms)
    assert _all_hold(result)


MISSING = [
    ('items = 12\ncells = [{ topic = "T9", count = 2 }]', 1, {"topic": "T9", "count": 2}, 2, 0),
    ('items = 9\ncells = [{ topic = "T0", level = "apply", count = 4 }]', 2,
     {"topic": "T0", "level": "apply", "count": 4}, 8, 6),
    ('items = 9\ncells = [{ topic = "T0", level = "apply", min = 4 }]', 2,
     {"topic": "T0", "level": "apply", "min": 4, "max": 9}, 8, 6),
    ("items = 61", 1, {"items": 61}, 61, 60),
    ("items = 31", 2, {"items": 31}, 62, 60),
    ('items = 4\ninclude = ["Q999"]', 1, {"include": "Q999"}, 1, 0),
    ('items = 4\ninclude = ["Q001"]', 2, {"include": "Q001"}, 2, 1),
    ('items = 5\ncells = [{ topic = "T0", count = 3 }, { topic = "T1", count = 3 }]', 1, {"items": 5}, 6, 5),
    ('items = 25\ncells = [{ topic = "T0", max = 2 }, { topic = "T1", max = 2 }]', 1, {"items": 25}, 25, 24),
]  # fmt: skip


@pytest.mark.parametrize(("toml", "number", "cell", "need", "have"), MISSING)
def test_what_the_bank_lacks_is_named_with_need_and_supply(
    toml: str, number: int, cell: dict[str, object], need: int, have: int
) -> None:
    result = assemble(BANK, a_blueprint(toml), number, 1)
    assert (result.status, result.forms) == ("infeasible", ())
    assert {"cell": cell, "need": need, "have": have} in [entry.as_dict() for entry in result.missing]


def test_enemies_count_once_in_the_supply() -> None:
    names = [item.id for item in BANK if item.topics == ("T0",) and item.level == "apply"]
    wanted = a_blueprint(f"""
items = {len(names)}
cells = [{{ topic = "T0", level = "apply", count = {len(names)} }}]
enemies = [["{names[0]}", "{names[1]}"]]
""")
    (missing,) = assemble(BANK, wanted, 1, 1).missing
    assert (missing.need, missing.have) == (len(names), len(names) - 1)


def test_an_unreachable_difficulty_is_reported_with_the_nearest_one() -> None:
    result = assemble(
        BANK, a_blueprint('items = 10\ndifficulty = { mean = "0.99", tolerance = "0.001" }'), 1, 1
    )
    assert result.status == "infeasible"
    assert [entry.cell for entry in result.missing] == [{"difficulty": "0.99 ± 0.001", "nearest": "0.845"}]


def test_what_was_not_found_in_time_is_unknown_and_not_said_to_be_lacking() -> None:
    drawn = random.Random(5).sample(range(30_000, 110_000), 30)  # the rest of 7 bars what is asked for
    bank = [replace(BANK[at], difficulty=Decimal(7 * each + 1) / 10**6) for at, each in enumerate(drawn)]
    wanted = a_blueprint('items = 13\ndifficulty = { mean = "0.5", tolerance = "0" }')
    result = assemble(bank, wanted, 1, 1, effort=1)
    assert (result.status, result.forms, result.missing, result.possible_without) == ("unknown", (), (), ())


def test_demands_that_only_together_cannot_be_met_are_named_with_what_is_lacking() -> None:
    wanted = a_blueprint("""
items = 12
cells = [{ topic = "T0", count = 8 }, { level = "apply", count = 8 }, { topic = "T1", count = 4 }]
enemies = [["Q006", "Q015"], ["Q024", "Q033"], ["Q042", "Q051"]]
exclude = ["Q007", "Q016", "Q025"]
""")
    result = assemble(BANK, wanted, 1, 1)
    assert result.status == "infeasible"
    assert {str(entry.cell) for entry in result.missing} <= {str(cell.as_dict()) for cell in wanted.cells}
    assert sum(entry.need - entry.have for entry in result.missing) == 2


def test_a_band_of_difficulty_and_the_marks_of_the_items_are_demands_like_any_other() -> None:
    bank = [replace(item, marks=Decimal(1 + number % 2)) for number, item in enumerate(BANK)]
    wanted = a_blueprint("""
items = 10
item_marks = "14"
cells = [
  { to = "0.45", count = 3 },
  { from = "0.45", to = "0.7", min = 4 },
  { topic = "T1", from = "0.7", min = 1 },
]
""")
    result = assemble(bank, wanted, 2, 1)
    assert _all_hold(result)
    found = [[check.constraint for check in form.checks] for form in result.forms]
    assert found[0][2:6] == [
        "difficulty 0–0.45 = 3",
        "difficulty 0.45–0.7 = 4–10",
        "T1 × difficulty 0.7–1 = 1–10",
        "marks of the items = 14",
    ]


def test_forms_lie_near_each_other_where_no_difficulty_is_asked_for() -> None:
    result = assemble(BANK, a_blueprint("items = 10"), 4, 1)
    known = bank_of(BANK)
    sums = [sum(known[name].difficulty or 0 for name in form.items) for form in result.forms]
    assert max(sums) - min(sums) <= Decimal("0.05")


def test_forms_share_items_only_where_the_bank_is_too_small_for_others() -> None:
    sharing = "max_uses = 3\nmax_overlap = {overlap}"
    plenty = assemble(BANK, a_blueprint("items = 20\n" + sharing.format(overlap=20)), 3, 1)
    scarce = assemble(BANK, a_blueprint("items = 30\n" + sharing.format(overlap=16)), 3, 1)
    assert len({name for form in plenty.forms for name in form.items}) == 60
    assert scarce.forms
    assert _all_hold(scarce)


def test_items_without_a_difficulty_are_left_out_where_a_mean_is_asked() -> None:
    bank = [*BANK[:20], *(replace(item, difficulty=None) for item in BANK[20:25])]
    wanted = a_blueprint('items = 20\ndifficulty = { mean = "0.5", tolerance = "0.5" }')
    result = assemble(bank, wanted, 1, 1)
    assert set(result.forms[0].items) == {item.id for item in BANK[:20]}


def test_the_newest_version_of_an_item_is_taken() -> None:
    newer = replace(BANK[0], version=2)
    assert bank_of([newer, BANK[0]])["Q000"] is newer
    assert bank_of([BANK[0], newer])["Q000"] is newer


def test_the_output_has_the_published_shape() -> None:
    printed = assemble(BANK, a_blueprint("items = 2"), 1, 3).as_dict()
    assert {key: printed[key] for key in ("schema", "status", "seed", "missing")} == {
        "schema": "exam-portal/forms/1",
        "status": "optimal",
        "seed": 3,
        "missing": [],
    }
    assert printed["forms"] == [assemble(BANK, a_blueprint("items = 2"), 1, 3).forms[0].as_dict()]
    form = assemble(BANK, a_blueprint("items = 2"), 1, 3).forms[0].as_dict()
    assert set(form) == {"id", "items", "checks"}
    assert form["checks"] == [
        {"constraint": "items = 2", "value": "2", "holds": True},
        {"constraint": "items of the bank only", "value": "2", "holds": True},
        {"constraint": "uses of an item ≤ 1", "value": "1", "holds": True},
        {"constraint": "items shared with another form ≤ 0", "value": "0", "holds": True},
    ]


BROKEN = [
    (["Q000", "Q009", "Q018"], "items = 4"),
    (["Q000", "Q000", "Q001", "Q002"], "items = 4"),
    (["Q000", "Q001", "Q002", "Q999"], "items of the bank only"),
    (["Q001", "Q004", "Q007", "Q010"], "T0 = 2"),
    (["Q000", "Q003", "Q001", "Q002"], "at most one of Q000, Q003"),
    (["Q000", "Q006", "Q001", "Q005"], "excluded items absent"),
    (["Q000", "Q006", "Q001", "Q002"], "included items present"),
    (["Q050", "Q006", "Q001", "Q009"], "uses of an item ≤ 1"),
    (["Q050", "Q006", "Q001", "Q009"], "items shared with another form ≤ 0"),
]


@pytest.mark.parametrize(("form", "constraint"), BROKEN)
def test_the_independent_check_finds_each_broken_constraint(form: list[str], constraint: str) -> None:
    wanted = a_blueprint("""
items = 4
cells = [{ topic = "T0", count = 2 }]
enemies = [["Q000", "Q003"]]
exclude = ["Q005"]
include = ["Q004"]
""")
    found = checks([form, ["Q050"]], 0, bank_of(BANK), wanted)
    assert constraint in [check.constraint for check in found if not check.holds]


def test_a_form_the_check_refuses_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Found(forms=(("Q000", "Q001"),))
    monkeypatch.setattr(Search, "found_in", lambda *_, **__: wrong)
    with pytest.raises(AssemblyBroken, match="items = 3"):
        assemble(BANK, a_blueprint("items = 3"), 1, 1)


def test_no_form_is_no_answer() -> None:
    with pytest.raises(ValueError, match="at least one"):
        assemble(BANK, a_blueprint("items = 3"), 0, 1)


def test_many_disjoint_forms_of_a_large_bank_take_few_steps() -> None:
    cells = ", ".join(
        f'{{ topic = "T{topic}", level = "{level}", count = 2 }}'
        for topic in range(6)
        for level in ("remember", "understand", "apply")
    )
    toml = f'items = 36\ncells = [{cells}]\ndifficulty = {{ mean = "0.6", tolerance = "0.01" }}'
    told: list[Told] = []
    result = assemble(a_bank(400, topics=6), a_blueprint(toml), 6, 1, tell=told.append)
    assert result.status == "optimal"
    assert told == [Told(step="forms", form=number) for number in range(6)]
