# SPDX-License-Identifier: Apache-2.0
"""One row of the work history on the application form."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.registration import work_history
from exam_portal.web.forms import Form, StringField, length, pattern

_MONTH = _l("Write month and year, such as 09/2004")


class PeriodForm(Form):
    """From, to, unit and position; a row without any word is no period, so no field is called optional."""

    since = StringField(_l("From (month/year)"), [pattern(work_history.MONTH, _MONTH)])
    until = StringField(_l("To (month/year)"), [pattern(work_history.MONTH, _MONTH)])
    unit = StringField(_l("Unit"), [length(high=200)])
    position = StringField(_l("Position"), [length(high=200)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and ask of a period in which unit and since when; it ends after it has begun."""
        sound = bool(super().validate(extra_validators))
        if not any(field.data for field in self):
            return sound
        if not self.since.data:
            self.refuse(_MONTH, field="since")
        if not self.unit.data:
            self.refuse(_l("Write in which unit"), field="unit")
        since, until = self.since.data or "", self.until.data or ""
        are_months = all(re.fullmatch(work_history.MONTH, month) for month in (since, until))
        if are_months and work_history.ends_before_it_begins(since, until):
            self.refuse(_l("The period ends before it begins"), field="until")
        return not any(field.errors for field in self)
