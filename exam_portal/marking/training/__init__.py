# SPDX-License-Identifier: Apache-2.0
"""Training of markers before live marking, and control scripts while it runs.

A training script has an agreed mark with a reason. Markers mark the training scripts of a part, and see
both afterwards; the rule of the part says who is qualified. Control scripts lie among a marker's live ones
and look like them; their marks are kept apart, so that none reaches a result or a count of what is done.
"""

from exam_portal.marking.training.queries import ControlMark, control_marks

__all__ = ["ControlMark", "control_marks"]
