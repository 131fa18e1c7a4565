"""One contact's or conversation's whole file: a page for people, or JSON for programs; a large one comes zipped."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from aiogram import Bot, F, Router
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from crm.access import Desk, Power, enter
from crm.export import dossier
from crm.export.dossier import Dossier, Form
from crm.export.parts import Frame, Part, Parts
from crm.jobs import Jobs, Work
from handlers.buttons.aside import MoreCard
from handlers.buttons.export import ContactFile
from handlers.buttons.history import History
from handlers.language import _, ngettext, number, speaking
from handlers.screens import Screen, back, button, safe, shorten, show
from handlers.screens import dossier as page

KIND = dossier.KIND
PLAIN = 4_000_000  # bytes that are sent as they are; more is zipped
NAME = 64
_NO_NAME = re.compile(r"[^\w\-]+")


def routes() -> Router:
    """The question, and the start."""
    router = Router(name="dossier")
    router.callback_query.register(start, ContactFile.filter(F.form.in_(set(Form))))
    router.callback_query.register(ask, ContactFile.filter())
    return router


async def ask(query: CallbackQuery, callback_data: ContactFile, desk: Desk) -> None:
    """As which file."""
    found = await dossier.collect(desk, callback_data.id, callback_data.thread)
    count = ngettext("{n} message", "{n} messages", found.count).format(n=number(found.count))
    words = (
        _(
            "<b>{contact}: the whole file</b>\n\nThe card with notes, fields and reminders, and {count}, with earlier "
            "texts and deletions. Photos and files are named, not put in.\n\nThe file is not encrypted: keep it safe."
        )
        if found.card
        else _(
            "<b>{contact}: the whole conversation</b>\n\n{count}, with earlier texts and deletions. Photos and files "
            "are named, not put in.\n\nThe file is not encrypted: keep it safe."
        )
    )
    text = words.format(contact=safe(shorten(found.contact.name, NAME)), count=count)
    way = MoreCard(id=callback_data.id) if found.card else History(id=callback_data.thread)
    forms = [
        button(_("📄 Page to read and print"), callback_data.model_copy(update={"form": Form.HTML})),
        button(_("⚙️ JSON"), callback_data.model_copy(update={"form": Form.JSON})),
    ]
    await show(query, Screen(text, [forms, back(way)]))


async def start(query: CallbackQuery, callback_data: ContactFile, desk: Desk, jobs: Jobs) -> None:
    """Begin; the progress is drawn in this very message."""
    await dossier.collect(
        desk, callback_data.id, callback_data.thread
    )  # whoever may not see that may not have it either
    if isinstance(query.message, Message):
        here = {"chat_id": query.message.chat.id, "message_id": query.message.message_id}
        await jobs.start(desk, KIND, callback_data.model_dump(), **here)
        await query.answer(_("I am on it."))


async def run(work: Work, bot: Bot) -> None:
    """Do the work, as whoever asked for it and with what he may do now. After a restart it begins anew."""
    job, installation, workspace_id = work.job, work.room.installation, work.room.workspace.id or 0
    form = Form(job.params["form"])
    async with enter(installation, job.asked_by, workspace_id) as desk:
        found = await dossier.collect(desk, int(job.params["id"]), int(job.params["thread"]))
        with speaking(desk.person.reads, desk.workspace.zone):
            frame = _frame(desk, found, form)
            await dossier.record(desk, found, form)

            async def deliver(content: bytes, ending: str) -> None:
                async with enter(installation, job.asked_by, workspace_id) as still:
                    still.need(Power.EXPORT)  # a seat may be lost meanwhile
                    if desk.sees_identities:
                        still.need_identities()  # nor may who clients are have been hidden meanwhile
                name = f"{_file_name(found)}-{installation.clock.now():%Y-%m-%d}{ending}"
                await bot.send_document(job.chat_id or job.asked_by, BufferedInputFile(content, name))

            async def deliver_part(part: Part) -> None:
                number_ = "" if part.last and part.number == 1 else f"-{part.number}"
                await deliver(part.file.read(), f"{number_}.zip")

            async with aclosing(_pieces(work, desk, found, form)) as pieces:
                whole, first = await _small(pieces, frame)
                if whole:
                    await deliver(frame.head + frame.between.join(first) + frame.tail, f".{form}")
                    return
                async with Parts({}, deliver_part) as parts:
                    await parts.table(f"{_file_name(found)}.{form}", _chained(first, pieces), frame)


def _frame(desk: Desk, found: Dossier, form: Form) -> Frame:
    now = desk.installation.clock.now()
    return dossier.json_frame(found, now.isoformat()) if form is Form.JSON else page.frame(desk.workspace, found, now)


async def _pieces(work: Work, desk: Desk, found: Dossier, form: Form) -> AsyncGenerator[bytes, None]:
    done, drawn = 0, page.Page(found)
    async for account, lines in dossier.said(desk, found):
        yield dossier.json_lines(lines) if form is Form.JSON else drawn.lines(account, lines)
        done += len(lines)
        await work.progress(done, max(done, found.count))


async def _small(pieces: AsyncIterator[bytes], frame: Frame) -> tuple[bool, list[bytes]]:
    """What fits into a file that is sent as it is, and whether that is all of it."""
    first, room = [], PLAIN - len(frame.head)
    async for piece in pieces:
        first.append(piece)
        room -= len(piece)
        if room < 0:
            return False, first
    return True, first


async def _chained(first: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for piece in first:
        yield piece
    async for piece in rest:
        yield piece


def _file_name(found: Dossier) -> str:
    """The contact's name without whatever a file system, a shell or an eye could take amiss."""
    return _NO_NAME.sub("-", found.contact.name)[:40].strip("-_") or f"contact-{found.contact.id}"
