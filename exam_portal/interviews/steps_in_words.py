# SPDX-License-Identifier: Apache-2.0
"""What a panel waits for, in a sentence: the same on its page and on the home of who runs it."""

from flask_babel import gettext, ngettext

from exam_portal.interviews.next_step import NextStep, Step


def lots_wait(step: NextStep | None) -> str:
    """Return what has to be done before lots, or that they can be drawn."""
    if step is None:
        return str(gettext("Lots are drawn once it is known who passed the part before."))
    count = step.count
    said = {
        Step.MEMBERS: ngettext(
            "%(num)s member is still to be named.", "%(num)s members are still to be named.", count
        ),
        Step.RELATIONS: ngettext(
            "%(num)s member has still to declare relations or to answer a question about them. "
            "Lots wait for that.",
            "%(num)s members have still to declare relations or to answer a question about them. "
            "Lots wait for that.",
            count,
        ),
        Step.SUBSTITUTES: ngettext(
            "%(num)s member may not sit, by what was declared. Lots wait until a substitute has the seat.",
            "%(num)s members may not sit, by what was declared. Lots wait until substitutes have the seats.",
            count,
        ),
        Step.KEEPERS: gettext(
            "Keepers of the sealed record are named, and each copies their own share. "
            "Lots and slips wait for that."
        ),
        Step.SHARES: ngettext(
            "%(num)s keeper has still to copy their own share of the sealed record. "
            "Lots and slips wait for that.",
            "%(num)s keepers have still to copy their own share of the sealed record. "
            "Lots and slips wait for that.",
            count,
        ),
        Step.LOTS: gettext(
            "Everything is ready: the order is drawn here, or entered from the draw on paper."
        ),
    }
    return str(said[step.step])
