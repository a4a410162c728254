# SPDX-License-Identifier: Apache-2.0
"""The scripts that the model of severity sees leave nobody out, and connect whom all scripts connect."""

import random

from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics import severity
from scoring.statistics.double_marks import Given, Pair
from scoring.statistics.marking import agree
from scoring.statistics.sampling import sample
from tests.scoring.statistics.simulated_marking import mark, marking


def pair(script: int, one: str, other: str) -> Pair:
    """Two marks of a script."""
    first, second = (Given(marker=marker, value=50.0, place=script) for marker in (one, other))
    return Pair(script=f"S{script}", first=first, second=second)


def markers_of(pairs: list[Pair]) -> set[str]:
    return {given.marker for one in pairs for given in (one.first, one.second)}


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda two: two[0] != two[1]), max_size=80
    ),
    st.integers(1, 40),
)
def test_no_marker_is_missing_and_the_groups_stay_what_they_are(
    two: list[tuple[int, int]], most: int
) -> None:
    pairs = [pair(number, f"GK-{one}", f"GK-{other}") for number, (one, other) in enumerate(two)]
    chosen = sample(pairs, most)
    assert markers_of(chosen) == markers_of(pairs)
    assert severity.groups(chosen) == severity.groups(pairs)
    assert len(chosen) <= max(most, len(markers_of(pairs)) - 1)
    assert len({one.script for one in chosen}) == len(chosen)


def test_the_sample_depends_on_no_order() -> None:
    pairs = [pair(number, f"GK-{number % 7}", f"GK-{number % 7 + 1}") for number in range(500)]
    shuffled = random.Random(3).sample(pairs, len(pairs))
    assert sample(pairs, 100) == sample(shuffled, 100)
    assert len(sample(pairs, 100)) == 100


def test_a_marker_whom_an_even_sample_passed_over_has_a_severity() -> None:
    document = marking(91, markers=3, scripts=2 * severity.MODELLED)
    rare = [f"R{number}" for number in range(40)]  # each second place: every second pair would miss them all
    marks = document["marks"]
    for number, script in enumerate(rare):
        marks[number * 90 : number * 90] = [mark(script, "GK-9", 1, 55), mark(script, "GK-1", 2, 56)]
    view = agree(document)["views"][0]
    rows = {row["marker"]: row for row in view["markers"]}
    assert view["method"] == "facets"
    assert rows["GK-9"]["severity"] is not None


def test_markers_who_cannot_be_compared_are_named_by_group() -> None:
    one, other = marking(71, markers=2, scripts=40), marking(72, markers=2, scripts=40)
    for row in other["marks"]:
        row["script"], row["marker"] = f"T{row['script']}", f"{row['marker']}-T"
    apart = agree({**one, "marks": one["marks"] + other["marks"]})["views"][0]
    assert apart["unconnected"] == [["GK-0", "GK-1"], ["GK-0-T", "GK-1-T"]]
    assert agree(one)["views"][0]["unconnected"] == []
