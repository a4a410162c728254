# SPDX-License-Identifier: Apache-2.0
"""The one form of the player: the code with which an invigilator gives the attempt to this computer."""

from flask_babel import lazy_gettext as _l

from exam_portal.web.forms import Form, StringField, length, required_later


class CodeForm(Form):
    """Empty where this is the first computer; never called optional, for any other one needs the code."""

    code = StringField(_l("Code from the invigilator"), [required_later(), length(high=20)])
