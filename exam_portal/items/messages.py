# SPDX-License-Identifier: Apache-2.0
"""The words of the item bank: stages, levels, kinds, what was wrong with a file, refusals and acts."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.items import errors, format_words
from exam_portal.items.models import ItemStage
from exam_portal.web.messages import Words, failure

LABELS = {
    ItemStage.DRAFT: _l("Draft"),
    ItemStage.REVIEWED: _l("Reviewed by another"),
    ItemStage.APPROVED: _l("Approved for use"),
    ItemStage.RETURNED: _l("Returned to the author"),
    ItemStage.RETIRED: _l("Retired from the bank"),
}

TAGS: Mapping[ItemStage, str] = {
    ItemStage.DRAFT: "neutral",
    ItemStage.REVIEWED: "progress",
    ItemStage.APPROVED: "done",
    ItemStage.RETURNED: "attention",
    ItemStage.RETIRED: "refused",
}

LEVELS: Mapping[str, str] = {
    "remember": _l("Remember"),
    "understand": _l("Understand"),
    "apply": _l("Apply"),
    "analyse": _l("Analyse"),
    "evaluate": _l("Evaluate"),
    "create": _l("Create"),
}

KINDS: Mapping[str, str] = {
    "single_choice": _l("One answer of several"),
    "multiple_choice": _l("Several answers"),
    "true_false": _l("True or false"),
    "short_answer": _l("Short answer"),
    "numeric": _l("A number as the answer"),
    "matching": _l("Matching"),
    "ordering": _l("Ordering"),
    "gap_fill": _l("Text with gaps"),
    "essay": _l("Essay"),
    "case_study": _l("Case with questions"),
    "description": _l("Description without a question"),
}

PROBLEMS: Mapping[str, str] = {
    "all_ticked_is_full": _l("Ticking every option would earn full marks"),
    "bad_date": _l("This is no date such as 2025-07-01"),
    "bad_identifier": _l("The id has characters that an id may not have"),
    "bad_language": _l("The language is not named as it should be"),
    "bad_number": _l("This is no number"),
    "bad_pattern": _l("The pattern of the answer cannot be read"),
    "empty": _l("Something that is needed is empty"),
    "empty_range": _l("The beginning lies after the end"),
    "fraction_sum": _l("The shares of the right options do not add up to 1"),
    "gap_mismatch": _l("The gaps in the text and in the list differ"),
    "half_range": _l("A range needs both of its ends"),
    "marks_mismatch": _l("The marks differ from the sum of the parts"),
    "missing_key": _l("A field that is needed is missing"),
    "no_correct_option": _l("No option is right"),
    "no_full_answer": _l("No answer earns full marks"),
    "no_gaps": _l("The text has no gap"),
    "no_items": _l("There is no question inside"),
    "not_json": _l("The file is not written as JSON"),
    "not_utf8": _l("The file is not UTF-8 text"),
    "number_not_text": _l('Numbers are written as text, such as "0.5"'),
    "option_count": _l("Too few or too many options"),
    "out_of_range": _l("The value lies outside its bounds"),
    "positional_option": _l("An option names others by letter or place: not shuffled until somebody decides"),
    "repeated_id": _l("Two have the same id"),
    "bad_steps": _l(
        "The steps do not fit the statements: one for each number of right ones, none falling, the last 1"
    ),
    "steps_of_statements": _l("Only statements that are true or false are marked by steps"),
    "duplicate_key": _l("A field stands twice"),
    "repeated_option": _l("Two options are the same"),
    "repeated_text": _l("Two entries have the same text"),
    "several_correct_options": _l("More than one option is right: this is a multiple choice"),
    "token_clash": _l("Two targets cannot be told apart: word one of them differently"),
    "value_or_range": _l("An answer is either a number or a range from its lowest to its highest value"),
    "pattern": _l("An answer with a star cannot be written in this format"),
    "too_deep": _l("The file is nested too deeply"),
    "too_few_entries": _l("There are too few entries"),
    "too_few_pairs": _l("There are too few pairs"),
    "too_long": _l("A text is too long"),
    "too_large": _l("The file is too large"),
    "too_many": _l("There are too many"),
    "too_many_problems": _l("More problems follow and are not listed"),
    "unknown_format": _l("This format is not known"),
    "unknown_key": _l("There is a field that nobody knows"),
    "unknown_kind": _l("This kind of question is not known"),
    "unknown_schema": _l("The file says it is something else than a file of items"),
    "unrecognised_format": _l("This is no file of items that could be recognised"),
    "unknown_value": _l("This value is none of those allowed"),
    "wrong_type": _l("Something else is expected here"),
    "active_content": _l("Scripts were taken out of a text"),
    "attachment_required": _l("The question asks for a file to be handed in"),
    "bad_answer": _l("The answer named as right is none of the options"),
    "bad_gap": _l("A gap is not written as it should be"),
    "decimal_comma": _l("A number was read with a decimal comma"),
    "document_type": _l("The file declares a document type, and such files are not read"),
    "embedded_file": _l("The question needs a file that it cannot keep here"),
    "exact_pattern": _l("A pattern cannot ask for capital letters here"),
    "file_left_out": _l("A file is left out"),
    "grading_changed": _l("The question is marked in another way here"),
    "id_changed": _l("The id has characters that an id may not have, and was changed"),
    "left_out": _l("A part of the file has no place in a question here, and is left out"),
    "legacy_encoding": _l("The file is in an old code page: check the letters with marks"),
    "loose_weight": _l("A number with a percent sign was read as a weight"),
    "classified": _l("The file bears the mark of a state secret"),
    "no_questions": _l("The file holds no question"),
    "not_text": _l("The file is no text"),
    "not_xml": _l("The file is not written as XML"),
    "picture_in_option": _l("An option holds a picture, which only the question itself can show"),
    "picture_lost": _l("A picture is missing, too large or of another kind than PNG, JPEG, GIF, WebP"),
    "selection_changed": _l("All entries are shown here, not a part of them"),
    "table_simplified": _l("Cells of a table reached over others, and stand alone now"),
    "text_before_answers": _l("A text stands before the first answer"),
    "thousands_sign": _l("A number was read with a decimal point, not as thousands"),
    "too_many_feedbacks": _l("There are more than two remarks on true and false"),
    "two_answer_blocks": _l("Two blocks of answers: is a blank line between two questions missing?"),
    "unclosed_title": _l("The title is not closed"),
    "unfinished_question": _l("The question is not complete"),
    "units": _l("The answer asks for a unit"),
    "unknown_encoding": _l("The file names an encoding that is not read here"),
    "unknown_root": _l("The file is XML, but no file of questions"),
    "unmatched_brace": _l("A brace is missing"),
    "unsupported_gap": _l("This kind of gap is not known here"),
    "unsupported_markup": _l("A text holds a drawing, formula or sound that would be lost"),
    "unsupported_type": _l("This type of question is not known here"),
    "ambiguous_key": _l("The key is the place of one option and the text of another"),
    "bad_cell": _l("A formula in the row gives no value"),
    "encrypted_archive": _l("The file is protected by a password"),
    "equation_lost": _l("An equation is lost: its place is marked in the text"),
    "picture_left_out": _l("A picture or sign is left out: its place is marked in the text"),
    "hidden_sheet": _l("A hidden sheet is left out"),
    "legacy_font": _l("The text is written for old fonts (TCVN3 or VNI): convert it to Unicode first"),
    "level_by_number": _l("The level was read from a number"),
    "link_in_archive": _l("The file holds a link to somewhere else"),
    "no_header": _l("No row names the columns"),
    "not_archive": _l("The file is damaged"),
    "not_table": _l("The file is no table of rows and cells"),
    "old_office": _l("An old Word or Excel file, or one with a password: save it as .docx or .xlsx"),
    "part_missing": _l("A part of the file is missing"),
    "repeated_part": _l("A part of the file stands there twice"),
    "row_left_out": _l("A row holds no question, and is left out"),
    "two_keys": _l("Two keys contradict each other"),
    "unknown_level": _l("The level has no counterpart, and is kept as a tag"),
    "unknown_packing": _l("The file is packed in an unusual way"),
    "unsafe_path": _l("The file reaches outside of itself"),
    "weights_assumed": _l("Several options are right: equal shares, and a wrong one takes everything away"),
    "weights_scaled": _l("The weights summed to more than the whole and were scaled"),
}


def advice(flag: str, options: Sequence[str]) -> str:
    """Return what a person should do about a flag of the item statistics, naming the options concerned."""
    return str(ADVICE[flag](", ".join(options)))


def flags(names: Sequence[str]) -> str:
    """Return the flags of the item statistics in a few words."""
    return "; ".join(str(FLAGS[name]) for name in names)


FLAGS: Mapping[str, str] = {
    "key_suspect": _l("the key may be wrong"),
    "against": _l("the better did worse"),
    "weak": _l("hardly discriminates"),
    "too_hard": _l("too hard"),
    "too_easy": _l("too easy"),
    "unused_option": _l("an option that hardly anybody chose"),
}
ADVICE: Mapping[str, Callable[[str], str]] = {
    "key_suspect": lambda options: gettext(
        "The key may be wrong: most people, or those who did better on the rest of the test, chose"
        " %(options)s. Two people should check the key against the law in force before anything else.",
        options=options,
    ),
    "against": lambda _options: gettext(
        "Those who did better on the rest of the test did worse here. Check the key and read the wording"
        " again."
    ),
    "weak": lambda _options: gettext(
        "It hardly tells stronger from weaker candidates. Read the wording and the wrong options again."
    ),
    "too_hard": lambda _options: gettext(
        "Very few had it right. Check the key, the wording, and whether the syllabus covers it."
    ),
    "too_easy": lambda _options: gettext(
        "Nearly everybody had it right: it says little about who knows more."
    ),
    "unused_option": lambda options: gettext(
        "Hardly anybody chose %(options)s. Put a mistake there that people really make.", options=options
    ),
}


def level(name: str) -> str:
    """Return the reader's word for a level; an empty one is a dash."""
    return str(LEVELS[name]) if name in LEVELS else "–"


def kind(name: str) -> str:
    """Return the reader's word for a kind of item."""
    return str(KINDS.get(name, name))


def problem(code: str) -> str:
    """Return what was wrong in the reader's words; the message of the report stands beside it."""
    said = PROBLEMS.get(code) or format_words.WORDS.get(code)
    return str(said) if said else gettext("Not as the format asks")


def stopped(refusal: str) -> str:
    """Return why the job that took a file in has ended, from the name of the refusal."""
    said = STOPPED.get(refusal)
    return str(said) if said else failure(refusal)


def tag(stage: ItemStage) -> str:
    """Return the kind of tag in which the stage is shown."""
    return TAGS[stage]


def _exists(error: errors.ItemExists) -> Words:
    return Words(
        _l("The bank has an item of this id"),
        _l("“%(item)s” exists already.", item=error.external_id),
        _l("Choose another id, or open that item and write a new version of it."),
    )


def _too_many(error: errors.TooManyToTake) -> Words:
    return Words(
        _l("That is more than one file is made of at once"),
        _l("In this format one file takes %(most)s questions.", most=error.most),
        _l("Search for fewer, by topic or level say, or choose JSON, which takes a whole bank."),
    )


def _classified(error: errors.Classified) -> Words:
    return Words(
        _l("Content marked as a state secret is not kept here"),
        _l(
            "Marked: %(items)s. Nothing of the file or of what was typed has been kept.",
            items=", ".join(error.items[:10]),
        ),
        _l("This installation is in a network. Hold such a paper outside the portal, in sealed envelopes."),
    )


ERRORS = {
    errors.OwnItem: Words(
        _l("Nobody reviews an item of his or her own"),
        _l("Whoever wrote or imported an item neither reviews nor approves it."),
        _l("Ask another member of the setting board."),
    ),
    errors.NotReviewed: Words(
        _l("The item has not been reviewed"), _l("An item is approved after somebody else has reviewed it.")
    ),
    errors.SameReviewer: Words(
        _l("Two people are needed"),
        _l("You have reviewed this item; the approval is for another member of the setting board."),
    ),
    errors.PlacesShuffled: Words(
        _l("Say why the item is approved as it is"),
        _l(
            "Its options are shuffled though one of them names others by letter or place: the key changes"
            " with the order."
        ),
        _l("Fix that option in place or do not shuffle, or write the reason into the comment."),
    ),
    errors.CommentMissing: Words(
        _l("Say what has to be changed"), _l("An item is returned to its author with a comment.")
    ),
    errors.CommentEmpty: Words(_l("A comment says something"), _l("Nothing has been kept.")),
    errors.ImportUnusable: Words(
        _l("Nothing of the file has been taken in"),
        _l("The file has mistakes; items are taken in when all of the file can be."),
        _l("Correct the lines that the report names and choose the file again."),
    ),
    errors.ImportCommitted: Words(
        _l("This file has been taken in already"), _l("Nothing has been added a second time.")
    ),
    errors.ImportOvertaken: Words(
        _l("Somebody has written items of this file meanwhile"),
        _l("Nothing of the file has been taken in."),
        _l("Choose the file again and read its new report."),
    ),
    errors.Classified: _classified,
    errors.NothingToTake: Words(
        _l("There is nothing to take out"),
        _l("Tick questions on the page, or choose all that the search finds."),
    ),
    errors.TooManyToTake: _too_many,
    errors.ItemExists: _exists,
    errors.NewerVersion: Words(
        _l("A newer version of this item exists"),
        _l(
            "Somebody has written it since you opened this form. What you typed stands below and is not"
            " saved."
        ),
        _l("Open the item in another window, read the newer version, and write yours from it."),
    ),
    errors.ItemUnchanged: Words(
        _l("Nothing has changed"), _l("The new version would say the same as the one before it.")
    ),
}

STOPPED: Mapping[str, str] = {
    "Classified": _l(
        "It bears the mark of a state secret, and this installation is in a network. What was sent has been"
        " erased. Hold such a paper outside the portal, in sealed envelopes."
    ),
    "FileTooLarge": _l("Its questions are larger than what is kept here: divide the file."),
    "ImportOvertaken": _l("Somebody has written items of this file while it was being taken in."),
    "ImportUnusable": _l("The file has mistakes; items are taken in when all of the file can be."),
    "NotFound": _l("Whoever asked for it no longer has the right to write into this bank."),
}

AUDIT = {
    "items.bank_opened": _l("An item bank was opened"),
    "items.file_received": _l("A file of items was sent"),
    "items.import_examined": _l("A file of items was examined"),
    "items.imported": _l("A file of items was taken in"),
    "items.written": _l("An item was written"),
    "items.compared": _l("The items of a bank were compared with each other"),
    "items.commented": _l("Somebody commented on an item"),
    "items.reviewed": _l("Items were reviewed"),
    "items.approved": _l("Items were approved"),
    "items.returned": _l("An item was returned to its author"),
    "items.statistics_kept": _l("A bank remembers how its items did"),
    "items.taken_out": _l("Questions were taken out of a bank as a file"),
    "items.retired": _l("An item was retired"),
    "items.uses_kept": _l("A bank remembers which of its items stood in a held paper"),
}
