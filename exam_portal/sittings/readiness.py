# SPDX-License-Identifier: Apache-2.0
"""The check of a computer before the day: what is looked at, from when on it works, and the words for it."""

from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

OLDEST: Final = {"Chrome": 109, "Edg": 109, "OPR": 95, "Firefox": 121, "Version": 16}  # docs/answer-path.md
SENTENCE: Final = "Thuở ấy, người trẻ vượt đèo, lội suối; cỗ xe nghĩa tình dừng giữa rừng tre ngả bóng."
CHECKS: Final = {
    "browser": _l("Browser"),
    "secure": _l("Secure connection"),
    "storage": _l("Keeping answers on this computer"),
    "network": _l("Network"),
    "clock": _l("Clock"),
    "screen": _l("Screen"),
    "keyboard": _l("Keyboard with Vietnamese accents"),
}


def page(address: str) -> dict[str, Any]:
    """Return what the page's script is given."""
    return {"address": address, "sentence": SENTENCE, "oldest": OLDEST, "words": _words()}


def _words() -> dict[str, str]:
    return {
        "good": gettext("In order"),
        "note": gettext("Please read"),
        "bad": gettext("Not in order"),
        "open": gettext("Type the sentence to finish the check."),
        "ready": gettext("This computer is ready for the examination."),
        "notReady": gettext("This computer is not ready. See what is not in order."),
        "browserGood": gettext("{browser}. It can do all that the examination needs."),
        "browserBad": gettext(
            "{browser} is too old (missing: {missing}). Install the newest Chrome, Edge, Cốc Cốc or Firefox."
            " On Windows 7 the newest that works is Chrome 109."
        ),
        "secureGood": gettext("The connection is encrypted, and the paper can be opened on this computer."),
        "secureBad": gettext(
            "The address does not begin with https, or its certificate is not"
            " trusted. In the examination room"
            " call the technician; at home type the address again with https."
        ),
        "storageGood": gettext("Answers can be kept here when the connection breaks."),
        "storageSmall": gettext("There is little room. Delete files that are not needed."),
        "storageBad": gettext(
            "The browser keeps nothing here. Close private windows, and allow this site to store data."
        ),
        "networkGood": gettext("The server answers within {ms} milliseconds."),
        "networkSlow": gettext(
            "The server answers after {ms} milliseconds. That is enough; a cable is better than a radio link."
        ),
        "networkBad": gettext(
            "{lost} of 5 questions got no answer, or the answer took {ms}"
            " milliseconds. Use a cable or another"
            " network."
        ),
        "networkNone": gettext("The server does not answer. See whether this computer is connected."),
        "clockGood": gettext("It differs from the server's by {seconds} seconds. The server's clock counts."),
        "clockOff": gettext(
            "It differs from the server's by {seconds} seconds. Your time is"
            " counted by the server all the same;"
            " please set the clock."
        ),
        "clockUnknown": gettext("Without the server the clock cannot be compared."),
        "screenGood": gettext("{size}. Question and list of questions stand side by side."),
        "screenNarrow": gettext("{size}. It works; a larger window shows more at once."),
        "keyboardGood": gettext("Every letter has arrived with its accents."),
        "keyboardSplit": gettext(
            "Every letter has arrived, letters and accents apart (composed Unicode). It works; in Unikey"
            " choose the code table Unicode (dựng sẵn)."
        ),
        "keyboardMore": gettext("Right so far. Type the sentence to its end."),
        "keyboardBad": gettext(
            "Letter {place} is “{typed}” and should be “{letter}”. Switch on Unikey (or the Vietnamese"
            " keyboard), code table Unicode, typing Telex or VNI."
        ),
    }
