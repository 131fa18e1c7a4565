"""A bot in a group: it is told that it came, reads only what is meant for it, and is refused where it is not."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat

from sandbox.world import Person, World


async def test_a_bot_reads_of_a_group_only_what_is_meant_for_it(
    world: World, bot: Bot, robot: Person, olga: Person, anna: Person
) -> None:
    group = world.make_group(olga.id, "Team", [anna.id])
    world.add_member(group.id, robot.id, by=olga.id)
    came, notice = await bot.get_updates()
    if came.my_chat_member is None:
        came, notice = notice, came
    assert came.my_chat_member is not None
    assert (came.my_chat_member.chat.type, came.my_chat_member.new_chat_member.status) == ("group", "member")
    assert notice.message is not None
    assert [member.id for member in notice.message.new_chat_members or ()] == [robot.id]
    world.send(anna.id, group.id, "not for a bot")
    world.send(anna.id, group.id, "/help")
    sent = await bot.send_message(group.id, "Here I am")
    mine = next(message for message in world.messages.values() if message.text == "Here I am")
    world.send(anna.id, group.id, "good", reply_to=mine.uid)
    heard = await bot.get_updates(offset=max(came.update_id, notice.update_id) + 1)
    assert [update.message.text for update in heard if update.message] == ["/help", "good"]
    assert (sent.chat.id, sent.chat.title) == (group.id, "Team")


async def test_a_bot_is_refused_where_it_is_not_or_may_not_write(
    world: World, bot: Bot, robot: Person, olga: Person
) -> None:
    group = world.make_group(olga.id, "Team", is_super=True)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "hello")
    world.add_member(group.id, robot.id, by=olga.id)
    assert (await bot.get_chat(group.id)).type == "supergroup"
    assert (await bot.get_chat_member(group.id, olga.id)).status == "creator"
    world.permit(group.id, (), by=olga.id)
    with pytest.raises(TelegramBadRequest, match="not enough rights"):
        await bot.send_message(group.id, "hello")
    world.remove_member(group.id, robot.id, by=olga.id)
    updates = await bot.get_updates()
    states = [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member]
    assert states == ["member", "kicked"]
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "hello?")


async def test_a_group_that_became_a_supergroup_is_named_in_the_refusal(
    world: World, bot: Bot, robot: Person, olga: Person
) -> None:
    group = world.make_group(olga.id, "Team", [robot.id])
    await bot.send_message(group.id, "hello")
    new = world.upgrade_group(group.id, by=olga.id)
    with pytest.raises(TelegramMigrateToChat) as refused:
        await bot.send_message(group.id, "hello?")
    assert refused.value.migrate_to_chat_id == new.id
    assert (await bot.send_message(new.id, "hello!")).message_id == 2
