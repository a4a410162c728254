# SPDX-License-Identifier: Apache-2.0
"""What the gaps of an item are worth against each other, and what each of them accepts."""

from fractions import Fraction

from lxml import etree

from question_bank.formats.qti.names import line_of, text_of
from question_bank.json_reader import node_of


def weight(worth: Fraction, least: Fraction) -> Fraction:
    """How many times the least gap this one is worth, to six places: shares are rounded in files."""
    return Fraction(round(worth / least * 10**6), 10**6) if least > 0 else Fraction(1)


def pays_partly(own: dict[str, object]) -> bool:
    """True where a gap has answers for a part of its marks."""
    if own["kind"] == "multiple_choice":
        return own.get("grading") != "exact"
    found = own.get("answers", own.get("options"))
    shares = (node.value["fraction"].value for node in (found if isinstance(found, list) else ()))
    return not set(shares) <= {"0", "1"}


def first_answer(own: dict[str, object]) -> str | None:
    """The first text that a gap accepts for all its marks."""
    answers = own.get("answers")
    for node in answers if isinstance(answers, list) else ():
        if "text" in node.value and node.value["fraction"].value == "1":
            return None if node.value["match"].value == "pattern" else str(node.value["text"].value)
    return None


def as_choice(own: dict[str, object], interaction: etree._Element) -> dict[str, object]:
    """A gap knows no statements: true and false are two options there."""
    if own["kind"] != "true_false":
        return own
    names = [each.get("identifier", "") for each in interaction.iter("inlineChoice")]
    options = [
        node_of(
            {
                "id": name,
                "text": text_of(each),
                "fraction": "1" if (name.lower() == "true") == own["answer"] else "0",
            },
            line_of(each),
        )
        for name, each in zip(names, interaction.iter("inlineChoice"), strict=True)
    ]
    return {"kind": "single_choice", "options": options, "worth": own["worth"]}
