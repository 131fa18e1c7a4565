"""What became of an import, as the person who asked for it reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.language import _, ngettext, number
from handlers.screens import safe

NAMES = 12  # of what was not understood; the commonest


def account(facts: Mapping[str, Any]) -> list[str]:
    """Paragraphs: what was taken, what was known, what was left out, what was not understood, where the file ends."""
    new, known = facts.get("new", 0), facts.get("known", 0) + facts.get("edited", 0)
    parts = [ngettext("{n} message came in.", "{n} messages came in.", new).format(n=number(new))]
    if known:
        parts.append(ngettext("{n} was known already.", "{n} were known already.", known).format(n=number(known)))
    if edited := facts.get("edited", 0):
        text = ngettext("{n} of them has a later text now.", "{n} of them have a later text now.", edited)
        parts.append(text.format(n=number(edited)))
    paragraphs = [" ".join(parts)]
    if elsewhere := sum(facts.get("elsewhere", {}).values()):
        text = ngettext(
            "{n} message stands in a group, a channel, a chat with a bot or your own notes. Only chats with one person "
            "are kept here, so it was left out.",
            "{n} messages stand in groups, channels, chats with bots or your own notes. Only chats with one person are "
            "kept here, so they were left out.",
            elsewhere,
        )
        paragraphs.append(text.format(n=number(elsewhere)))
    if strange := facts.get("strange"):
        names = sorted(strange.items(), key=lambda one: -one[1])
        told = ", ".join(f"{safe(name)} ({number(count)})" for name, count in names[:NAMES])
        text = _("Not understood, so only the text beside it was kept. In Telegram Desktop’s own words: {names}")
        paragraphs.append(text.format(names=told + (", …" if len(names) > NAMES else "")))
    if facts.get("torn"):
        text = ngettext(
            "⚠️ The file breaks off after {n} message. What stands before that is here. Export it once more for the "
            "rest.",
            "⚠️ The file breaks off after {n} messages. What stands before that is here. Export it once more for the "
            "rest.",
            facts.get("place", 0),
        )
        paragraphs.append(text.format(n=number(facts.get("place", 0))))
    return paragraphs
