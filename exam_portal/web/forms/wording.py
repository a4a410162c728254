# SPDX-License-Identifier: Apache-2.0
"""The words of the form library, in the reader's language."""

from flask_babel import lazy_gettext as _l

# What the library says by itself -> what we say. Anything it says that is not listed stays English,
# so a test walks the messages of every validator we use.
MESSAGES = {
    "This field is required.": _l("This is required"),
    "Not a valid choice.": _l("Choose one of the listed options"),
    "Not a valid choice": _l("Choose one of the listed options"),
    "Invalid Choice: could not coerce.": _l("Choose one of the listed options"),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Choose from the listed options"),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from the listed options"),
    "'%(value)s' are not valid choices for this field.": _l("Choose from the listed options"),
    "Invalid input.": _l("This is not written as expected"),
    "Invalid email address.": _l("Write an e-mail address such as name@example.org"),
}

OPTIONAL = _l("(optional)")
ERROR_PREFIX = _l("Error")
CHOOSE_AGAIN = _l("For safety the browser does not keep chosen files: choose the file again.")
CHOOSE = _l("Choose")

PASSWORD = {
    "showPasswordText": _l("Show"),
    "hidePasswordText": _l("Hide"),
    "showPasswordAriaLabelText": _l("Show password"),
    "hidePasswordAriaLabelText": _l("Hide password"),
    "passwordShownAnnouncementText": _l("Your password is visible"),
    "passwordHiddenAnnouncementText": _l("Your password is hidden"),
}
CHARACTER_COUNT = {
    "charactersUnderLimitText": {"other": _l("You have %{count} characters left")},
    "charactersAtLimitText": _l("You have no characters left"),
    "charactersOverLimitText": {"other": _l("You have %{count} characters too many")},
    "textareaDescriptionText": _l("You can write up to %{count} characters"),
}


class Translations:
    """What the form library asks for its words."""

    def gettext(self, message: str) -> str:
        """Return our wording of a message of the library."""
        return str(MESSAGES.get(message, message))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Return our wording of a counted message of the library."""
        message = singular if count == 1 else plural
        return str(MESSAGES.get(message, message))
