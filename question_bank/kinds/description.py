# SPDX-License-Identifier: Apache-2.0
"""A text between items, such as an introduction: nothing is asked and nothing earned."""

from dataclasses import dataclass
from decimal import Decimal

from question_bank.fields import Fields
from question_bank.grading import NOTHING, Grade, InvalidResponse, is_blank
from question_bank.json_values import Json
from question_bank.kinds.body import Body, ReadItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Description(Body):
    """The stem is all there is."""

    kind = "description"

    @classmethod
    def parse(cls, _fields: Fields, _read_item: ReadItem, /) -> "Description":
        """Always a description: it has no keys of its own."""
        return cls()

    def native(self) -> dict[str, Json]:
        """No keys."""
        return {}

    def view(self) -> dict[str, Json]:
        """No keys."""
        return {}

    def grade(self, response: Json) -> Grade:
        """Nothing of nothing; any response is refused."""
        if not is_blank(response):
            raise InvalidResponse("not_asked", "A description takes no response.")
        return Grade(share=NOTHING)

    def model_response(self) -> Json:
        """None: nothing is asked."""
        return None

    def own_marks(self) -> Decimal:
        """Zero."""
        return Decimal(0)
