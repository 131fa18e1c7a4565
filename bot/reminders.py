"""Telling of a promise when its time has come: put into words when it is sent, as it stands then."""

from __future__ import annotations

from datetime import timedelta

from aiogram import Bot

from crm import ringing
from crm.access import enter_room
from crm.installation import Installation
from handlers.language import speaking
from handlers.reminders.screen import notice
from storage import outbox
from storage.outbox import OutboxRow, Outcome
from storage.people import Person

LATE = timedelta(minutes=5)  # what is told later says since when it is due


class Reminders:
    """What the outbox needs to know of reminders."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def deliver(self, bot: Bot, row: OutboxRow) -> int | Outcome:
        """Tell who is to be told. Gives the message id."""
        async with enter_room(self._installation, row.facts["workspace"]) as room:
            told = await ringing.told(room, row.facts["reminder"])
        if told is None:
            return Outcome(outbox.REFUSED, "settled meanwhile")
        person = await self._installation.registry.recall(Person, told.person_id)
        now = self._installation.clock.now()
        late = now - (told.promise.reminder.due_at or now) > LATE
        with speaking(person.reads if person else None, room.workspace.zone, now):
            screen = notice(told, now, late=late)
        sent = await bot.send_message(
            told.person_id, screen.text, reply_markup=screen.keyboard, disable_notification=told.silent
        )
        return sent.message_id
