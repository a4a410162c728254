# SPDX-License-Identifier: Apache-2.0
"""QTI items, tests and packages become items with the right kind, key and text."""

import base64
import re
from decimal import Decimal
from typing import Any

import pytest

from question_bank import formats
from question_bank.formats import ReadResult
from question_bank.item import native
from tests.question_bank.formats.qti_files import CHOICE, a_package, an_item, declaration, rules

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
MAPPING = """<mapping defaultValue="0"><mapEntry mapKey="Hà Nội" mappedValue="2" caseSensitive="false"/>
<mapEntry mapKey="Thăng Long" mappedValue="1"/></mapping>"""


def only(result: ReadResult) -> dict[str, Any]:
    assert result.errors == ()
    (item,) = result.items
    return dict(native(item))


def fractions(found: dict[str, Any]) -> dict[str, str]:
    return {option["id"]: option["fraction"] for option in found["options"]}


INLINED = """<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/>
<correct identifier="RESPONSE"/></match><setOutcomeValue identifier="SCORE">
<baseValue baseType="float">2</baseValue>
</setOutcomeValue></responseIf><responseElse><setOutcomeValue identifier="SCORE"><baseValue baseType="float">0
</baseValue></setOutcomeValue></responseElse></responseCondition></responseProcessing>"""


@pytest.mark.parametrize(
    ("processing", "marks"),
    [(rules("match_correct"), "1"), (INLINED, "2"), ("", "1"), (rules("map_response"), "1")],
)
def test_a_choice_is_read_however_its_rules_are_spelt(processing: str, marks: str) -> None:
    found = only(formats.read(an_item(processing)))
    assert (found["kind"], found["stem"], found["marks"]) == (
        "single_choice",
        "Cơ quan nào ban hành luật?",
        marks,
    )
    assert fractions(found) == {"a": "0", "b": "1", "c": "0"}
    assert (found["options"][2]["fixed"], found["shuffle"], found["title"]) == (True, True, "Luật")


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda text: text.replace(' xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2"', ""),
        lambda text: re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1q:", text).replace("xmlns=", "xmlns:q="),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("<assessmentItem", "<!DOCTYPE assessmentItem>\n<assessmentItem", 1),
    ],
    ids=["no namespace", "prefixed", "byte order mark", "bare document type"],
)  # fmt: skip
def test_other_spellings_of_the_file_change_nothing(rewritten: Any) -> None:
    content = rewritten(an_item(rules("match_correct")).decode()).encode()
    assert fractions(only(formats.read(content, "qti22"))) == {"a": "0", "b": "1", "c": "0"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("Đúng", "Sai"), "true_false"),
        (("TRUE.", "<b>False</b>"), "true_false"),
        (("Chủ tịch UBND tỉnh", "Giám đốc Sở"), "single_choice"),
        (("Sai", "Đúng"), "single_choice"),
    ],
)
def test_choices_called_true_and_false_are_a_judgement_only_where_they_say_no_more(
    words: tuple[str, str], kind: str
) -> None:
    choices = "".join(
        f'<simpleChoice identifier="{name}">{text}</simpleChoice>'
        for name, text in zip(("true", "false"), words, strict=True)
    )
    named = '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">'
    body = f"<p>Ai ký?</p>{named}{choices}</choiceInteraction>"
    found = only(formats.read(an_item(rules("match_correct"), body=body, declared=declaration("true"))))
    assert found["kind"] == kind
    if kind == "single_choice":
        assert [(each["id"], each["text"], each["fraction"]) for each in found["options"]] == [
            ("true", words[0], "1"), ("false", words[1], "0")
        ]  # fmt: skip


def test_version_3_is_the_same_in_other_names() -> None:
    content = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="Q1"
    title="L">
    <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">
    <qti-correct-response><qti-value>a</qti-value><qti-value>b</qti-value></qti-correct-response>
    <qti-mapping lower-bound="0" default-value="-1"><qti-map-entry map-key="a" mapped-value="1"/>
    <qti-map-entry map-key="b" mapped-value="1"/></qti-mapping></qti-response-declaration>
    <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/><qti-item-body>
<p>Chọn hai:</p>
    <qti-choice-interaction response-identifier="RESPONSE" max-choices="0">
    <qti-simple-choice identifier="a">A</qti-simple-choice>
<qti-simple-choice identifier="b">B</qti-simple-choice>
    <qti-simple-choice identifier="c">C</qti-simple-choice></qti-choice-interaction></qti-item-body>
    <qti-response-processing
template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/>
    </qti-assessment-item>"""
    result = formats.read(content.encode())
    found = only(result)
    assert (result.format, found["kind"], found["marks"]) == ("qti30", "multiple_choice", "2")
    assert fractions(found) == {"a": "0.5", "b": "0.5", "c": "-0.5"}


def test_a_line_to_type_into_is_a_short_answer_with_its_cases() -> None:
    body = '<p>Thủ đô?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    declared = declaration("Hà Nội", kind="string", mapping=MAPPING)
    found = only(formats.read(an_item(rules("map_response"), body=body, declared=declared)))
    assert [(each["text"], each["fraction"], each["match"]) for each in found["answers"]] == [
        ("Hà Nội", "1", "casefold"), ("Thăng Long", "0.5", "exact"),
    ]  # fmt: skip


@pytest.mark.parametrize("spelt", ["3,14", "3.14"])
def test_a_number_has_the_range_its_rules_pay(spelt: str) -> None:
    body = '<p>Số pi?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    processing = """<responseProcessing><responseCondition><responseIf>
    <equal toleranceMode="absolute" tolerance="0.01"><variable identifier="RESPONSE"/>
    <correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE">
<baseValue baseType="float">1</baseValue>
    </setOutcomeValue></responseIf></responseCondition></responseProcessing>"""
    found = only(formats.read(an_item(processing, body=body, declared=declaration(spelt, kind="float"))))
    assert found["answers"] == [{"value": "3.14", "tolerance": "0.01", "fraction": "1"}]


def test_gaps_in_a_text_keep_their_places() -> None:
    body = """<p>Luật do <inlineChoiceInteraction responseIdentifier="R1">
<inlineChoice identifier="x">Quốc hội</inlineChoice>
    <inlineChoice identifier="y">Bộ</inlineChoice></inlineChoiceInteraction> ban hành năm
    <textEntryInteraction responseIdentifier="R2"/>.</p>"""
    declared = declaration("x", name="R1") + declaration("2025", name="R2", kind="integer")
    found = only(formats.read(an_item(body=body, declared=declared)))
    assert found["stem"] == "Luật do [[R1]] ban hành năm [[R2]]."
    assert [(gap["id"], gap["kind"]) for gap in found["gaps"]] == [("R1", "single_choice"), ("R2", "numeric")]
    assert found["marks"] == "2"


SETS = """<matchInteraction responseIdentifier="RESPONSE"><prompt>Ghép</prompt><simpleMatchSet>
<simpleAssociableChoice identifier="A" matchMax="1">Luật</simpleAssociableChoice>
<simpleAssociableChoice identifier="B" matchMax="1">Nghị định</simpleAssociableChoice></simpleMatchSet>
<simpleMatchSet>
<simpleAssociableChoice identifier="X" matchMax="1">Quốc hội</simpleAssociableChoice>
<simpleAssociableChoice identifier="Y" matchMax="1">Chính phủ</simpleAssociableChoice>
<simpleAssociableChoice identifier="Z" matchMax="1">Bộ</simpleAssociableChoice></simpleMatchSet>
</matchInteraction>"""


def test_pairs_and_what_belongs_to_none() -> None:
    declared = declaration("A X", "B Y", kind="directedPair", cardinality="multiple")
    found = only(formats.read(an_item(rules("match_correct"), body=SETS, declared=declared)))
    assert [(pair["text"], pair["match"]) for pair in found["pairs"]] == [
        ("Luật", "Quốc hội"),
        ("Nghị định", "Chính phủ"),
    ]
    assert list(found["extra_targets"]) == ["Bộ"]


def test_an_order_is_all_or_nothing_where_its_rules_say_so() -> None:
    body = CHOICE.replace("choiceInteraction", "orderInteraction")
    declared = declaration("c", "a", "b", cardinality="ordered")
    found = only(formats.read(an_item(rules("match_correct"), body=body, declared=declared)))
    assert [step["id"] for step in found["sequence"]] == ["c", "a", "b"]
    assert found["grading"] == "exact"


def test_two_questions_about_one_text_are_a_case_study() -> None:
    second = CHOICE.replace("RESPONSE", "R2").replace("ban hành luật", "ban hành nghị định")
    declared = declaration("b") + declaration("a", name="R2")
    found = only(formats.read(an_item(body=f"<p>Tình huống.</p>{CHOICE}{second}", declared=declared)))
    assert (found["kind"], found["stimulus"], found["marks"]) == ("case_study", "Tình huống.", "2")
    assert [item["stem"] for item in found["items"]] == [
        "Cơ quan nào ban hành luật?",
        "Cơ quan nào ban hành nghị định?",
    ]


def test_an_essay_has_the_guidance_for_scorers() -> None:
    body = """<rubricBlock view="scorer"><p>Nêu hai ý.</p></rubricBlock>
    <extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Phân tích.</prompt>
</extendedTextInteraction>"""
    declared = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>'
    found = only(formats.read(an_item(body=body, declared=declared)))
    assert (found["kind"], found["stem"], found["rubric"][0]["guidance"]) == (
        "essay",
        "Phân tích.",
        "Nêu hai ý.",
    )


TWO_GAPS = "<p>Hai vua: {}, {}.</p>".format(
    *(f'<textEntryInteraction responseIdentifier="{name}"/>' for name in ("R1", "R2"))
)
NO_KEYS = declaration(name="R1", kind="string") + declaration(name="R2", kind="string")
EITHER = "".join(
    f"""<responseCondition><responseIf><or>{
        "".join(
            f'''<stringMatch caseSensitive="false"><variable identifier="{name}"/>
        <baseValue baseType="string">{king}
        </baseValue></stringMatch>'''
            for name in ("R1", "R2")
        )
    }</or><setOutcomeValue identifier="SCORE"><sum>
    <variable identifier="SCORE"/><baseValue baseType="float">1</baseValue></sum></setOutcomeValue>
    </responseIf></responseCondition>"""
    for king in ("Hùng", "Thục")
)
SEVERAL = "".join(
    f"""<responseCondition><responseIf><match><variable identifier="RESPONSE"/><multiple>
    <baseValue baseType="identifier">{name}</baseValue></multiple></match><setOutcomeValue identifier="SCORE">
    <baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>"""
    for name in "ab"
)
UNHELD = {
    "gap_not_marked": an_item(
        f"<responseProcessing>{EITHER}</responseProcessing>", body=TWO_GAPS, declared=NO_KEYS
    ),
    "several_keys": an_item(
        f"<responseProcessing>{SEVERAL}</responseProcessing>", declared=declaration(cardinality="multiple")
    ),
    "adaptive": an_item(own=' adaptive="true"').replace(b'adaptive="false" ', b""),
    "template_processing": an_item("<templateProcessing/>"),
    "unsupported_interaction": an_item(body='<hottextInteraction responseIdentifier="RESPONSE"/>'),
    "unsupported_markup": an_item(body=f"<p><math/></p>{CHOICE}"),
    "picture_lost": an_item(body=f'<p><img src="x.png" alt=""/></p>{CHOICE}'),
    "no_key": an_item(declared=declaration()),
    "unknown_template": an_item(rules("of_somebody")),
    "unsupported_expression": an_item(INLINED.replace("match>", "customOperator>")),
    "not_xml": an_item()[:-9],
}  # fmt: skip


@pytest.mark.parametrize("code", UNHELD)
def test_what_an_item_cannot_hold_is_refused_by_name(code: str) -> None:
    result = formats.read(UNHELD[code], "qti22")
    assert (result.items, [error.code for error in result.errors]) == ((), [code])


def test_a_package_gives_its_items_with_pictures_topics_and_tags() -> None:
    about = """<metadata><lom><general><keyword><langstring>luật</langstring></keyword></general>
<classification><taxonPath>
    <taxon><entry><langstring>Hiến pháp</langstring></entry></taxon></taxonPath></classification></lom>
</metadata>"""
    resource = f'<resource identifier="R" type="imsqti_item_xmlv2p2" href="i/q.xml">{about}</resource>'
    manifest = f'<manifest xmlns="http://x/imscp"><resources>{resource}</resources></manifest>'
    content = an_item(body=f'<p><img src="../m/a%20b.png" alt="hình"/></p>{CHOICE}')
    package = a_package({"i/q.xml": content, "m/a b.png": PIXEL, "__MACOSX/._x.xml": b"\0"}, manifest)
    result = formats.read(package, name="p.zip")
    found = only(result)
    assert result.format == "qti22"
    assert found["stem"].startswith("![hình](data:image/png;base64,iVBOR")
    assert (list(found["topics"]), list(found["tags"])) == (["Hiến pháp"], ["luật"])


def test_a_damaged_item_of_a_package_costs_itself_only() -> None:
    package = a_package({"1.xml": an_item(id="Q1"), "2.xml": an_item()[:-5], "3.xml": an_item(id="Q3")})
    result = formats.read(package, name="p.zip")
    assert [item.id for item in result.items] == ["Q1", "Q3"]
    assert [(error.file, error.code) for error in result.errors] == [("p.zip/2.xml", "not_xml")]


def test_the_sections_of_a_test_are_topics() -> None:
    test = """<assessmentTest xmlns="x" identifier="T" title="T"><testPart identifier="P">
<assessmentSection identifier="S"
    title="Hành chính"><assessmentItemRef identifier="I" href="1.xml"/></assessmentSection></testPart>
</assessmentTest>"""
    result = formats.read(a_package({"1.xml": an_item(), "t.xml": test.encode()}))
    assert [item.topics for item in result.items] == [("Hành chính",)]


def equal(name: str, value: object) -> str:
    return f"<varequal respident='{name}'>{value}</varequal>"


CANVAS = """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">
<assessment ident="A" title="Đề"><section
ident="root_section"><item ident="g1" title="Câu 1"><itemmetadata><qtimetadata><qtimetadatafield>
<fieldlabel>question_type
</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield><qtimetadatafield>
<fieldlabel>points_possible</fieldlabel>
<fieldentry>2.0</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext
texttype="text/html">&lt;p&gt;Chọn [x]&amp;nbsp;nhé&lt;/p&gt;</mattext>
</material>{response}</presentation><resprocessing>
<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/>
</outcomes>{rules}</resprocessing></item>
</section></assessment></questestinterop>"""
LABELS = """<response_lid ident="{}" rcardinality="{}"><render_choice><response_label ident="1">
<material><mattext>Đúng luật
</mattext></material></response_label><response_label ident="2"><material><mattext>Sai</mattext>
</material></response_label>
<response_label ident="3"><material><mattext>Khác</mattext></material></response_label></render_choice>
</response_lid>"""
PAID = """<respcondition continue="No"><conditionvar>{}</conditionvar>
<setvar action="Set" varname="SCORE">100</setvar></respcondition>"""
BOTH = f"<and>{equal('r', 1)}<not>{equal('r', 2)}</not>{equal('r', 3)}</and>"
RANGE = "<vargte respident='r'>1.0</vargte><varlte respident='r'>2.0</varlte>"
FIB = '<response_str ident="r" rcardinality="Single"><render_fib/></response_str>'


@pytest.mark.parametrize(
    ("kind", "response", "condition", "word"),
    [
        ("multiple_choice_question", LABELS.format("r", "Single"), equal("r", 2), {"2": "1"}),
        ("multiple_answers_question", LABELS.format("r", "Multiple"), BOTH, {"1": "0.5", "3": "0.5"}),
        ("multiple_dropdowns_question", LABELS.format("response_x", "Single"),
         equal("response_x", 3), "single_choice"),
        ("short_answer_question", FIB, equal("r", "a") + equal("r", "b"), ["a", "b"]),
        ("numerical_question", FIB, RANGE, ("1", "2")),
        ("essay_question", FIB, "<other/>", "essay"),
    ],
)  # fmt: skip
def test_canvas_questions_come_through(kind: str, response: str, condition: str, word: Any) -> None:
    content = CANVAS.format(kind=kind, response=response, rules=PAID.format(condition))
    result = formats.read(content.encode())
    found = only(result)
    assert (result.format, found["marks"]) == ("qti12", "2")
    if isinstance(word, dict):
        assert {name: share for name, share in fractions(found).items() if Decimal(share) > 0} == word
    elif isinstance(word, list):
        assert [answer["text"] for answer in found["answers"]] == word
    elif isinstance(word, tuple):
        assert [(each["low"], each["high"]) for each in found["answers"]] == [word]
    else:
        assert word in {found["kind"], *(gap["kind"] for gap in found.get("gaps", ()))}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (
            "<m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mn>1</m:mn></m:math>",
            "unsupported_markup",
        ),
        ("<mataudio uri='a.mp3'/>", "unsupported_markup"),
    ],
)
def test_a_formula_beside_the_text_of_a_canvas_question_is_not_taken_for_words(wrong: str, code: str) -> None:
    content = CANVAS.format(
        kind="essay_question", response=f"<material>{wrong}</material>{FIB}", rules=PAID.format("<other/>")
    )
    assert [error.code for error in formats.read(content.encode()).errors] == [code]


def test_blackboards_own_words_are_refused_by_name() -> None:
    own = "<bbmd_questiontype>Essay</bbmd_questiontype><qtimetadata>"
    content = CANVAS.format(kind="essay_question", response=FIB, rules="").replace("<qtimetadata>", own, 1)
    assert [error.code for error in formats.read(content.encode()).errors] == ["blackboard"]


def test_rules_that_a_program_left_behind_go_unmet_with_a_warning() -> None:
    orphan = """<responseCondition><responseIf><match><variable identifier="GONE"/>
<correct identifier="GONE"/></match><setOutcomeValue identifier="SCORE">
<baseValue baseType="float">9</baseValue></setOutcomeValue>
</responseIf></responseCondition></responseProcessing>"""
    result = formats.read(an_item(INLINED.replace("</responseProcessing>", orphan)), "qti22")
    assert fractions(only(result))["b"] == "1"
    assert "unknown_variable" in {warning.code for warning in result.warnings}
