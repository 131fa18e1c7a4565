"""Changing the fields themselves: made, named, put in order, and removed with a way back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import fields, names
from crm.access import Desk, Power
from crm.errors import NotFound
from handlers.buttons.fields import (
    FieldCard,
    FieldsMenu,
    NewField,
    OfferChoices,
    RemoveField,
    RenameField,
    RestoreField,
    ShiftField,
    SumField,
)
from handlers.buttons.settings import Settings
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, confirm, label, safe, show, spread
from handlers.screens.messages import amount
from handlers.screens.values import kind_of_field
from storage.fields import CustomField, Kind

CURRENCIES = ("EUR", "USD", "GBP", "RUB", "UAH", "PLN", "CHF", "TRY", "KZT", "GEL", "BRL", "CNY")
ABREAST, KINDS_ABREAST = 4, 2


class FieldMaking(StatesGroup):
    """The text that is being waited for."""

    name = State()
    choices = State()
    new_name = State()
    new_choices = State()


def routes() -> Router:
    """All that changes the fields themselves."""
    router = Router(name="own_fields")
    router.callback_query.register(show_fields, FieldsMenu.filter())
    router.callback_query.register(show_field, FieldCard.filter())
    router.callback_query.register(ask_kind, NewField.filter(~F.kind.in_(set(Kind))))
    router.callback_query.register(ask_currency, NewField.filter((F.kind == Kind.MONEY) & ~F.currency.in_(CURRENCIES)))
    router.callback_query.register(ask_name, NewField.filter())
    router.callback_query.register(ask_new_name, RenameField.filter())
    router.callback_query.register(ask_new_choices, OfferChoices.filter())
    router.callback_query.register(shift, ShiftField.filter())
    router.callback_query.register(sum_up, SumField.filter())
    router.callback_query.register(remove, RemoveField.filter(F.sure))
    router.callback_query.register(ask_to_remove, RemoveField.filter())
    router.callback_query.register(restore, RestoreField.filter())
    router.message.register(take_name, FieldMaking.name, F.text)
    router.message.register(take_choices, FieldMaking.choices, F.text)
    router.message.register(rename, FieldMaking.new_name, F.text)
    router.message.register(offer, FieldMaking.new_choices, F.text)
    return router


async def show_fields(event: CallbackQuery | Message, desk: Desk) -> None:
    """The fields in their order, each to be changed."""
    desk.need(Power.MANAGE)
    await _list(event, desk)


async def _list(event: CallbackQuery | Message, desk: Desk, notice: str = "", undo: RestoreField | None = None) -> None:
    own = await fields.listing(desk)
    text = _("<b>Fields</b>\nWhat you want to know of each client. Press one to change it.")
    if not own:
        text = _("<b>Fields</b>\n\nThere are none yet. A field is something you want to know of each client: a budget, "
                 "a birthday, a size.")  # fmt: skip
    rows = [[button(label(field.name) + amount(used), FieldCard(id=field.id or 0))] for field, used in own]
    new = [button(_("➕ New field"), NewField())] if len(own) < fields.MOST else []
    again = [button(_("↩️ Bring it back"), undo)] if undo else []
    await show(event, Screen(f"{notice}\n\n{text}".strip(), [again, *rows, new, back(Settings())]))


async def show_field(event: CallbackQuery | Message, callback_data: FieldCard, desk: Desk) -> None:
    """One field: what it takes, how often it is filled in, and what can be changed."""
    desk.need(Power.MANAGE)
    own = await fields.listing(desk)
    here = next((place for place, (field, _used) in enumerate(own) if field.id == callback_data.id), None)
    if here is None:
        await _list(event, desk, _("This field is not there any more."))
        return
    field, used = own[here]
    filled = ngettext("Filled in for {count} contact.", "Filled in for {count} contacts.", used)
    lines = [f"<b>{safe(field.name)}</b>", kind_of_field(Kind(field.kind)), "", filled.format(count=number(used))]
    lines += [" · ".join(safe(choice) for choice in field.choices)] if field.choices else []
    summed = await fields.summed(desk)
    shown = summed is not None and summed.id == field.id
    lines += [_("The board shows what it comes to.")] if shown else []
    rows = _changes(field, here, len(own), shown=shown)
    await show(event, Screen("\n".join(lines), [*rows, back(FieldsMenu())]))


def _changes(field: CustomField, here: int, count: int, *, shown: bool) -> list[list[InlineKeyboardButton]]:
    field_id = field.id or 0
    turn = [button(_("▲ Earlier"), ShiftField(id=field_id, later=False))] if here else []
    turn += [button(_("▼ Later"), ShiftField(id=field_id, later=True))] if here + 1 < count else []
    more = []
    if field.kind == Kind.CHOICE:
        more = [button(_("☑️ Other choices"), OfferChoices(id=field_id))]
    if field.kind == Kind.MONEY:
        words = _("No sums on the board") if shown else _("📊 Sums on the board")
        more = [button(words, SumField(id=field_id, on=not shown))]
    change = [button(_("✏️ Rename"), RenameField(id=field_id)), button(_("🗑 Remove"), RemoveField(id=field_id))]
    return [turn, more, change]


async def ask_kind(query: CallbackQuery, desk: Desk) -> None:
    """What the new field takes."""
    desk.need(Power.MANAGE)
    kinds = [button(kind_of_field(kind), NewField(kind=kind)) for kind in Kind]
    await show(
        query, Screen(_("What will stand in the new field?"), [*spread(kinds, KINDS_ABREAST), back(FieldsMenu())])
    )


async def ask_currency(query: CallbackQuery, desk: Desk) -> None:
    """In which money it is mostly."""
    desk.need(Power.MANAGE)
    money = [button(code, NewField(kind=Kind.MONEY, currency=code)) for code in CURRENCIES]
    text = _("In which currency, mostly? An amount can be written in any other, too.")
    await show(query, Screen(text, [*spread(money, ABREAST), back(NewField())]))


async def ask_name(query: CallbackQuery, callback_data: NewField, desk: Desk, state: FSMContext) -> None:
    """What it is called."""
    desk.need(Power.MANAGE)
    await state.set_state(FieldMaking.name)
    await state.set_data(callback_data.model_dump())
    text = _("Write the new field’s name: one to {limit} characters.").format(limit=number(names.LONGEST))
    await show(query, Screen(text, [back(NewField())]))


async def take_name(message: Message, desk: Desk, state: FSMContext) -> None:
    """The name has come; a field of choices needs them, too."""
    asked = NewField.model_validate(await state.get_data())
    name = names.proper(message.text or "", "field")
    if asked.kind == Kind.CHOICE:
        await state.set_state(FieldMaking.choices)
        await state.set_data({"name": name})
        await show(message, Screen(_how_to_choose(), [back(FieldsMenu())]))
        return
    await fields.make(desk, name, Kind(asked.kind), currency=asked.currency or None)
    await state.clear()
    await _list(message, desk, _("✅ The field is on every card now."))


def _how_to_choose() -> str:
    return _("Write what can be chosen, each on a line of its own: up to {limit}.").format(limit=number(fields.CHOICES))


async def take_choices(message: Message, desk: Desk, state: FSMContext) -> None:
    """The choices have come."""
    name = str((await state.get_data()).get("name", ""))
    await fields.make(desk, name, Kind.CHOICE, choices=(message.text or "").splitlines())
    await state.clear()
    await _list(message, desk, _("✅ The field is on every card now."))


async def ask_new_name(query: CallbackQuery, callback_data: RenameField, desk: Desk, state: FSMContext) -> None:
    """Another name for a field."""
    desk.need(Power.MANAGE)
    field = await fields.one(desk, callback_data.id)
    await state.set_state(FieldMaking.new_name)
    await state.set_data({"field": callback_data.id})
    text = _("Write another name for {field}.").format(field=f"<b>{safe(field.name)}</b>")
    await show(query, Screen(text, [back(FieldCard(id=callback_data.id))]))


async def rename(message: Message, desk: Desk, state: FSMContext) -> None:
    """The other name has come."""
    field_id = int((await state.get_data()).get("field", 0))
    try:
        await fields.rename(desk, field_id, message.text or "")
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_field(message, FieldCard(id=field_id), desk)


async def ask_new_choices(query: CallbackQuery, callback_data: OfferChoices, desk: Desk, state: FSMContext) -> None:
    """Other choices; the present ones stand there to be copied."""
    desk.need(Power.MANAGE)
    field = await fields.one(desk, callback_data.id)
    await state.set_state(FieldMaking.new_choices)
    await state.set_data({"field": callback_data.id})
    now = "\n".join(safe(choice) for choice in field.choices)
    text = f"{_how_to_choose()}\n\n<code>{now}</code>"
    await show(query, Screen(text, [back(FieldCard(id=callback_data.id))]))


async def offer(message: Message, desk: Desk, state: FSMContext) -> None:
    """The other choices have come."""
    field_id = int((await state.get_data()).get("field", 0))
    try:
        await fields.offer(desk, field_id, (message.text or "").splitlines())
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_field(message, FieldCard(id=field_id), desk)


async def shift(query: CallbackQuery, callback_data: ShiftField, desk: Desk) -> None:
    """One place earlier or later."""
    await fields.shift(desk, callback_data.id, later=callback_data.later)
    await show_field(query, FieldCard(id=callback_data.id), desk)


async def sum_up(query: CallbackQuery, callback_data: SumField, desk: Desk) -> None:
    """On the board, or no longer."""
    await fields.sum_up(desk, callback_data.id if callback_data.on else None)
    await show_field(query, FieldCard(id=callback_data.id), desk)


async def ask_to_remove(query: CallbackQuery, callback_data: RemoveField, desk: Desk) -> None:
    """What goes with it."""
    desk.need(Power.MANAGE)
    own = {field.id: (field, used) for field, used in await fields.listing(desk)}
    if callback_data.id not in own:
        raise NotFound("field")
    field, used = own[callback_data.id]
    text = ngettext(
        "Remove {field}? What stands in it for {count} contact goes, too. It can be brought back for a day.",
        "Remove {field}? What stands in it for {count} contacts goes, too. It can be brought back for a day.",
        used,
    )
    if not used:
        text = _("Remove {field}? It is not filled in anywhere. It can be brought back for a day.")
    text = text.format(field=f"<b>{safe(field.name)}</b>", count=number(used))
    yes = RemoveField(id=callback_data.id, sure=True)
    await show(query, Screen(text, confirm(_("Remove"), yes, FieldCard(id=callback_data.id))))


async def remove(query: CallbackQuery, callback_data: RemoveField, desk: Desk) -> None:
    """Gone, with the way back."""
    await fields.remove(desk, callback_data.id)
    await _list(query, desk, _("🗑 The field is removed."), RestoreField(id=callback_data.id))


async def restore(query: CallbackQuery, callback_data: RestoreField, desk: Desk) -> None:
    """There again, with all that stood in it."""
    await fields.restore(desk, callback_data.id)
    await show_field(query, FieldCard(id=callback_data.id), desk)
