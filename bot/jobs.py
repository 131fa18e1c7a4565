"""Every kind of long work and who does it, on one page; and how its progress is shown in the chat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from crm import bulk, older, vocabulary
from crm.access import Room
from crm.contacts_in import taking
from crm.export import dossier as whole
from crm.jobs import Run, Work
from crm.media import Files
from crm.ports import FileSource
from handlers import address_book, contacts_in, dossier, export, imports
from handlers import jobs as screens
from handlers.language import speaking
from storage.jobs import Job
from storage.people import Person

logger = logging.getLogger(__name__)
EXPORTS = 2  # at a time: each holds one part and one file in memory, 100 MB at the most
IMPORTS = 2  # at a time: each holds its file in memory, 20 MB at the most
KEPT = 2  # workspaces at a time that fill up with the files of before


def kinds(bot: Bot, files: Files, roads: FileSource) -> Mapping[str, Run]:
    """Who does what; `roads` lead to files of which nothing is kept."""
    exports, taken_in, filled = (asyncio.Semaphore(places) for places in (EXPORTS, IMPORTS, KEPT))

    async def hand_out(work: Work) -> None:
        async with work.turn(exports):
            await export.run(work, bot, files)

    async def hand_out_one(work: Work) -> None:
        async with work.turn(exports):
            await dossier.run(work, bot)

    async def hand_out_contacts(work: Work) -> None:
        async with work.turn(exports):
            await address_book.run(work, bot)

    async def take_in(work: Work) -> None:
        async with work.turn(taken_in):
            await imports.run(work, roads)

    async def take_people_in(work: Work) -> None:
        async with work.turn(taken_in):
            await contacts_in.run(work, bot, roads)

    async def fill_up(work: Work) -> None:
        async with work.turn(filled):
            await older.run(work, files)

    return {
        export.KIND: hand_out,
        whole.KIND: hand_out_one,
        address_book.KIND: hand_out_contacts,
        imports.KIND: take_in,
        taking.KIND: take_people_in,
        taking.UNDO: taking.run_undo,
        older.KIND: fill_up,
        bulk.KIND: bulk.run,
        bulk.UNDO: bulk.run_undo,
        vocabulary.KIND: vocabulary.fill,
    }


class Progress:
    """Draws how a job stands in the message where it was asked for."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def __call__(self, room: Room, job: Job) -> None:
        if job.chat_id is None:
            return
        async with room.installation.registry.reading() as session:
            person = await session.get(Person, job.asked_by)
        now, reads = room.installation.clock.now(), person.reads if person else None
        with speaking(reads, room.workspace.zone, now), suppress(TelegramAPIError):
            screen = screens.screen(job)
            if job.message_id is None:
                sent = await self._bot.send_message(job.chat_id, screen.text, reply_markup=screen.keyboard)
                job.message_id = sent.message_id
            else:
                await self._bot.edit_message_text(
                    screen.text, chat_id=job.chat_id, message_id=job.message_id, reply_markup=screen.keyboard
                )
