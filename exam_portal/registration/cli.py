# SPDX-License-Identifier: Apache-2.0
"""What registration and vetting add to the command line: their part of ``exam-portal fsck``."""

import click

from exam_portal.registration import fsck

__all__ = ["commands", "fsck"]

commands: list[click.Command] = []
