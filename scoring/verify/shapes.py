# SPDX-License-Identifier: Apache-2.0
"""The files of a bundle, read into typed values; whatever is out of shape is named with file and path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scoring.reading import Problem, Table, UnusableInput
from scoring.ruleset.document import RuleSet, read_ruleset
from scoring.verify.canonical import CanonicalError, canonical_loads
from scoring.verify.checkpoint import LogHead, Note, NoteError, NoteKey, parse_head, parse_key, parse_note
from scoring.verify.leaves import leaf_problem
from scoring.verify.orders import REVEALED_SCHEMA
from scoring.verify.report import UnusableBundle

BUNDLE_SCHEMA = "exam-portal/bundle/1"
KEYS_SCHEMA = "exam-portal/keys/1"
OPENING_SCHEMA = "exam-portal/opening/1"
RUN_SCHEMA = "exam-portal/run/1"
PUBLICATION_SCHEMA = "exam-portal/publication/1"
PAPERS_SCHEMA = "exam-portal/papers/1"
PAPERS_FILE = "papers.json"  # only where papers were revealed
SHA256_NAME = re.compile(r"sha256:[0-9a-f]{64}")
LOOSE_FILES = ("spec.md", "verify.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a leaf committed to, and the salt that hid it."""

    seq: int
    salt: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """One computed ranking: what went in and what came out."""

    name: str
    run: str
    vacancy: str
    input: dict[str, Any]
    output: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFile:
    """One numbered publication, as the public saw it."""

    name: str
    number: int
    kind: str
    supersedes: int | None
    reason: str
    vacancies: tuple[dict[str, Any], ...]
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything that could be read, and every file that could not."""

    files: Mapping[str, bytes]
    hashes: Mapping[str, str]
    competition: str
    origin: str
    keys: tuple[tuple[str, NoteKey], ...]
    leaf_lines: tuple[bytes, ...]
    leaves: tuple[dict[str, Any], ...]
    heads: tuple[tuple[str, Note, LogHead], ...]
    openings: Mapping[int, Opening]
    rulesets: Mapping[str, RuleSet]
    runs: tuple[RunFile, ...]
    publications: tuple[PublicationFile, ...]
    papers: tuple[dict[str, Any], ...]
    malformed: tuple[str, ...]


def read_bundle(files: Mapping[str, bytes]) -> Bundle:
    """The bundle of these files; UnusableBundle when there is no manifest to read it by."""
    reader = BundleReader(files)
    manifest = reader.manifest()
    leaf_lines = files.get(f"leaves/{manifest['log']}.jsonl", b"").splitlines(keepends=True)
    return Bundle(
        files=files,
        hashes=manifest["files"],
        competition=manifest["competition"],
        origin=manifest["origin"],
        keys=reader.keys(),
        leaf_lines=tuple(line.removesuffix(b"\n") for line in leaf_lines),
        leaves=reader.leaves(f"leaves/{manifest['log']}.jsonl", leaf_lines),
        heads=reader.heads(),
        openings={opening.seq: opening for opening in reader.each("openings/", _opening)},
        rulesets=dict(reader.each("rulesets/", _named_ruleset)),
        runs=tuple(reader.each("results/", _run)),
        publications=tuple(sorted(reader.each("publications/", _publication), key=_number)),
        papers=reader.papers(),
        malformed=(*reader.malformed, *reader.strangers(manifest["log"])),
    )


def _number(publication: PublicationFile) -> int:
    return publication.number


class BundleReader:
    """Reads file after file and remembers what is malformed instead of stopping."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.malformed: list[str] = []

    def manifest(self) -> dict[str, Any]:
        """The manifest; without a sound one nothing can be checked."""
        try:
            content = canonical_loads(self.files["manifest.json"])
        except KeyError as error:
            raise UnusableBundle("there is no manifest.json") from error
        except CanonicalError as error:
            raise UnusableBundle(f"manifest.json: {error}") from error
        problems: list[Problem] = []
        table = Table(content, "", problems)
        table.text("_", choices=(BUNDLE_SCHEMA,))
        for key in ("competition", "log", "origin"):
            table.text(key)
        listed = table.table("files", required=True)
        for name in listed.names():
            listed.text(name)
        table.close()
        if problems:
            raise UnusableBundle(f"manifest.json: {problems[0].path}: {problems[0].message}")
        manifest: dict[str, Any] = content
        return manifest

    def keys(self) -> tuple[tuple[str, NoteKey], ...]:
        """The log's key as it is written and as it is used."""
        problems: list[Problem] = []
        table = Table(self._json("keys.json"), "", problems)
        table.text("_", choices=(KEYS_SCHEMA,))
        written = table.text("log")
        table.close()
        self._note("keys.json", problems)
        try:
            return () if problems else ((written, parse_key(written)),)
        except NoteError as error:
            self.malformed.append(f"keys.json: log: {error}")
            return ()

    def leaves(self, name: str, lines: list[bytes]) -> tuple[dict[str, Any], ...]:
        """The leaves, one a line; an empty leaf stands for each line that is none."""
        if not lines or not lines[-1].endswith(b"\n"):
            self.malformed.append(f"{name}: must hold leaves, each with its line end")
        return tuple(self._leaf(f"{name}:{place}", line) for place, line in enumerate(lines, start=1))

    def _leaf(self, where: str, line: bytes) -> dict[str, Any]:
        try:
            leaf = canonical_loads(line.removesuffix(b"\n"))
        except CanonicalError as error:
            self.malformed.append(f"{where}: {error}")
            return {}
        if problem := leaf_problem(leaf):
            self.malformed.append(f"{where}: {problem}")
            return {}
        parsed: dict[str, Any] = leaf
        return parsed

    def heads(self) -> tuple[tuple[str, Note, LogHead], ...]:
        """The checkpoints by rising size."""
        heads = []
        for name in self._names("checkpoints/"):
            try:
                note = parse_note(self.files[name].decode())
                heads.append((name, note, parse_head(note.text)))
            except (NoteError, UnicodeDecodeError) as error:
                self.malformed.append(f"{name}: {error}")
        return tuple(sorted(heads, key=lambda each: each[2].size))

    def each(self, folder: str, read: Callable[[str, Table, Any], Any]) -> list[Any]:
        """What `read` makes of every sound file of a folder."""
        found = []
        for name in self._names(folder):
            content = self._json(name)
            problems: list[Problem] = []
            value = read(name, Table(content, "", problems), content)
            self._note(name, problems)
            if not problems:
                found.append(value)
        return found

    def papers(self) -> tuple[dict[str, Any], ...]:
        """The papers that were revealed, if any were."""
        if PAPERS_FILE not in self.files:
            return ()
        problems: list[Problem] = []
        table = Table(self._json(PAPERS_FILE), "", problems)
        table.text("_", choices=(PAPERS_SCHEMA,))
        found = [_revealed(each) for each in table.tables("papers", required=True)]
        table.close()
        self._note(PAPERS_FILE, problems)
        return () if problems else tuple(found)

    def strangers(self, log: str) -> list[str]:
        """Files that belong to no bundle."""
        known = {"manifest.json", "keys.json", f"leaves/{log}.jsonl", *LOOSE_FILES}
        folders = ("checkpoints/", "openings/", "rulesets/", "results/", "publications/")
        strange = [
            name for name in self.files if name not in {*known, PAPERS_FILE} and not name.startswith(folders)
        ]
        missing = [name for name in sorted(known) if name not in self.files]
        return [f"{name}: does not belong here" for name in strange] + [
            f"{name}: missing" for name in missing
        ]

    def _names(self, folder: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(folder))

    def _json(self, name: str) -> Any:
        try:
            return canonical_loads(self.files.get(name, b"{}"))
        except CanonicalError as error:
            self.malformed.append(f"{name}: {error}")
            return {}

    def _note(self, name: str, problems: list[Problem]) -> None:
        self.malformed += [f"{name}: {each.path}: {each.message}" for each in problems]


def _object(table: Table, key: str) -> dict[str, Any]:
    table.table(key, required=True)
    value = table.raw(key)
    return value if isinstance(value, dict) else {}


def _opening(name: str, table: Table, content: Any) -> Opening:
    table.text("_", choices=(OPENING_SCHEMA,))
    salt = table.text("salt")
    opening = Opening(seq=table.whole("seq", most=10**9), salt=salt, content=_object(table, "content"))
    if not re.fullmatch(r"[0-9a-f]{64}", salt):
        table.problem("salt", "must be 32 bytes in hex")
    if name != f"openings/{opening.seq}.json":
        table.problem("seq", "is not that of the file's name")
    table.close()
    return opening


def _named_ruleset(name: str, table: Table, content: Any) -> tuple[str, RuleSet | None]:
    try:
        ruleset = read_ruleset(content)
    except UnusableInput as refused:
        table.problems += refused.problems
        return name, None
    if name != ruleset_file(ruleset.hash):
        table.problem("", "is not the hash in the file's name")
    return ruleset.hash, ruleset


def _revealed(table: Table) -> dict[str, Any]:
    """A revealed paper: what it is bound to is read here, the rest by whoever derives orders."""
    table.text("_", choices=(REVEALED_SCHEMA,))
    table.text("paper")
    for form in table.tables("forms", required=True):
        for key in ("code", "commitment", "key_commitment"):
            form.text(key)
        if not re.fullmatch(r"[0-9a-f]{64}", form.text("seed")):
            form.problem("seed", "must be 32 bytes in hex")
    return {key: table.raw(key) for key in table.names()}


def ruleset_file(sha256: str) -> str:
    """The file of the rule set of this hash."""
    return f"rulesets/{sha256.removeprefix('sha256:')}.toml-canonical.json"


def _run(name: str, table: Table, content: Any) -> RunFile:
    table.text("_", choices=(RUN_SCHEMA,))
    run = RunFile(
        name=name,
        run=table.text("run"),
        vacancy=table.text("vacancy"),
        input=_object(table, "input"),
        output=_object(table, "output"),
    )
    if name != f"results/{run.vacancy}/{run.run}.json":
        table.problem("run", "vacancy and run are not those of the file's name")
    table.close()
    return run


def _publication(name: str, table: Table, content: Any) -> PublicationFile:
    """A publication; keys beyond these (names, titles, dates) are the publisher's and stay unread."""
    table.text("_", choices=(PUBLICATION_SCHEMA,))
    supersedes = table.whole("supersedes", least=1) if table.raw("supersedes") is not None else None
    publication = PublicationFile(
        name=name,
        number=table.whole("number", least=1),
        kind=table.text("kind", choices=("marks", "results")),
        supersedes=supersedes,
        reason=table.text("reason") if supersedes else "",
        vacancies=tuple(_published_vacancy(each) for each in table.tables("vacancies", required=True)),
        content=content if isinstance(content, dict) else {},
    )
    if name != f"publications/{publication.number}.json":
        table.problem("number", "is not that of the file's name")
    return publication


def _published_vacancy(table: Table) -> dict[str, Any]:
    rows = table.tables("candidates", required=True)
    stated = [(row.text("id"), {key: row.raw(key) for key in row.names()}) for row in rows]
    return {"vacancy": table.text("vacancy"), "run": table.text("run"), "candidates": stated}
