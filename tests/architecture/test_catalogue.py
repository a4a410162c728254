# SPDX-License-Identifier: Apache-2.0
"""Both catalogues hold every visible string, and nothing else."""

from pathlib import Path

from babel.messages.catalog import Catalog

from exam_portal.web import catalogue


def test_the_vietnamese_catalogue_is_complete_and_consistent() -> None:
    assert [str(problem) for problem in catalogue.all_problems()] == []


def test_the_english_catalogue_says_every_message() -> None:
    messages = catalogue.extract()
    empty = [message.id for message in catalogue.english(messages) if not message.string]
    assert empty == []


def test_two_parts_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.po").write_text('msgid "Sitting"\nmsgstr "Ca thi"\n', encoding="utf-8")
    (tmp_path / "b.po").write_text('msgid "Sitting"\nmsgstr "Buổi thi"\n', encoding="utf-8")
    _, problems = catalogue.parts(tmp_path)
    assert [(problem.code, problem.where) for problem in problems] == [("contradictory", "a.po and b.po")]


def test_missing_left_over_and_mangled_translations_are_named(tmp_path: Path) -> None:
    part = 'msgid "Dear %(name)s"\nmsgstr "Kính gửi %(ten)s"\n\nmsgid "Gone"\nmsgstr "Đã bỏ"\n'
    (tmp_path / "a.po").write_text(part, encoding="utf-8")
    wanted = Catalog()
    wanted.add("Dear %(name)s")
    wanted.add("Vacancy")
    translations, _ = catalogue.parts(tmp_path)
    found = {(problem.code, problem.msgid) for problem in catalogue.problems_of(wanted, translations)}
    assert found == {("placeholders", "Dear %(name)s"), ("obsolete", "Gone"), ("untranslated", "Vacancy")}


def test_plural_forms_are_kept_in_both_languages(tmp_path: Path) -> None:
    part = 'msgid "%(num)s candidate"\nmsgid_plural "%(num)s candidates"\nmsgstr[0] "%(num)s thí sinh"\n'
    (tmp_path / "a.po").write_text(part, encoding="utf-8")
    wanted = Catalog()
    wanted.add(("%(num)s candidate", "%(num)s candidates"))
    translations, _ = catalogue.parts(tmp_path)
    strings = [message.string for message in catalogue.vietnamese(wanted, translations) if message.id]
    assert strings == [("%(num)s thí sinh",)]
