# SPDX-License-Identifier: Apache-2.0
"""What panels add to the command line: their part of ``exam-portal fsck``."""

import click

from exam_portal.interviews import fsck

__all__ = ["commands", "fsck"]

commands: list[click.Command] = []
