"""Two contacts that are one person: finding them, seeing what goes together, merging, and taking apart again."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import contacts, doubles, merging
from crm.access import Desk, Power
from crm.doubles import Why
from crm.errors import NotFound
from crm.merging import PHONE, STAGE, Conflict, Side
from handlers.buttons.aside import MoreCard
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.merging import Doubles, FindDouble, KeepApart, MergeContacts, Part
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, fit, label, safe, shorten, show
from handlers.screens.messages import tag_line
from handlers.screens.values import value_text
from storage.contacts import Contact
from storage.fields import CustomField

NAME, ON_BUTTON, VALUE = 64, 18, 24
FOUND = 10  # people that are offered at once
PAIRS = 15  # doubles on one screen: the likeliest; what is dismissed makes room


class Finding(StatesGroup):
    """The name that is being waited for."""

    other = State()


def routes() -> Router:
    """Doubles and their merging."""
    router = Router(name="merging")
    router.callback_query.register(show_doubles, Doubles.filter())
    router.callback_query.register(ask_other, FindDouble.filter())
    router.callback_query.register(merge, MergeContacts.filter(F.sure))
    router.callback_query.register(show_preview, MergeContacts.filter())
    router.callback_query.register(keep_apart, KeepApart.filter())
    router.callback_query.register(part, Part.filter())
    router.message.register(find_other, Finding.other, F.text)
    router.message.register(show_doubles, Command("doubles"))
    return router


async def show_doubles(event: CallbackQuery | Message, desk: Desk, *, notice: str = "") -> None:
    """Who looks like one person, and why."""
    found = (await doubles.listing(desk))[:PAIRS]
    text = _("<b>Doubles</b>\n\nNobody looks like somebody else.")
    if found:
        text = ngettext(
            "<b>{count} pair looks like one person</b>", "<b>{count} pairs look like one person</b>", len(found)
        ).format(count=number(len(found)))
        text += "\n" + _("📞 the same phone, 🔤 names that are near. Press a pair to compare.")
    rows = []
    for one in found if desk.may(Power.WRITE) else ():
        names = f"{label(one.one.name, ON_BUTTON)} ≈ {label(one.other.name, ON_BUTTON)}"
        sign = {Why.PHONE: "📞", Why.USERNAME: "@"}.get(one.why, "🔤")
        rows.append([button(f"{sign} {names}", MergeContacts(id=one.one.id or 0, other=one.other.id or 0))])
    await show(event, Screen(f"{notice}\n\n{text}".strip(), [*rows, [*back(ContactList()), *back()]]))


async def ask_other(query: CallbackQuery, callback_data: FindDouble, desk: Desk, state: FSMContext) -> None:
    """Who else it is, by name; what was merged before can be taken apart here."""
    desk.need(Power.WRITE)
    contact = await contacts.one(desk, callback_data.id)
    await state.set_state(Finding.other)
    await state.set_data(callback_data.model_dump())
    text = _("Who else is {contact}? Write a name, a username or a phone number of the other card.").format(
        contact=_bold(contact)
    )
    apart = [
        [button(_("↩️ Take {name} out again").format(name=label(gone.name, VALUE)), Part(id=row.id or 0))]
        for row, gone in (await merging.done(desk, contact.id or 0))[:FOUND]
    ]
    await show(query, Screen(text, [*apart, back(MoreCard(id=callback_data.id))]))


async def find_other(message: Message, desk: Desk, state: FSMContext) -> None:
    """Whom the name has found."""
    asked = FindDouble.model_validate(await state.get_data())
    found = (await doubles.candidates(desk, asked.id, message.text or ""))[:FOUND]
    text = _("Which one?") if found else _("I found nobody of that name. Write another, or a part of it.")
    rows = [[button(label(one.name), MergeContacts(id=asked.id, other=one.id or 0))] for one in found]
    await show(message, Screen(text, [*rows, back(MoreCard(id=asked.id))]))


async def show_preview(query: CallbackQuery, callback_data: MergeContacts, desk: Desk, state: FSMContext) -> None:
    """What goes together; where both say something else, a press chooses."""
    await state.clear()
    try:
        preview = await merging.preview(desk, callback_data.id, callback_data.other)
    except NotFound:
        await show_doubles(query, desk, notice=_("These two are one already, or one of them is gone."))
        return
    lines = [
        _("<b>One person?</b>"),
        "",
        *_lines(preview.kept),
        "",
        *_lines(preview.gone),
        "",
        _("Both go together on one card: {contact}. Nothing is lost, and for a week you can undo it.").format(
            contact=_bold(preview.kept.contact)
        ),
    ]
    lines += [_("They differ. What is marked ✓ stays; press to change it:")] if preview.conflicts else []
    rows = [[_choice(bit, one, callback_data)] for bit, one in enumerate(preview.conflicts)]
    yes = callback_data.model_copy(update={"sure": True})
    swap = MergeContacts(id=callback_data.other, other=callback_data.id)
    rows += [
        [button(_("✅ Merge"), yes), button(_("⇄ The other name"), swap)],
        [button(_("🙅 Two people"), KeepApart(id=callback_data.id, other=callback_data.other))],
    ]
    await show(query, Screen(fit(lines), [*rows, [*back(ContactCard(id=callback_data.id)), *back()]]))


def _bold(contact: Contact) -> str:
    return f"<b>{safe(shorten(contact.name, NAME))}</b>"


def _lines(side: Side) -> list[str]:
    contact = side.contact
    known = [f"@{safe(contact.username)}"] if contact.username else []
    known += [f"<code>{safe(contact.phone)}</code>"] if contact.phone else []
    counted = [
        ngettext("{n} conversation", "{n} conversations", side.conversations).format(n=number(side.conversations)),
        ngettext("{n} note", "{n} notes", side.notes).format(n=number(side.notes)),
        ngettext("{n} reminder", "{n} reminders", side.reminders).format(n=number(side.reminders)),
    ]
    return [" · ".join([_bold(contact), *known]), " · ".join(counted), *([tag_line(side.tags)] if side.tags else [])]


def _choice(bit: int, one: Conflict, at: MergeContacts) -> InlineKeyboardButton:
    """Both words, the one that stays marked; a press marks the other."""
    other = bool(at.take >> bit & 1) if bit < at.take.bit_length() else False
    words = [_word(one, side) for side in (one.kept, one.gone)]
    words[other] = f"✓ {words[other]}"
    return button(f"{_what(one)}: {' / '.join(words)}", at.model_copy(update={"take": at.take ^ (1 << bit)}))


def _what(one: Conflict) -> str:
    if isinstance(one.what, CustomField):
        return label(one.what.name, ON_BUTTON)
    return {PHONE: _("Phone"), STAGE: _("Stage")}[one.what]


def _word(one: Conflict, side: object) -> str:
    words = value_text(one.what, side) if isinstance(one.what, CustomField) else str(side)  # type: ignore[arg-type]  # a field's side is its value
    return label(words, ON_BUTTON)


async def merge(query: CallbackQuery, callback_data: MergeContacts, desk: Desk) -> None:
    """One card, with the way back."""
    done = await merging.merge(desk, callback_data.id, callback_data.other, take=callback_data.take)
    contact = await contacts.one(desk, callback_data.id)
    text = _("✅ It is one contact now: {contact}. Whatever comes from either account lands on this card.")
    rows = [
        [button(_("↩️ Undo"), Part(id=done))],
        [button(_("Open the card"), ContactCard(id=callback_data.id)), button(_("More doubles"), Doubles())],
        back(),
    ]
    await show(query, Screen(text.format(contact=_bold(contact)), rows))


async def keep_apart(query: CallbackQuery, callback_data: KeepApart, desk: Desk) -> None:
    """Never suggested again."""
    await doubles.dismiss(desk, callback_data.id, callback_data.other)
    await show_doubles(query, desk, notice=_("All right: two people. I will not suggest them again."))


async def part(query: CallbackQuery, callback_data: Part, desk: Desk, state: FSMContext) -> None:
    """Two again."""
    await state.clear()
    pair = await merging.undo(desk, callback_data.id)
    both = [await contacts.one(desk, one) for one in pair]
    text = _("↩️ They are two contacts again: {one} and {other}.").format(one=_bold(both[0]), other=_bold(both[1]))
    cards = [[button(label(one.name), ContactCard(id=one.id or 0))] for one in both]
    await show(query, Screen(text, [*cards, back()]))
