# SPDX-License-Identifier: Apache-2.0
"""The rules of a QTI file give the outcomes the standard says, exactly."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from question_bank import formats
from question_bank.formats import qti
from question_bank.formats.intake import Unreadable
from question_bank.grading import InvalidResponse
from tests.question_bank.builders import SHARED
from tests.question_bank.formats.qti_files import CHOICE, an_item, declaration, rules

CASES = SHARED / "data" / "corpus" / "qti22_scoring_cases"
REFUSED = {
    "responseProcessing_customOperator": "unsupported_expression",
    "templateProcessing_templateCondition_branching": "template_processing",
    "templateProcessing_templateCondition_toBoolean": "template_processing",
    "template_randomFloat_roundTo_mathConstant": "template_processing",
}
CLOSE = Decimal("0.000001")


def folders() -> list[Path]:
    return sorted(path.parent for path in CASES.rglob("item.xml"))


@pytest.mark.skipif(not CASES.exists(), reason="the shared corpus is not on this machine")
@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_outcome_of_the_scoring_cases_agrees_or_is_refused_by_name(folder: Path) -> None:
    content = (folder / "item.xml").read_bytes()
    for case in json.loads((folder / "cases.json").read_text())["cases"]:
        if folder.name in REFUSED:
            with pytest.raises(Unreadable) as caught:
                qti.score(content, case["responses"])
            assert caught.value.code == REFUSED[folder.name]
            continue
        found = qti.score(content, case["responses"]).as_dict()
        outcomes = found["outcomes"]
        assert isinstance(outcomes, dict)
        for name, expected in case["expect"].get("outcomes", {}).items():
            assert agrees(outcomes.get(name), expected), (case["name"], name, outcomes.get(name), expected)
        if "score" in case["expect"]:
            assert agrees(found["score"], case["expect"]["score"]), case["name"]


def agrees(found: Any, expected: Any) -> bool:
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        return isinstance(found, str) and abs(Decimal(found) - Decimal(str(expected))) <= CLOSE
    return bool(found == expected)


@pytest.mark.parametrize(
    ("response", "score"), [("b", "1"), ("a", "0"), (None, "0"), (["b"], "1"), ("none", "0")]
)
def test_a_template_marks_a_choice(response: Any, score: str) -> None:
    found = qti.score(an_item(rules("match_correct")), {"RESPONSE": response}).as_dict()
    assert (found["score"], found["max"], found["needs_person"]) == (score, "1", False)


def test_a_response_the_item_does_not_declare_is_refused() -> None:
    with pytest.raises(InvalidResponse):
        qti.score(an_item(rules("match_correct")), {"OTHER": "b"})


SHARES = "".join(
    f"<divide>{{}}<baseValue baseType='float'>{10**30 + 2 * number + 1}</baseValue></divide>"
    for number in range(3_000)
)  # what they share nothing in multiplies
ENDLESS = {
    "sum": f"<sum>{SHARES}</sum>",
    "mean": f"<statsOperator name='mean'><multiple>{SHARES}</multiple></statsOperator>",
    "variance": f"<statsOperator name='popVariance'><multiple>{SHARES}</multiple></statsOperator>",
    "common": "<lcm>" + SHARES.replace("divide>", "subtract>") + "</lcm>",
    "containers": "<repeat numberRepeats='900'>" + "<multiple>" + "{}" * 900 + "</multiple></repeat>",
    "power": "<power>{}<baseValue baseType='integer'>65</baseValue></power>",
    "patternMatch": "<patternMatch pattern='(a+)+$'>{}</patternMatch>",
    "random": "<randomInteger min='1' max='6'/>",
    "sine": "<mathOperator name='sin'><baseValue baseType='float'>1</baseValue></mathOperator>",
    "repeat": "<repeat numberRepeats='9999'><repeat numberRepeats='9999'>{}</repeat></repeat>",
    "deep": "<sum>" * 80 + "{}" + "</sum>" * 80,
    "product": "<product>" + "<baseValue baseType='float'>1e99</baseValue>" * 400 + "</product>",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_t33_rules_that_would_run_for_long_are_refused_by_name(name: str) -> None:
    expression = ENDLESS[name].replace("{}", "<baseValue baseType='integer'>2</baseValue>")
    content = an_item(f"<responseProcessing><setOutcomeValue identifier='SCORE'>{expression}"
                      "</setOutcomeValue></responseProcessing>")  # fmt: skip
    with pytest.raises(Unreadable) as caught:
        qti.score(content, {"RESPONSE": "b"})
    assert caught.value.code in {"unsupported_expression", "too_deep"}


@pytest.mark.parametrize(("bound", "codes"), [("", ["grading_changed"]), (' lowerBound="0"', [])])
@pytest.mark.parametrize("cardinality", ["single", "multiple"])
def test_a_response_that_costs_marks_in_the_file_is_told(
    cardinality: str, bound: str, codes: list[str]
) -> None:
    mapping = (
        f'<mapping defaultValue="0"{bound}><mapEntry mapKey="b" mappedValue="1"/>'
        '<mapEntry mapKey="c" mappedValue="-1"/></mapping>'
    )
    content = an_item(
        rules("map_response"),
        body=CHOICE.replace('maxChoices="1"', f'maxChoices="{1 if cardinality == "single" else 0}"'),
        declared=declaration("b", cardinality=cardinality, mapping=mapping),
    )
    result = formats.read(content, name="item.xml")
    assert len(result.items) == 1
    assert [each.code for each in result.problems] == codes
