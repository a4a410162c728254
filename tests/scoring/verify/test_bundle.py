# SPDX-License-Identifier: Apache-2.0
"""A sound bundle passes; every attack that the format is made against fails the check made for it."""

from __future__ import annotations

import ast
import copy
import dataclasses
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoring.ranking import rank
from scoring.verify import onefile
from scoring.verify.bundle import BundleContents, check, files_of, write
from scoring.verify.canonical import canonical_bytes, sha256_of
from scoring.verify.checks import run_checks
from scoring.verify.container import pack, unpack
from scoring.verify.report import CheckResult
from scoring.verify.shapes import read_bundle
from tests.scoring.builders import gate_content, read
from tests.scoring.verify.bundles import (
    KEY,
    ORIGIN,
    PROGRAM,
    LogBook,
    a_bundle,
    a_publication,
    contents_of,
    log_publication,
    log_run,
    packed,
    relisted,
    the_runs,
    verifier_key,
    zipped,
)

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def contents() -> BundleContents:
    return a_bundle()


@pytest.fixture(scope="module")
def files(contents: BundleContents) -> Files:
    return files_of(contents)


def one_file(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", *arguments], capture_output=True, text=True, check=False, timeout=120
    )


def test_a_sound_bundle_passes_every_check(contents: BundleContents) -> None:
    report = check(packed(contents))
    assert (report.exit_status, report.failed) == (0, ())
    assert report.text().endswith("everything that was checked holds")


def test_the_same_contents_give_the_same_bytes(contents: BundleContents, tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    assert write(first, contents) == write(second, contents)
    assert first.read_bytes() == second.read_bytes() == packed(contents)


def test_the_verifier_in_the_bundle_runs_alone_and_agrees(contents: BundleContents, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    write(bundle, contents)
    with zipfile.ZipFile(bundle) as archive:
        archive.extract("verify.py", tmp_path)
    done = one_file(str(tmp_path / "verify.py"), str(bundle), "--previous", str(bundle))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == check(bundle, bundle).text()
    bad = tmp_path / "bad.zip"
    bad.write_bytes(zipped({**files_of(contents), "spec.md": b"other"}, relist=False))
    failing = one_file(str(tmp_path / "verify.py"), str(bad))
    assert failing.returncode == 1
    assert "failed: I1" in failing.stdout
    bad.write_bytes(b"no zip")
    assert one_file(str(tmp_path / "verify.py"), str(bad)).returncode == 2
    assert one_file(str(tmp_path / "verify.py")).returncode == 2


def test_the_one_file_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(onefile.build())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for node in imports
        for name in node.names
    }
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names
    assert not modules & {"socket", "urllib", "http", "subprocess", "os", "pickle"}


def test_no_name_is_defined_twice_in_the_one_file() -> None:
    names: list[str] = []
    for node in ast.parse(onefile.build()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    assert sorted(names) == sorted(set(names))


def changed_json(files: Files, name: str, change: Callable[[Any], None]) -> Files:
    content = json.loads(files[name])
    change(content)
    return {**files, name: canonical_bytes(content)}


def without(files: Files, name: str) -> Files:
    return {each: content for each, content in files.items() if each != name}


def set_in(*path: Any) -> Callable[[Any], None]:
    *steps, last, value = path

    def change(content: Any) -> None:
        for step in steps:
            content = content[step]
        content[last] = value

    return change


RUN, PUBLICATION, LEAVES = "results/V1/run-2.json", "publications/2.json", "leaves/0123.jsonl"


def swap_lines(content: bytes, first: int, second: int) -> bytes:
    lines = content.splitlines(keepends=True)
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


OTHER_KEY = verifier_key(dataclasses.replace(KEY, name="other.example"))
ATTACKS: dict[str, tuple[str, Callable[[Files], Files]]] = {
    "a mark is edited after the fact": (
        "K7",
        lambda f: changed_json(
            f, RUN, set_in("input", "candidates", 1, "parts", "written", "marks", 0, "value", "90")
        ),
    ),
    "a total is edited after the fact": (
        "R1",
        lambda f: changed_json(f, RUN, set_in("output", "candidates", 0, "total", "99.00")),
    ),
    "an explanation is edited": (
        "R2",
        lambda f: changed_json(f, RUN, set_in("output", "candidates", 0, "explanation", 0, "result", "1.00")),
    ),
    "a tie rule is invented": (
        "R3",
        lambda f: changed_json(f, RUN, set_in("output", "candidates", 0, "tie_rule", "decision")),
    ),
    "two ranks are exchanged": (
        "R4",
        lambda f: changed_json(f, RUN, set_in("output", "candidates", 0, "rank", 2)),
    ),
    "the published rank is another": (
        "R5",
        lambda f: changed_json(f, PUBLICATION, set_in("vacancies", 0, "candidates", 0, "rank", 2)),
    ),
    "a published candidate is left out": (
        "R5",
        lambda f: changed_json(f, PUBLICATION, lambda c: c["vacancies"][0]["candidates"].pop()),
    ),
    "a published name is changed": ("K7", lambda f: changed_json(f, PUBLICATION, set_in("reason", "khác"))),
    "the pass mark is changed": (
        "K3",
        lambda f: changed_json(f, ruleset_name(f), set_in("parts", 0, "pass", "49")),
    ),
    "the last leaf is dropped": (
        "I2",
        lambda f: {**f, LEAVES: b"".join(f[LEAVES].splitlines(keepends=True)[:-1])},
    ),
    "two leaves are exchanged": ("I5", lambda f: {**f, LEAVES: swap_lines(f[LEAVES], 3, 4)}),
    "a leaf is doubled": ("C5", lambda f: {**f, LEAVES: f[LEAVES] + f[LEAVES].splitlines(keepends=True)[-1]}),
    "a leaf's type is changed": ("I2", lambda f: {**f, LEAVES: f[LEAVES].replace(b'"mark-lock"', b'"mark"')}),
    "an opening is taken away": ("K6", lambda f: without(f, "openings/2.json")),
    "the program is hidden": ("K6", lambda f: without(f, "openings/3.json")),
    "an opening is changed": (
        "K6",
        lambda f: changed_json(f, "openings/2.json", set_in("content", "ruleset", "sha256:" + "0" * 64)),
    ),
    "a run is taken away": ("K7", lambda f: without(f, "results/V1/run-1.json")),
    "a publication is taken away": ("C6", lambda f: without(f, "publications/1.json")),
    "a checkpoint is another log's": (
        "A2",
        lambda f: {
            **f,
            "checkpoints/0000000003.txt": f["checkpoints/0000000003.txt"].replace(b"0123", b"0124"),
        },
    ),
    "the key is another": ("A1", lambda f: changed_json(f, "keys.json", set_in("log", OTHER_KEY))),
    "a file is slipped in": ("I4", lambda f: {**f, "notes.txt": b""}),
    "all checkpoints are taken away": (
        "A2",
        lambda f: {name: content for name, content in f.items() if not name.startswith("checkpoints/")},
    ),
}


def ruleset_name(files: Files) -> str:
    return next(name for name in files if name.startswith("rulesets/"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_by_the_check_made_for_it(files: Files, attack: str) -> None:
    code, forge = ATTACKS[attack]
    report = check(zipped(forge(files)))
    assert report.exit_status == 1
    assert code in report.failed, report.text()


def test_two_vacancies_may_number_their_runs_alike() -> None:
    first, second = the_runs()
    second = dataclasses.replace(
        second,
        vacancy="V2",
        run=first.run,
        input={**second.input, "vacancy": {"id": "V2", "places": 1}},
    )
    marks = read(gate_content(), dict(second.input))
    second = dataclasses.replace(second, output=rank(*marks).to_json())
    publication = a_publication(1, first)
    publication["vacancies"] += a_publication(1, second)["vacancies"]
    contents = rewritten(committed, runs=(first, second), publication=publication)
    assert check(packed(contents)).failed == ()


def test_a_file_changed_behind_the_manifest_is_named(files: Files) -> None:
    report = check(zipped({**files, "spec.md": b"x"}, relist=False))
    assert report.failed == ("I1",)
    assert "spec.md" in report.text()


def rewritten(change: Callable[[LogBook], None], **overrides: Any) -> BundleContents:
    """A whole log written anew by somebody who holds the key: signatures and hashes are all right."""
    first, _ = the_runs()
    publication = overrides.pop("publication", a_publication(1, first))
    runs = overrides.pop("runs", (first,))
    book = LogBook()
    book.record("genesis", {"origin": ORIGIN, "key": verifier_key()})
    change(book)
    for run in runs:
        log_run(book, run)
    log_publication(book, publication, *overrides.pop("approvals", ()))
    book.sign()
    return dataclasses.replace(contents_of(book, runs, (publication,)), **overrides)


def committed(book: LogBook) -> None:
    book.record("config", {"ruleset": sha256_of(gate_content())})
    book.record("code", PROGRAM)


def other_rules() -> dict[str, Any]:
    content = gate_content()
    content["parts"][0]["pass"] = "40"
    return content


def tampered_run() -> Any:
    first, _ = the_runs()
    output = copy.deepcopy(dict(first.output))
    output["candidates"][2]["rank"], output["candidates"][1]["rank"] = 1, 2
    return dataclasses.replace(first, output=output)


def too_late(book: LogBook) -> None:
    book.record("mark", {})
    committed(book)


def other(book: LogBook) -> None:
    book.record("config", {"ruleset": sha256_of(other_rules())})


def amended(book: LogBook) -> None:
    committed(book)
    other(book)


def of_tampered() -> dict[str, Any]:
    return a_publication(1, tampered_run())


def of_first(number: int, **overrides: Any) -> dict[str, Any]:
    return a_publication(number, the_runs()[0], **overrides)


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("A5", lambda: rewritten(committed, approvals=("chair", "chair"))),
        ("C1", lambda: rewritten(too_late)),
        ("K3", lambda: rewritten(other, rulesets=[other_rules()])),
        ("K3", lambda: rewritten(amended, rulesets=[gate_content(), other_rules()])),
        ("R4", lambda: rewritten(committed, runs=(tampered_run(),), publication=of_tampered())),
        ("R5", lambda: rewritten(committed, publication=of_tampered())),
        ("C6", lambda: rewritten(committed, publication=of_first(2))),
        ("C6", lambda: rewritten(committed, publication=of_first(1, supersedes=1, reason="x"))),
    ],
)
def test_even_who_holds_the_key_cannot_publish_what_does_not_follow(
    code: str, make: Callable[[], BundleContents]
) -> None:
    report = check(packed(make()))
    assert code in report.failed, report.text()


def test_an_honestly_rewritten_log_passes_alone_but_not_beside_what_was_kept(
    contents: BundleContents,
) -> None:
    forged = packed(rewritten(committed))
    assert check(forged).exit_status == 0
    assert check(forged, previous=packed(contents)).failed == ("D1",)
    assert check(forged, previous=contents.checkpoints[0].encode()).failed == ("D1",)


def test_the_log_may_grow_beside_what_was_kept(contents: BundleContents) -> None:
    for note in contents.checkpoints:
        assert check(packed(contents), previous=note.encode()).exit_status == 0
    assert check(packed(contents), previous=packed(contents)).exit_status == 0
    assert check(packed(contents), previous=b"no checkpoint").failed == ("D1",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        pack({}),
        pack({"manifest.json": b"[]"}),
        pack({"manifest.json": b"{"}),
        pack({"manifest.json": b'{"_":"x"}'}),
    ],
)
def test_what_is_no_bundle_is_unusable(content: bytes) -> None:
    assert check(content).exit_status == 2


def test_a_path_out_of_the_bundle_or_a_doubled_name_is_unusable(files: Files, tmp_path: Path) -> None:
    assert check(zipped({**files, "../evil": b""})).exit_status == 2
    assert check(zipped({**files, "/evil": b""})).exit_status == 2
    target = tmp_path / "double.zip"
    target.write_bytes(zipped(files))
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("spec.md", "again")
    assert check(target).exit_status == 2


def test_a_missing_file_is_unusable_not_a_crash(tmp_path: Path) -> None:
    assert check(tmp_path / "nothing.zip").exit_status == 2


EARLIER_HEADS = ("checkpoints/0000000003.txt", "checkpoints/0000000010.txt")  # the last one says all they say


def checked(files: Files) -> list[CheckResult]:
    return run_checks(read_bundle(files))


EVIDENCE = ("keys.json", "leaves/", "checkpoints/", "openings/", "rulesets/", "results/", "publications/")


def mutants(files: Files, count: int, seed: int) -> list[tuple[str, Files]]:
    """Bundles changed in one place of the evidence by a forger who brings the manifest up to date."""
    chance = random.Random(seed)
    found: list[tuple[str, Files]] = []
    evidence = sorted(name for name in files if name.startswith(EVIDENCE))
    while len(found) < count:
        name = chance.choice(evidence)
        content, kind = (
            bytearray(files[name]),
            chance.choice(["flip", "delete", "duplicate", "swap", "drop", "move"]),
        )
        place, other = chance.randrange(len(content)), chance.randrange(len(content))
        changed = dict(files)
        if kind == "flip":
            content[place] ^= 1 << chance.randrange(8)
        elif kind == "delete":
            del content[place : place + chance.randrange(1, 9)]
        elif kind == "duplicate":
            content[place:place] = content[place : place + chance.randrange(1, 9)]
        elif kind == "swap":
            content[place], content[other] = content[other], content[place]
        changed[name] = bytes(content)
        if kind in {"drop", "move"} and name in EARLIER_HEADS:
            continue
        if kind == "drop":
            del changed[name]
        elif kind == "move":
            target = chance.choice(evidence)
            changed[name], changed[target] = files[target], files[name]
        if changed != files:
            found.append((f"{kind} {name} at {place}", changed))
    return found


def test_none_of_two_thousand_mutants_is_accepted(files: Files) -> None:
    accepted = [
        story
        for story, changed in mutants(files, 2000, seed=20261123)
        if not any(result.problems for result in checked(relisted(changed)))
    ]
    assert accepted == []


def test_a_mutant_that_leaves_the_manifest_alone_is_named_by_its_hash(files: Files) -> None:
    for story, changed in mutants(files, 200, seed=7):
        report = check(zipped(changed, relist=False))
        assert "I1" in report.failed, story


def test_a_flipped_byte_of_the_zip_file_is_refused_or_changes_nothing(contents: BundleContents) -> None:
    sound, chance = packed(contents), random.Random(11)
    for _ in range(300):
        broken = bytearray(sound)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        report = check(bytes(broken))
        assert report.exit_status != 0 or unpack(sound) == unpack(bytes(broken))
