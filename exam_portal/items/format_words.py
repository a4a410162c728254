# SPDX-License-Identifier: Apache-2.0
"""The words for kinds of files, and for what those of other programs cannot bring in or take out, by code."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

FILES: Mapping[str, str] = {
    "xlsx": _l("Excel (XLSX)"),
    "docx": _l("Word (DOCX), to read and print"),
    "native": _l("JSON: whole, restricted questions too"),
    "moodle_xml": "Moodle XML",
    "gift": "GIFT",
    "aiken": "Aiken",
    "qti22": "QTI 2.2",
    "qti30": "QTI 3.0",
    "csv": "CSV",
}

WORDS: Mapping[str, str] = {
    "adaptive": _l("The question changes while it is answered, which a question here cannot"),
    "template_processing": _l("A program fills the question in for each candidate"),
    "unsupported_interaction": _l("This way of answering is not known here"),
    "mixed_interactions": _l("The question mixes gaps in its text with other ways of answering"),
    "several_codes": _l("Keys of several papers stand in the file: name the code of this one in its head"),
    "text_repeated": _l("The text that several questions share stands in front of each of them"),
    "paragraph_joined": _l("A paragraph below an option was taken as part of it: is it one?"),
    "essay_assumed": _l("A question without options was taken as an essay: is it one?"),
    "several_partners": _l("An entry has no partner or several"),
    "partial_order": _l("The right order does not name every entry once"),
    "several_keys": _l("Several sets of options are right, each by itself"),
    "gap_not_marked": _l("The gaps are not marked each by itself"),
    "unsupported_expression": _l("The file marks answers by a rule that is not reckoned here"),
    "unknown_template": _l("The file marks answers by rules that stand elsewhere"),
    "unknown_variable": _l("The rules of the file ask for something that it does not hold"),
    "undeclared_response": _l("The file does not declare an answer that it asks for"),
    "blackboard": _l("The question is written as only Blackboard writes it"),
    "no_key": _l("The file does not say which answer is right"),
    "no_body": _l("The question has no text"),
    "bad_match": _l("The two sets of entries to match are not there"),
    "bad_shape": _l("An area of a picture is not described as it should be"),
    "no_mapping": _l("The file marks by a table that it does not hold"),
    "unknown_choice": _l("The right answer names an option that is not there"),
    "which_item": _l("The file holds several questions, or none of this id"),
    "key_from_declaration": _l("The rules pay nothing for the answer declared right: that answer counts"),
    "stem_from_title": _l("The question asks by its title only, which became its text"),
    "manifest_missing": _l("The package does not list its files: every one was read"),
    "stimulus_missing": _l(
        "The text that the question is about stands in another file, which cannot be read"
    ),
    "control_inside": _l("A text holds a control character, which can be neither seen nor printed"),
    "test_alone": _l("The questions of this test stand in other files: bring in the whole package"),
    "unsupported_kind": _l("The format has no such kind of question"),
    "partial_credit": _l("The format cannot give a part of the marks"),
    "several_lines": _l("The format has room for one line only"),
    "exact_match": _l("The format cannot tell capital letters apart"),
    "mixed_matching": _l("The format compares all answers of a question in one way"),
    "gap_weight": _l("The format cannot weigh gaps in this way"),
    "rubric": _l("The format cannot hold the criteria of an essay"),
    "control_character": _l("A text holds a character that the format cannot spell"),
    "not_held": _l("The question would come back changed from this format"),
    "restricted_item": _l("Restricted questions leave their bank in the portal's own format only"),
    "parts_left_out": _l("What surrounds the question has no place in this format"),
}
