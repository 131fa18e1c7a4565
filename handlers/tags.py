"""The workspace's tags: making them, changing their words, and seeing where they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import names, tags
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.tags import Used
from handlers.buttons.contacts import ContactList
from handlers.buttons.tags import ColourTag, DeleteTag, MergeTag, NewTag, RenameTag, TagCard, TagList
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, confirm, label, pages, safe, show, spread
from storage.tags import COLOURS, Tag

COLOURS_IN_A_ROW = 3


class TagNaming(StatesGroup):
    """The text that is being waited for."""

    name = State()
    new_name = State()


def routes() -> Router:
    """Everything around the tags themselves."""
    router = Router(name="tags")
    router.callback_query.register(show_tags, TagList.filter())
    router.callback_query.register(show_tag, TagCard.filter())
    router.callback_query.register(ask_name, NewTag.filter())
    router.callback_query.register(ask_new_name, RenameTag.filter())
    router.callback_query.register(show_colours, ColourTag.filter(F.colour < 0))
    router.callback_query.register(colour, ColourTag.filter())
    router.callback_query.register(choose_target, MergeTag.filter(~F.into))
    router.callback_query.register(merge, MergeTag.filter())
    router.callback_query.register(delete, DeleteTag.filter())
    router.message.register(make, TagNaming.name, F.text)
    router.message.register(rename, TagNaming.new_name, F.text)
    router.message.register(show_tags, Command("tags"))
    return router


Handler = Callable[..., Awaitable[None]]


def or_the_list(handler: Handler) -> Handler:
    """Where the tag was deleted since the button was drawn: say so, and show the tags that there are."""

    @wraps(handler)
    async def careful(event: CallbackQuery | Message, *args: Any, desk: Desk, **facts: Any) -> None:
        try:
            await handler(event, *args, desk=desk, **facts)
        except NotFound as missing:
            if missing.noun != "tag":
                raise
            await show_tags(event, desk, notice=_("This tag is not there any more."))

    return careful


async def show_tags(
    event: CallbackQuery | Message, desk: Desk, callback_data: TagList | None = None, *, notice: str = ""
) -> None:
    """All tags, the most used first."""
    page = await tags.listing(desk, page=callback_data.page if callback_data else 0)
    if page.count:
        text = ngettext("<b>{count} tag</b>", "<b>{count} tags</b>", page.count).format(count=number(page.count))
        text += "\n" + _("The most used first. Press one to see whom it is on.")
    else:
        text = _(
            "<b>Tags</b>\n\nThere are none yet. A tag is a word of your own, such as “regular” or “wedding”: put it on "
            "people and conversations, and find them by it."
        )
    rows = [[button(_label(tag, uses), TagCard(id=tag.id or 0))] for tag, uses in page.items]
    turn = pages(page.number, page.last, lambda to: TagList(page=to))
    new = [button(_("➕ New tag"), NewTag())] if desk.may(Power.WRITE) else []
    await show(event, Screen(f"{notice}\n\n{text}".strip(), [*rows, turn, new, back()]))


def _label(tag: Tag, uses: int) -> str:
    return f"{tag.colour} {label(tag.name)} · {number(uses)}"


@or_the_list
async def show_tag(event: CallbackQuery | Message, callback_data: TagCard, *, desk: Desk) -> None:
    """One tag: where it is, and what can be done with it."""
    used = await tags.one(desk, callback_data.id)
    text = f"{used.tag.colour} <b>{safe(used.tag.name)}</b>\n\n{_where(used)}"
    carried = used.contacts or used.conversations
    rows = [[button(_("Show these contacts"), ContactList(tag=callback_data.id))]] if carried else []
    if desk.may(Power.MANAGE):
        rows += _changes(callback_data.id)
    await show(event, Screen(text, [*rows, back(TagList())]))


def _where(used: Used) -> str:
    if not used.contacts and not used.conversations:
        return _("It is not put on anything yet.")
    if not used.conversations:
        return ngettext("On {count} contact.", "On {count} contacts.", used.contacts).format(
            count=number(used.contacts)
        )
    if not used.contacts:
        return ngettext("On {count} conversation.", "On {count} conversations.", used.conversations).format(
            count=number(used.conversations)
        )
    contacts = ngettext("On {count} contact", "On {count} contacts", used.contacts)
    threads = ngettext("and {count} conversation.", "and {count} conversations.", used.conversations)
    return f"{contacts.format(count=number(used.contacts))} {threads.format(count=number(used.conversations))}"


def _changes(tag_id: int) -> list[list[InlineKeyboardButton]]:
    return [
        [button(_("✏️ Rename"), RenameTag(id=tag_id)), button(_("🎨 Colour"), ColourTag(id=tag_id))],
        [button(_("Merge into another"), MergeTag(id=tag_id)), button(_("🗑 Delete"), DeleteTag(id=tag_id))],
    ]


async def ask_name(event: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """The name of a new tag."""
    desk.need(Power.WRITE)
    await state.set_state(TagNaming.name)
    text = _("Write the new tag’s name: one to {limit} characters.").format(limit=number(names.LONGEST))
    await show(event, Screen(text, [back(TagList())]))


async def make(message: Message, desk: Desk, state: FSMContext) -> None:
    """The name has come."""
    tag = await tags.make(desk, message.text or "")
    await state.clear()
    await show_tag(message, TagCard(id=tag.id or 0), desk=desk)


@or_the_list
async def ask_new_name(event: CallbackQuery, callback_data: RenameTag, *, desk: Desk, state: FSMContext) -> None:
    """Another name for a tag."""
    desk.need(Power.MANAGE)
    used = await tags.one(desk, callback_data.id)
    await state.set_state(TagNaming.new_name)
    await state.set_data({"tag": callback_data.id})
    text = _("Write another name for {tag}.").format(tag=f"{used.tag.colour} <b>{safe(used.tag.name)}</b>")
    await show(event, Screen(text, [back(TagCard(id=callback_data.id))]))


@or_the_list
async def rename(message: Message, *, desk: Desk, state: FSMContext) -> None:
    """The other name has come."""
    tag_id = int((await state.get_data()).get("tag", 0))
    try:
        await tags.rename(desk, tag_id, message.text or "")
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_tag(message, TagCard(id=tag_id), desk=desk)


@or_the_list
async def show_colours(event: CallbackQuery, callback_data: ColourTag, *, desk: Desk) -> None:
    """The colours there are."""
    desk.need(Power.MANAGE)
    used = await tags.one(desk, callback_data.id)
    choice = [button(sign, ColourTag(id=callback_data.id, colour=place)) for place, sign in enumerate(COLOURS)]
    text = _("Which colour for {tag}?").format(tag=f"{used.tag.colour} <b>{safe(used.tag.name)}</b>")
    await show(event, Screen(text, [*spread(choice, COLOURS_IN_A_ROW), back(TagCard(id=callback_data.id))]))


@or_the_list
async def colour(event: CallbackQuery, callback_data: ColourTag, *, desk: Desk) -> None:
    """A colour was chosen."""
    await tags.recolour(desk, callback_data.id, COLOURS[callback_data.colour % len(COLOURS)])
    await show_tag(event, TagCard(id=callback_data.id), desk=desk)


@or_the_list
async def choose_target(event: CallbackQuery, callback_data: MergeTag, *, desk: Desk) -> None:
    """Which tag is to stay."""
    desk.need(Power.MANAGE)
    source, page = await tags.one(desk, callback_data.id), await tags.listing(desk, page=callback_data.page)
    rows = [
        [button(_label(tag, uses), MergeTag(id=callback_data.id, into=tag.id or 0))]
        for tag, uses in page.items
        if tag.id != callback_data.id
    ]
    turn = pages(page.number, page.last, lambda to: MergeTag(id=callback_data.id, page=to))
    text = _("Everything with {tag} gets another tag instead. Which one?")
    if page.count <= 1:
        text = _("There is no other tag to merge {tag} into.")
    shown = text.format(tag=f"{source.tag.colour} <b>{safe(source.tag.name)}</b>")
    await show(event, Screen(shown, [*rows, turn, back(TagCard(id=callback_data.id))]))


@or_the_list
async def merge(event: CallbackQuery, callback_data: MergeTag, *, desk: Desk) -> None:
    """TagNaming once more, then done."""
    if callback_data.sure:
        target = await tags.merge(desk, callback_data.id, callback_data.into)
        await show_tag(event, TagCard(id=target.id or 0), desk=desk)
        return
    desk.need(Power.MANAGE)
    source, target_used = await tags.one(desk, callback_data.id), await tags.one(desk, callback_data.into)
    text = _("Merge {tag} into {target}? {tag} will be gone; this cannot be undone.\n\n{where}").format(
        tag=f"<b>{safe(source.tag.name)}</b>", target=f"<b>{safe(target_used.tag.name)}</b>", where=_where(source)
    )
    yes = MergeTag(id=callback_data.id, into=callback_data.into, sure=True)
    await show(event, Screen(text, confirm(_("Merge"), yes, TagCard(id=callback_data.id))))


@or_the_list
async def delete(event: CallbackQuery, callback_data: DeleteTag, *, desk: Desk) -> None:
    """TagNaming once, with what it is on, then done."""
    if callback_data.sure:
        await tags.delete(desk, callback_data.id)
        await show_tags(event, desk)
        return
    desk.need(Power.MANAGE)
    used = await tags.one(desk, callback_data.id)
    text = _("Delete {tag}? It is taken off everything; this cannot be undone.\n\n{where}").format(
        tag=f"{used.tag.colour} <b>{safe(used.tag.name)}</b>", where=_where(used)
    )
    yes = DeleteTag(id=callback_data.id, sure=True)
    await show(event, Screen(text, confirm(_("Delete"), yes, TagCard(id=callback_data.id))))
