# SPDX-License-Identifier: Apache-2.0
"""The one place that every file sent to the portal passes: its size, then the virus scanner's word.

Forms are validated before the writer is taken, so nobody waits for the scanner but who sent the file.
"""

from typing import cast

import structlog
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.local import LocalProxy
from wtforms.validators import StopValidation

from exam_portal.core import antivirus
from exam_portal.core.antivirus import FileInfected, ScannerSilent
from exam_portal.web import context, filters, messages

_log = structlog.get_logger(__name__)
LONGEST_NAME = 150


def _largest() -> str:
    return filters.filesize(context.settings().limits.upload_bytes)


LARGEST_FILE = cast("str", LocalProxy(_largest))  # what hints say; it follows the settings


def name_of(file: FileStorage) -> str:
    """Return how the sender calls the file, as it can be shown on a line and sent in a header."""
    last = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return " ".join(filters.UNSEEN.sub("", last).split())[-LONGEST_NAME:]


def check(file: FileStorage) -> None:
    """Return if the file may be taken; otherwise stop the validation of its field, in words."""
    content = file.stream.read(context.settings().limits.upload_bytes + 1)
    file.stream.seek(0)
    if len(content) > context.settings().limits.upload_bytes:
        raise StopValidation(_l("Choose a file of at most %(size)s", size=_largest()))
    try:
        antivirus.check(context.settings().antivirus, content)
    except (FileInfected, ScannerSilent) as refusal:
        _log.warning("upload_refused", refusal=refusal.code, cause=str(refusal))
        words = messages.words(refusal)
        raise StopValidation(f"{words.body} {words.remedy}") from refusal
