# SPDX-License-Identifier: Apache-2.0
"""The one form of the player: the code with which an invigilator gives the attempt to this computer."""

from flask_babel import lazy_gettext as _l

from exam_portal.web.forms import Form, StringField, length, optional


class CodeForm(Form):
    """Empty where this is the first computer."""

    code = StringField(_l("Code from the invigilator"), [optional(), length(high=20)])
