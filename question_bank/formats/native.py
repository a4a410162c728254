# SPDX-License-Identifier: Apache-2.0
"""The native format, ``exam-portal/items/1``: JSON, read item by item with the line of every mistake."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from question_bank.fields import Fields
from question_bank.formats.format import Format, ReadResult, Row, failed, opening_of
from question_bank.item import Item, native
from question_bank.json_reader import JsonProblem, Node, read_json
from question_bank.json_values import Json
from question_bank.problems import Problems
from question_bank.registry import read_item

SCHEMA = "exam-portal/items/1"
MOST_ITEMS = 15_000
DEFAULT_LANGUAGE = "vi"

_BOM = b"\xef\xbb\xbf"
_START = re.compile(rb"\s*(?:\{\s*(?:\"|\}\s*\Z)|\[\s*(?:\{|\]\s*\Z))")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class MixedLanguages(ValueError):
    """One native file has one language; these items have several."""

    def __init__(self, languages: Sequence[str]) -> None:
        super().__init__(
            f"The items have several languages ({', '.join(languages)}); write one file for each."
        )
        self.languages = tuple(languages)


def recognises(content: bytes) -> bool:
    """True when the content begins as a JSON object or list of objects, which no text format does."""
    return _START.match(content.removeprefix(_BOM)) is not None


def may_be(content: bytes) -> bool:
    """True when the content may have been meant as JSON; its reader then says what is wrong."""
    return content.removeprefix(_BOM).lstrip()[:1] in {b"{", b"["}


def read(content: bytes, file: str) -> ReadResult:
    """The items and problems of a native file; nothing of a file that is not JSON or not of this schema."""
    bare = content.removeprefix(_BOM)
    try:
        document = read_json(bare.decode("utf-8"))
    except UnicodeDecodeError as problem:
        line = bare.count(b"\n", 0, problem.start) + 1
        return failed(file, "not_utf8", "The file is not UTF-8 text.", line=line)
    except JsonProblem as problem:
        return failed(file, problem.code, str(problem), line=problem.line)
    return _read_document(document, file)


def write(items: tuple[Item, ...]) -> bytes:
    """The items as a native file, indented for people and for comparing two versions line by line."""
    languages = sorted({item.language for item in items})
    if len(languages) > 1:
        raise MixedLanguages(languages)
    language = languages[0] if languages else DEFAULT_LANGUAGE
    document: Mapping[str, Json] = {
        "schema": SCHEMA,
        "language": language,
        "items": [native(item) for item in items],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, default=_never) + "\n").encode("utf-8")


def _read_document(document: Node, file: str) -> ReadResult:
    problems = Problems(file)
    fields = Fields(document, (), problems)
    language = _head(fields)
    nodes = _item_nodes(document, fields)
    fields.close()
    if problems.errors:
        return ReadResult(items=(), problems=problems.found(), refused=len(nodes), format="native")
    items, rows = _read_items(nodes, language, problems)
    return ReadResult(
        items=items, problems=problems.found(), refused=len(nodes) - len(items), format="native", rows=rows
    )


def _head(fields: Fields) -> str:
    schema = fields.text("schema")
    if schema and schema != SCHEMA:
        fields.refuse(
            "unknown_schema", f"The schema {schema!r} is not {SCHEMA!r}.", key="schema", detail=schema
        )
    language = fields.optional_text("language") or DEFAULT_LANGUAGE
    if not LANGUAGE.fullmatch(language):
        fields.refuse(
            "bad_language", f"{language!r} is no language tag such as vi.", key="language", detail=language
        )
    return language


def _item_nodes(document: Node, fields: Fields) -> list[Node]:
    """The nodes of the list ``items``, which has a bound of its own."""
    if not fields.require("items"):
        return []
    node = document.value["items"] if isinstance(document.value, dict) else document
    if not isinstance(node.value, list):
        fields.refuse("wrong_type", "A list is expected here.", key="items")
        return []
    if len(node.value) > MOST_ITEMS:
        fields.refuse("too_many", f"More than {MOST_ITEMS} items.", key="items")
    return node.value


def _read_items(
    nodes: list[Node], language: str, problems: Problems
) -> tuple[tuple[Item, ...], tuple[Row, ...]]:
    items: dict[tuple[str, int], Item] = {}
    rows: list[Row] = []
    for index, node in enumerate(nodes):
        problems.item = ""
        found = problems.count
        item = read_item(Fields(node, ("items", index), problems), language)
        if item is not None and (item.id, item.version) in items:
            message = (
                f"An item with the id {item.id!r} and version {item.version} stands further up in the file."
            )
            problems.error(node.line, "repeated_id", message, path=("items", index, "id"), detail=item.id)
            item = None
        if item is not None:
            items[item.id, item.version] = item
            rows.append(Row(number=index + 1, line=node.line, item=item.id))
        else:
            rows.append(_refused(index + 1, node, problems, found))
    return tuple(items.values()), tuple(rows)


def _refused(number: int, node: Node, problems: Problems, found: int) -> Row:
    return Row(
        number=number,
        line=node.line,
        item=problems.item,
        is_refused=True,
        opening=_opening(node),
        reasons=problems.reasons(found),
    )


def _opening(node: Node) -> str:
    """The first words of the question, unless it or a part of it says anything of being restricted."""
    fields = node.value if isinstance(node.value, dict) else {}
    inner = fields["items"].value if "items" in fields else None
    parts = [part.value for part in inner if isinstance(part.value, dict)] if isinstance(inner, list) else []
    stem = fields["stem"].value if "stem" in fields else ""
    if not isinstance(stem, str) or any("restricted" in each for each in (fields, *parts)):
        return ""
    return opening_of(stem)


def _never(value: object) -> str:
    """Decimals are written as strings before they get here; anything else is a mistake of ours."""
    kind = "a bare number" if isinstance(value, Decimal) else type(value).__name__
    raise TypeError(f"{kind} has no native form")


FORMAT = Format(
    name="native",
    title="JSON",
    endings=("json",),
    media_type="application/json",
    recognises=recognises,
    read=read,
    write=write,
)
