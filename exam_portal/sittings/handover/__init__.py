# SPDX-License-Identifier: Apache-2.0
"""The only door from the sittings to marking: masked scripts, their content, and how they are marked.

Nothing that leaves here says whose script it is: no name, number, seat, sheet code, room or time.
It is also the only place that decrypts scripts for marking, and it answers whether a marker may take a bag.
"""

from exam_portal.sittings.handover.bags import (
    bag,
    bags,
    bags_by_id,
    bags_of,
    bags_with,
    bags_within,
    brief,
    hold_bag,
    hold_part,
    part,
)
from exam_portal.sittings.handover.people import (
    CONFLICT,
    conflicts,
    markers,
    may_key,
    may_sign,
    may_take,
    staff_names,
)
from exam_portal.sittings.handover.scripts import (
    code_of,
    content,
    items_of,
    same_script,
    script,
    scripts,
    scripts_at_desk,
    scripts_of,
    typed,
)
from exam_portal.sittings.handover.views import (
    BagView,
    MarkerView,
    MarkingBrief,
    MaskedAnswer,
    MaskedScriptView,
    PartView,
    ScriptContent,
)

__all__ = [
    "CONFLICT",
    "BagView",
    "MarkerView",
    "MarkingBrief",
    "MaskedAnswer",
    "MaskedScriptView",
    "PartView",
    "ScriptContent",
    "bag",
    "bags",
    "bags_by_id",
    "bags_of",
    "bags_with",
    "bags_within",
    "brief",
    "code_of",
    "conflicts",
    "content",
    "hold_bag",
    "hold_part",
    "items_of",
    "markers",
    "may_key",
    "may_sign",
    "may_take",
    "part",
    "same_script",
    "script",
    "scripts",
    "scripts_at_desk",
    "scripts_of",
    "staff_names",
    "typed",
]
