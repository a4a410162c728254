# SPDX-License-Identifier: Apache-2.0
"""Moodle XML: every type with a counterpart is read, the others are refused by name."""

import base64
import dataclasses
from typing import Any

import pytest

from question_bank import formats
from question_bank.formats import ReadResult
from question_bank.item import native
from tests.question_bank.builders import an_item

PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000a49444154789c6300010000050001"
        "0d0a2db40000000049454e44ae426082"
    )
).decode()


def question(type: str, inside: str = "", stem: str = "Nội dung?", files: str = "") -> str:
    return (
        f'<question type="{type}"><name><text>Tên</text></name><questiontext format="html">'
        f"<text><![CDATA[{stem}]]></text>{files}</questiontext>{inside}</question>"
    )


def read(*questions: str) -> ReadResult:
    content = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>"
    return formats.read(content.encode(), name="cau-hoi.xml")


def one(*questions: str) -> dict[str, Any]:
    result = read(*questions)
    assert result.errors == ()
    return native(result.items[0])


def answer(text: str, fraction: str = "0", more: str = "") -> str:
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{more}</answer>'


CHOICE = answer("<p>Quốc hội</p>", "100") + answer("Chính phủ")


def test_what_all_questions_share_is_read() -> None:
    item = one(
        "<question type='category'><category><text>$course$/top/Hiến pháp</text></category></question>",
        question(
            "multichoice",
            "<single>true</single><shuffleanswers>false</shuffleanswers><defaultgrade>2.5000000</defaultgrade>"
            "<idnumber>HP-1</idnumber><generalfeedback format='html'><text>&lt;p&gt;Điều 69&lt;/p&gt;</text>"
            f"</generalfeedback><tags><tag><text>2025</text></tag></tags>{CHOICE}",
        ),
    )
    assert (item["id"], item["title"], item["marks"], item["shuffle"]) == ("HP-1", "Tên", "2.5", False)
    assert (item["topics"], item["tags"], item["feedback"]) == (("Hiến pháp",), ("2025",), "Điều 69")
    assert [(o["id"], o["text"], o["fraction"]) for o in item["options"]] == [
        ("a", "Quốc hội", "1"),
        ("b", "Chính phủ", "0"),
    ]


def test_short_answers_know_case_and_stars() -> None:
    plain = one(question("shortanswer", "<usecase>0</usecase>" + answer("Hà*", "100") + answer("a\\*", "50")))
    assert [(a["text"], a["match"]) for a in plain["answers"]] == [("Hà*", "pattern"), ("a*", "casefold")]
    exact = one(question("shortanswer", "<usecase>1</usecase>" + answer("HĐND", "100") + answer("*")))
    assert [(a["text"], a["match"]) for a in exact["answers"]] == [("HĐND", "exact"), ("*", "pattern")]


def test_an_essay_keeps_the_guidance_for_markers_and_the_limits() -> None:
    item = one(
        question(
            "essay",
            "<defaultgrade>10</defaultgrade><graderinfo format='html'><text>Ý chính</text></graderinfo>"
            "<minwordlimit>100</minwordlimit><maxwordlimit>0</maxwordlimit>",
        )
    )
    assert (item["marks"], item["min_words"], item["max_words"]) == ("10", 100, None)
    assert item["rubric"][0]["guidance"] == "Ý chính"


def test_a_cloze_text_has_its_gaps_with_their_weights() -> None:
    item = one(
        question(
            "cloze",
            stem="<p>Nhiệm kỳ {2:NUMERICAL:=5:0} năm, do {:MCS:~=Quốc hội#Đúng~%50%Cử tri~Dân \\~ \\}} bầu "
            "{1:SAC:=HĐND} {1:MR:=a~=b~c}.</p>",
        )
    )
    assert item["stem"] == "Nhiệm kỳ [[g1]] năm, do [[g2]] bầu [[g3]] [[g4]]."
    assert item["marks"] == "5"
    first, second, third, fourth = item["gaps"]
    assert (first["kind"], first["weight"]) == ("numeric", "2")
    assert [(o["text"], o["fraction"], o.get("feedback")) for o in second["options"]] == [
        ("Quốc hội", "1", "Đúng"),
        ("Cử tri", "0.5", None),
        ("Dân ~ }", "0", None),
    ]
    assert third["answers"][0]["match"] == "exact"
    assert [o["fraction"] for o in fourth["options"]] == ["0.5", "0.5", "0"]


def test_a_picture_travels_in_the_question_and_back_as_a_file() -> None:
    file = f'<file name="s%C6%A1%20do.png" encoding="base64">{PIXEL}</file>'.replace("%C6%A1%20", "ơ ")
    stem = '<p><img src="@@PLUGINFILE@@/s%C6%A1%20do.png" alt="Sơ đồ"></p><p>Ai?</p>'
    result = read(question("essay", stem=stem, files=file))
    assert result.errors == ()
    assert result.items[0].stem == f"![Sơ đồ](data:image/png;base64,{PIXEL})\n\nAi?"
    written = formats.write(result.items, "moodle_xml")
    assert b"@@PLUGINFILE@@/" in written
    assert written.count(PIXEL.encode()) == 1
    assert formats.read(written).items == result.items


def test_the_picture_of_a_question_of_moodle_1_follows_its_text() -> None:
    item = one(question("essay", f"<image>so do.png</image><image_base64>{PIXEL}</image_base64>"))
    assert item["stem"] == f"Nội dung?\n\n![](data:image/png;base64,{PIXEL})"


REFUSED = [
    (question("calculated"), "unsupported_type"),
    (question("ddwtos"), "unsupported_type"),
    (
        question(
            "numerical", answer("5", "100") + "<units><unit/></units><unitgradingtype>1</unitgradingtype>"
        ),
        "units",
    ),
    (question("essay", "<attachmentsrequired>1</attachmentsrequired>"), "attachment_required"),
    (question("essay", stem='<img src="@@PLUGINFILE@@/thieu.png">'), "picture_lost"),
    (question("essay", stem='<img src="data:image/svg+xml;base64,PHN2Zz4=">'), "picture_lost"),
    (question("essay", stem='<a href="@@PLUGINFILE@@/nghe.mp3">Nghe</a>'), "embedded_file"),
    (question("essay", stem="<math><mi>x</mi></math>"), "unsupported_markup"),
    (
        question("multichoice", answer(f'<img src="data:image/png;base64,{PIXEL}">', "100")),
        "picture_in_option",
    ),
    (question("multichoice", CHOICE.replace("100", "một trăm")), "bad_number"),
    (question("multichoice", answer("Một", "100")), "option_count"),
    (question("truefalse", answer("true", "50") + answer("false", "50")), "bad_answer"),
    (question("shortanswer", "<usecase>1</usecase>" + answer("HĐ*", "100")), "exact_pattern"),
    (question("cloze", stem="Không có chỗ trống"), "no_gaps"),
    (question("cloze", stem="{1:MULTICHOICE}"), "bad_gap"),
    (question("cloze", stem="{1:SHORTANSWER:=a"), "bad_gap"),
    (question("cloze", stem="{1:DRAWING:=a}"), "unsupported_gap"),
    (question("cloze", stem="{1:NUMERICAL:=không}"), "bad_number"),
    (question("essay", stem=""), "empty"),
]


@pytest.mark.parametrize(("bad", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_what_items_cannot_hold_is_refused_by_name_and_costs_no_neighbour(bad: str, code: str) -> None:
    result = read(question("essay"), bad, question("description"))
    assert [item.kind for item in result.items] == ["essay", "description"]
    assert (result.errors[0].line, result.errors[0].code) == (4, code)
    assert result.refused == 1


def test_what_has_no_place_is_left_out_and_named_once() -> None:
    hint = "<hint format='html'><text>Gợi ý</text></hint>"
    file = '<file name="luat.pdf" encoding="base64">AAAA</file>'
    result = read(question("essay", hint + hint, files=file), question("essay", hint))
    assert [(w.code, w.detail) for w in result.warnings] == [
        ("file_left_out", "luat.pdf"),
        ("left_out", "<hint>"),
    ]


def test_pictures_of_feedback_are_left_out_and_its_words_kept() -> None:
    picture = f'<img src="data:image/png;base64,{PIXEL}">'
    feedback = f'<feedback format="html"><text><![CDATA[{picture} Tốt]]></text></feedback>'
    result = read(question("multichoice", answer("Một", "100", feedback) + answer("Hai")))
    assert native(result.items[0])["options"][0]["feedback"] == "Tốt"  # type: ignore[index, call-overload]
    assert [w.code for w in result.warnings] == ["file_left_out"]


def test_an_id_that_ids_may_not_have_is_changed_and_named() -> None:
    result = read(question("essay", "<idnumber>A &amp; B</idnumber>"))
    assert result.items[0].id.startswith("A-B-")
    assert [w.code for w in result.warnings] == ["id_changed"]


def test_two_questions_with_one_id_are_not_merged() -> None:
    result = read(*[question("essay", "<idnumber>A</idnumber>")] * 2)
    assert ([e.code for e in result.errors], len(result.items)) == (["repeated_id"], 1)


def test_gaps_of_several_answers_and_ranges_are_written_as_cloze() -> None:
    gaps = [
        {"id": "g1", "kind": "multiple_choice", "options": _half("a}", "b~#")},
        {"id": "g2", "kind": "numeric", "weight": "3", "answers": [{"value": "5", "tolerance": "1"}]},
    ]
    item = an_item("gap_fill", stem="Chọn [[g1]] và [[g2]].", gaps=gaps, marks="4")
    assert formats.read(formats.write([item], "moodle_xml")).items == (item,)


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"kind": "essay", "rubric": [{"key": "a", "title": "Ý", "max": "1"}]}, "rubric"),
        (
            {"kind": "short_answer", "answers": [{"text": "a", "match": "exact"}, {"text": "b"}]},
            "mixed_matching",
        ),
    ],
)
def test_what_moodle_has_no_word_for_is_refused_on_writing(overrides: dict[str, Any], code: str) -> None:
    kind = overrides.pop("kind")
    held = formats.holding([an_item(kind, **overrides)], "moodle_xml")
    assert [problem.code for problem in held.errors] == [code]


def _half(*texts: str) -> list[dict[str, str]]:
    wrong = {"id": "c", "text": "sai", "fraction": "-1"}
    return [*({"id": "ab"[n], "text": text, "fraction": "0.5"} for n, text in enumerate(texts)), wrong]


def test_a_control_character_that_a_stored_item_holds_is_refused_on_writing() -> None:
    item = dataclasses.replace(an_item("short_answer", answers=[{"text": "a"}]), stem="Nội\x01dung")
    held = formats.holding([item], "moodle_xml")
    assert [problem.code for problem in held.errors] == ["control_character"]
