"""Contacts for other programs: as a table or workbook for a spreadsheet, or as cards (vCard 3.0)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power
from crm.export import spreadsheet
from crm.export.workbook import Money, Workbook
from crm.phones import together
from crm.sifts import sieve_of
from storage import fields, phones, stages, tags
from storage.contacts import LISTED, Contact, carries
from storage.fields import UNITS, CustomField, FieldValue, Kind

KIND = "address_book"
AT_ONCE = 500  # contacts
LINE = 75  # RFC 6350, 3.2: bytes of a line before it is folded
COLUMNS = ("telegram_id", "first_name", "last_name", "username", "phone", "language")
THOUSAND = 3  # digits behind a point that could be taken for a group of thousands
Progress = Callable[[int, int], Awaitable[None]]  # contacts done, contacts in all


class Form(StrEnum):
    """What another program reads; short, since buttons carry it."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcf"


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom: everybody on the list, those with a tag, or those whom a filter of the member's lets pass. 0: any."""

    tag: int = 0
    sift: int = 0


async def check(desk: Desk, choice: Choice) -> None:
    """Raise NotAllowed without the power to export, NotFound where the filter is gone."""
    desk.need(Power.EXPORT)
    async with desk.reading() as session:
        await _meant(desk, session, choice)


async def written(desk: Desk, form: Form, choice: Choice, progress: Progress) -> bytes:
    """The file; empty cards where nobody is meant. Raises NotAllowed without the power to export, NotFound."""
    desk.need(Power.EXPORT)
    async with desk.reading() as session:
        meant = [col(Contact.telegram_id) > 0, *await _meant(desk, session, choice)]
        own = await fields.in_order(session)
        pipeline = {one.id: one.name for one in await stages.in_order(session)}
        total = (await session.exec(select(func.count()).select_from(Contact).where(*meant))).one()
    head = [*COLUMNS, "other_phones", "stage", "tags", *(field.name for field in own)]
    book = Workbook(desk.workspace.zone, head) if form is Form.XLSX else None
    pieces = [spreadsheet.BOM.encode() + spreadsheet.lines([head])] if form is Form.CSV else []
    last = count = 0
    while True:
        async with desk.reading() as session:
            query = select(Contact).where(*meant, col(Contact.id) > last).order_by(col(Contact.id)).limit(AT_ONCE)
            people = (await session.exec(query)).all()
            rows = await _rows(session, people, own, pipeline) if form is not Form.VCARD else []
        if not people:
            break
        if book:
            await asyncio.to_thread(book.add, rows)
        elif form is Form.CSV:
            pieces.append(spreadsheet.lines([_text(value) for value in row] for row in rows))
        else:
            async with desk.reading() as session:
                kept = await phones.kept(session, [one.id or 0 for one in people])
            pieces += [card(one, together(one, kept.get(one.id or 0, ()))) for one in people]
        last, count = people[-1].id or 0, count + len(people)
        await progress(count, max(total, count))
    async with desk.transaction() as session:
        audit.record(desk, session, "contacts.exported", None, form=form, contacts=count)
    return await asyncio.to_thread(book.whole) if book else b"".join(pieces)


async def _meant(desk: Desk, session: AsyncSession, choice: Choice) -> list[Any]:
    if choice.sift:
        return list((await sieve_of(desk, session, choice.sift)).conditions(desk.person.id))
    return [LISTED, *([carries(choice.tag)] if choice.tag else [])]


async def _rows(
    session: AsyncSession, people: Sequence[Contact], own: Sequence[CustomField], pipeline: dict[int | None, str]
) -> list[list[Any]]:
    ids = [one.id or 0 for one in people]
    carried, kept = await tags.on_contacts(session, ids), await phones.kept(session, ids)
    values = await session.exec(select(FieldValue).where(col(FieldValue.contact_id).in_(ids)))
    filled = {(one.contact_id, one.field_id): one for one in values}
    return [
        [
            *(None if one.hidden and name == "telegram_id" else getattr(one, name) for name in COLUMNS),
            "; ".join(together(one, kept.get(one.id or 0, ()))[bool(one.phone) :]) or None,
            pipeline.get(one.stage_id),
            ", ".join(tag.name for tag in carried.get(one.id or 0, [])) or None,
            *(_stands(field, filled.get((one.id or 0, field.id or 0))) for field in own),
        ]
        for one in people
    ]


def _stands(field: CustomField, value: FieldValue | None) -> Any:
    if value is None:
        return None
    match Kind(field.kind):
        case Kind.NUMBER:
            return Decimal(value.amount or 0) / UNITS
        case Kind.MONEY:
            return Money(Decimal(value.amount or 0) / UNITS, value.currency or "EUR")
        case Kind.DATE:
            return value.day
        case Kind.YES_NO:
            return bool(value.amount)
        case Kind.TEXT | Kind.CHOICE:
            return value.text


def _text(value: Any) -> Any:
    """As a cell of text alone has it, so that it comes in again as it was."""
    if isinstance(value, Money):
        return f"{_text(value.amount)} {value.currency}"
    if isinstance(value, Decimal):
        plain = f"{value.normalize():f}"
        return f"{plain}0" if len(plain.partition(".")[2]) == THOUSAND else plain
    return value if value is None or isinstance(value, bool | int) else str(value)


def card(one: Contact, numbers: Sequence[str]) -> bytes:
    """One vCard with these phones; what it does not know has no line."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_value(one.name)}"]
    lines.append(f"N:{_value(one.last_name or '')};{_value(one.first_name)};;;")
    lines += [f"TEL;TYPE=CELL:+{_value(phone.lstrip('+'))}" for phone in numbers]
    if one.username:
        lines.append(f"URL:https://t.me/{_value(one.username)}")
    lines += [f"X-TELEGRAM-ID:{one.telegram_id}"] if not one.hidden else []
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
