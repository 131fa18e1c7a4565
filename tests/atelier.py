"""The atelier of the sandbox with Wysper at work in it: what the crawler walks through, and what the pictures show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiogram.filters.callback_data import CallbackData
from sqlmodel import col, select

from bot import opening
from bot.budgets import Limits
from crm import access, members, people, stages, workspaces
from handlers.buttons.fields import NewField
from handlers.buttons.notes import WriteNote
from handlers.buttons.reminders import AskReminder
from handlers.buttons.stages import MoveTo
from handlers.buttons.tags import NewTagOn
from sandbox.bot_api import BotApi
from sandbox.scenario import Cast, fill, team
from sandbox.world import Clock, World
from sandbox.world import Person as Inhabitant
from storage.contacts import Contact
from storage.people import Person
from tests.forum import Forum
from tests.people import QUICK, TOKEN, Desk, Someone, configured

MOMENT = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)  # a Tuesday morning; time stands still
CONNECTED = MOMENT - timedelta(days=100)
FOR_EVER = timedelta(days=10_000)  # Telegram hands out a whole past, however old
FIRST_WORK = 60.0  # seconds of patience for it
TAGS = {"Anna": "wedding", "Chen": "regular", "Marta": "wedding", "Grace": "stage costumes", "Tomasz": "regular"}
STAGES = ("Asked", "Measured", "On the table", "Fetched")
STAND = {"Anna": 2, "Marta": 3, "Grace": 1, "Priya": 2, "Дмитрий": 4, "Heike": 1}  # each on which of these
PROMISES = {
    "Anna": "tomorrow at 9 show her the two shades of blue",
    "Marta": "on Friday at 16:00 call about the fitting",
    "Grace": "in 2 hours send the estimate",
}


@asynccontextmanager
async def atelier(folder: Path) -> AsyncIterator[Desk]:
    """Olga Brandt's workspace on a fixed morning, with her clients, her team and some work done."""
    config, world = configured(folder), World(Clock(still_at=MOMENT))
    api = BotApi(world, limited=False, kept_for=FOR_EVER)
    await api.start()
    cast = fill(world, bot_token=TOKEN, before=lambda cast: _connect(world, cast))
    config = config.model_copy(update={"telegram": config.telegram.model_copy(update={"api": api.base_url})})
    await opening.make(config.storage)
    async with opening.opened(config, world.clock) as installation:
        claim = await members.claim_code(installation)
        await people.admit(installation, _visitor(cast.olga), claim)
        await workspaces.found(installation, cast.olga.id, "Nadel & Faden")
        async with access.enter(installation, cast.olga.id, 1) as olga:
            await workspaces.set_zone(olga, "Europe/Berlin")
            await stages.lay_out(olga, STAGES)
            for member in (cast.boris, cast.vera):
                await people.admit(installation, _visitor(member), await members.invite(olga, "agent"))
    desk = Desk(world, api, cast.bot, config, replace(QUICK, group=Limits().group))
    cast_by_name = {"Olga": cast.olga, "Boris": cast.boris, "Vera": cast.vera, "Mallory": cast.mallory}
    desk.people = {name: Someone(desk, who) for name, who in cast_by_name.items()}
    try:
        await desk.start()
        await desk.settled(patience=FIRST_WORK)
        await _work(desk, desk.people["Olga"])
        await Forum(desk, team(world, cast)).joined(desk.people["Olga"])
        yield desk
    finally:
        await desk.stop()
        await api.stop()


def _connect(world: World, cast: Cast) -> None:
    world.send(cast.olga.id, cast.bot.id, "/start")  # so that she may be written to
    world.connect_business(cast.olga.id, cast.bot.id, since=CONNECTED)


def _visitor(who: Inhabitant) -> Person:
    return Person(
        id=who.id, first_name=who.first_name, last_name=who.last_name, username=who.username, first_seen_at=MOMENT
    )


async def _work(desk: Desk, olga: Someone) -> None:
    """What Olga has done so far: tags, stages, fields, notes, promises, replies."""
    double = desk.newcomer("Anna", last_name="Lindkvist", username="anna_from_work")
    await double.writes("It is me, from my phone at work. Is the waistcoat ready?", to=olga)
    numbers = await contacts(desk)
    await _opens(olga, NewField(kind="money", currency="EUR"))
    await olga.writes("Budget")
    await _opens(olga, NewField(kind="text"))
    await olga.writes("Measurements")
    for name, tag in TAGS.items():
        await _opens(olga, NewTagOn(on="contact", id=numbers[name]))
        await olga.writes(tag)
    for name, stage in STAND.items():
        await _opens(olga, MoveTo(id=numbers[name], to=stage))
    for text in ("Her grandmother pays the rest.", "Prefers linen, never wool."):
        await _opens(olga, WriteNote(contact=numbers["Anna"]))
        await olga.writes(text)
    for name, words in PROMISES.items():
        await _opens(olga, AskReminder(contact=numbers[name]))
        await olga.writes(words)
        await olga.presses("Yes, remind me")
    for name, words in (("open", "We are open from 10 to 18, {first_name}."), ("ready", "It is ready, {first_name}!")):
        await olga.writes("/replies")
        await olga.presses("New")
        await olga.writes(name)
        await olga.writes(words)


async def contacts(desk: Desk) -> dict[str, int]:
    """The numbers of the cards, by first names; the first of a name counts."""
    async with desk.vault() as session:
        known = await session.exec(select(Contact).order_by(col(Contact.id).desc()))
        return {one.first_name.split()[0]: one.id or 0 for one in known if one.first_name}


async def _opens(olga: Someone, screen: CallbackData) -> None:
    await olga.writes("/home")
    await olga.presses_address(screen.pack())
