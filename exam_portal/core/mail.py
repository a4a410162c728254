# SPDX-License-Identifier: Apache-2.0
"""Mail: queued in the verb's transaction, sent by a job over SMTP or into a directory that can be read."""

import base64
import email.policy
import json
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from exam_portal.core import outbox
from exam_portal.core.db import Session
from exam_portal.core.files import write_once
from exam_portal.core.keystore import KeyErased, Keystore
from exam_portal.core.settings import Mail, Settings

KIND = "mail.send"
POLICY = email.policy.SMTP.clone(max_line_length=200)


def queue(
    session: Session,
    now: datetime,
    *,
    key_id: str,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
    is_rehearsal: bool = False,
) -> None:
    """Have the letter sent once this transaction is committed. A rehearsal's letters go to the sink only.

    Until it has left, the letter is encrypted under its receiver's key: it holds an address and often a
    secret link. Pages of the database keep it for a while after that.
    """
    letter = {"to": to, "subject": subject, "text": text, "html": html, "headers": dict(headers or {})}
    _compose(letter, sender="check@localhost", message_id="<check@localhost>", at=now)
    sealed = base64.b64encode(session.keys.seal(key_id, json.dumps(letter).encode(), KIND)).decode()
    payload = {"key": key_id, "letter": sealed, "is_rehearsal": is_rehearsal}
    outbox.enqueue(session, KIND, payload, now)


@outbox.handler(KIND)
def send(job: outbox.Job) -> None:
    """Send one letter, unless its receiver has been erased. Its Message-ID names the row, so that a second
    delivery can be recognised."""
    settings = job.database.settings
    try:
        letter = _open(job.database.keys, job.payload)
    except KeyErased:
        return
    domain = parseaddr(settings.mail.sender)[1].rpartition("@")[2]
    message = _compose(
        letter,
        sender=settings.mail.sender,
        message_id=f"<{job.created_at:%Y%m%d%H%M%S%f}.{job.id}@{domain}>",
        at=job.created_at,
    )
    if settings.mail.transport == "sink" or job.payload["is_rehearsal"]:
        write_once(sink(settings) / f"{job.created_at:%Y%m%dT%H%M%S.%f}-{job.id:06d}.eml", bytes(message))
    else:
        _deliver(settings.mail, message)


def sink(settings: Settings) -> Path:
    """Return the directory in which letters that do not leave can be read."""
    return settings.path(settings.mail.sink, "mail")


def _open(keys: Keystore, payload: Mapping[str, Any]) -> dict[str, Any]:
    sealed = base64.b64decode(payload["letter"])
    letter: dict[str, Any] = json.loads(keys.open(payload["key"], sealed, KIND))
    return letter


def _compose(letter: Mapping[str, Any], *, sender: str, message_id: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=POLICY)  # refuses line breaks in headers: nothing can be smuggled in
    message["From"] = sender
    message["To"] = letter["to"]
    message["Subject"] = letter["subject"]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter["headers"].items():
        message[name] = value
    message.set_content(letter["text"])
    if letter["html"] is not None:
        message.add_alternative(letter["html"], subtype="html")
    return message


def _deliver(settings: Mail, message: EmailMessage) -> None:
    with _connect(settings) as server:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.username:
            password = Path(settings.password_file).read_text(encoding="utf-8").strip()
            server.login(settings.username, password)
        server.send_message(message)


def _connect(settings: Mail) -> smtplib.SMTP:
    if settings.security == "tls":
        return smtplib.SMTP_SSL(
            settings.host,
            settings.port,
            timeout=settings.timeout_seconds,
            context=ssl.create_default_context(),
        )
    return smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
