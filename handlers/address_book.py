"""Contacts for other programs, as a file in the chat."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.types import BufferedInputFile, CallbackQuery

from crm.access import Desk, Power
from crm.export.address_book import Form, written
from handlers.buttons.contacts import ContactList
from handlers.buttons.export import ContactsOut
from handlers.language import _
from handlers.screens import Screen, back, button, show


def routes() -> Router:
    """The question, and the file."""
    router = Router(name="address book")
    router.callback_query.register(take, ContactsOut.filter())
    return router


async def take(query: CallbackQuery, callback_data: ContactsOut, desk: Desk, bot: Bot) -> None:
    """As which file; then it comes."""
    desk.need(Power.EXPORT)
    at = callback_data
    if at.form not in list(Form):
        text = _(
            "<b>Take the contacts along</b>\n\nA table opens in a spreadsheet; a vCard goes into a phone's address "
            "book. It holds names, usernames and phone numbers, and is no longer encrypted: keep it safe."
        )
        table = button(_("📊 Table (CSV)"), at.model_copy(update={"form": Form.CSV}))
        cards = button(_("📇 vCard"), at.model_copy(update={"form": Form.VCARD}))
        await show(query, Screen(text, [[table, cards], back(ContactList(tag=at.tag))]))
        return
    content = await written(desk, Form(at.form), tag_id=at.tag)
    name = f"contacts-{desk.installation.clock.now():%Y-%m-%d}.{at.form}"
    await query.answer()
    if content:
        await bot.send_document(query.from_user.id, BufferedInputFile(content, name))
