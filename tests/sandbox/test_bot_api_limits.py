"""The send budgets: what passes at once, and that waiting as told always helps."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bot_api.limits import ONE_CHAT, ONE_GROUP, WHOLE_BOT, FloodControl
from sandbox.world import Clock, Person, Refused, World


def wait_after(flood: FloodControl, chat_id: int, count: int = 1) -> int:
    """Seconds that a send is told to wait; 0 when it passed."""
    try:
        flood.spend(chat_id, count)
    except Refused as refused:
        return refused.retry_after or 0
    return 0


def passes(flood: FloodControl, chat_id: int) -> bool:
    return wait_after(flood, chat_id) == 0


class StillClock(Clock):
    """Stands until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self._start = super().now()
        self._moved = timedelta()

    def now(self) -> datetime:
        return self._start + self._moved

    def advance(self, by: timedelta) -> None:
        self._moved += by


def test_one_chat_takes_a_burst_and_then_one_a_second() -> None:
    clock = StillClock()
    flood = FloodControl(clock)
    assert sum(passes(flood, 1) for _ in range(100)) == ONE_CHAT.burst
    clock.advance(timedelta(seconds=3))
    assert sum(passes(flood, 1) for _ in range(100)) == 3


def test_a_group_takes_twenty_in_any_minute() -> None:
    clock = StillClock()
    flood = FloodControl(clock)
    assert sum(passes(flood, -1) for _ in range(12)) == 12
    clock.advance(timedelta(seconds=40))
    assert sum(passes(flood, -1) for _ in range(100)) == ONE_GROUP - 12
    assert (wait_after(flood, -1, 1), wait_after(flood, -1, 13)) == (20, 60)
    clock.advance(timedelta(seconds=20))
    assert sum(passes(flood, -1) for _ in range(100)) == 12


def test_all_chats_together_take_thirty_a_second() -> None:
    clock = StillClock()
    flood = FloodControl(clock)
    assert sum(passes(flood, chat) for chat in range(100)) == WHOLE_BOT.burst
    clock.advance(timedelta(seconds=1))
    assert sum(passes(flood, chat) for chat in range(100)) == 30


@given(st.lists(st.tuples(st.sampled_from((-1, 1, 2)), st.integers(1, 10), st.integers(0, 3000)), max_size=60))
def test_waiting_as_long_as_told_always_helps(sends: list[tuple[int, int, int]]) -> None:
    clock = StillClock()
    flood = FloodControl(clock)
    for chat, count, pause in sends:
        clock.advance(timedelta(milliseconds=pause))
        if seconds := wait_after(flood, chat, count):
            clock.advance(timedelta(seconds=seconds))
            assert wait_after(flood, chat, count) == 0


async def test_a_flood_to_one_chat_is_refused_and_another_chat_still_served(
    bot: Bot, world: World, anna: Person, olga: Person
) -> None:
    for person in (anna, olga):
        world.send(person.id, bot.id, "/start")
    sends = (bot.send_message(anna.id, str(number)) for number in range(29))
    outcomes = await asyncio.gather(*sends, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, TelegramRetryAfter)]
    assert refused
    assert len(outcomes) - len(refused) >= ONE_CHAT.burst
    await bot.send_message(olga.id, "not too much")
    world.clock.advance(timedelta(seconds=refused[0].retry_after))
    await bot.send_message(anna.id, "patience")
