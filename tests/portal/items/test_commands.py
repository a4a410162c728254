# SPDX-License-Identifier: Apache-2.0
"""The commands on item files: convert, score, assemble; with their exit statuses."""

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result

from exam_portal.items.cli import commands as item_commands
from exam_portal.papers.cli import commands as paper_commands
from tests.portal.papers.builders import a_choice, a_file, an_essay

BLUEPRINT = """
schema = "exam-portal/blueprint/1"
items = {items}
minutes = 60
cells = [{{ topic = "Luật Hành chính", level = "understand", count = {items} }}]
"""


def _run(command: str, *arguments: str) -> Result:
    group = {"items": item_commands[0], "papers": paper_commands[0]}
    name, *rest = command.split()
    return CliRunner().invoke(group[name], [*rest, *arguments])


def _file(tmp_path: Path, items: list[dict[str, Any]], name: str = "items.json") -> str:
    path = tmp_path / name
    path.write_bytes(a_file(items))
    return str(path)


def test_a_converted_file_reads_again_as_the_same(tmp_path: Path) -> None:
    source, out = _file(tmp_path, [a_choice(1), an_essay(2)]), tmp_path / "out.json"
    result = _run("items convert", source, "--out", str(out))
    assert result.exit_code == 0
    report = json.loads(result.stderr)
    assert (report["schema"], report["read"], report["refused"]) == ("exam-portal/import-report/1", 2, 0)
    again = tmp_path / "again.json"
    assert _run("items convert", str(out), "--out", str(again)).exit_code == 0
    assert again.read_bytes() == out.read_bytes()


def test_refused_items_are_named_and_left_for_a_person(tmp_path: Path) -> None:
    source = _file(tmp_path, [a_choice(1), a_choice(2, options=[])])
    told = tmp_path / "report.json"
    result = _run("items convert", source, "--report", str(told))
    assert result.exit_code == 3
    assert [item["id"] for item in json.loads(result.stdout)["items"]] == ["Q-0001"]
    report = json.loads(told.read_text())
    assert [p["item"] for p in report["problems"] if p["severity"] == "error"] == ["Q-0002"]


@pytest.mark.parametrize("target", ["gift", "aiken", "moodle_xml"])
def test_items_are_converted_to_other_formats_and_back(tmp_path: Path, target: str) -> None:
    source = _file(tmp_path, [a_choice(1), a_case_study()])
    told, out = tmp_path / "report.json", tmp_path / "out.txt"
    result = _run("items convert", source, "--to", target, "--out", str(out), "--report", str(told))
    assert result.exit_code == 3
    report = json.loads(told.read_text())
    assert (report["read"], report["refused"]) == (1, 1)
    assert [(p["item"], p["code"]) for p in report["problems"] if p["severity"] == "error"] == [
        ("CASE", "unsupported_kind")
    ]
    back = _run("items convert", str(out))
    assert back.exit_code == 0
    (first,) = json.loads(back.stdout)["items"]
    assert [option["fraction"] for option in first["options"]] == [
        option["fraction"] for option in a_choice(1)["options"]
    ]


def a_case_study() -> dict[str, Any]:
    part = {"id": "C1", "kind": "true_false", "stem": "Đúng?", "answer": True}
    return {"id": "CASE", "kind": "case_study", "stimulus": "Tình huống", "items": [part]}


@pytest.mark.parametrize("content", [b"", b"[", b'{"schema": "x", "items": []}', b"\xff"])
def test_a_file_that_is_none_cannot_be_used(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert _run("items convert", str(path)).exit_code == 2


@pytest.mark.parametrize(
    ("response", "score", "status"), [("a", "1", 0), ("b", "0", 0), (None, "0", 0), ("z", None, 2)]
)
def test_a_response_earns_its_marks(
    tmp_path: Path, response: str | None, score: str | None, status: int
) -> None:
    given = tmp_path / "response.json"
    given.write_text(json.dumps({"response": response}))
    result = _run("items score", _file(tmp_path, [a_choice(1)]), "--response", str(given))
    assert result.exit_code == status
    if score is not None:
        assert json.loads(result.output)["score"] == score


def test_an_essay_needs_a_person(tmp_path: Path) -> None:
    given = tmp_path / "response.json"
    given.write_text('{"response": "Bài làm"}')
    source = _file(tmp_path, [a_choice(1), an_essay(2)])
    result = _run("items score", source, "--response", str(given), "--id", "TL-002")
    assert (result.exit_code, json.loads(result.output)["needs_person"]) == (0, True)
    assert _run("items score", source, "--response", str(given)).exit_code == 2  # which of the two?


def test_a_bare_item_is_scored_too(tmp_path: Path) -> None:
    given, item = tmp_path / "response.json", tmp_path / "item.json"
    given.write_text('{"response": "a"}')
    item.write_text(json.dumps(a_choice(1)))
    assert json.loads(_run("items score", str(item), "--response", str(given)).output)["score"] == "1"


@pytest.mark.parametrize("name", ["qti12", "nonsense"])
def test_a_format_that_this_version_does_not_know_is_refused_by_name(tmp_path: Path, name: str) -> None:
    result = _run("items convert", _file(tmp_path, [a_choice(1)]), "--to", name)
    assert result.exit_code == 2
    assert name in result.stderr


@pytest.mark.parametrize("body", ["", "{}", '{"response": "a", "response": "b"}', '["a"]'])
def test_a_response_of_another_shape_is_refused(tmp_path: Path, body: str) -> None:
    given = tmp_path / "response.json"
    given.write_text(body)
    source = _file(tmp_path, [a_choice(1)])
    assert _run("items score", source, "--response", str(given)).exit_code == 2


@pytest.mark.parametrize(("items", "status"), [(3, 0), (6, 3)])
def test_forms_are_assembled_or_what_is_missing_is_told(tmp_path: Path, items: int, status: int) -> None:
    source = _file(tmp_path, [a_choice(n) for n in range(1, 6)])
    plan = tmp_path / "plan.toml"
    plan.write_text(BLUEPRINT.format(items=items), encoding="utf-8")
    arguments = ("--bank", source, "--blueprint", str(plan), "--seed", "7")
    result = _run("papers assemble", *arguments)
    assert result.exit_code == status
    found = json.loads(result.output)
    assert found["schema"] == "exam-portal/forms/1"
    assert bool(found["forms"]) == (status == 0)
    assert bool(found["missing"]) == (status == 3)
    assert _run("papers assemble", *arguments).output == result.output


def test_a_blueprint_with_mistakes_names_them(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text('schema = "exam-portal/blueprint/1"\nitems = 0\nfoo = 1\n')
    result = _run("papers assemble", "--bank", _file(tmp_path, [a_choice(1)]), "--blueprint", str(plan))
    assert result.exit_code == 2


def test_a_paper_is_printed_from_what_was_assembled_and_the_same_seed_gives_the_same_orders(
    tmp_path: Path,
) -> None:
    source = _file(tmp_path, [a_choice(number) for number in range(1, 9)])
    plan = tmp_path / "plan.toml"
    plan.write_text(BLUEPRINT.format(items=4), encoding="utf-8")
    drawn = tmp_path / "drawn.json"
    assembled = _run(
        "papers assemble", "--bank", source, "--blueprint", str(plan), "--forms", "2", "--seed", "1"
    )
    drawn.write_text(assembled.stdout, encoding="utf-8")
    seed = "0f" * 32
    told, keys = [], []
    for name in ("first", "second"):
        out = tmp_path / name
        wanted = ("--bank", source, "--drawn", str(drawn), "--codes", "2", "--seed", seed, "--format", "docx")
        result = _run("papers print", *wanted, "--out", str(out), "--title", "Kiến thức chung")
        assert result.exit_code == 0, result.output
        told.append(json.loads(result.stdout))
        table = docx.Document(str(out / "key.docx")).tables[-1]
        keys.append([[cell.text for cell in row.cells] for row in table.rows])
    assert set(told[0]["files"]) == {"1011.docx", "1012.docx", "1021.docx", "1022.docx", "key.docx"}
    assert told[0]["seed"] == seed
    assert keys[0] == keys[1]
    assert keys[0][0] == ["Câu", "Mã đề 1011", "Mã đề 1012", "Mã đề 1021", "Mã đề 1022"]
    assert _run("papers print", "--bank", source, "--out", str(tmp_path / "first")).exit_code == 2
    assert _run("papers print", "--bank", source, "--out", str(tmp_path / "x"), "--seed", "1").exit_code == 2
