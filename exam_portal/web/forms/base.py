# SPDX-License-Identifier: Apache-2.0
"""The form all others derive from."""

from typing import Any

from flask_wtf import FlaskForm

from exam_portal.web.forms import errors, wording


class Form(FlaskForm):
    """A form whose words are ours. The token against forged requests is written by ``ui.form`` and checked
    for every unsafe request before any route runs, so the form itself does not carry a second one."""

    class Meta:
        """How the library builds our forms."""

        csrf = False

        def get_translations(self, _form: Any) -> wording.Translations:
            """Return our wording."""
            return wording.Translations()

    def refuse(self, message: object, *, field: str | None = None) -> None:
        """The message stands at its field, or above the form, and in the summary of the page shown again."""
        if field is None:
            self.form_errors.append(message)
        else:
            self[field].errors = [*self[field].errors, message]

    @property
    def problems(self) -> list[errors.Problem]:
        """The entries of the error summary."""
        return errors.form_errors(self)
