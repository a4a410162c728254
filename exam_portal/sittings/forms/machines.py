# SPDX-License-Identifier: Apache-2.0
"""Networks, laptops of a hall, keys of Safe Exam Browser."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.sittings import binding, safe_browser
from exam_portal.sittings.models import BrowserKeyKind
from exam_portal.web import messages
from exam_portal.web.forms import (
    LARGEST_FILE,
    FileField,
    Form,
    RadioField,
    StringField,
    TextAreaField,
    length,
    optional,
    required,
)

REASON = 2000


class NetworksForm(Form):
    """The networks of a room."""

    networks = TextAreaField(
        _l("Networks"),
        [optional(), length(high=2000)],
        description=_l("One on each line, such as 192.168.10.0/24 or 2001:db8:10::/64. Empty: any computer."),
    )

    def read(self) -> list[str]:
        """Return the networks."""
        return binding.read_networks(self.networks.data or "")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse what is no network, naming the line."""
        if not super().validate(*args, **kwargs):
            return False
        try:
            self.read()
        except binding.NotANetwork as problem:
            words = _l("This is not a network, or one too many: %(line)s", line=problem.line[:60])
            self.refuse(str(words), field="networks")
            return False
        return True


class HallAddressForm(Form):
    """For which laptop a sitting is packed."""

    line = TextAreaField(
        _l("Address line of the laptop"),
        [required(_l("Paste the line that the laptop prints")), length(high=1000)],
        description=_l("It begins with exam-portal-address/1. Compare it with the laptop by telephone."),
    )


class HallResultsForm(Form):
    """What a laptop sends home."""

    package = FileField(
        _l("File of the hall"),
        [required(_l("Choose the file that the laptop has written"))],
        description=_l("At most %(size)s", size=LARGEST_FILE),
    )


class HallWithdrawForm(Form):
    """Why a hall is not waited for."""

    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write why what that laptop holds is not waited for")), length(high=REASON)],
    )


class BrowserKeyForm(Form):
    """A key of Safe Exam Browser: from a settings file, or typed."""

    found = ""
    kind = RadioField(_l("Kind of key"), [required(_l("Choose the kind of key"))])
    settings = FileField(
        _l("Settings file (.seb, not encrypted)"),
        [optional()],
        description=_l("The Config Key is computed from it; the file itself is not kept."),
    )
    key = StringField(
        _l("Key"), [optional(), length(high=64)], description=_l("64 characters; instead of a file")
    )
    note = StringField(
        _l("Note"), [optional(), length(high=200)], description=_l("Such as: version 3.10 for Windows")
    )

    def offer(self) -> None:
        """Offer both kinds."""
        self.kind.choices = [(one.value, messages.label(one)) for one in BrowserKeyKind]

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Find the one key that was meant, or say at the field why there is none."""
        if not super().validate(*args, **kwargs):
            return False
        typed, file = (self.key.data or "").strip().lower(), self.settings.data
        problem: tuple[Any, str] | None = None
        if file is not None and self.kind.data == BrowserKeyKind.CONFIG.value and not typed:
            try:
                self.found = safe_browser.config_key(file.read())
            except safe_browser.SettingsEncrypted:
                problem = _l("The settings are encrypted: save them without a password"), "settings"
            except safe_browser.NotSettings:
                problem = _l("These are not settings of Safe Exam Browser"), "settings"
        elif safe_browser.KEY.fullmatch(typed) and file is None:
            self.found = typed
        else:
            problem = _l("Choose a settings file for a Config Key, or write 64 characters from 0 to f"), "key"
        if problem:
            self.refuse(str(problem[0]), field=problem[1])
        return problem is None
