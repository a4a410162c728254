# SPDX-License-Identifier: Apache-2.0
"""What a row adds of its own kind: the key of a choice, the answers that are accepted."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from question_bank.formats import amounts, texts
from question_bank.formats.intake import Notes, Unreadable, option_ids
from question_bank.formats.sheets import cells, keys, ticks, words
from question_bank.formats.sheets.answers import LEAST_OF_A_CHOICE, Answers
from question_bank.formats.sheets.headers import Header
from question_bank.formats.sheets.sheet import Row
from question_bank.json_reader import Node, node_of
from question_bank.json_values import decimal_text

Draft = dict[str, object]

_NINE_PLACES = Decimal("0.000000001")


def body_of(row: Row, header: Header, answers: Answers, notes: Notes) -> tuple[object, Draft]:
    """The kind of the question and what it adds; raises `Unreadable` where the row does not say it."""
    kind = _kind(row, header, answers)
    body = _BODIES[kind](row, header, answers, notes) if kind in _BODIES else {}
    return body.pop("kind", kind), body


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
    return ticks.truth(row, header) if header.has_ticks else keys.truth(row.cell(header.column("key")))


def _choice(row: Row, header: Header, answers: Answers, notes: Notes) -> Draft:
    right = _right(row, header, answers, notes)
    kind = words.kind_of(row.cell(header.column("kind")))
    if kind == "single_choice" and len(right) > 1:
        message = "The key names several options, and the question is said to have one right option."
        raise Unreadable(row.line, "several_correct_options", message, ", ".join(right))
    named = {
        letter: texts.option(cells.source(text, "plain", row.line), notes)
        for letter, text in answers.texts.items()
    }
    weights = _weights(row, header, answers, right)
    return choice(named, right, row.line, notes, kind=kind, weights=weights)


def _right(row: Row, header: Header, answers: Answers, notes: Notes) -> tuple[str, ...]:
    spelt = row.cell(header.column("key"))
    key = keys.key_of(spelt, answers.texts) if spelt else None
    is_left_to_marks = not spelt or (key is None and keys.truth(spelt))
    is_marked_in_column = answers.is_column and (key is None or len(answers.marked) < len(answers.texts))
    if answers.marked and (is_left_to_marks or is_marked_in_column):
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
    shares = [cells.number(part) for part in cells.parts(spelt)]
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
    spelt = cells.parts(row.cell(header.column("key")))
    if not spelt:
        raise Unreadable(row.line, "bad_answer", "The question has no answer.")
    shares = [cells.number(part) for part in cells.parts(row.cell(header.column("weights")))]
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
    answers = [
        {**amounts.accepted_by_hand(text, row.line, notes), "fraction": share} for text, share in found
    ]
    return {"answers": [node_of(answer, row.line) for answer in answers]}


_BODIES = {
    "choice": _choice,
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _truth_body,
    "short_answer": _short,
    "numeric": _numeric,
}


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


def _equal(options: Mapping[str, str], right: Sequence[str], *, is_single: bool) -> Mapping[str, str]:
    share = decimal_text((Decimal(1) / len(right)).quantize(_NINE_PLACES, rounding=ROUND_DOWN))
    wrong = "0" if is_single else "-1"
    return {letter: share if letter in right else wrong for letter in options}
