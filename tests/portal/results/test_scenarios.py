# SPDX-License-Identifier: Apache-2.0
"""Competitions from their slips to their publications, with the figures councils will ask about."""

import json
from pathlib import Path

from click.testing import CliRunner

from exam_portal.competitions.models import DecisionKind
from exam_portal.core.database import Database
from exam_portal.results import bundle, cli, queries
from scoring.verify import bundle as verifying
from scoring.verify import container
from tests.portal.results import builders as at
from tests.portal.results.builders import OVER, Stage, a_stage


def test_a_ward_on_paper_stops_with_one_candidate_left_until_the_council_goes_on(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {0: ["72", "78"], 1: ["44", "56", "49"]})
        run = at.compute(session, stage)
        assert at.outcome(run, 0)["parts"]["written"]["mark"] == "75.00"
        assert at.outcome(run, 1)["parts"]["written"] == {"mark": "49.00", "role": "gate", "passed": False}
        assert [lack["code"] for lack in run.output["pending"]] == ["min_candidates"]
        at.decide(session, stage, DecisionKind.PROCEED)
        at.hear(session, stage, {0: ["84", "85", "84", "84.5", "84.5"]})
        run = at.compute(session, stage)
        assert run.output["complete"]
        assert at.outcome(run, 0)["outcome"] == "selected"
        assert at.outcome(run, 0)["total"] == "84.40"


def test_equal_totals_wait_for_the_authority(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        stage = a_stage(session, people=3)
        at.marked(session, stage, {0: ["71", "72"], 1: ["72", "71"], 2: ["60", "60"]})
        at.hear(
            session,
            stage,
            {
                0: ["84", "86", "80", "88", "85", "83", "82"],
                1: ["90", "78", "84", "80", "86", "88", "82"],
                2: ["80"] * 7,
            },
        )
        run = at.compute(session, stage)
        assert [at.outcome(run, place)["total"] for place in range(3)] == ["84.00", "84.00", "80.00"]
        assert [lack["code"] for lack in run.output["pending"]] == ["tie_decision_required"]
        at.decide(session, stage, DecisionKind.TIE, order=["002", "001"])
        run = at.compute(session, stage)
        assert run.output["complete"]
        assert at.outcome(run, 1)["outcome"] == "selected"
        assert at.outcome(run, 1)["tie_rule"] == "decision"
        assert run.input["decisions"][0]["minute"] == "12/QĐ-HĐTT"


def the_whole_way(database: Database) -> Stage:
    """A competition with everything published: marks as number 1, the result as number 2."""
    with database.writing(unhurried=True) as session:
        stage = a_stage(session)
        at.marked(session, stage, {0: ["72", "78"], 1: ["60", "64"]})
        at.hear(session, stage, {0: ["80"] * 7, 1: ["85"] * 7})
        at.compute(session, stage)
        assert at.publish(session, stage).number == 1
        at.to_recognition(session, stage)
        assert at.publish(session, stage, "results", OVER).number == 2
    return stage


def test_the_bundle_of_a_whole_competition_verifies_and_a_changed_one_does_not(
    database: Database, tmp_path: Path
) -> None:
    stage = the_whole_way(database)
    with database.writing(unhurried=True) as session:
        bundle.seal(session, OVER, at.here(session, stage))
    with database.reading() as session:
        content = queries.bundle(session, at.here(session, stage))
    report = verifying.check(content)
    assert report.exit_status == 0, report.text()


def test_a_changed_bundle_is_named_by_its_check(database: Database) -> None:
    stage = the_whole_way(database)
    with database.writing(unhurried=True) as session:
        bundle.seal(session, OVER, at.here(session, stage))
    with database.reading() as session:
        files = container.unpack(queries.bundle(session, at.here(session, stage)))
    files["publications/2.json"] = files["publications/2.json"].replace(b'"85.00"', b'"85.50"')
    report = verifying.check(container.pack(files))
    assert report.exit_status == 1
    assert {"I1", "K7", "R5"} <= set(report.failed)


def test_the_bundle_carries_the_page_that_explains_it() -> None:
    assert bundle.SPECIFICATION.read_text(encoding="utf-8") == Path("docs/bundle.md").read_text(
        encoding="utf-8"
    )


def test_the_commands_rank_explain_and_verify(tmp_path: Path) -> None:
    rules, marks = Path("config/rulesets/leadership-gate.toml"), tmp_path / "marks.json"
    empty = {"schema": "exam-portal/marks/1", "vacancy": {"id": "V1"}, "candidates": [], "decisions": []}
    marks.write_text(json.dumps(empty), encoding="utf-8")
    runner = CliRunner()
    ranked = runner.invoke(cli.rank, ["--ruleset", str(rules), "--input", str(marks)])
    assert (ranked.exit_code, json.loads(ranked.output)["complete"]) == (3, False)
    marked = tmp_path / "rules.toml"  # as Notepad saves it, with a mark of the byte order
    marked.write_bytes(b"\xef\xbb\xbf" + rules.read_bytes())
    marks.write_bytes(b"\xef\xbb\xbf" + marks.read_bytes())
    same = runner.invoke(cli.rank, ["--ruleset", str(marked), "--input", str(marks)])
    assert (same.exit_code, same.output) == (3, ranked.output)
    marks.write_text("{}", encoding="utf-8")
    assert runner.invoke(cli.rank, ["--ruleset", str(rules), "--input", str(marks)]).exit_code == 2
    assert "Bài thi viết" in runner.invoke(cli.rules, ["explain", str(rules)]).output
    assert runner.invoke(cli.verify, [str(marks)]).exit_code == 2
    marked.write_text(
        rules.read_text(encoding="utf-8").replace('step = "0.5"', 'step = "0.3"'), encoding="utf-8"
    )
    for lang, words in (("vi", "phải chia hết thang điểm 100"), ("en", "must divide the scale 100")):
        refused = runner.invoke(cli.rules, ["explain", str(marked), "--lang", lang])
        assert (refused.exit_code, f"numbers.step: {words}" in refused.output) == (2, True)
