# SPDX-License-Identifier: Apache-2.0
"""What the sittings add to the command line: their part of ``exam-portal fsck``."""

import click

from exam_portal.sittings import fsck, scripts_against_record
from exam_portal.sittings.attempts import fsck as attempts
from exam_portal.sittings.hall import fsck as halls

__all__ = ["attempts", "commands", "fsck", "halls", "scripts_against_record"]

commands: list[click.Command] = []
