"""The Bot API's bad days, as an unmodified aiogram lives through them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from sandbox.bot_api import BotApi
from sandbox.world import Person, World


@pytest.fixture(autouse=True)
def _started(api: BotApi, world: World, anna: Person, robot: Person) -> None:
    assert api.base_url
    world.send(anna.id, robot.id, "/start")


def heard(world: World, person: Person, robot: Person) -> list[str]:
    return [message.text for message in world.history(person.id, robot.id) if message.sender_id == robot.id]


async def test_a_server_that_is_down_hangs_up_until_it_is_back(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    world.faults.on("bot_api_down")
    for _ in range(2):
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(anna.id, "hello")
    world.faults.off("bot_api_down")
    await bot.send_message(anna.id, "back")
    assert heard(world, anna, robot) == ["back"]


async def test_going_down_cuts_the_long_poll_that_is_open(bot: Bot, world: World) -> None:
    await bot.get_updates(offset=-1)
    (update,) = await bot.get_updates()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_outcome(bot, update.update_id + 1))
        await bot.get_me()
        world.faults.on("bot_api_down")
    assert waiting.result() == "cut"


async def _outcome(bot: Bot, offset: int) -> str:
    try:
        await bot.get_updates(offset=offset, timeout=30)
    except TelegramNetworkError:
        return "cut"
    return "answered"


async def test_one_call_can_fail_while_the_others_work(bot: Bot, world: World, anna: Person) -> None:
    world.faults.on("bot_api_flood", seconds=7, times=1, method="sendMessage")
    await bot.get_me()
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(anna.id, "hello")
    assert refused.value.retry_after == 7
    await bot.send_message(anna.id, "hello")


async def test_a_broken_gateway_and_garbage_carry_nothing_out(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    world.faults.on("bot_api_5xx", times=1)
    with pytest.raises(TelegramServerError, match="Bad Gateway"):
        await bot.send_message(anna.id, "hello")
    world.faults.on("bot_api_garbage", times=1)
    with pytest.raises(ClientDecodeError):
        await bot.send_message(anna.id, "hello")
    assert heard(world, anna, robot) == []


async def test_an_answer_can_be_lost_after_the_message_was_sent(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    world.faults.on("bot_api_answer_lost", times=1)
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "hello")
    assert heard(world, anna, robot) == ["hello"]


async def test_an_answer_can_break_off_after_the_message_was_sent(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    world.faults.on("bot_api_answer_cut", times=1)
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "hello")
    assert heard(world, anna, robot) == ["hello"]


async def test_updates_that_were_taken_can_come_again(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    (taken,) = await bot.get_updates()
    world.faults.on("bot_api_again", times=1)
    world.send(anna.id, robot.id, "and now?")
    again, new = await bot.get_updates(offset=taken.update_id + 1)
    assert (again, new.message and new.message.text) == (taken, "and now?")
    assert await bot.get_updates(offset=taken.update_id + 1) == [new]


async def test_each_third_call_can_fail_for_as_long_as_the_day_is_bad(bot: Bot, world: World) -> None:
    world.faults.on("bot_api_5xx", every=3)
    for _ in range(2):
        await bot.get_me()
        await bot.get_me()
        with pytest.raises(TelegramServerError):
            await bot.get_me()


async def test_a_slow_call_is_carried_out_although_nobody_waits(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    world.faults.on("bot_api_slow", seconds=0.3, times=1)
    sent = asyncio.Event()
    world.subscribe(lambda _: sent.set())
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await bot.send_message(anna.id, "hello", request_timeout=0.05)  # type: ignore[arg-type]  # whole seconds by type
    async with asyncio.timeout(10):
        await sent.wait()
    assert heard(world, anna, robot) == ["hello"]


async def test_moving_time_does_not_confuse_a_waiting_poll(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    (update,) = await bot.get_updates()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(bot.get_updates(offset=update.update_id + 1, timeout=30))
        await bot.get_me()
        world.clock.advance(timedelta(days=40))
        world.send(anna.id, robot.id, "a month later")
    assert len(waiting.result()) == 1
