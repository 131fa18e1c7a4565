"""Phones that a client has written: all of them, and one put on the card with a way back."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from crm import phones
from crm.access import Desk
from handlers.buttons.contacts import ContactCard
from handlers.buttons.phones import DropPhone, PhoneList, PutPhone
from handlers.language import _, date
from handlers.screens import Screen, back, button, pages, safe, shorten, show

NAME = 64


def routes() -> Router:
    """The list, on the card, and off it."""
    router = Router(name="phones")
    router.callback_query.register(show_list, PhoneList.filter())
    router.callback_query.register(put, PutPhone.filter())
    router.callback_query.register(drop, DropPhone.filter())
    return router


async def show_list(query: CallbackQuery, callback_data: PhoneList, desk: Desk) -> None:
    """What the client has written and the card has not, the newest first."""
    here = callback_data.id
    contact, page = await phones.listing(desk, here, page=callback_data.page)
    title = _("<b>📞 Phones in the messages of {contact}</b>").format(contact=safe(shorten(contact.name, NAME)))
    hint = _("The newest first. Press one to keep it on the card.")
    empty = _("No number was found beyond those on the card.")
    rows = [
        [button(f"📞 {one.phone} · {date(one.at)}", PutPhone(id=here, message=one.message, place=one.place))]
        for one in page.items
    ]
    turn = pages(page.number, page.last, lambda to: PhoneList(id=here, page=to))
    text = f"{title}\n\n{hint if page.count else empty}"
    await show(query, Screen(text, [*rows, turn, back(ContactCard(id=here))]))


async def put(query: CallbackQuery, callback_data: PutPhone, desk: Desk) -> None:
    """At once, with the way back; beside the one there is, unless it is to be the main one."""
    at = callback_data
    phone, is_main = await phones.put(desk, at.id, at.message, at.place, main=at.main)
    text = _("📞 {phone} is on the card now.").format(phone=f"<code>{safe(phone)}</code>")
    undo: PutPhone | DropPhone = DropPhone(id=at.id, message=at.message, place=at.place)
    if at.main:
        text = _("📞 {phone} is the main one now.").format(phone=f"<code>{safe(phone)}</code>")
        undo = at.model_copy(update={"main": False})
    main = [] if is_main else [button(_("☝️ Make it the main one"), at.model_copy(update={"main": True}))]
    rows = [[button(_("↩️ Undo"), undo), *main], [button(_("📞 More phones"), PhoneList(id=at.id))]]
    await show(query, Screen(text, [*rows, back(ContactCard(id=at.id))]))


async def drop(query: CallbackQuery, callback_data: DropPhone, desk: Desk) -> None:
    """Off the card again."""
    at = callback_data
    await phones.drop(desk, at.id, at.message, at.place)
    again = [button(_("📞 More phones"), PhoneList(id=at.id))]
    await show(query, Screen(_("The phone number is off the card."), [again, back(ContactCard(id=at.id))]))
