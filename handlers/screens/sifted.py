"""A filter over the contacts in words."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton

from crm.search.saved import Kept
from crm.sifts import Sifted
from handlers.buttons.sifts import SiftList
from handlers.language import _, number
from handlers.screens import button, label, safe
from handlers.screens.standing import queue_name
from storage.fields import CustomField, Kind
from storage.queues import Queue

NAME = 24  # characters of a filter's name on a button, beside how many fit
WANTED, UNWANTED, NO_MATTER = "✅ ", "🚫 ", "▫️ "


def said(sifted: Sifted) -> list[str]:
    """What it asks for, a line for each."""
    sieve = sifted.sieve
    known = [sifted.tags[one] for one in (*sieve.tags, *sieve.without) if one in sifted.tags]
    lines = [f"{UNWANTED if one.id in sieve.without else WANTED}{one.colour} {safe(one.name)}" for one in known]
    names = {one.id: safe(one.name) for one in sifted.stages} | {0: _("In no stage")}
    lines += [f"📊 {names[sieve.stage]}"] if sieve.stage in names else []
    lines += [f"⏳ {queue_name(Queue(sieve.queue))}"] if sieve.queue else []
    for field in sifted.fields:
        if str(field.id) in sieve.fields:
            lines.append(f"🗂 {safe(field.name)}: {_wanted(field, sieve.fields[str(field.id)])}")
    lines += [deleted()] if sifted.impossible else []
    return lines or [_("Everybody. Choose what they must have, and what they must not.")]


def kept_filter(one: Kept) -> InlineKeyboardButton:
    """The way to those whom a filter leaves that is kept under a name, with how many they are."""
    team, name = "👥 " if one.row.shared else "", label(one.row.name or "", NAME)
    return button(f"🎚 {team}{name} · {number(one.count or 0)}", SiftList(id=one.row.id or 0))


def deleted() -> str:
    """Why a filter leaves nobody."""
    return _("⚠️ A tag, stage or field that this filter asks for is deleted, so nobody fits.")


def _wanted(field: CustomField, value: str | int | None) -> str:
    if field.kind == Kind.YES_NO:
        return _("yes") if value else _("no")
    return safe(value) if isinstance(value, str) else _("filled in")
