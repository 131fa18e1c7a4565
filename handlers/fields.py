"""What stands in a contact's fields: reading it, and writing it in one's own notation."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from crm import fields
from crm.access import Desk, Power
from crm.errors import NotFound
from handlers.buttons.contacts import ContactCard
from handlers.buttons.fields import AskValue, ClearValue, FieldSheet, FieldsMenu, NewField, PutChoice
from handlers.language import _, number
from handlers.screens import Screen, back, button, label, safe, shorten, show, spread
from handlers.screens.days import in_numbers
from handlers.screens.values import money, notation, value_text
from storage.fields import UNITS, CustomField, FieldValue, Kind

NAME = 64
ON_BUTTON = 36  # characters of a field and what stands in it
ABREAST = 2


class Filling(StatesGroup):
    """The value that is being waited for."""

    value = State()


def routes() -> Router:
    """One contact's fields."""
    router = Router(name="fields")
    router.callback_query.register(show_sheet, FieldSheet.filter())
    router.callback_query.register(ask_value, AskValue.filter())
    router.callback_query.register(choose, PutChoice.filter())
    router.callback_query.register(clear, ClearValue.filter())
    router.message.register(fill_in, Filling.value, F.text)
    return router


async def show_sheet(
    event: CallbackQuery | Message, callback_data: FieldSheet, desk: Desk, state: FSMContext, *, notice: str = ""
) -> None:
    """Every field; a press fills it in."""
    await state.clear()
    contact, filled = await fields.sheet(desk, callback_data.contact)
    lines = [_("<b>Fields of {contact}</b>").format(contact=safe(shorten(contact.name, NAME)))]
    lines += [notice] if notice else []
    lines += [f"{safe(field.name)}: <b>{safe(value_text(field, value))}</b>" for field, value in filled if value]
    if not filled:
        lines += ["", _("There are none yet. A field is something you want to know of each client, such as a budget.")]
    elif desk.may(Power.WRITE):
        lines += ["", _("Press a field to fill it in.")]
    fill = [
        button(_on_button(field, value), AskValue(contact=callback_data.contact, id=field.id or 0))
        for field, value in filled
        if desk.may(Power.WRITE)
    ]
    change = []
    if desk.may(Power.MANAGE):
        change = [button(_("⚙️ Change the fields"), FieldsMenu()) if filled else button(_("➕ New field"), NewField())]
    text = "\n".join(lines)
    await show(event, Screen(text, [*([one] for one in fill), change, back(ContactCard(id=callback_data.contact))]))


def _on_button(field: CustomField, value: FieldValue | None) -> str:
    return label(f"{field.name}: {value_text(field, value) or '—'}", ON_BUTTON)


async def ask_value(query: CallbackQuery, callback_data: AskValue, desk: Desk, state: FSMContext) -> None:
    """What is to stand there: a press for a choice, a text for all else."""
    desk.need(Power.WRITE)
    contact, filled = await fields.sheet(desk, callback_data.contact)
    found = next((pair for pair in filled if pair[0].id == callback_data.id), None)
    if found is None:
        raise NotFound("field")
    field, value = found
    lines = [f"<b>{safe(field.name)}</b> · {safe(shorten(contact.name, NAME))}"]
    lines += [_("Now: {value}").format(value=safe(value_text(field, value)))] if value else []
    choices = _choices(field, callback_data)
    if not choices:
        await state.set_state(Filling.value)
        await state.set_data(callback_data.model_dump())
        lines += ["", _how(field)]
    rows = spread([button(label(name), to) for name, to in choices], ABREAST)
    empty = [button(_("Empty it"), ClearValue(contact=callback_data.contact, id=callback_data.id))] if value else []
    way = back(FieldSheet(contact=callback_data.contact))
    await show(query, Screen("\n".join(lines), [*rows, empty, way]))


def _choices(field: CustomField, at: AskValue) -> list[tuple[str, PutChoice]]:
    if field.kind == Kind.YES_NO:
        words = [(_("Yes"), 1), (_("No"), 0)]
    else:
        words = [(choice, place) for place, choice in enumerate(field.choices)]
    return [(word, PutChoice(contact=at.contact, id=at.id, choice=place)) for word, place in words]


def _how(field: CustomField) -> str:
    match Kind(field.kind):
        case Kind.NUMBER:
            return _("Write a number, such as {example}.").format(example=number(1234.5))
        case Kind.MONEY:
            example = money(1250 * UNITS, field.currency or "EUR")
            return _("Write an amount, such as {example}. Another currency is fine, too.").format(example=example)
        case Kind.DATE:
            return _("Write a day, such as 31.12.2026 or in words.")
        case _:
            return _("Write it, up to {limit} characters.").format(limit=number(fields.LONGEST))


async def fill_in(message: Message, desk: Desk, state: FSMContext) -> None:
    """The value has come."""
    asked = AskValue.model_validate(await state.get_data())
    typed = message.text or ""
    try:
        if (await fields.one(desk, asked.id)).kind == Kind.DATE:
            typed = in_numbers(typed)
        await fields.put(desk, asked.contact, asked.id, typed, notation())
    except NotFound:
        await state.clear()
        raise
    await show_sheet(message, FieldSheet(contact=asked.contact), desk, state)


async def choose(query: CallbackQuery, callback_data: PutChoice, desk: Desk, state: FSMContext) -> None:
    """One of the choices, or yes or no."""
    await fields.choose(desk, callback_data.contact, callback_data.id, callback_data.choice)
    await show_sheet(query, FieldSheet(contact=callback_data.contact), desk, state)


async def clear(query: CallbackQuery, callback_data: ClearValue, desk: Desk, state: FSMContext) -> None:
    """Nothing stands there any more."""
    await fields.clear(desk, callback_data.contact, callback_data.id)
    await show_sheet(query, FieldSheet(contact=callback_data.contact), desk, state)
