# SPDX-License-Identifier: Apache-2.0
"""From the rows of one question to a draft of an item."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from question_bank.formats import amounts, companion, lettered, texts
from question_bank.formats.intake import Notes, Unreadable, option_ids
from question_bank.formats.sheets import keys, words
from question_bank.formats.sheets.headers import Header
from question_bank.formats.sheets.sheet import Row
from question_bank.formats.sheets.workbook import ERROR
from question_bank.json_reader import Node, node_of
from question_bank.json_values import decimal_text

Draft = dict[str, object]

_LINES = re.compile(r"[\n;|]")
_TOPICS = re.compile(r"[\n;|]|\s>\s")
_NAMES = "p|div|span|b|strong|i|em|u|sup|sub|table|ul|ol|li|font"
_OPENED = re.compile(rf"<(?:{_NAMES})(?:\s[^<>]*)?>|<(?:br|img)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_CLOSED = re.compile(rf"</(?:{_NAMES})>|<(?:br|img)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_COMMA = re.compile(r"-?\d{1,12},\d{1,9}")
_NINE_PLACES = Decimal("0.000000001")
LEAST_OF_A_CHOICE = 2


@dataclass(frozen=True, slots=True)
class Question:
    """The rows that hold one question: one as a rule, one for each option in some layouts."""

    rows: tuple[Row, ...]

    @property
    def line(self) -> int:
        """The number of its first row."""
        return self.rows[0].line


@dataclass(frozen=True, slots=True)
class Answers:
    """The texts of the options by letter, and which of them are marked as right beside their text."""

    texts: Mapping[str, str]
    marked: tuple[str, ...]


def draft_of(question: Question, header: Header, topics: Sequence[str], notes: Notes) -> Draft:
    """The draft; raises `Unreadable` where the rows hold no whole question."""
    row = question.rows[0]
    _refuse_errors(question)
    markup: texts.TextFormat = (
        "markdown" if row.cell(header.column("markup")).lower() == "markdown" else "plain"
    )
    stem, answers = _taken_apart(question, header)
    if not stem:
        raise Unreadable(row.line, "unfinished_question", "The row has answers, but no question.")
    picture = row.cell(header.column("picture"))
    if picture.startswith("<p>"):  # of a table in a Word file
        stem = (stem if stem.startswith("<p>") else f"<p>{html.escape(stem, quote=False)}</p>") + picture
    kind = _kind(row, header, answers)
    body = _BODIES[kind](row, header, answers, notes) if kind in _BODIES else {}
    draft: Draft = {
        "kind": kind if kind != "choice" else body.pop("kind"),
        "stem": Node(texts.stem(_source(stem, markup, row.line), notes), row.line),
        "title": row.cell(header.column("title")) or None,
        "id": row.cell(header.column("id")) or None,
        "feedback": texts.feedback(_source(row.cell(header.column("feedback")), markup, row.line), notes),
        "topics": list(dict.fromkeys(topics)) or None,
        "tags": _tags(row, header) or None,
        "source": _legal_source(row, header),
        **_level(row, header, notes),
        **body,
    }
    marks = row.cell(header.column("marks"))
    if marks and kind != "description":
        draft["marks"] = _number(marks)
    return companion.joined(
        {key: value for key, value in draft.items() if value}, row.cell(header.column("extra"))
    )


def topics_of(row: Row, header: Header) -> list[str]:
    """The topics that the row names, the outermost first; a chapter that is a bare number keeps its word."""
    found = []
    for column in header.topics:
        for text in (part.strip() for part in _TOPICS.split(row.cell(column))):
            name = header.texts[column].split("(")[0].strip()
            found += [f"{name} {text}" if text.isdecimal() else text] if text else []
    return found


def _refuse_errors(question: Question) -> None:
    for row in question.rows:
        for cell in row.cells:
            if cell.startswith(ERROR):
                message = f"A formula of the row gives no value ({cell[1:] or 'it was never computed'})."
                raise Unreadable(row.line, "bad_cell", message, cell[1:])


def _taken_apart(question: Question, header: Header) -> tuple[str, Answers]:
    """The question's own text, and its options from whichever cells hold them."""
    row = question.rows[0]
    stem = row.cell(header.column("stem"))
    if header.options:
        found = {letter: row.cell(column) for letter, column in sorted(header.options.items())}
        return stem, _own_labels_off({letter: text for letter, text in found.items() if text})
    choices = header.column("choices")
    if len(question.rows) > 1:
        return stem, _by_row(question, header)
    inside = row.cell(choices)
    rest, options = lettered.split(inside or stem)
    if options:
        texts_by_letter = {"ABCDEFGHIJ"[place]: text for place, (text, _) in enumerate(options)}
        marked = tuple(letter for letter, (_, star) in zip(texts_by_letter, options, strict=True) if star)
        return stem if inside else rest, Answers(texts_by_letter, marked)
    lines = [line.strip() for line in inside.split("\n") if line.strip()]
    if len(lines) < LEAST_OF_A_CHOICE:
        lines = _parts(inside)
    kept = lines[:10] if len(lines) >= LEAST_OF_A_CHOICE else []
    return stem, _own_labels_off({"ABCDEFGHIJ"[place]: text for place, text in enumerate(kept)})


def _by_row(question: Question, header: Header) -> Answers:
    """Options that stand under each other, one to a row, with a mark beside the right ones."""
    choices, key = header.column("choices"), header.column("key")
    found: dict[str, str] = {}
    marked: list[str] = []
    for row in question.rows:
        if not row.cell(choices) or len(found) == 10:
            continue
        letter = "ABCDEFGHIJ"[len(found)]
        found[letter] = row.cell(choices)
        if keys.truth(row.cell(key)) and (
            row is not question.rows[0] or len(row.cell(key)) != 1 or row.cell(key) in "xX1"
        ):
            marked.append(letter)
    answers = _own_labels_off(found)
    return Answers(answers.texts, tuple(marked) or answers.marked)


def _own_labels_off(found: Mapping[str, str]) -> Answers:
    """The options without letters of their own ("A. …" in the column A), and those a star marks."""
    marked = tuple(
        letter for letter, text in found.items() if text.startswith("*") and not text.startswith("**")
    )
    bare = {
        letter: text.removeprefix("*").strip() if letter in marked else text for letter, text in found.items()
    }
    labelled = re.compile(r"([A-Ja-j])\s?[.)/:]\s*(?=\S)")
    matches = {letter: labelled.match(text) for letter, text in bare.items()}
    if bare and all(match and match[1].upper() == letter for letter, match in matches.items()):
        bare = {letter: text[match.end() :] for letter, text in bare.items() if (match := matches[letter])}
    is_few = len(marked) < len(found)
    return Answers(bare, marked) if is_few else Answers(found, ())


def _kind(row: Row, header: Header, answers: Answers) -> str:
    spelt = row.cell(header.column("kind"))
    if spelt:
        kind = words.kind_of(spelt)
        if kind is None:
            message = f"Questions of the kind {spelt[:60]!r} are not known here."
            raise Unreadable(row.line, "unsupported_type", message, spelt)
        return (
            "true_false"
            if kind == "choice" and not answers.texts and _truth(row, header) is not None
            else kind
        )
    if len(answers.texts) >= LEAST_OF_A_CHOICE:
        return "choice"
    if answers.texts:
        message = "The question has one option only: a choice has at least two."
        raise Unreadable(row.line, "option_count", message)
    if _truth(row, header) is not None:
        return "true_false"
    if row.cell(header.column("key")) and not header.options:
        return "short_answer"
    raise Unreadable(row.line, "unfinished_question", "The question has no options.")


def _truth(row: Row, header: Header) -> bool | None:
    return keys.truth(row.cell(header.column("key")))


def _choice(row: Row, header: Header, answers: Answers, notes: Notes) -> Draft:
    right = _right(row, header, answers, notes)
    kind = words.kind_of(row.cell(header.column("kind")))
    if kind == "single_choice" and len(right) > 1:
        message = "The key names several options, and the question is said to have one right option."
        raise Unreadable(row.line, "several_correct_options", message, ", ".join(right))
    named = {
        letter: texts.option(_source(text, "plain", row.line), notes)
        for letter, text in answers.texts.items()
    }
    weights = _weights(row, header, answers, right)
    return choice(named, right, row.line, notes, kind=kind, weights=weights)


def choice(
    options: Mapping[str, str],
    right: Sequence[str],
    line: int,
    notes: Notes,
    *,
    kind: str | None = None,
    weights: Mapping[str, str] | None = None,
) -> Draft:
    """The body of a choice: of one right option, unless the kind or the key says otherwise."""
    is_single = kind == "single_choice" or (kind != "multiple_choice" and len(right) == 1)
    if not is_single and weights is None:
        message = "Each right option earns an equal share, and a wrong one takes the whole away."
        notes.warn(line, "weights_assumed", message)
    shares = weights or _equal(options, right, is_single=is_single)
    notes.spend(len(options), line)
    found = [
        node_of({"id": name, "text": text, "fraction": shares[letter]}, line)
        for name, (letter, text) in zip(option_ids(len(options)), options.items(), strict=True)
    ]
    return {"kind": "single_choice" if is_single else "multiple_choice", "options": found}


def _right(row: Row, header: Header, answers: Answers, notes: Notes) -> tuple[str, ...]:
    spelt = row.cell(header.column("key"))
    key = keys.key_of(spelt, answers.texts) if spelt else None
    if answers.marked and (key is None or keys.truth(spelt)):
        return answers.marked
    if key is None:
        said = (
            f"the key {spelt[:60]!r} names none of the options"
            if spelt
            else "nothing says which option is right"
        )
        code = "bad_answer" if spelt else "no_correct_option"
        raise Unreadable(row.line, code, f"The question has no key: {said}.", spelt)
    if answers.marked and answers.marked != key.letters:
        message = f"The key says {', '.join(key.letters)}, and a star marks {', '.join(answers.marked)}."
        raise Unreadable(row.line, "two_keys", message)
    if key.other:
        message = f"The key {spelt} was read as a place; it is the text of option {key.other} too."
        notes.warn(row.line, "ambiguous_key", message, spelt)
    return key.letters


def _weights(row: Row, header: Header, answers: Answers, right: tuple[str, ...]) -> Mapping[str, str] | None:
    spelt = row.cell(header.column("weights"))
    if not spelt:
        return None
    shares = [_number(part) for part in _parts(spelt)]
    parsed = [amounts.parse(share) for share in shares]
    positive = [
        letter
        for letter, share in zip(answers.texts, parsed, strict=False)
        if share is not None and share > 0
    ]
    if len(shares) != len(answers.texts) or not set(right) <= set(positive):
        message = f"The shares {spelt[:60]!r} do not fit the options and the key."
        raise Unreadable(row.line, "two_keys", message, spelt)
    return dict(zip(answers.texts, shares, strict=True))


def _equal(options: Mapping[str, str], right: Sequence[str], *, is_single: bool) -> Mapping[str, str]:
    share = decimal_text((Decimal(1) / len(right)).quantize(_NINE_PLACES, rounding=ROUND_DOWN))
    wrong = "0" if is_single else "-1"
    return {letter: share if letter in right else wrong for letter in options}


def _truth_body(row: Row, header: Header, answers: Answers, _notes: Notes) -> Draft:
    found = _truth(row, header)
    if found is None and answers.texts:
        key = keys.key_of(row.cell(header.column("key")), answers.texts)
        found = keys.truth(answers.texts[key.letters[0]]) if key and len(key.letters) == 1 else None
    if found is None:
        message = "The key says neither true nor false."
        raise Unreadable(row.line, "bad_answer", message, row.cell(header.column("key")))
    return {"answer": Node(found, row.line)}


def _accepted(row: Row, header: Header) -> list[tuple[str, str]]:
    """The answers in the key cell, each with its share."""
    spelt = _parts(row.cell(header.column("key")))
    if not spelt:
        raise Unreadable(row.line, "bad_answer", "The question has no answer.")
    shares = [_number(part) for part in _parts(row.cell(header.column("weights")))]
    return list(zip(spelt, shares if len(shares) == len(spelt) else ["1"] * len(spelt), strict=True))


def _short(row: Row, header: Header, _answers: Answers, notes: Notes) -> Draft:
    found = _accepted(row, header)
    notes.spend(len(found), row.line)
    answers = [
        {**amounts.accepted_text(text, is_exact=False, line=row.line), "fraction": share}
        for text, share in found
    ]
    return {"answers": [node_of(answer, row.line) for answer in answers]}


def _numeric(row: Row, header: Header, _answers: Answers, notes: Notes) -> Draft:
    found = _accepted(row, header)
    notes.spend(len(found), row.line)
    answers = [{**amounts.accepted_number(text, row.line, notes), "fraction": share} for text, share in found]
    return {"answers": [node_of(answer, row.line) for answer in answers]}


_BODIES = {
    "choice": _choice,
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _truth_body,
    "short_answer": _short,
    "numeric": _numeric,
}


def _level(row: Row, header: Header, notes: Notes) -> Draft:
    """The level, where the words name one; what names none stays as a tag and is told."""
    spelt = row.cell(header.column("level"))
    spelt = header.legend("level").get(spelt, spelt)
    difficulty = row.cell(header.column("difficulty"))
    share = amounts.parse(_number(difficulty)) if difficulty else None
    found: Draft = {"level": words.level_of(spelt)}
    if share is not None and 0 < share < 1:
        found["difficulty"] = decimal_text(share)
    if not spelt or found["level"]:
        return found
    found["level"] = words.level_by_number(spelt)
    if found["level"]:
        message = f"The level {spelt} was read as {found['level']}: 1 is recall and 4 the highest."
        notes.warn(row.line, "level_by_number", message, spelt)
    else:
        notes.warn(row.line, "unknown_level", f"The level {spelt[:60]!r} is kept as a tag.", spelt)
    return found


def _tags(row: Row, header: Header) -> list[str]:
    found = _parts(row.cell(header.column("tags")))
    found += [f"{header.texts[c].split('(')[0].strip()}: {row.cell(c)}" for c in header.tags if row.cell(c)]
    level = row.cell(header.column("level"))
    level = header.legend("level").get(level, level)
    if level and not words.level_of(level) and not words.level_by_number(level):
        found.append(f"Mức độ: {level}")
    difficulty = row.cell(header.column("difficulty"))
    share = amounts.parse(_number(difficulty)) if difficulty else None
    if difficulty and not (share is not None and 0 < share < 1):
        found.append(f"Độ khó: {header.legend('difficulty').get(difficulty, difficulty)}")
    return list(dict.fromkeys(found))


def _legal_source(row: Row, header: Header) -> dict[str, object] | None:
    found = {name: row.cell(header.column(name)) for name in ("instrument", "article")}
    return {name: text for name, text in found.items() if text} or None


def _parts(cell: str) -> list[str]:
    """What stands in the cell between line ends, semicolons and bars."""
    return [part.strip() for part in _LINES.split(cell) if part.strip()]


def _number(spelt: str) -> str:
    bare = spelt.replace("điểm", "").replace("đ", "").strip()
    return bare.replace(",", ".") if _COMMA.fullmatch(bare) else bare


def _source(text: str, markup: texts.TextFormat, line: int) -> texts.Source:
    """The text with its format: some programs export the tags of their editors in their cells."""
    is_html = markup == "plain" and _OPENED.search(text) and _CLOSED.search(text)
    return texts.Source(text, "html" if is_html else markup, line)
