# SPDX-License-Identifier: Apache-2.0
"""The roots of all refusals: of an act, worded for the reader in each slice's messages; and of a command."""


class DomainError(Exception):
    """An act was refused by a rule; nothing of it has been written.

    Subclasses are frozen dataclasses or carry attributes that their wording needs.
    ``status`` is the HTTP status with which a page reports the refusal; ``retry_after`` are the seconds after
    which the same act may succeed, where they are known.
    """

    status: int = 409
    retry_after: int | None = None

    @property
    def code(self) -> str:
        """The dotted, stable code: slice and class, as in ``sittings.SittingClosed``."""
        slice_name = type(self).__module__.removeprefix("exam_portal.").split(".")[0]
        return f"{slice_name}.{type(self).__name__}"


class Unusable(Exception):
    """This installation cannot be used in the way that was asked; nothing has been done.

    The message is one plain sentence for whoever runs it: commands print it and end with status 2.
    """


class NotFound(DomainError):
    """The object does not exist, or the actor may not know that it does."""

    status = 404


class Forbidden(DomainError):
    """The actor is known and may not do this."""

    status = 403

    def __init__(self, permission: str = "") -> None:
        super().__init__(permission)
        self.permission = permission


class StaleState(DomainError):
    """Somebody else acted first; the actor has to look again."""

    status = 409
