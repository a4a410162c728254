# SPDX-License-Identifier: Apache-2.0
"""Whether the parts of a response earn their shares, or only the whole earns anything.

`grading`: `parts` (default) pays what the rule of the kind says, `exact` all of it for the fully right
response and nothing for any other, as `match_correct` of QTI does.
"""

from typing import Literal

from question_bank.fields import Fields
from question_bank.grading import FULL, NOTHING, Grade
from question_bank.json_values import Json

Grading = Literal["parts", "exact"]
GRADINGS: tuple[Grading, ...] = ("parts", "exact")


def parse_grading(fields: Fields) -> Grading:
    """The word of the file; `parts` where it says none."""
    return fields.choice("grading", GRADINGS, "parts") or "parts"


def native_grading(grading: Grading) -> dict[str, Json]:
    """The key of a native file; none for the default, so that older items keep their hashes."""
    return {} if grading == "parts" else {"grading": grading}


def graded(grade: Grade, grading: Grading) -> Grade:
    """The grade as it is, or all or nothing; of a response that earns nothing no part does."""
    if grading == "parts" or grade.share == FULL:
        return grade
    return Grade(share=NOTHING, parts=dict.fromkeys(grade.parts, NOTHING))
