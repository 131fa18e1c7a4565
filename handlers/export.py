"""Taking everything along: what an export holds, making one, and sending its parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, InputFile, Message

from crm import export
from crm.access import Desk, Power, enter
from crm.export.parts import Part
from crm.jobs import Jobs, Work
from crm.ports import FileSource
from handlers.buttons.deletion import DeleteAccount
from handlers.buttons.export import Export, StartExport
from handlers.buttons.privacy import Privacy
from handlers.language import _, day, ngettext, number, speaking
from handlers.screens import Rows, Screen, back, button, safe, show

KIND = "export"
UPLOAD_SECONDS = 15 * 60  # for 50 MB over a slow line


def routes() -> Router:
    """The export screen and its start."""
    router = Router(name="export")
    router.callback_query.register(offer, Export.filter())
    router.callback_query.register(start, StartExport.filter())
    router.message.register(offer, Command("export"))
    return router


async def offer(event: Message | CallbackQuery, desk: Desk, callback_data: Export | None = None) -> None:
    """What would be in it."""
    held = await export.size(desk)
    counted = [
        ngettext("{n} contact", "{n} contacts", held["contacts"]).format(n=number(held["contacts"])),
        ngettext("{n} message", "{n} messages", held["messages"]).format(n=number(held["messages"])),
        ngettext("{n} note", "{n} notes", held["notes"]).format(n=number(held["notes"])),
        ngettext("{n} tag", "{n} tags", held["tags"]).format(n=number(held["tags"])),
    ]
    text = _(
        "<b>Export</b>\n\n"
        "Everything of {workspace}: {counted}, with earlier texts and deletions, settings, and who did what. You get "
        "zip files here in this chat, with tables for a spreadsheet (CSV) and for other programs (JSON).\n\n"
        "Keep them safe: they are not locked any more."
    ).format(workspace=safe(desk.workspace.name), counted=", ".join(counted))
    if held["protected"]:
        withheld = ngettext(
            "🔒 {n} message is of a chat that lets nothing be copied: it is listed without its words and its file.",
            "🔒 {n} messages are of chats that let nothing be copied: they are listed without their words and files.",
            held["protected"],
        )
        text += "\n\n" + withheld.format(n=number(held["protected"]))
    choices = _choices(held["media"] + held["note_files"])
    await show(event, Screen(text, [*choices, [*_way_back(callback_data), *back()]]))


def _way_back(came: Export | None) -> list[InlineKeyboardButton]:
    return [] if came is None else back(DeleteAccount() if came.leaving else Privacy())


def _choices(media: int) -> Rows:
    rows = [[button(_("Export"), StartExport(media=False))]]
    if media:
        label = ngettext("Export with {n} photo or file", "Export with {n} photos and files", media)
        rows.append([button(label.format(n=number(media)), StartExport(media=True))])
    return rows


async def start(query: CallbackQuery, callback_data: StartExport, desk: Desk, jobs: Jobs) -> None:
    """Begin; the progress is drawn in this very message."""
    await export.size(desk)  # whoever may not see that may not have the export either
    if not isinstance(query.message, Message):
        return
    here = {"chat_id": query.message.chat.id, "message_id": query.message.message_id}
    await jobs.start(desk, KIND, {"media": callback_data.media}, **here)
    await query.answer(_("I am on it."))


async def run(work: Work, bot: Bot, files: FileSource) -> None:
    """Do the work, as whoever asked for it and with what he may do now. After a restart it begins anew."""
    job, installation = work.job, work.room.installation
    await _take_back_parts(work, bot)
    async with enter(installation, job.asked_by, work.room.workspace.id or 0) as desk:
        with speaking(desk.person.reads, desk.workspace.zone):
            order = export.Order(readme=_readme(desk), files=files if job.params["media"] else None)

            async def deliver(part: Part) -> None:
                async with enter(installation, job.asked_by, work.room.workspace.id or 0) as still:
                    still.need(Power.EXPORT)  # a seat may be lost while an export is made
                    if desk.sees_identities:
                        still.need_identities()  # nor may who clients are have been hidden meanwhile
                await _send(work, bot, desk, part)

            await work.note(left_out=await export.write(desk, order, deliver, work.progress))


async def _take_back_parts(work: Work, bot: Bot) -> None:
    """Parts of a run that was cut off would not fit to those of this one."""
    for message_id in work.job.result.get("sent", []):
        with suppress(TelegramAPIError):
            await bot.delete_message(work.job.chat_id or 0, message_id)
    await work.note(sent=[])


async def _send(work: Work, bot: Bot, desk: Desk, part: Part) -> None:
    caption = _("Part {number}").format(number=number(part.number))
    if part.last and part.number == 1:
        caption = _("Everything of {workspace}. Begin with README.txt.").format(workspace=safe(desk.workspace.name))
    elif part.last:
        caption = _("Part {number}, the last one. Begin with README.txt in any of them.").format(
            number=number(part.number)
        )
    name = f"{_file_name(desk.workspace.name)}-{desk.installation.clock.now():%Y-%m-%d}-{part.number}.zip"
    sent = await bot.send_document(
        work.job.chat_id or desk.person.id, InMemory(part, name), caption=caption, request_timeout=UPLOAD_SECONDS
    )
    await work.note(sent=[*work.job.result.get("sent", []), sent.message_id])


class InMemory(InputFile):
    """A part, read in pieces while it is sent."""

    def __init__(self, part: Part, filename: str) -> None:
        super().__init__(filename=filename)
        self._file = part.file

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:  # noqa: ARG002  as aiogram calls it
        """From the beginning, each time it is tried."""
        self._file.seek(0)
        while piece := self._file.read(self.chunk_size):
            yield piece


def _file_name(workspace: str) -> str:
    plain = unicodedata.normalize("NFKD", workspace).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "wysper"


def _readme(desk: Desk) -> str:
    facts: dict[str, Any] = {"workspace": desk.workspace.name, "day": day(desk.installation.clock.now())}
    return _(
        "{workspace}: export of {day}\n\n"
        "Each kind of thing is in two files that hold the same rows:\n"
        "  .csv   for a spreadsheet: UTF-8, commas, the first line names the columns\n"
        "  .json  for other programs: the folder schemas/ describes each file as JSON Schema\n\n"
        "messages     what was written, as it stands now; deleted_at marks what was deleted in Telegram\n"
        "versions     earlier texts of messages that were edited\n"
        "media        which message carries which file; the files are in media/ if you asked for them\n"
        "left_out     files that could not be put in, and why\n"
        "contacts, conversations, accounts, tags, contact_tags, conversation_tags, notes, settings,\n"
        "audit, members, consents, workspace: what their names say\n\n"
        "A large export comes in several zip files. Each can be opened alone; a table that did not fit into one "
        "goes on in the next under the same name.\n"
        "Times are in UTC. In CSV, a text that a spreadsheet could take for a formula begins with an apostrophe.\n"
        "These files are not encrypted: keep them safe.\n"
    ).format(**facts)
