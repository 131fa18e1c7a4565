"""People from another program's file, as words: what a column is, who would come, and what became of each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.contacts_in import columns
from crm.contacts_in.people import Lack, Person
from crm.contacts_in.taking import Fate
from crm.export import spreadsheet
from handlers.language import _, language_name, ngettext, number
from handlers.screens import safe, shorten

NAME, WORDS = 48, 160


def target_name(target: str, own: Mapping[str, str]) -> str:
    """What a column is taken for."""
    names = {
        columns.NAME: _("Whole name"),
        columns.FIRST: _("First name"),
        columns.LAST: _("Last name"),
        columns.USERNAME: _("Username"),
        columns.PHONE: _("Phone"),
        columns.LANGUAGE: _("Language"),
        columns.TAGS: _("Tags"),
        columns.STAGE: _("Stage"),
        columns.NOTE: _("Note"),
        columns.NUMBER: _("Telegram id"),
        columns.SKIP: _("(skip)"),
    }
    return names.get(target) or own.get(target) or names[columns.SKIP]


def brief(one: Person, own: Mapping[str, str]) -> str:
    """One person as he will be, on a line."""
    facts = one.facts
    name = " ".join(facts[key] for key in ("first_name", "last_name") if facts.get(key))
    parts = [f"@{safe(facts['username'])}"] if facts.get("username") else []
    parts += [safe(phone) for phone in (facts.get("phone"), *one.phones) if phone]
    parts += [safe(language_name(facts["language"]))] if facts.get("language") else []
    parts += ["🏷 " + ", ".join(safe(shorten(tag, NAME)) for tag in one.tags)] if one.tags else []
    parts += ["🗂 " + ", ".join(safe(own.get(f"{columns.OWN}{key}", "")) for key in one.fields)] if one.fields else []
    parts += [f"📝 {safe(shorten(' '.join(one.note.split()), WORDS))}"] if one.note else []
    return " · ".join([f"<b>{safe(shorten(name, NAME)) if name else f'#{one.telegram_id}'}</b>", *parts])


def account(counts: Mapping[str, int]) -> list[str]:
    """What became of them, as paragraphs."""
    new, merged, same, skipped = (counts.get(fate, 0) for fate in (Fate.NEW, Fate.MERGED, Fate.SAME, Fate.SKIPPED))
    told = [
        (new, ngettext("🆕 {n} new contact", "🆕 {n} new contacts", new)),
        (merged, ngettext("✏️ {n} contact was changed", "✏️ {n} contacts were changed", merged)),
        (same, ngettext("👥 {n} was left as it was", "👥 {n} were left as they were", same)),
        (skipped, ngettext("🚫 {n} is nobody: skipped", "🚫 {n} are nobody: skipped", skipped)),
    ]
    return ["\n".join(text.format(n=number(count)) for count, text in told if count)]


def report(told: Sequence[Any]) -> bytes:
    """What was not understood, line by line, as a table."""
    rows = [[line, _fate(Fate(fate)), "; ".join(_lack(Lack(lack)) for lack in lacks)] for line, fate, lacks in told]
    head = [_("Line"), _("What became of it"), _("Why")]
    return spreadsheet.BOM.encode() + spreadsheet.lines([head, *rows])


def _fate(fate: Fate) -> str:
    return {
        Fate.NEW: _("taken in part"),
        Fate.MERGED: _("merged in part"),
        Fate.SAME: _("left as it was"),
        Fate.SKIPPED: _("skipped"),
    }[fate]


def _lack(lack: Lack) -> str:
    return {
        Lack.NOBODY: _("neither name nor username nor phone"),
        Lack.CARD: _("this card cannot be read"),
        Lack.NUMBER: _("this is no Telegram id"),
        Lack.USERNAME: _("this is no username"),
        Lack.PHONE: _("this is no phone number"),
        Lack.LANGUAGE: _("this is no code of a language"),
        Lack.TAG: _("this cannot be a tag"),
        Lack.STAGE: _("there is no such stage"),
        Lack.FIELD: _("this does not fit into its field"),
    }[lack]
