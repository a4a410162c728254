# SPDX-License-Identifier: Apache-2.0
"""A statement that is true or false: all or nothing."""

from dataclasses import dataclass

from question_bank.fields import Fields
from question_bank.grading import FULL, NOTHING, Grade, InvalidResponse, is_blank
from question_bank.json_values import Json
from question_bank.kinds.body import Body, ReadItem

_SPELLINGS: dict[Json, bool] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(Body):
    """The statement is the stem. Responses are true / false, or the same as text."""

    kind = "true_false"
    answer: bool
    feedback_true: str | None
    feedback_false: str | None

    @classmethod
    def parse(cls, fields: Fields, _read_item: ReadItem, /) -> "TrueFalse":
        """The answer and the feedback to each choice."""
        if fields.require("answer") and not fields.has("answer"):
            fields.refuse("empty", "The answer is empty.", key="answer")
        return cls(
            answer=fields.flag("answer", default=False),
            feedback_true=fields.optional_text("feedback_true"),
            feedback_false=fields.optional_text("feedback_false"),
        )

    def native(self) -> dict[str, Json]:
        """Answer and feedbacks."""
        return {
            "answer": self.answer,
            "feedback_true": self.feedback_true,
            "feedback_false": self.feedback_false,
        }

    def view(self) -> dict[str, Json]:
        """Nothing beyond the stem: true and false are worded by the page."""
        return {}

    def grade(self, response: Json) -> Grade:
        """Full credit for the right one."""
        if is_blank(response):
            return Grade(share=NOTHING)
        chosen = response if isinstance(response, bool) else None
        if isinstance(response, str):
            chosen = _SPELLINGS.get(response)
        if chosen is None:
            raise InvalidResponse("wrong_type", "true or false is expected as the response.")
        return Grade(share=FULL if chosen == self.answer else NOTHING)

    def model_response(self) -> Json:
        """The answer, spelt as a page sends it."""
        return "true" if self.answer else "false"
