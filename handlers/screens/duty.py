"""What becomes of waiting clients when a member goes away and comes back."""

from __future__ import annotations

from handlers.language import ngettext, number


def freed(count: int) -> str:
    """How many he has let go of; nothing where there are none."""
    text = ngettext("{n} waiting client is nobody's now.", "{n} waiting clients are nobody's now.", count)
    return text.format(n=number(count)) if count else ""


def given_back(count: int) -> str:
    """How many are his again; nothing where there are none."""
    text = ngettext("{n} waiting client was given back.", "{n} waiting clients were given back.", count)
    return text.format(n=number(count)) if count else ""
