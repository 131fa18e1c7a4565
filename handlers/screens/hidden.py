"""What clients are called by whom it is hidden from who they are."""

from __future__ import annotations

from handlers.language import _, speaking
from storage.masks import Who


def naming(who: Who, code: str, language: str | None) -> str:
    """A name with this code, in words of this language."""
    with speaking(language):
        return {
            Who.CLIENT: _("Client {code}"),
            Who.GROUP: _("Group {code}"),
            Who.WRITER: _("Person {code}"),
            Who.SOMEBODY: _("somebody"),
        }[who].format(code=code)
