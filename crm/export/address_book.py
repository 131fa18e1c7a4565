"""Contacts for other programs: as a table that a spreadsheet opens, or as cards (vCard 3.0) for an address book."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from enum import StrEnum

from sqlmodel import col, select

from crm import audit
from crm.access import Desk, Power
from crm.export import spreadsheet
from storage.contacts import LISTED, Contact, carries

AT_ONCE = 500  # contacts
LINE = 75  # RFC 6350, 3.2: bytes of a line before it is folded
COLUMNS = ("telegram_id", "first_name", "last_name", "username", "phone", "language")


class Form(StrEnum):
    """What another program reads; short, since buttons carry it."""

    CSV = "csv"
    VCARD = "vcf"


async def written(desk: Desk, form: Form, *, tag_id: int = 0) -> bytes:
    """Every person on the contacts' list, or those with this tag. Raises NotAllowed without the power to export."""
    desk.need(Power.EXPORT)
    pieces = [b"" if form is Form.VCARD else spreadsheet.BOM.encode() + spreadsheet.lines([COLUMNS])]
    count = 0
    async for people in _people(desk, tag_id):
        count += len(people)
        if form is Form.CSV:
            pieces.append(spreadsheet.lines([[getattr(one, name) for name in COLUMNS] for one in people]))
        else:
            pieces += [card(one) for one in people]
    async with desk.transaction() as session:
        audit.record(desk, session, "contacts.exported", None, form=form, contacts=count)
    return b"".join(pieces)


async def _people(desk: Desk, tag_id: int) -> AsyncIterator[Sequence[Contact]]:
    last = 0
    conditions = [LISTED, col(Contact.telegram_id) > 0, *([carries(tag_id)] if tag_id else [])]
    while True:
        async with desk.reading() as session:
            query = select(Contact).where(*conditions, col(Contact.id) > last).order_by(col(Contact.id)).limit(AT_ONCE)
            people = (await session.exec(query)).all()
        if not people:
            return
        yield people
        last = people[-1].id or 0


def card(one: Contact) -> bytes:
    """One vCard; what it does not know has no line."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_value(one.name)}"]
    lines.append(f"N:{_value(one.last_name or '')};{_value(one.first_name)};;;")
    if one.phone:
        lines.append(f"TEL;TYPE=CELL:+{_value(one.phone.lstrip('+'))}")
    if one.username:
        lines.append(f"URL:https://t.me/{_value(one.username)}")
    lines.append(f"X-TELEGRAM-ID:{one.telegram_id}")
    return b"".join(_folded(line) for line in [*lines, "END:VCARD"])


def _value(text: str) -> str:
    """RFC 6350, 3.4: what would end a value is marked, and a line break is written out."""
    marked = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return "\\n".join(marked.splitlines())


def _folded(line: str) -> bytes:
    """Lines of so many bytes at most, cut between signs."""
    out, size = [], 0
    for sign in line:
        raw = sign.encode("utf-8", "replace")
        if size + len(raw) > LINE:
            out.append(b"\r\n ")
            size = 1
        out.append(raw)
        size += len(raw)
    return b"".join([*out, b"\r\n"])
