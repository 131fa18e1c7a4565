"""The one way in which the world says no."""

from __future__ import annotations

from typing import Self


class Refused(Exception):  # noqa: N818  Telegram's word for it; an error is what the caller makes of it
    """A refusal in the Bot API's code and words; MTProto maps it to its own names."""

    def __init__(
        self, code: int, description: str, *, retry_after: int | None = None, migrate_to: int | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to

    @classmethod
    def bad_request(cls, reason: str) -> Self:
        return cls(400, f"Bad Request: {reason}")

    @classmethod
    def migrated(cls, to: int) -> Self:
        return cls(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to=to)

    @classmethod
    def forbidden(cls, reason: str) -> Self:
        return cls(403, f"Forbidden: {reason}")
