# SPDX-License-Identifier: Apache-2.0
"""The catalogues of both languages, assembled from what stands in the sources.

English words are the msgids themselves. Vietnamese ones are kept by slice in ``translations/vi/parts/*.po``,
where people edit them. ``messages.po`` and ``messages.mo`` are made from these and never edited:

    python -m exam_portal.web.catalogue extract    list every msgid with its places
    python -m exam_portal.web.catalogue merge      write messages.po in both languages
    python -m exam_portal.web.catalogue compile    merge, then write messages.mo
    python -m exam_portal.web.catalogue report     name each untranslated, obsolete or contradictory msgid
"""

import dataclasses
import os
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import click
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

PACKAGE = Path(__file__).resolve().parents[1]
TRANSLATIONS = PACKAGE / "translations"
LANGUAGES = ("en", "vi")
METHODS = [("**/templates/**", "jinja2"), ("**.py", "python")]
OPTIONS: dict[str, dict[str, str]] = {
    "**/templates/**": {"extensions": "jinja2.ext.do", "trimmed": "true", "silent": "false"}
}
PLURAL: tuple[int, ...] = (1, 2)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "_l", "gettext", "lazy_gettext")),
    **dict.fromkeys(("_n", "_ln", "ngettext", "lazy_ngettext"), PLURAL),
    **dict.fromkeys(("pgettext", "lazy_pgettext"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]")

Key: TypeAlias = tuple[str | None, str]
Words: TypeAlias = str | tuple[str, ...] | list[str]
WordsOf: TypeAlias = Callable[[Message], Words | None]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why a catalogue is not complete and consistent."""

    code: str  # untranslated | obsolete | contradictory | placeholders
    msgid: str
    where: str

    def __str__(self) -> str:
        return f"{self.code}: {self.msgid!r} ({self.where})"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One Vietnamese wording and the part it stands in."""

    words: Words
    part: str


def extract() -> Catalog:
    """Return every message of the portal's Python and templates, with the places where it stands."""
    found = Catalog(charset="utf-8", fuzzy=False)
    rows = extract_from_dir(PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS)
    for name, line, msgid, comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        found.add(msgid, None, [(name, line)], auto_comments=comments, context=context)
    return found


def english(messages: Catalog) -> Catalog:
    """Return the English catalogue: each message says itself."""
    return _translated(messages, "en", lambda message: message.id)


def vietnamese(messages: Catalog, translations: dict[Key, Translation]) -> Catalog:
    """Return the Vietnamese catalogue; what nobody has translated stays empty."""

    def words(message: Message) -> Words | None:
        translation = translations.get(_key(message))
        return translation.words if translation else None

    return _translated(messages, "vi", words)


def parts(folder: Path = TRANSLATIONS / "vi" / "parts") -> tuple[dict[Key, Translation], list[Problem]]:
    """Return every Vietnamese wording, and a problem for each msgid that two parts word differently."""
    wordings: dict[Key, Translation] = {}
    problems = []
    for path in sorted(folder.glob("*.po")):
        for message in _messages(_read(path)):
            if not message.string or not any(_strings(message)):
                continue
            earlier = wordings.setdefault(_key(message), Translation(words=message.string, part=path.name))
            if earlier.words != message.string:
                places = f"{earlier.part} and {path.name}"
                problems.append(Problem(code="contradictory", msgid=_key(message)[1], where=places))
    return wordings, problems


def problems_of(messages: Catalog, translations: dict[Key, Translation]) -> list[Problem]:
    """Return what is missing, left over, or has other placeholders than its msgid."""
    return [
        *_untranslated(messages, translations),
        *_obsolete(messages, translations),
        *_placeholders(messages, translations),
    ]


def all_problems() -> list[Problem]:
    """Return every reason why the catalogues of this tree are not complete and consistent."""
    translations, contradictory = parts()
    return [*contradictory, *problems_of(extract(), translations)]


def merge() -> dict[str, Catalog]:
    """Write ``messages.po`` in both languages and return the catalogues."""
    messages = extract()
    translations, _ = parts()
    catalogues = {"en": english(messages), "vi": vietnamese(messages, translations)}
    for language, catalogue in catalogues.items():
        buffer = BytesIO()
        pofile.write_po(
            buffer, catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False
        )
        _replace(_target(language, "messages.po"), buffer.getvalue())
    return catalogues


def compile_all() -> None:
    """Write ``messages.po`` and ``messages.mo`` in both languages."""
    for language, catalogue in merge().items():
        buffer = BytesIO()
        mofile.write_mo(buffer, catalogue)
        _replace(_target(language, "messages.mo"), buffer.getvalue())


def ensure() -> None:
    """Compile both catalogues unless they are newer than everything they are made from."""
    compiled = [_target(language, "messages.mo") for language in LANGUAGES]
    if not all(path.exists() for path in compiled):
        return compile_all()
    made_at = min(path.stat().st_mtime_ns for path in compiled)
    if any(path.stat().st_mtime_ns > made_at for path in _sources()):
        compile_all()
    return None


def _sources() -> Iterator[Path]:
    yield from PACKAGE.rglob("*.py")
    yield from PACKAGE.rglob("templates/**/*.*")
    yield from TRANSLATIONS.glob("vi/parts/*.po")


def _untranslated(messages: Catalog, translations: dict[Key, Translation]) -> Iterator[Problem]:
    for message in _messages(messages):
        if _key(message) not in translations:
            places = ", ".join(f"{name}:{line}" for name, line in message.locations[:2])
            yield Problem(code="untranslated", msgid=_key(message)[1], where=places)


def _obsolete(messages: Catalog, translations: dict[Key, Translation]) -> Iterator[Problem]:
    wanted = {_key(message) for message in _messages(messages)}
    for key, translation in translations.items():
        if key not in wanted:
            yield Problem(code="obsolete", msgid=key[1], where=translation.part)


def _placeholders(messages: Catalog, translations: dict[Key, Translation]) -> Iterator[Problem]:
    for message in _messages(messages):
        translation = translations.get(_key(message))
        if translation is None:
            continue
        wanted = set(PLACEHOLDER.findall(" ".join(_ids(message))))
        words = (translation.words,) if isinstance(translation.words, str) else translation.words
        if any(set(PLACEHOLDER.findall(each)) != wanted for each in words):
            yield Problem(code="placeholders", msgid=_key(message)[1], where=translation.part)


def _translated(messages: Catalog, language: str, words: WordsOf) -> Catalog:
    made = Catalog(locale=language, project="exam-portal", charset="utf-8", fuzzy=False)
    for message in _messages(messages):
        made.add(message.id, words(message), message.locations, context=message.context)
    return made


def _messages(catalogue: Catalog) -> list[Message]:
    """Return the messages without the header."""
    return [message for message in catalogue if message.id]


def _key(message: Message) -> Key:
    return message.context, _ids(message)[0]


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def _read(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return pofile.read_po(stream, locale="vi", charset="utf-8", abort_invalid=True)


def _target(language: str, name: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / name


def _replace(path: Path, content: bytes) -> None:
    """Put the content in place at once: a running portal never reads half a catalogue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


@click.group()
def main() -> None:
    """Assemble the catalogues of both languages."""


@main.command("extract")
def extract_command() -> None:
    """List every msgid with its places."""
    for message in _messages(extract()):
        click.echo(f"{_key(message)[1]!r}  {', '.join(f'{name}:{line}' for name, line in message.locations)}")


@main.command("merge")
def merge_command() -> None:
    """Write messages.po in both languages."""
    merge()


@main.command("compile")
def compile_command() -> None:
    """Write messages.po and messages.mo in both languages."""
    compile_all()


@main.command("report")
def report_command() -> None:
    """Name what is untranslated, obsolete or contradictory; exit 1 if there is any."""
    problems = all_problems()
    for problem in problems:
        click.echo(str(problem))
    raise SystemExit(1 if problems else 0)


if __name__ == "__main__":
    main()
