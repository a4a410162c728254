# SPDX-License-Identifier: Apache-2.0
"""`exam-portal worker`: jobs in a process of their own."""

import threading

import click

from exam_portal.core import settings as portal_settings


@click.command()
def worker() -> None:
    """Carry out jobs (mail, documents, the record's sequencer) beside several server processes."""
    from exam_portal import worker as process

    stop = threading.Event()
    process.stop_on_signals(stop)
    process.run(portal_settings.load(), stop)
