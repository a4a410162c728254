# SPDX-License-Identifier: Apache-2.0
"""Who may do what in the sittings."""

from exam_portal.sittings.attempts import access as attempts
from exam_portal.web import policy

PERMISSIONS: policy.Permissions = {**attempts.PERMISSIONS}
