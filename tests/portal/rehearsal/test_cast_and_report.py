# SPDX-License-Identifier: Apache-2.0
"""The same seed gives the same cast; the report says what was measured, and no-go says why."""

import io
from pathlib import Path

from pypdf import PdfReader

from exam_portal.core.actors import Role
from exam_portal.rehearsal import people, report, scans
from exam_portal.rehearsal.course import Outcome
from exam_portal.rehearsal.letters import Letters
from exam_portal.rehearsal.play import Play
from exam_portal.rehearsal.run import CONTENT


def a_play() -> Play:
    items = (CONTENT / "items.json").read_bytes()
    return Play(
        base_url="http://127.0.0.1:1",
        letters=Letters(Path("mail")),
        seed=7,
        items=("items.json", items),
        essays=("essays.json", b"{}"),
        say=lambda line: None,
    )


def an_outcome(**overrides: object) -> Outcome:
    facts = {
        "bundle": Path("bundle.zip"),
        "exit": 0,
        "checks": 19,
        "said": "everything holds",
        "rankings": [{"vacancy": "V01", "complete": True}],
    }
    return Outcome(**{**facts, **overrides})  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_people() -> None:
    assert people.applicants(3, 40, 4) == people.applicants(3, 40, 4)
    assert people.applicants(3, 40, 4) != people.applicants(4, 40, 4)
    found = people.applicants(3, 200, 10)
    assert len({one.email for one in found}) == len({one.identity_number for one in found}) == 200
    assert all(one.email.endswith(".invalid") for one in found)


def test_every_role_of_a_competition_is_held_by_somebody() -> None:
    held = {member.role for member in people.staff(1)}
    assert held == set(Role) - {Role.ADMINISTRATOR, Role.ORGANISER, Role.COUNTER}


def test_a_post_with_many_applicants_has_one_without_consent_and_one_who_withdraws() -> None:
    found = people.applicants(1, 60, 6)
    for vacancy in range(6):
        here = [one for one in found if one.vacancy == vacancy]
        assert sum(not one.has_consent for one in here) == 1
        assert sum(one.withdraws for one in here) == 1
    assert all(one.has_consent and not one.withdraws for one in people.applicants(1, 8, 4))


def test_a_rehearsal_that_reached_its_end_is_a_go() -> None:
    found = report.of(a_play(), an_outcome()).as_dict()
    assert found["verdict"] == "go"
    assert list(found) == [
        "verdict", "reasons", "candidates", "seconds", "answers", "latency_ms", "ranking", "bundle", "verify",
    ]  # fmt: skip
    assert {"register", "vet", "sit", "mark", "panel", "publish", "appeal"} <= set(found["seconds"])
    assert found["verify"] == {"exit": 0, "checks": 19}


def test_a_lost_answer_a_bundle_that_fails_and_an_open_ranking_are_each_a_reason() -> None:
    play = a_play()
    play.answers.acknowledged, play.answers.stored = 10, 9
    outcome = an_outcome(exit=1, said="R4 FAILED", rankings=[{"vacancy": "V01", "complete": False}])
    found = report.of(play, outcome)
    assert not found.is_go
    assert len(found.reasons) == 3
    assert "V01" in found.reasons[2]
    assert report.in_words(found).startswith("verdict: no-go")


def test_percentiles_are_those_of_the_sorted_list() -> None:
    assert report.percentiles([float(number) for number in range(100, 0, -1)]) == {"p50": 50.0, "p99": 99.0}
    assert report.percentiles([]) == {"p50": None, "p99": None}


def test_a_scan_is_a_real_document_with_its_pages() -> None:
    _name, content, _type = scans.upload("bien-ban", pages=3)
    assert isinstance(content, bytes)
    assert len(PdfReader(io.BytesIO(content)).pages) == 3


def test_no_two_of_the_staff_bear_one_name() -> None:
    for seed in range(100):
        names = [one.name for one in people.staff(seed)]
        assert len(set(names)) == len(names)
