# SPDX-License-Identifier: Apache-2.0
"""The words of the sittings."""

from exam_portal.sittings.attempts import messages as attempts

ERRORS = {**attempts.ERRORS}
AUDIT = {**attempts.AUDIT}
