# SPDX-License-Identifier: Apache-2.0
"""A written part that was typed on computers, with a rubric of criteria, as markers read it at the desk."""

from typing import Any

from exam_portal.core.database import Database
from exam_portal.sittings import service
from scoring.ruleset import RuleSet, parse
from tests.portal.competitions.builders import RULES
from tests.portal.marking.builders import Office, masked
from tests.portal.sittings.attempts.builders import a_form, a_text, an_item
from tests.portal.sittings.builders import MINUTE, START, Hall, a_hall
from tests.portal.sittings.computers import player_at, running, seal_all

RUBRIC = """
[[parts.rubric]]
key = "law"
max = "40"
[parts.rubric.title]
vi = "Nắm vững quy định"
en = "Knowledge of the law"
[[parts.rubric]]
key = "practice"
max = "60"
[parts.rubric.title]
vi = "Vận dụng thực tiễn"
en = "Use in practice"
"""
LEVELS = """
[[parts.rubric.levels]]
mark = "40"
label = { vi = "Tốt", en = "Good" }
words = { vi = "Nêu đúng và đủ văn bản, giải thích được", en = "Names all documents, and explains them" }
[[parts.rubric.levels]]
mark = "30"
label = { vi = "Khá", en = "Fair" }
words = { vi = "Nêu đúng phần lớn văn bản", en = "Names most documents rightly" }
[[parts.rubric.levels]]
mark = "15"
label = { vi = "Yếu", en = "Weak" }
words = { vi = "Nhầm lẫn văn bản chính", en = "Confuses the main documents" }
"""
ESSAY = (
    "Cải cách hành chính là nhiệm vụ trọng tâm 🙂. "
    "Theo Nghị quyết số 76/NQ-CP, thủ tục phải đơn giản, công khai.\n"
    "Ở đơn vị, tôi đề xuất ba việc. Một là rà soát thủ tục. Hai là số hoá hồ sơ. Ba là lấy ý kiến người dân."
)
GUIDE = [
    {"key": "a", "title": "Nêu đúng quy định", "max": "2", "guidance": "Nêu được ít nhất hai văn bản."},
    {"key": "b", "title": "Đề xuất khả thi", "max": "2"},
]


def rules_with_a_rubric(*, with_levels: bool = False) -> RuleSet:
    """The rules whose written part is marked by two criteria, the first one by levels where wanted."""
    text = RULES.read_text(encoding="utf-8")
    before, line, after = text.partition('resolve = "third_decides"')
    rest = after.partition("\n")
    law, second, practice = RUBRIC.partition('[[parts.rubric]]\nkey = "practice"')
    rubric = f"{law}{LEVELS if with_levels else ''}{second}{practice}"
    return parse(f"{before}{line}{rest[0]}\n{rubric}{rest[2]}")


def a_typed_office(
    database: Database,
    *,
    people: int = 2,
    text: str = ESSAY,
    with_rubric: bool = True,
    with_levels: bool = False,
    questions: int = 1,
) -> Office:
    """Everybody has typed this text, for each further question with its number; the scripts are masked."""
    hall = a_typed_hall(
        database,
        people=people,
        text=text,
        with_rubric=with_rubric,
        with_levels=with_levels,
        questions=questions,
    )
    with database.writing(unhurried=True) as session:
        return masked(session, hall)


def a_typed_hall(
    database: Database,
    *,
    people: int,
    text: str,
    with_rubric: bool = True,
    with_levels: bool = False,
    questions: int = 1,
) -> Hall:
    """Everybody has typed this text, and the sitting is over."""
    rules: dict[str, Any] = {"ruleset": rules_with_a_rubric(with_levels=with_levels)} if with_rubric else {}
    facts: dict[str, Any] = {"rubric": GUIDE, "min_words": None, "max_words": 2000, "shuffle": False}
    essays = [an_item(f"E-{number}", "essay", marks="4", **facts) for number in range(1, questions + 1)]
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=people, **rules)
        sitting = running(session, hall, form=a_form(essays), capacity=max(24, people))
    for seat in sitting.seats:
        player = player_at(database, seat, START + MINUTE)
        player.save(a_text(1, text))
        for number in range(2, questions + 1):
            player.save(a_text(number, f"Câu {number}: {text}", item=f"E-{number}"))
    with database.writing(unhurried=True) as session:
        over = START + 181 * MINUTE
        service.end(session, hall.invigilator, over, sitting=sitting)
        seal_all(session, hall.invigilator, over, sitting)
    return hall
