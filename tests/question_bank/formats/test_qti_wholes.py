# SPDX-License-Identifier: Apache-2.0
"""A file that pays for the whole only becomes an item that does, and both pay the same."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from lxml import etree

from question_bank import formats
from question_bank import item as items
from question_bank.formats import qti
from question_bank.item import Item
from question_bank.kinds.body import token
from tests.question_bank.builders import SHARED
from tests.question_bank.formats.qti_files import a_package, an_item, declaration, rules
from tests.question_bank.formats.test_qti_reading import PIXEL

CASES = SHARED / "data" / "corpus" / "qti22_scoring_cases"
SET = """<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>Chọn?</prompt>
<simpleChoice identifier="a">Một</simpleChoice><simpleChoice identifier="b">Hai</simpleChoice>
<simpleChoice identifier="c">Ba</simpleChoice><simpleChoice identifier="d">Bốn</simpleChoice>
</choiceInteraction>"""
WORDS = """<gapMatchInteraction responseIdentifier="RESPONSE">
<gapText identifier="w1" matchMax="1">luật</gapText>
<gapText identifier="w2" matchMax="1">nghị định</gapText>
<p>Quốc hội ban hành <gap identifier="g1"/>, Chính phủ ban hành <gap identifier="g2"/>.</p>
</gapMatchInteraction>"""
TYPED = """<p>Nhiệm kỳ <textEntryInteraction responseIdentifier="g1"/> năm,
do <textEntryInteraction responseIdentifier="g2"/> bầu.</p>"""
BOTH = """<responseProcessing><responseCondition><responseIf><and>
<match><variable identifier="g1"/><correct identifier="g1"/></match>
<match><variable identifier="g2"/><correct identifier="g2"/></match></and>
<setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue>
</responseIf></responseCondition></responseProcessing>"""
HALF = """<responseElseIf><match><variable identifier="g1"/><correct identifier="g1"/></match>
<setOutcomeValue identifier="SCORE"><baseValue baseType="float">0.5</baseValue></setOutcomeValue>
</responseElseIf>"""
EITHER = BOTH.replace("and>", "or>")
SET_KEY = declaration("a", "b", "c", cardinality="multiple")
TYPED_KEY = declaration("5", name="g1", kind="string") + declaration("nhân dân", name="g2", kind="string")


def only(content: bytes) -> Item:
    result = formats.read(content)
    assert [(each.code, each.severity) for each in result.problems] == []
    (found,) = result.items
    return found


def test_a_set_is_earned_as_a_whole() -> None:
    content = an_item(rules("match_correct"), body=SET, declared=SET_KEY)
    item = only(content)
    for given in (None, ["a"], ["a", "b"], ["c", "a", "b"], ["a", "b", "c", "d"], ["d"]):
        own = qti.score(content, {"RESPONSE": given}).as_dict()
        assert (
            own["score"]
            == items.score(item, given).as_dict()["score"]
            == ("1" if given == ["c", "a", "b"] else "0")
        )


def test_words_put_into_gaps_are_earned_as_a_whole() -> None:
    declared = declaration("w1 g1", "w2 g2", kind="directedPair", cardinality="multiple")
    content = an_item(rules("match_correct"), body=WORDS, declared=declared)
    item = only(content)
    for given in ({}, {"g1": "w1"}, {"g1": "w1", "g2": "w2"}, {"g1": "w2", "g2": "w1"}):
        pairs = [f"{word} {gap}" for gap, word in given.items()]
        own = qti.score(content, {"RESPONSE": pairs}).as_dict()["score"]
        assert (
            own
            == items.score(item, given).as_dict()["score"]
            == ("1" if pairs == ["w1 g1", "w2 g2"] else "0")
        )


def test_gaps_are_earned_as_a_whole() -> None:
    content = an_item(BOTH, body=TYPED, declared=TYPED_KEY)
    item = only(content)
    assert items.native(item)["grading"] == "exact"
    for given in ({}, {"g1": "5"}, {"g2": "nhân dân"}, {"g1": "5", "g2": "nhân dân"}, {"g1": "5", "g2": "x"}):
        own = qti.score(content, given).as_dict()["score"]
        assert own == items.score(item, given).as_dict()["score"]


@pytest.mark.parametrize(
    ("processing", "body", "declared"),
    [
        (EITHER, TYPED, TYPED_KEY),
        (BOTH.replace("</responseIf>", f"</responseIf>{HALF}"), TYPED, TYPED_KEY),
    ],
)
def test_rules_that_pay_for_less_make_no_whole(processing: str, body: str, declared: str) -> None:
    (item,) = formats.read(an_item(processing, body=body, declared=declared)).items
    assert "grading" not in items.native(item)


@pytest.mark.skipif(not CASES.exists(), reason="the shared corpus is not on this machine")
def test_the_scoring_cases_pay_the_same_by_native_responses() -> None:
    kinds = set()
    for folder in sorted(path.parent for path in CASES.rglob("item.xml")):
        content = (folder / "item.xml").read_bytes()
        result = formats.read(content)
        if not result.items or any(each.code == "grading_changed" for each in result.problems):
            continue
        (item,) = result.items
        if items.native(item).get("grading") != "exact" or item.kind == "ordering":
            continue
        kinds.add(item.kind)
        for case in json.loads((folder / "cases.json").read_text())["cases"]:
            given = _native(content, item, case["responses"])
            own = qti.score(content, case["responses"]).as_dict()["score"]
            assert items.score(item, given).as_dict()["score"] == own, (folder.name, case["name"])
    assert "matching" in kinds


def _native(content: bytes, item: Item, responses: Mapping[str, Any]) -> Any:
    (given,) = responses.values()
    if item.kind != "matching":
        return given
    texts = {
        each.get("identifier"): "".join(each.itertext()).strip()
        for each in etree.fromstring(content).iter("{*}simpleAssociableChoice")
    }
    return {first: token(texts[second]) for first, second in (pair.split() for pair in given)}


STIMULUS = """<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="S">
<qti-stimulus-body><p>Ông An khiếu nại.</p><p><img src="an.png" alt="An"/></p></qti-stimulus-body>
</qti-assessment-stimulus>"""
ABOUT = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
identifier="Q{0}" title="L">
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
<qti-correct-response><qti-value>a</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-assessment-stimulus-ref identifier="S" href="{1}"/>
<qti-item-body>Ai giải quyết?<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
<qti-simple-choice identifier="a">A</qti-simple-choice><qti-simple-choice identifier="b">B</qti-simple-choice>
</qti-choice-interaction></qti-item-body></qti-assessment-item>"""


def test_a_text_that_items_share_stands_in_front_of_each_or_refuses_them() -> None:
    parts = {f"items/{n}.xml": ABOUT.format(n, "../shared/s.xml").encode() for n in (1, 2)}
    pixel = {"shared/an.png": PIXEL}
    result = formats.read(a_package({**parts, "shared/s.xml": STIMULUS.encode(), **pixel}))
    assert (len(result.items), result.problems) == (2, ())
    for item in result.items:
        assert item.stem.startswith("Ông An khiếu nại.\n\n![An](data:image/png;base64,")
        assert item.stem.endswith("\n\nAi giải quyết?")
    alone = formats.read(ABOUT.format(1, "s.xml").encode())
    lacking = formats.read(a_package(parts))
    for result, count in ((alone, 1), (lacking, 2)):
        assert (result.items, [error.code for error in result.errors]) == ((), ["stimulus_missing"] * count)
