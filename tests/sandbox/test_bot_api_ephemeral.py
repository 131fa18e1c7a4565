"""A bot shows something in a group to one member alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import EphemeralMessageParameters as To
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.world import Group, Message, Person, Refused, World

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="More", callback_data="more")]])


@pytest.fixture
def team(world: World, olga: Person, anna: Person, robot: Person) -> Group:
    """Olga's group with Anna and the bot, which is an admin there."""
    group = world.make_group(olga.id, "Atelier", [anna.id, robot.id], is_super=True)
    world.promote(group.id, robot.id, by=olga.id)
    return group


def shown(world: World, group: Group, person: Person) -> list[str]:
    return [message.text for message in world.shown_to(group.id, person.id)]


async def test_only_the_one_it_is_meant_for_sees_it_and_presses_its_buttons(
    world: World, bot: Bot, olga: Person, anna: Person, team: Group
) -> None:
    to_anna = To(receiver_user_id=anna.id)
    sent = await bot.send_message(team.id, "a panel", ephemeral_message_parameters=to_anna, reply_markup=KEYBOARD)
    assert (sent.message_id, sent.ephemeral_message_id, sent.receiver_user and sent.receiver_user.id) == (0, 1, anna.id)
    assert (shown(world, team, anna), shown(world, team, olga)) == (["a panel"], [])
    everybody = [one.text for one in world.history(anna.id, team.id) + world.history(olga.id, team.id)]
    assert "a panel" not in everybody
    panel: Message = world.shown_to(team.id, anna.id)[0]
    with pytest.raises(Refused, match="MESSAGE_ID_INVALID"):
        world.press(olga.id, panel.uid, "more")
    world.press(anna.id, panel.uid, "more")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert (query.from_user.id, query.message and query.message.chat.id) == (anna.id, team.id)
    assert getattr(query.message, "ephemeral_message_id", None) == 1
    await bot.edit_ephemeral_message_text(chat_id=team.id, receiver_user_id=anna.id, ephemeral_message_id=1, text="all")
    assert shown(world, team, anna) == ["all"]
    assert panel.markup is None
    await bot.delete_ephemeral_message(chat_id=team.id, receiver_user_id=anna.id, ephemeral_message_id=1)
    assert shown(world, team, anna) == []


async def test_who_is_no_admin_shows_something_only_in_answer_to_a_press(
    world: World, bot: Bot, robot: Person, anna: Person, team: Group
) -> None:
    world.demote(team.id, robot.id, by=team.owner_id)
    await bot.send_message(team.id, "press", reply_markup=KEYBOARD)
    button = next(one for one in world.messages.values() if one.text == "press")
    world.press(anna.id, button.uid, "more")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    asked = To(receiver_user_id=anna.id, callback_query_id=query.id)
    await bot.send_message(team.id, "here", ephemeral_message_parameters=asked)
    assert shown(world, team, anna) == ["here"]
    refused: list[tuple[str, Callable[[], Awaitable[Any]]]] = [
        ("CHAT_ADMIN_REQUIRED", lambda: say(bot, team, To(receiver_user_id=anna.id))),
        ("CHAT_ADMIN_REQUIRED", lambda: say(bot, team, To(receiver_user_id=team.owner_id, callback_query_id=query.id))),
        ("USER_NOT_PARTICIPANT", lambda: say(bot, team, To(receiver_user_id=world.add_person("Mallory").id))),
        (
            "message to delete not found",
            lambda: bot.delete_ephemeral_message(chat_id=team.id, receiver_user_id=anna.id, ephemeral_message_id=9),
        ),
    ]
    for words, call in refused:
        with pytest.raises(TelegramBadRequest, match=words):
            await call()


async def say(bot: Bot, group: Group, to: To) -> object:
    return await bot.send_message(group.id, "psst", ephemeral_message_parameters=to)
