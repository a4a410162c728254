# SPDX-License-Identifier: Apache-2.0
"""The settings of one installation: typed, complete, and refused when a key is unknown."""

from exam_portal.core.settings.loading import CONFIG_VARIABLE, SettingsError, load
from exam_portal.core.settings.model import (
    Accounts,
    Antivirus,
    Audit,
    DatabaseSettings,
    Instance,
    Jobs,
    Language,
    Limits,
    Log,
    Mail,
    Pdf,
    Rehearsal,
    Secrets,
    Server,
    Sessions,
    Settings,
    Sittings,
    StorageSettings,
)

__all__ = [
    "CONFIG_VARIABLE",
    "Accounts",
    "Antivirus",
    "Audit",
    "DatabaseSettings",
    "Instance",
    "Jobs",
    "Language",
    "Limits",
    "Log",
    "Mail",
    "Pdf",
    "Rehearsal",
    "Secrets",
    "Server",
    "Sessions",
    "Settings",
    "SettingsError",
    "Sittings",
    "StorageSettings",
    "load",
]
