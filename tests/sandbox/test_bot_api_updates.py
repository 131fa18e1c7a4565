"""How a bot hears of the world: long polling, webhooks, and what each update says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramConflictError
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from sandbox.bot_api import BotApi
from sandbox.world import ANSWER_TIME, Person, World

Until = Callable[[Callable[[], bool]], Awaitable[None]]
YES = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="yes")]])


async def fetch(bot: Bot) -> list[Update]:
    """Get what waits and confirm it."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def test_what_a_person_writes_reaches_the_bot_as_it_was_then(bot: Bot, world: World, anna: Person) -> None:
    message = world.send(anna.id, (await bot.me()).id, "/start bizChat1")
    world.edit(message.uid, text="something else", by=anna.id)
    new, edited = await fetch(bot)
    assert new.message
    assert new.message.from_user
    assert (new.message.text, new.message.from_user.id, new.message.chat.id) == ("/start bizChat1", anna.id, anna.id)
    assert new.message.entities
    assert new.message.entities[0].type == "bot_command"
    assert edited.edited_message
    assert edited.edited_message.text == "something else"
    assert edited.update_id == new.update_id + 1
    assert await fetch(bot) == []


async def test_updates_stay_until_they_are_confirmed(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    for text in ("one", "two", "three"):
        world.send(anna.id, robot.id, text)
    first = await bot.get_updates(limit=2)
    assert [update.update_id for update in await bot.get_updates(limit=2)] == [update.update_id for update in first]
    (last,) = await bot.get_updates(offset=first[-1].update_id + 1)
    assert last.message
    assert last.message.text == "three"


async def test_a_negative_offset_forgets_all_but_the_newest(
    bot: Bot, world: World, anna: Person, robot: Person
) -> None:
    for text in ("one", "two", "three"):
        world.send(anna.id, robot.id, text)
    (last,) = await bot.get_updates(offset=-1)
    assert last.message
    assert last.message.text == "three"
    assert len(await bot.get_updates()) == 1


async def test_a_long_poll_ends_when_something_happens(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(bot.get_updates(timeout=30))
        await bot.get_me()  # the poll was sent before this, and is waiting by now
        world.send(anna.id, robot.id, "hello")
    assert len(waiting.result()) == 1


async def test_two_pollers_are_in_each_others_way(bot: Bot) -> None:
    both = await asyncio.gather(bot.get_updates(timeout=1), bot.get_updates(timeout=1), return_exceptions=True)
    (refused,) = [outcome for outcome in both if isinstance(outcome, TelegramConflictError)]
    assert "terminated by other getUpdates request" in refused.message
    assert [] in both


async def test_a_bot_gets_only_the_kinds_it_asked_for(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    await bot.get_updates(allowed_updates=["edited_message"])
    message = world.send(anna.id, robot.id, "hello")
    world.edit(message.uid, text="hullo", by=anna.id)
    (update,) = await fetch(bot)
    assert update.edited_message
    await bot.get_updates(allowed_updates=["message", "edited_message"])
    world.send(anna.id, robot.id, "again")
    assert len(await fetch(bot)) == 1


async def test_updates_are_kept_for_a_day_and_no_longer(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    world.send(anna.id, robot.id, "long ago", date=world.clock.now() - timedelta(hours=25))
    world.send(anna.id, robot.id, "yesterday")
    world.clock.advance(timedelta(hours=23))
    world.send(anna.id, robot.id, "today")
    world.clock.advance(timedelta(hours=2))
    (update,) = await fetch(bot)
    assert update.message
    assert update.message.text == "today"


async def test_blocking_and_unblocking_the_bot_is_told(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    world.block(anna.id, robot.id)
    world.unblock(anna.id, robot.id)
    out, back = [update.my_chat_member for update in await fetch(bot)]
    assert out
    assert back
    assert (out.old_chat_member.status, out.new_chat_member.status) == ("member", "kicked")
    assert (back.old_chat_member.status, back.new_chat_member.status) == ("kicked", "member")


async def test_a_dispatcher_answers_a_press_over_long_polling(
    bot: Bot, world: World, anna: Person, robot: Person, *, until: Until
) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer("Sure?", reply_markup=YES)

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text(f"You said {query.data}.")
        await query.answer("Thank you", show_alert=True)

    world.send(anna.id, robot.id, "/start")
    polling = asyncio.gather(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    await until(lambda: len(world.history(anna.id, robot.id)) == 2)
    question = world.history(anna.id, robot.id)[0]
    answer = await world.press(anna.id, question.uid, "yes")
    assert answer
    assert (answer.text, answer.show_alert) == ("Thank you", True)
    assert question.text == "You said yes."
    assert question.markup is None
    await dispatcher.stop_polling()
    await polling


async def test_a_late_answer_to_a_press_is_refused(bot: Bot, world: World, anna: Person, robot: Person) -> None:
    world.send(anna.id, robot.id, "/start")
    sent = await bot.send_message(anna.id, "Sure?", reply_markup=YES)
    pressed = world.press(anna.id, world.account(robot.id).messages[sent.message_id].uid, "yes")
    query = (await fetch(bot))[-1].callback_query
    assert query
    world.clock.advance(ANSWER_TIME + timedelta(seconds=1))
    assert await pressed is None
    with pytest.raises(Exception, match="query is too old and response timeout expired or query ID is invalid"):
        await query.answer().as_(bot)


class Receiver:
    """A webhook of a bot, which fails as often as it is told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.failures = 0
        self.arrived = asyncio.Condition()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        update: dict[str, Any] = await request.json()
        async with self.arrived:
            self.texts.append(update["message"]["text"])
            self.arrived.notify_all()
        return web.json_response({})

    async def has(self, count: int) -> None:
        async with asyncio.timeout(10), self.arrived:
            await self.arrived.wait_for(lambda: len(self.texts) >= count)


async def serve(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/hook", receiver.take)
    runner, receiver.url = await serve(app)
    yield receiver
    await runner.cleanup()


async def test_a_webhook_gets_each_update_once_and_in_order(
    bot: Bot, world: World, anna: Person, robot: Person, *, olga: Person, receiver: Receiver
) -> None:
    world.send(anna.id, robot.id, "a0")
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    for number in range(1, 20):
        world.send(anna.id if number % 2 else olga.id, robot.id, f"{'ab'[1 - number % 2]}{number}")
    await receiver.has(20)
    of_anna = [int(text[1:]) for text in receiver.texts if text.startswith("a")]
    assert of_anna == sorted(of_anna)
    assert len(set(receiver.texts)) == 20
    assert (await bot.get_webhook_info()).url == receiver.url


async def test_a_webhook_that_fails_is_tried_again_and_its_failure_shown(
    bot: Bot, world: World, anna: Person, robot: Person, receiver: Receiver
) -> None:
    receiver.failures = 2
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    world.send(anna.id, robot.id, "one")
    world.send(anna.id, robot.id, "two")
    await receiver.has(2)
    assert receiver.texts == ["one", "two"]
    assert (await bot.get_webhook_info()).last_error_message == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == []
    with pytest.raises(Exception, match="bad webhook"):
        await bot.set_webhook("ftp://example.com")


async def test_a_call_in_the_webhooks_answer_is_carried_out(
    bot: Bot, world: World, anna: Person, robot: Person, *, until: Until
) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def reply(message: Message) -> Any:
        return message.answer(f"You wrote {message.text}")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False).register(app, path="/hook")
    runner, url = await serve(app)
    await bot.set_webhook(url)
    world.send(anna.id, robot.id, "hello")
    await until(lambda: len(world.history(anna.id, robot.id)) == 2)
    assert world.history(anna.id, robot.id)[0].text == "You wrote hello"
    await runner.cleanup()


async def test_a_second_server_start_finds_the_world_as_it_was(world: World, anna: Person, robot: Person) -> None:
    server = BotApi(world)
    world.send(anna.id, robot.id, "before anyone listens")
    await server.start()
    assert server.base_url.startswith("http://127.0.0.1:")
    assert len(server.served(robot.id).queue) == 1
    await server.stop()
