"""The menu of commands beside the writing field: each sees what he may use, in his language."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiogram.types import BotCommandScopeChat

from crm import members
from crm.access import enter
from handlers.help.commands import at_the_door, commands
from handlers.language import languages, speaking
from tests.people import OLGA, PATIENCE, Desk, Someone

MANAGING = {"import", "export", "deleteaccount"}
WRITING = {"outgoing", "replies"}
LONGEST = 256  # characters of a description, Bot API
MOST = 100  # commands of one menu, Bot API


@pytest.fixture(autouse=True)
async def _hung(desk: Desk) -> None:
    """What everybody sees hangs a moment after the start."""
    async with asyncio.timeout(PATIENCE):
        while ("default", max(languages())) not in desk.bot.commands:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.01)


def menu(somebody: Someone) -> set[str]:
    """The commands that his own chat with the bot offers him."""
    return {command for command, _ in somebody.desk.bot.commands_for(somebody.who)}


async def test_each_member_is_offered_what_his_role_may_use(olga: Someone, boris: Someone) -> None:
    await olga.writes("/start")
    await boris.writes("/start")
    assert menu(olga) - menu(boris) == MANAGING
    assert menu(boris) > {"start", "search", "help", "privacy", *WRITING}


async def test_help_lists_the_commands_that_the_menu_offers(olga: Someone, boris: Someone) -> None:
    for member in (olga, boris):
        await member.writes("/help")
        await member.presses("All commands")
        assert {line.split()[0][1:] for line in member.screen.splitlines() if line.startswith("/")} == menu(member)


async def test_the_menu_changes_with_the_role_before_the_member_does_anything(
    desk: Desk, olga: Someone, boris: Someone
) -> None:
    await boris.writes("/start")
    await olga.writes("/start")
    async with enter(desk.app.installation, OLGA, 1) as her_desk:
        await members.set_role(her_desk, boris.id, "viewer")
    await olga.writes("/start")
    assert await boris.sees("from now on")
    await desk.settled()
    assert not menu(boris) & WRITING


async def test_the_menu_changes_with_the_language(desk: Desk, olga: Someone) -> None:
    await olga.writes("/language")
    await olga.presses("Русский")
    assert ("help", "что здесь можно, по темам") in desk.bot.commands_for(olga.who)
    await olga.presses("English")
    assert ("privacy", "what is kept, and why") in desk.bot.commands_for(olga.who)


async def test_a_workspace_that_is_leaving_offers_nothing_that_it_does_not_take(olga: Someone) -> None:
    await olga.writes("/deleteaccount")
    await olga.presses("Go on and delete")
    await olga.writes("Olga's Flowers")
    assert menu(olga) >= {"export", "deleteaccount", "search"}
    assert not menu(olga) & {"import", *WRITING}
    await olga.presses("take it back")
    assert menu(olga) >= {"import", *WRITING}


async def test_a_stranger_sees_the_door_and_nothing_else(olga: Someone, mallory: Someone) -> None:
    await olga.writes("/start")
    await mallory.writes("/start")
    assert menu(mallory) == {"start", "privacy"}


async def test_the_door_has_its_words_in_every_language(desk: Desk) -> None:
    for language in languages():
        hung = await desk.app.bot.get_my_commands(language_code=None if language == "en" else language)
        with speaking(language):
            assert [f"/{one.command} {one.description}" for one in hung] == at_the_door()


async def test_who_was_removed_is_a_stranger_to_the_menu_too(desk: Desk, olga: Someone, boris: Someone) -> None:
    await olga.writes("/start")
    await boris.writes("/start")
    async with enter(desk.app.installation, OLGA, 1) as her_desk:
        await members.remove(her_desk, boris.id)
    await boris.writes("/start")
    assert menu(boris) == {"start", "privacy"}


async def test_telegram_is_asked_for_nothing_while_nothing_changes(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    await desk.app.bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=olga.id))  # so a new one would be seen
    await desk.stop()
    await desk.start()
    await olga.writes("/settings")
    await olga.presses("‹ Home")
    assert menu(olga) == {"start", "privacy"}


async def test_a_menu_that_telegram_does_not_take_harms_nobody_and_hangs_later(desk: Desk, boris: Someone) -> None:
    desk.world.faults.on("bot_api_5xx", method="setMyCommands")
    await boris.writes("/start")
    assert "Olga's Flowers" in boris.screen
    assert not menu(boris) & WRITING
    desk.world.faults.off("bot_api_5xx")
    await boris.writes("/start")
    assert not menu(boris) & WRITING  # Telegram is left alone for a while
    desk.world.clock.advance(timedelta(minutes=11))
    await boris.writes("/start")
    assert menu(boris) > WRITING


async def test_the_button_beside_the_writing_field_opens_the_commands(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    assert (await desk.app.bot.get_chat_menu_button(chat_id=olga.id)).type == "commands"


@pytest.mark.parametrize("language", languages())
def test_every_description_fits_and_says_something(language: str) -> None:
    with speaking(language):
        lines = [*commands(lambda _power: True), *at_the_door()]
        assert len(commands(lambda _power: True)) <= MOST
    for line in lines:
        command, _, purpose = line.partition(" ")
        assert command.startswith("/")
        assert 3 <= len(purpose) <= LONGEST
        assert purpose == purpose.strip()


@pytest.mark.parametrize("language", languages())
def test_a_command_is_called_the_same_in_every_language(language: str) -> None:
    def names() -> list[str]:
        return [line.split()[0] for line in (*commands(lambda _power: True), *at_the_door())]

    with speaking("en"):
        english = names()
    with speaking(language):
        assert names() == english
