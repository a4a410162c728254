# SPDX-License-Identifier: Apache-2.0
"""Forms of the training: its rule, and a script with its agreed mark."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.marking.forms import MarkForm, mark_form
from exam_portal.marking.standing import Rule
from exam_portal.web.forms import (
    BooleanField,
    DecimalField,
    Form,
    IntegerField,
    RadioField,
    TextAreaField,
    between,
    length,
    optional,
    required,
)
from exam_portal.web.forms import at_least as least


class RuleForm(Form):
    """Who is qualified, and how often a control script comes."""

    is_required = BooleanField(
        _l("Only those who have passed the training mark live scripts"),
        description=_l("Leave it out in a small council that trains nobody."),
    )
    needed = IntegerField(
        _l("Training scripts that have to be right"),
        [required(_l("Write how many")), between(1, 100)],
        default=1,
    )
    tolerance = DecimalField(
        _l("A mark is right up to this difference from the agreed one"),
        [required(_l("Write the difference")), least(0)],
    )
    tries = IntegerField(_l("Tries"), [required(_l("Write how many tries")), between(1, 10)], default=2)
    control_every = IntegerField(
        _l("One control script to how many live ones"),
        [optional(), between(0, 1000)],
        default=0,
        description=_l("0: none. It counts for bags that are given out from now on."),
    )


def script_form(rule: Rule) -> type[MarkForm]:
    """Return the form of a training script whose agreed mark is given under this rule."""
    base = mark_form(rule)
    fields: dict[str, Any] = {
        "purpose": RadioField(
            _l("What it is for"),
            [required(_l("Choose what it is for"))],
            choices=[
                ("training", _l("Training: marked before live marking, the agreed mark is shown afterwards")),
                ("control", _l("Control: lies among live scripts and looks like them")),
            ],
        ),
        "question": TextAreaField(
            _l("Question"),
            [optional(), length(high=5000)],
            description=_l(
                "As markers read it in the training. A control script shows the question of the live ones."
            ),
        ),
        "answer": TextAreaField(
            _l("Answer"),
            [required(_l("Write the answer")), length(high=50_000)],
            description=_l("Written for the purpose, or an old answer without anything personal in it."),
        ),
        "reason": TextAreaField(
            _l("Why this mark"), [required(_l("Say why this is the agreed mark")), length(high=2000)]
        ),
    }
    return type("ScriptForm", (base,), fields)
