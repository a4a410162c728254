# SPDX-License-Identifier: Apache-2.0
"""The fixed words of a printed paper, in the language of its questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What every paper says besides its questions."""

    official: str
    reserve: str
    rehearsal: str
    part: str
    time: str
    scale: str
    code: str
    candidate: str
    number: str
    question: str
    marks: str
    end: str
    page: str
    pages: str
    rules: tuple[str, ...]
    statement: str
    true: str
    false: str
    hints: Mapping[str, str]
    key_title: str
    key_note: str
    by_person: str
    step: str
    steps: str
    corrections_title: str
    corrections_lead: str
    whole: str
    withdrawn: str
    point: str  # between a number and its decimals

    def by_steps(self, marks: Sequence[str]) -> str:
        """What one, two … right statements of a question earn."""
        said = (
            self.step.format(count=count, marks=self.decimal(each))
            for count, each in enumerate(marks, start=1)
        )
        return self.steps.format(steps="; ".join(said))

    def decimal(self, text: str) -> str:
        """A decimal as its readers write it."""
        return text.replace(".", self.point)


_VI = Words(
    official="ĐỀ CHÍNH THỨC",
    reserve="ĐỀ DỰ PHÒNG",
    rehearsal="DIỄN TẬP",
    part="Phần thi: {title}",
    time="Thời gian làm bài: {minutes} phút, không kể thời gian phát đề",
    scale="Thang điểm: {marks}",
    code="Mã đề",
    candidate="Họ và tên thí sinh",
    number="Số báo danh",
    question="Câu",
    marks="{marks} điểm",
    end="HẾT",
    page="Trang",
    pages="(Đề thi có {pages} trang)",
    rules=(
        "Thí sinh không được sử dụng tài liệu, trừ khi đề thi cho phép.",
        "Giám thị không giải thích gì thêm.",
    ),
    statement="Phát biểu",
    true="Đúng",
    false="Sai",
    hints={
        "statements": "Đánh dấu vào ô Đúng hoặc Sai của mỗi ý.",
        "multiple_choice": "Chọn một hoặc nhiều phương án đúng.",
        "matching": "Ghép mỗi mục ở cột số với một mục ở cột chữ, ví dụ: 1 – c.",
        "ordering": "Sắp xếp các mục theo đúng thứ tự, ví dụ: c, a, b.",
        "gap_fill": "Điền vào chỗ trống theo số thứ tự.",
        "short_answer": "Trả lời ngắn gọn.",
        "numeric": "Trả lời bằng một số.",
        "essay": "Trình bày bài làm trên giấy thi.",
    },
    key_title="ĐÁP ÁN",
    key_note="Không tiết lộ trước khi ca thi cuối cùng của phần thi kết thúc. Mỗi cột là một mã đề.",
    by_person="Chấm theo hướng dẫn chấm",
    step="đúng {count} ý: {marks} điểm",
    steps="Tính điểm theo số ý đúng ({steps}).",
    corrections_title="ĐÍNH CHÍNH ĐỀ THI",
    corrections_lead="Phát kèm đề thi mã đề {code}. Số câu là số câu trong đề thi mang mã đề này.",
    whole="Toàn bộ đề thi",
    withdrawn="Đã rút đính chính này: {why}",
    point=",",
)
_EN = Words(
    official="OFFICIAL PAPER",
    reserve="RESERVE PAPER",
    rehearsal="REHEARSAL",
    part="Part: {title}",
    time="Time: {minutes} minutes, not counting the handing out of papers",
    scale="Marks: {marks}",
    code="Paper code",
    candidate="Full name of the candidate",
    number="Candidate number",
    question="Question",
    marks="{marks} marks",
    end="END",
    page="Page",
    pages="(This paper has {pages} pages)",
    rules=(
        "Candidates use no material unless the paper allows it.",
        "Invigilators explain nothing further.",
    ),
    statement="Statement",
    true="True",
    false="False",
    hints={
        "statements": "Tick true or false for each statement.",
        "multiple_choice": "Choose one or more right options.",
        "matching": "Match each numbered entry with a lettered one, for example: 1 – c.",
        "ordering": "Put the entries in the right order, for example: c, a, b.",
        "gap_fill": "Fill in the gaps by their numbers.",
        "short_answer": "Answer in a few words.",
        "numeric": "Answer with a number.",
        "essay": "Write on the answer sheets.",
    },
    key_title="ANSWER KEY",
    key_note="Not to be told before the last sitting of the part has ended. A column for each paper code.",
    by_person="Marked by the marking guide",
    step="{count} right: {marks}",
    steps="Marked by the number of right statements ({steps}).",
    corrections_title="CORRECTION OF THE PAPER",
    corrections_lead="Goes with the booklet of code {code}. Questions have the numbers of that booklet.",
    whole="The whole paper",
    withdrawn="This correction was withdrawn: {why}",
    point=".",
)


def words_of(language: str) -> Words:
    """The words in this language; Vietnamese where there are none in it."""
    return _EN if language == "en" else _VI
