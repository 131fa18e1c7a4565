"""Putting tags on one contact or one conversation, and taking them off."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from crm import tags
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.tags import Choice, On
from handlers.buttons.contacts import ContactCard
from handlers.buttons.history import History
from handlers.buttons.tags import NewTagOn, PutTag, TagChoice
from handlers.language import _
from handlers.screens import Screen, back, button, label, pages, safe, shorten, show
from handlers.screens.messages import tag_line


class TagPutting(StatesGroup):
    """The text that is being waited for."""

    name = State()


def routes() -> Router:
    """The choice, a press on one, a new one."""
    router = Router(name="tagging")
    known = F.on.in_({one.value for one in On})
    router.callback_query.register(show_choice, TagChoice.filter(known))
    router.callback_query.register(put_or_take, PutTag.filter(known))
    router.callback_query.register(ask_name, NewTagOn.filter(known))
    router.message.register(make_and_put, TagPutting.name, F.text)
    return router


async def show_choice(
    event: CallbackQuery | Message, callback_data: TagChoice, desk: Desk, *, notice: str = ""
) -> None:
    """Every tag with a mark where it is put on; a press changes it."""
    at, on = callback_data, On(callback_data.on)
    choice = await tags.choice(desk, on, at.id, page=at.page)
    rows, new = [], []
    if desk.may(Power.WRITE):
        for tag in choice.tags.items:
            held = choice.holds(tag)
            to = PutTag(on=on, id=at.id, tag=tag.id or 0, put=not held, page=choice.tags.number)
            rows.append([button(f"{'✅' if held else '▫️'} {tag.colour} {label(tag.name)}", to)])
        new = [button(_("➕ New tag"), NewTagOn(on=on, id=at.id))]
    turn = pages(choice.tags.number, choice.tags.last, lambda to: TagChoice(on=on, id=at.id, page=to)) if rows else []
    home = ContactCard(id=at.id) if on is On.CONTACT else History(id=at.id)
    text = f"{notice}\n\n{_choice_text(desk, on, choice)}".strip()
    await show(event, Screen(text, [*rows, turn, new, back(home)]))


def _choice_text(desk: Desk, on: On, choice: Choice) -> str:
    title = _("<b>Tags of {contact}</b>") if on is On.CONTACT else _("<b>Tags of the conversation with {contact}</b>")
    lines = [title.format(contact=safe(shorten(choice.contact.name, 64)))]
    lines.append(tag_line(choice.put) if choice.put else _("None is put on."))
    if desk.may(Power.WRITE):
        lines.append("")
        lines.append(
            _("Press a tag to put it on or take it off.")
            if choice.tags.count
            else _("There are no tags yet: make one.")
        )
    return "\n".join(lines)


async def put_or_take(event: CallbackQuery, callback_data: PutTag, desk: Desk) -> None:
    """What the button says, however often it is pressed."""
    at, on = callback_data, On(callback_data.on)
    notice = ""
    try:
        await (tags.put if at.put else tags.take)(desk, on, at.id, at.tag)
    except NotFound as missing:
        if missing.noun != "tag":
            raise
        notice = _("This tag is not there any more.")
    await show_choice(event, TagChoice(on=on, id=at.id, page=at.page), desk, notice=notice)


async def ask_name(event: CallbackQuery, callback_data: NewTagOn, desk: Desk, state: FSMContext) -> None:
    """The name of a tag that is made and put on at once."""
    desk.need(Power.WRITE)
    choice = await tags.choice(desk, On(callback_data.on), callback_data.id)
    await state.set_state(TagPutting.name)
    await state.set_data(callback_data.model_dump())
    text = _("Write the tag’s name, and it is put on {contact}.").format(
        contact=f"<b>{safe(shorten(choice.contact.name, 64))}</b>"
    )
    await show(event, Screen(text, [back(TagChoice(on=callback_data.on, id=callback_data.id))]))


async def make_and_put(message: Message, desk: Desk, state: FSMContext) -> None:
    """The name has come."""
    asked = NewTagOn.model_validate(await state.get_data())
    try:
        await tags.make_and_put(desk, message.text or "", On(asked.on), asked.id)
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_choice(message, TagChoice(on=asked.on, id=asked.id), desk)
