"""The bot keeps to Telegram's budgets by itself, and repeats only what harms nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from pydantic import SecretStr

from bot.budgets import LONGEST_WAIT, Budgets, Limits
from bot.config import Telegram
from bot.telegram import connect
from sandbox.bot_api import BotApi, limits
from sandbox.bot_api.limits import Allowance
from sandbox.faults import FaultName
from sandbox.world import Person, World
from tests.people import TOKEN

ONCE = Limits(waits=())  # whatever Telegram refuses is seen, and not tried again


class Town:
    """A strict Telegram, a bot in it, and people who have written to the bot."""

    def __init__(self, world: World, api: BotApi) -> None:
        self.world = world
        self.wysper = world.add_bot("Wysper", "wysper_bot", token=TOKEN)
        self.people = [world.add_person(f"Person {number}") for number in range(45)]
        for person in self.people:
            world.send(person.id, self.wysper.id, "/start")
        self._settings = Telegram(token=SecretStr(TOKEN), api=api.base_url)
        self._bots: list[Bot] = []

    def bot(self, limits: Limits) -> Bot:
        """The bot as the product connects it."""
        self._bots.append(connect(self._settings, Budgets(limits)))
        return self._bots[-1]

    def heard(self, person: Person) -> list[str]:
        """What the bot has said to somebody, oldest first."""
        said = self.world.history(person.id, self.wysper.id, limit=100)[::-1]
        return [message.text for message in said if message.sender_id == self.wysper.id]

    async def leave(self) -> None:
        for bot in self._bots:
            await bot.session.close()


@pytest.fixture
async def town(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    monkeypatch.setattr(limits, "ONE_CHAT", Allowance(burst=11, per_second=1))  # so that a test has soon spent it
    world = World()
    api = BotApi(world)
    await api.start()
    town = Town(world, api)
    yield town
    await town.leave()
    await api.stop()


async def test_many_messages_to_one_person_are_spread_so_that_none_is_refused(town: Town) -> None:
    bot, anna = town.bot(ONCE), town.people[0]
    async with asyncio.TaskGroup() as sending:
        for number in range(12):
            sending.create_task(bot.send_message(anna.id, f"Part {number}"))
    assert sorted(town.heard(anna)) == sorted(f"Part {number}" for number in range(12))


async def test_messages_to_many_people_at_once_are_spread_so_that_none_is_refused(town: Town) -> None:
    bot = town.bot(ONCE)
    async with asyncio.TaskGroup() as sending:
        for person in town.people:
            sending.create_task(bot.send_message(person.id, "Good morning"))
    assert all(town.heard(person) == ["Good morning"] for person in town.people)


async def test_without_the_budgets_telegram_would_refuse(town: Town) -> None:
    bot, anna = town.bot(Limits(whole=(1000, 1), chat=(1000, 1), waits=())), town.people[0]
    refused = 0
    for number in range(12):
        try:
            await bot.send_message(anna.id, f"Part {number}")
        except TelegramRetryAfter:
            refused += 1
    assert refused


async def test_a_wait_that_is_too_long_for_a_handler_is_not_waited_for(town: Town) -> None:
    bot, anna = town.bot(Limits()), town.people[0]
    town.world.faults.on("bot_api_flood", seconds=LONGEST_WAIT + 1, times=1, method="sendMessage")
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(anna.id, "Hello")
    assert town.heard(anna) == []


@pytest.mark.parametrize("trouble", ["bot_api_answer_lost", "bot_api_down"])
async def test_a_message_that_may_have_arrived_is_not_sent_again(town: Town, trouble: FaultName) -> None:
    bot, anna = town.bot(Limits(waits=(0.01, 0.01))), town.people[0]
    town.world.faults.on(trouble, times=1, method="sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "Hello")
    assert len(town.heard(anna)) == (trouble == "bot_api_answer_lost")


@pytest.mark.parametrize("trouble", ["bot_api_down", "bot_api_5xx", "bot_api_garbage"])
async def test_a_screen_that_was_not_drawn_is_drawn_again(town: Town, trouble: FaultName) -> None:
    bot, anna = town.bot(Limits(waits=(0.01, 0.01))), town.people[0]
    screen = await bot.send_message(anna.id, "One moment")
    town.world.faults.on(trouble, times=1, method="editMessageText")
    await bot.edit_message_text("Done", chat_id=anna.id, message_id=screen.message_id)
    assert town.heard(anna) == ["Done"]
