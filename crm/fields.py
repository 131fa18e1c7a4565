"""Fields of the workspace's own: what they are called, what they take, and what stands in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, conversations, names, values
from crm.access import Desk, Power, Room, contact_for, field_for
from crm.errors import Invalid, NotFound, NotNow
from storage import fields, settings
from storage.contacts import Contact
from storage.fields import UNITS, CustomField, FieldValue, Kind
from storage.search_text import folded

MOST, CHOICES = 20, 12  # fields of a workspace, choices of a field: each list fits on one screen
LONGEST = 300  # characters of a text
SUMMED = "board_field"  # setting: the money field whose sums the board shows

Filled = Sequence[tuple[CustomField, FieldValue | None]]


@dataclass(frozen=True, slots=True)
class Notation:
    """How the reader writes numbers, and what he calls currencies (in small letters → ISO 4217)."""

    point: str
    currencies: Mapping[str, str]


async def listing(desk: Desk) -> Sequence[tuple[CustomField, int]]:
    """The fields in their order, and for how many contacts each is filled in."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        used = await fields.uses(session)
        return [(one, used.get(one.id or 0, 0)) for one in await fields.in_order(session)]


async def sheet(desk: Desk, contact_id: int) -> tuple[Contact, Filled]:
    """A contact with all fields. Raises NotFound."""
    async with desk.reading() as session:
        contact = await contact_for(desk, session, contact_id)
        return contact, await fields.of_contact(session, contact.id or 0)


async def one(desk: Desk, field_id: int) -> CustomField:
    """A field that is there. Raises NotFound."""
    async with desk.reading() as session:
        return await _present(desk, session, field_id)


async def make(
    desk: Desk, name: str, kind: Kind, *, currency: str | None = None, choices: Sequence[str] = ()
) -> CustomField:
    """A new last field. Raises Invalid: empty, too_long, signs, taken, too_many; of `choices`: few."""
    desk.need(Power.MANAGE)
    offered = _choices(choices) if kind is Kind.CHOICE else []
    async with desk.transaction() as session:
        others = await fields.in_order(session)
        field = CustomField(
            name=_free(name, others),
            kind=kind,
            place=len(others) + 1,
            currency=currency if kind is Kind.MONEY else None,
            choices=offered,
            made_at=desk.installation.clock.now(),
        )
        session.add(field)
        await session.flush()
        audit.record(desk, session, "field.made", f"field:{field.id}", kind=kind)
        return field


async def rename(desk: Desk, field_id: int, name: str) -> None:
    """Another name for a field. Raises Invalid as `make` does, NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        field = await _present(desk, session, field_id)
        field.name = _free(name, [other for other in await fields.in_order(session) if other.id != field_id])
        session.add(field)
        audit.record(desk, session, "field.renamed", f"field:{field_id}")


async def offer(desk: Desk, field_id: int, choices: Sequence[str]) -> None:
    """Other choices; what was chosen before stands where it stands. Raises Invalid as `make` does, NotFound."""
    desk.need(Power.MANAGE)
    offered = _choices(choices)
    async with desk.transaction() as session:
        field = await _present(desk, session, field_id)
        if field.kind != Kind.CHOICE:
            raise NotFound("field")
        field.choices = offered
        session.add(field)
        audit.record(desk, session, "field.offered", f"field:{field_id}", choices=len(offered))


async def shift(desk: Desk, field_id: int, *, later: bool) -> None:
    """Let a field change places with its neighbour; the first and the last stay where they are. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        await _present(desk, session, field_id)
        order = list(await fields.in_order(session))
        here = [field.id for field in order].index(field_id)
        there = here + (1 if later else -1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            _place(session, order)
            audit.record(desk, session, "field.shifted", f"field:{field_id}", place=there + 1)


async def remove(desk: Desk, field_id: int) -> None:
    """Take a field away with all that stands in it, until the purge comes for it. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        field = await _present(desk, session, field_id)
        field.removed_at = desk.installation.clock.now()
        session.add(field)
        await session.flush()
        _place(session, await fields.in_order(session))
        await _index(session, field)
        audit.record(desk, session, "field.removed", f"field:{field_id}")


async def restore(desk: Desk, field_id: int) -> None:
    """Undo a removal: the field is the last one, and all stands in it again. Raises NotFound once purged, Invalid."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        field = await field_for(desk, session, field_id)
        if field.removed_at is None:
            return
        others = await fields.in_order(session)
        _free(field.name, others)
        field.removed_at, field.place = None, len(others) + 1
        session.add(field)
        await session.flush()
        await _index(session, field)
        audit.record(desk, session, "field.restored", f"field:{field_id}")


async def put(desk: Desk, contact_id: int, field_id: int, typed: str, notation: Notation) -> None:
    """Let stand in a field what was typed. Raises NotFound, NotNow("group"), Invalid as `crm.values` does."""
    async with _writing(desk, contact_id, field_id) as (session, field, contact):
        await _keep(desk, session, contact, field, read_value(desk, field, typed, notation))


async def choose(desk: Desk, contact_id: int, field_id: int, place: int) -> None:
    """Let one of a field's choices stand there, by its place; of yes and no, yes is 1. Raises as `put`."""
    async with _writing(desk, contact_id, field_id) as (session, field, contact):
        if field.kind == Kind.YES_NO:
            facts: dict[str, Any] = {"amount": UNITS if place else 0}
        elif 0 <= place < len(field.choices):
            facts = {"text": field.choices[place], "folded": folded(field.choices[place])}
        else:
            raise NotFound("field")
        await _keep(desk, session, contact, field, facts)


async def clear(desk: Desk, contact_id: int, field_id: int) -> None:
    """Let nothing stand in a field. Raises NotFound, NotNow("group")."""
    async with _writing(desk, contact_id, field_id) as (session, _field, contact):
        there = (col(FieldValue.contact_id) == contact.id, col(FieldValue.field_id) == field_id)
        await session.exec(delete(FieldValue).where(*there))
        await conversations.index(session, [contact])
        audit.record(desk, session, "field.cleared", f"contact:{contact.id}", field=field_id)


async def summed(desk: Desk) -> CustomField | None:
    """The money field whose sums the board shows."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await on_board(session)


async def on_board(session: AsyncSession) -> CustomField | None:
    """The money field that was chosen for the board, as long as it is there."""
    field = await session.get(CustomField, await settings.read(session, SUMMED, default=0))
    return field if field is not None and field.removed_at is None and field.kind == Kind.MONEY else None


async def sum_up(desk: Desk, field_id: int | None) -> None:
    """Show on the board what this field comes to, or nothing. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        if field_id is not None and (await _present(desk, session, field_id)).kind != Kind.MONEY:
            raise NotFound("field")
        await settings.write(session, SUMMED, field_id or 0)
        audit.record(desk, session, "setting.changed", f"setting:{SUMMED}", value=field_id)


async def purge(room: Room, before: datetime) -> int:
    """Drop for good the fields that were removed before this moment. Returns how many."""
    async with room.transaction() as session:
        return await fields.purge(session, before)


@asynccontextmanager
async def _writing(
    desk: Desk, contact_id: int, field_id: int
) -> AsyncIterator[tuple[AsyncSession, CustomField, Contact]]:
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        contact = await contact_for(desk, session, contact_id)
        if contact.is_group:
            raise NotNow("group")
        yield session, await _present(desk, session, field_id), contact


def read_value(room: Room, field: CustomField, typed: str, notation: Notation) -> dict[str, Any]:
    """What was typed, as the columns of a value. Raises Invalid as `crm.values` does."""
    match Kind(field.kind):
        case Kind.TEXT:
            return {"text": _text(typed), "folded": folded(typed)}
        case Kind.NUMBER:
            return {"amount": int(values.number(typed, notation.point) * UNITS)}
        case Kind.MONEY:
            amount, currency = values.money(typed, notation.point, notation.currencies, field.currency or "EUR")
            return {"amount": int(amount * UNITS), "currency": currency}
        case Kind.DATE:
            return {"day": day(room, typed)}
        case Kind.CHOICE | Kind.YES_NO:
            raise Invalid("value", "choice")


def day(room: Room, typed: str) -> date:
    """A day in numbers; without its year it is of this one. Raises Invalid("value"): day."""
    return values.day(typed, room.installation.clock.now().astimezone(ZoneInfo(room.workspace.zone)).date())


def _text(typed: str) -> str:
    kept = typed.replace("\r\n", "\n").strip()
    if not kept:
        raise Invalid("value", "empty")
    if len(kept) > LONGEST:
        raise Invalid("value", "too_long", LONGEST)
    return kept


async def _keep(desk: Desk, session: AsyncSession, contact: Contact, field: CustomField, facts: dict[str, Any]) -> None:
    now, by = desk.installation.clock.now(), desk.person.id
    row = FieldValue(contact_id=contact.id or 0, field_id=field.id or 0, set_at=now, set_by=by, **facts)
    await fields.put(session, row)
    await conversations.index(session, [contact])
    audit.record(desk, session, "field.set", f"contact:{contact.id}", field=field.id)


async def _index(session: AsyncSession, field: CustomField) -> None:
    """After it was taken away or brought back: whom it finds, it finds no more, or again."""
    there = col(Contact.id).in_(await fields.filled_in(session, field.id or 0))
    await conversations.index(session, (await session.exec(select(Contact).where(there))).all())


async def _present(desk: Desk, session: AsyncSession, field_id: int) -> CustomField:
    field = await field_for(desk, session, field_id)
    if field.removed_at is not None:
        raise NotFound("field")
    return field


def _choices(offered: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(names.proper(choice, "choice") for choice in offered if choice.strip()))
    if not kept:
        raise Invalid("choice", "empty")
    if len(kept) > CHOICES:
        raise Invalid("choice", "too_many", CHOICES)
    return kept


def _place(session: AsyncSession, order: Sequence[CustomField]) -> None:
    for place, field in enumerate(order, 1):
        field.place = place
    session.add_all(order)


def _free(name: str, others: Sequence[CustomField]) -> str:
    proper = names.proper(name, "field")
    if names.key(proper) in {names.key(other.name) for other in others}:
        raise Invalid("field", "taken")
    if len(others) >= MOST:
        raise Invalid("field", "too_many", MOST)
    return proper
