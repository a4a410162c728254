# SPDX-License-Identifier: Apache-2.0
"""Texts that people mark: how many marks there are, by which criteria, with what guidance."""

from fractions import Fraction

from lxml import etree

from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.parts import Criterion, Parts
from question_bank.formats.qti.probe import Probe, share_text
from question_bank.formats.qti.processing import SCORE
from question_bank.formats.qti.values import entries
from question_bank.json_reader import node_of

GUIDANCE_KEY, GUIDANCE_TITLE = "1", "Hướng dẫn chấm"


def essay(
    interaction: etree._Element, probe: Probe, parts: Parts, *, is_one_of_several: bool
) -> dict[str, object]:
    """The keys of an essay: by criteria where the file has some, else with one text of guidance."""
    name = interaction.get("responseIdentifier", "")
    rows = [each for each in parts.criteria if each.response == name]
    if rows:
        return _by_criteria(interaction, rows, probe)
    declaration = probe.processing.responses.get(name)
    model = [] if declaration is None else [str(value) for value in entries(declaration.correct)]
    guidance = "\n\n".join([*parts.guidance, *model])
    own = _highest(f"{SCORE}.{name}", probe) if is_one_of_several else None
    worth = own or most(probe) or Fraction(1)
    rubric = {
        "key": GUIDANCE_KEY,
        "title": GUIDANCE_TITLE,
        "max": share_text(worth),
        "guidance": guidance,
    }
    return {
        "kind": "essay",
        "rubric": [node_of(rubric, line_of(interaction))] if guidance else [],
        "worth": worth,
    }


def most(probe: Probe) -> Fraction | None:
    """The most marks the file names."""
    declared = probe.processing.outcomes.get("MAXSCORE")
    for value in entries(declared.default) if declared else ():
        if isinstance(value, Fraction) and value > 0:
            return value
    return _highest(SCORE, probe)


def _by_criteria(interaction: etree._Element, rows: list[Criterion], probe: Probe) -> dict[str, object]:
    worths = [_highest(row.outcome, probe) or Fraction(1) for row in rows]
    rubric = [
        node_of(
            {"key": row.key, "title": row.title, "max": share_text(worth), "guidance": row.guidance},
            line_of(interaction),
        )
        for row, worth in zip(rows, worths, strict=True)
    ]
    return {"kind": "essay", "rubric": rubric, "worth": sum(worths, Fraction(0))}


def _highest(outcome: str, probe: Probe) -> Fraction | None:
    """The most that an outcome can hold, where the file says it."""
    declared = probe.processing.outcomes.get(outcome)
    return None if declared is None else declared.highest
