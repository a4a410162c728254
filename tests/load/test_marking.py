# SPDX-License-Identifier: Apache-2.0
"""A served portal: the next of 500 essays within 100 ms (p50), 200 markers at 20 requests a second."""

import statistics
from collections.abc import Iterator

import pytest

from exam_portal.bench import load
from tests.load import marking
from tests.load.marking import Marker

pytestmark = pytest.mark.engines("sqlite")

NEXT_MILLISECONDS = 100
NEXT_SCRIPTS = 100
RATE, SECONDS, CONNECTIONS = 20.0, 120.0, 64


@pytest.fixture(scope="module")
def markers() -> Iterator[tuple[list[Marker], Marker]]:
    with marking.served() as found:
        yield found


def told(name: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p50, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return f"{name}: {len(ordered)} of p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"


def test_the_next_of_five_hundred_essays_opens_within_a_hundred_milliseconds(
    markers: tuple[list[Marker], Marker],
) -> None:
    _, one = markers
    host, port = marking.host_and_port(one)
    load.run(host, port, [one], rate=15, seconds=60, connections=1)  # an account has 1,200 requests a minute
    for kind, seconds in one.took.items():
        print(f"\n{told(kind, seconds)}")
    assert not one.refused
    assert len(one.took["next"]) >= NEXT_SCRIPTS
    assert statistics.median(one.took["next"]) * 1000 <= NEXT_MILLISECONDS


def test_two_hundred_markers_work_at_twenty_requests_a_second(markers: tuple[list[Marker], Marker]) -> None:
    many, _ = markers
    host, port = marking.host_and_port(many[0])
    phase = load.run(host, port, [*many], rate=RATE, seconds=SECONDS, connections=CONNECTIONS)
    print(f"\n{len(many)} markers, {phase.per_second:.1f} answers a second, {phase.errors} errors")
    print(told("all, waiting included", phase.latencies))
    for kind in ("next", "draft", "mark"):
        print(told(kind, [taken for one in many for taken in one.took[kind]]))
    assert [one.refused for one in many if one.refused] == []
    assert phase.errors == 0
    assert phase.acknowledged >= RATE * SECONDS * 0.99
