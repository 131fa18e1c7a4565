"""The cast and the running Bot API that the sandbox's own tests share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from sandbox.bot_api import BotApi
from sandbox.world import Event, Person, World

Until = Callable[[Callable[[], bool]], Awaitable[None]]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def olga(world: World) -> Person:
    """The owner."""
    return world.add_person("Olga", username="olga", phone="+49 170 1", is_premium=True)


@pytest.fixture
def anna(world: World) -> Person:
    """A client."""
    return world.add_person("Anna", "Ilyina", username="Anna_I", phone="+49 170 2")


@pytest.fixture
def robot(world: World, olga: Person) -> Person:
    """Olga's bot, as the world knows it."""
    return world.add_bot("Wysper", "wysper_bot", olga)


@pytest.fixture
async def api(world: World) -> AsyncIterator[BotApi]:
    server = BotApi(world, retry_after=0.01)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bot(api: BotApi, robot: Person) -> AsyncIterator[Bot]:
    """The same bot as its programmer holds it: aiogram's, over the real socket."""
    assert robot.token
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.base_url))
    yield Bot(robot.token, session=session)
    await (await session.create_session()).close()  # aiogram's own close also sleeps


@pytest.fixture
def until(world: World) -> Until:
    """Wait until something has become true of the world, looking at it after each event."""

    async def wait(happened: Callable[[], bool]) -> None:
        changed = asyncio.Event()

        def listen(_: Event) -> None:
            changed.set()

        world.subscribe(listen)
        async with asyncio.timeout(10):
            while not happened():
                changed.clear()
                await changed.wait()
        world.unsubscribe(listen)

    return wait
