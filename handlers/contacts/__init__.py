"""The people the business talks to: the list of them."""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import contacts, tags
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.pages import Page
from crm.ports import Devices
from handlers.buttons.aside import AsideList
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.contacts_in import ContactsIn
from handlers.buttons.export import ContactsOut
from handlers.buttons.merging import Doubles
from handlers.buttons.queues import QueueList
from handlers.buttons.search import AskSearch
from handlers.buttons.sifts import SiftCard
from handlers.buttons.stages import Board
from handlers.buttons.tags import TagList
from handlers.contacts.card import show_card
from handlers.language import _, ngettext, number
from handlers.screens import Screen, back, button, label, pages, show
from handlers.screens.messages import GROUP, tag_line
from storage.contacts import Listed
from storage.tags import Tag

MANAGE_BOT = "bizChat"  # Telegram's start payload behind "Manage Bot", followed by the id of the client's chat


def routes() -> Router:
    """Lists and cards."""
    router = Router(name="contacts")
    router.callback_query.register(show_card, ContactCard.filter())
    router.callback_query.register(show_list, ContactList.filter())
    router.message.register(open_managed, CommandStart(deep_link=True, magic=F.args.startswith(MANAGE_BOT)))
    router.message.register(show_list, Command("contacts"))
    return router


async def show_list(event: CallbackQuery | Message, desk: Desk, callback_data: ContactList | None = None) -> None:
    """One page of the contacts."""
    at = callback_data or ContactList()
    try:
        tag = (await tags.one(desk, at.tag)).tag if at.tag else None
        page = await contacts.listing(desk, page=at.page, tag_id=at.tag, by_name=at.by_name)
    except NotFound:  # the tag in the button is gone
        tag, at = None, ContactList(by_name=at.by_name)
        page = await contacts.listing(desk, by_name=at.by_name)
    way = {"page": page.number, "of": at.tag, "by_name": at.by_name}
    rows = [[button(_contact_label(one), ContactCard(id=one.contact.id or 0, **way))] for one in page.items]
    turn = pages(page.number, page.last, lambda number: at.model_copy(update={"page": number}))
    await show(
        event,
        Screen(_list_text(page, at, tag, sees=desk.sees_identities), [*rows, turn, *_list_ways(desk, at), back()]),
    )


def _list_text(page: Page[Listed], at: ContactList, tag: Tag | None, *, sees: bool) -> str:
    if not page.count and tag:
        return _("<b>Contacts</b>\n\nNobody has this tag.")
    if not page.count:
        return _("<b>Contacts</b>\n\nNobody yet. Whoever writes to a connected account appears here.")
    head = ngettext("<b>{count} contact</b>", "<b>{count} contacts</b>", page.count).format(count=number(page.count))
    if tag:
        head = ngettext("<b>{count} contact</b> with {tag}", "<b>{count} contacts</b> with {tag}", page.count).format(
            count=number(page.count), tag=tag_line([tag])
        )
    order = _("By name.") if at.by_name and sees else _("The last to write first.")
    waits = _("⏳ waits for an answer.") if any(one.waiting_since for one in page.items) else ""
    return f"{head}\n{order} {waits}".rstrip()


def _contact_label(one: Listed) -> str:
    signs = "".join(dict.fromkeys(one.colours))
    waits = "⏳ " if one.waiting_since else ""
    group = GROUP if one.contact.is_group else ""
    return f"{waits}{group}{label(one.contact.name)} {signs}".rstrip()


def _list_ways(desk: Desk, at: ContactList) -> list[list[InlineKeyboardButton]]:
    order = ContactList(tag=at.tag, by_name=not at.by_name)
    sees = desk.sees_identities
    sort = [button(_("Sort: last message") if at.by_name else _("Sort: name"), order)] if sees else []
    ways = [[*sort, button(_("🔎 Find a person"), AskSearch(people=True))]]
    ways.append(
        [
            button(_("🎚 Filter"), SiftCard(tag=at.tag)),
            button(_("📊 Board"), Board()),
            button(_("🏷 By tag"), TagList()),
        ]
    )
    ways.append(
        [
            button(_("⏳ Who waits"), QueueList()),
            *([button(_("👥 Doubles"), Doubles())] if sees else []),
            button(_("🗄 Set aside"), AsideList()),
        ]
    )
    files = [button(_("⬆ Bring in"), ContactsIn())] if desk.may(Power.MANAGE) and sees else []
    if desk.may(Power.EXPORT):
        files.append(button(_("⬇ Take along"), ContactsOut(tag=at.tag)))
    ways.append(files)
    if at.tag:
        ways.append([button(_("Show everybody"), ContactList(by_name=at.by_name))])
    return ways


async def open_managed(message: Message, command: CommandObject, desk: Desk, devices: Devices) -> None:
    """Telegram's "Manage Bot" in a client's chat: his card."""
    chat_id = re.fullmatch(r"\d{1,18}", (command.args or "").removeprefix(MANAGE_BOT), re.ASCII)
    try:
        contact_id = await contacts.behind_chat(desk, int(chat_id[0]) if chat_id else 0)
    except NotFound:
        text = _("Nothing of this chat is kept yet. What is written there from now on appears here.")
        await show(message, Screen(text, [[button(_("All contacts"), ContactList())], back()]))
        return
    await show_card(message, desk, ContactCard(id=contact_id), devices)
