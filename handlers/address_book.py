"""Contacts for other programs, as a file in the chat."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from crm.access import Desk, Power, enter
from crm.export import address_book
from crm.export.address_book import Choice, Form, check, written
from crm.jobs import Jobs, Work
from handlers.buttons.contacts import ContactList
from handlers.buttons.export import ContactsOut
from handlers.buttons.sifts import SiftCard
from handlers.language import _
from handlers.screens import Screen, back, button, show, spread

KIND = address_book.KIND
ABREAST = 2


def routes() -> Router:
    """The question, and the file."""
    router = Router(name="address book")
    router.callback_query.register(take, ContactsOut.filter())
    return router


async def take(query: CallbackQuery, callback_data: ContactsOut, desk: Desk, jobs: Jobs) -> None:
    """As which file; then it is made, and the progress is drawn in this very message."""
    desk.need(Power.EXPORT)
    at = callback_data
    if at.form not in list(Form):
        text = _(
            "<b>Take the contacts along</b>\n\nA table opens in a spreadsheet; a vCard goes into a phone's address "
            "book. It holds names, usernames and phone numbers, and is no longer encrypted: keep it safe."
        )
        names = {Form.CSV: _("📊 Table (CSV)"), Form.XLSX: _("📗 Excel (XLSX)"), Form.VCARD: _("📇 vCard")}
        forms = [button(name, at.model_copy(update={"form": form})) for form, name in names.items()]
        there = SiftCard(id=at.sift) if at.sift else ContactList(tag=at.tag)
        await show(query, Screen(text, [*spread(forms, ABREAST), back(there)]))
    elif isinstance(query.message, Message):
        await check(desk, Choice(at.tag, at.sift))
        here = {"chat_id": query.message.chat.id, "message_id": query.message.message_id}
        await jobs.start(desk, KIND, at.model_dump(), **here)
        await query.answer(_("I am on it."))


async def run(work: Work, bot: Bot) -> None:
    """Do the work, as whoever asked for it and with what he may do now. After a restart it begins anew."""
    job, installation, workspace_id = work.job, work.room.installation, work.room.workspace.id or 0
    form, choice = Form(job.params["form"]), Choice(job.params["tag"], job.params["sift"])
    async with enter(installation, job.asked_by, workspace_id) as desk:
        content = await written(desk, form, choice, work.progress)
    async with enter(installation, job.asked_by, workspace_id) as still:
        still.need(Power.EXPORT)  # a seat may be lost meanwhile
        if desk.sees_identities:
            still.need_identities()  # nor may who clients are have been hidden meanwhile
    if content:
        name = f"contacts-{installation.clock.now():%Y-%m-%d}.{form}"
        await bot.send_document(job.chat_id or job.asked_by, BufferedInputFile(content, name))
