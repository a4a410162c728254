# SPDX-License-Identifier: Apache-2.0
"""Pages that span slices."""

from exam_portal.admin.routes import conflicts, home, oversight, public, system
from exam_portal.admin.routes.blueprint import bp

__all__ = ["bp", "conflicts", "home", "oversight", "public", "system"]
