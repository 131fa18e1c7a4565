"""The menu of commands beside the writing field: short for strangers, each member's own by his role and language."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import DeleteMyCommands, SetChatMenuButton, SetMyCommands, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeChat, MenuButtonCommands

from bot.budgets import is_temporary
from crm import people
from crm.access import Power
from crm.installation import Installation
from crm.ports import Tasks
from handlers.help.commands import at_the_door, commands
from handlers.language import SOURCE, fitting, languages, speaking
from storage.people import Person

logger = logging.getLogger(__name__)
LONGEST_WAIT = 600.0  # seconds
REST = timedelta(minutes=10)  # after a menu could not be hung up, although it was tried again and again
FORGOTTEN = 4096  # strangers of whom we know that nothing hangs with them


async def hang_up(bot: Bot, *, first_wait: float) -> None:
    """Hang up what everybody sees, as often as it takes; the source language is for whoever has none of ours."""
    calls: list[TelegramMethod[bool]] = [SetChatMenuButton(menu_button=MenuButtonCommands())]
    for language in languages():
        with speaking(language):
            menu = _entries(at_the_door())
        calls.append(SetMyCommands(commands=menu, language_code=None if language == SOURCE else language))
    for call in calls:
        wait = first_wait
        while (trouble := await _refusal(bot, call)) is not None:
            logger.warning("the menu of commands waits: %s", type(trouble).__name__)
            wait = max(wait, getattr(trouble, "retry_after", 0.0))
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)


async def _refusal(bot: Bot, call: TelegramMethod[bool]) -> TelegramAPIError | None:
    """What it met that may pass; None where it hangs. Raises what will not pass."""
    try:
        await bot(call)
    except TelegramAPIError as trouble:
        if not is_temporary(trouble):
            raise
        return trouble
    return None


class Menus:
    """Keeps the menu in each member's chat in step with his role and language, one chat after the other.

    What hangs where is remembered beside the person, so a start or a press that changes nothing asks Telegram nothing.
    """

    def __init__(self, installation: Installation, bot: Bot, tasks: Tasks) -> None:
        self._installation = installation
        self._bot = bot
        self._tasks = tasks
        self._due: dict[int, None] = {}
        self._bare: dict[int, None] = {}  # strangers without a menu of their own, as far as this run knows
        self._again_at = installation.clock.now()
        self.idle = asyncio.Event()
        self.idle.set()

    async def look(self, person_id: int) -> None:
        """See whether this person's menu still is what it should be, and have it changed where it is not."""
        if self._installation.clock.now() >= self._again_at and not await self._stands(
            person_id, await people.known(self._installation, person_id)
        ):
            self._due[person_id] = None
            if self.idle.is_set():
                self.idle.clear()
                self._tasks.start("menus", self._work())

    async def _stands(self, person_id: int, person: Person | None) -> bool:
        if person is None:
            return person_id in self._bare
        return person.menu == _mark(await self._wanted(person))

    async def _wanted(self, person: Person) -> tuple[str, ...]:
        powers = await people.powers(self._installation, person)
        return _menu(fitting(person.reads), powers)

    async def _work(self) -> None:
        try:
            while self._due:
                person_id = next(iter(self._due))
                del self._due[person_id]
                await self._change(person_id)
        finally:
            self._due.clear()
            self.idle.set()

    async def _change(self, person_id: int) -> None:
        """Hang up what is wanted by now. What Telegram refuses for good is not asked for again until it changes."""
        person = await people.known(self._installation, person_id)
        wanted = await self._wanted(person) if person else ()
        scope = BotCommandScopeChat(chat_id=person_id)
        call = SetMyCommands(commands=_entries(wanted), scope=scope) if wanted else DeleteMyCommands(scope=scope)
        try:
            await self._bot(call)
        except TelegramAPIError as refusal:
            if is_temporary(refusal):
                self._again_at = self._installation.clock.now() + max(REST, _asked_for(refusal))
                raise
            logger.info("a menu could not be hung up: %s", type(refusal).__name__)
        if person is not None:
            await people.remember_menu(self._installation, person_id, _mark(wanted))
        else:
            self._bare[person_id] = None
            if len(self._bare) > FORGOTTEN:
                del self._bare[next(iter(self._bare))]


def _asked_for(refusal: TelegramAPIError) -> timedelta:
    return timedelta(seconds=getattr(refusal, "retry_after", 0))


@cache
def _menu(language: str, powers: frozenset[Power]) -> tuple[str, ...]:
    """The lines for a member; none for one without a seat: he sees what everybody sees."""
    with speaking(language):
        return tuple(commands(powers.__contains__)) if powers else ()


@cache
def _mark(lines: tuple[str, ...]) -> str:
    """By which a menu is known again, after a change of our words too."""
    return hashlib.blake2s("\n".join(lines).encode(), digest_size=8).hexdigest()


def _entries(lines: Sequence[str]) -> list[BotCommand]:
    split = (line.partition(" ") for line in lines)
    return [BotCommand(command=command.removeprefix("/"), description=purpose) for command, _, purpose in split]
