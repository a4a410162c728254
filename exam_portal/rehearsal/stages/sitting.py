# SPDX-License-Identifier: Apache-2.0
"""The day of a sitting on computers: check-in, opening, start, everybody writes at once, handing in."""

import random
from typing import Any

from exam_portal.rehearsal.browser import Browser
from exam_portal.rehearsal.play import Contender, Play
from exam_portal.rehearsal.stages import preparing
from exam_portal.rehearsal.stages.preparing import Sat
from exam_portal.rehearsal.writing import Writer

AT_ONCE = 24
ESSAY = (
    "Trước hết, cần rà soát chức năng, nhiệm vụ của đơn vị theo mô hình chính quyền địa phương hai cấp, xác "
    "định rõ người chịu trách nhiệm và thời hạn của từng việc. Thứ hai, công khai quy trình giải quyết thủ "
    "tục hành chính, lấy mức độ hài lòng của người dân làm thước đo. Thứ ba, bố trí cán bộ theo vị trí việc "
    "làm, gắn đánh giá hằng quý với kết quả thực hiện nhiệm vụ. "
)


def hold(play: Play, sat: Sat, paper: str) -> None:
    """The sitting has been held: everybody present has handed in, and what was promised is stored."""
    invigilator = play.staff["coi-thi-1"]
    board = f"/staff/sittings/{sat.public_id}/board"
    check_in(invigilator, board)
    preparing.find_attempts(play, sat.part)
    writers = {one.person.number: Writer(one.browser, one.attempts[sat.part]) for one in play.candidates()}
    play.crowd(writers.values(), Writer.take_place)
    preparing.release(play, paper)
    everywhere(invigilator, board, "/start")
    play.crowd(
        play.candidates(), lambda one: answer_all(play, one, writers[one.person.number]), at_once=AT_ONCE
    )
    _settle(play, writers.values())
    play.crowd(writers.values(), lambda writer: _hand_in(play, writer))
    everywhere(invigilator, board, "/end")


def check_in(invigilator: Browser, board: str) -> None:
    """Everybody in every room is present, identity checked."""
    for room in invigilator.open(board).forms("/check-in"):
        form = next(each for each in invigilator.open(board).forms("/check-in") if each.action == room.action)
        invigilator.submit(form)


def everywhere(invigilator: Browser, board: str, act: str) -> None:
    """Do it in all rooms at once."""
    forms = invigilator.open(board).forms(act)
    invigilator.submit(next(form for form in forms if "room" not in form.values))


def answer_all(play: Play, one: Contender, writer: Writer) -> None:
    """The paper is open, and every question has been answered."""
    with play.measures.single("start"):
        items = writer.read_paper()
    chance = play.chance("answers", one.person.number)
    knowledge = chance.uniform(0.45, 0.95)
    for item in items:
        right = play.keys.get(item["id"]) if chance.random() < knowledge else None
        _answer(writer, item, chance, right)


def _answer(writer: Writer, item: dict[str, Any], chance: random.Random, right: str | None) -> None:
    if item["kind"] == "single_choice":
        first, second = (chance.choice(item["options"])["id"] for _ in range(2))
        changes_mind = [first] if chance.random() < 0.2 else []
        known = [option["id"] for option in item["options"] if option["text"] == right]
        writer.answer(item["id"], *changes_mind, *(known or [second]))
    elif item["kind"] == "essay":
        for paragraphs in (1, 2, 4):
            writer.write(item["id"], ESSAY * paragraphs)


def _settle(play: Play, writers: Any) -> None:
    """Compare, before anybody hands in, what each journal was promised with what the server has."""
    for writer, stored in zip(writers, play.crowd(writers, Writer.stored), strict=True):
        play.answers.sent += writer.sent
        play.answers.acknowledged += writer.promised
        play.answers.stored += stored


def _hand_in(play: Play, writer: Writer) -> None:
    writer.hand_in()
    play.measures.latency["save"] += writer.milliseconds["events"]
    play.measures.latency["submit"] += writer.milliseconds["submission"]
