"""A bot in a forum: its rights, its topics, what it hears there, and what it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    MediaUnion,
    ReactionTypeEmoji,
    Update,
)
from aiogram.types.input_file import BufferedInputFile

from sandbox.world import Group, Person, World

KINDS = ["message", "my_chat_member", "chat_member", "callback_query", "edited_message"]


@pytest.fixture
def team(world: World, olga: Person, anna: Person) -> Group:
    """Olga's forum; the bot is not there yet."""
    group = world.make_group(olga.id, "Atelier", [anna.id], is_super=True)
    world.set_forum(group.id, on=True, by=olga.id)
    return group


@pytest.fixture
def joined(world: World, olga: Person, robot: Person, team: Group) -> Group:
    """The same with the bot as an admin who may do everything."""
    world.add_member(team.id, robot.id, by=olga.id)
    world.promote(team.id, robot.id, by=olga.id)
    return team


async def news(bot: Bot) -> list[Update]:
    updates = await bot.get_updates(allowed_updates=KINDS)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def test_a_bot_hears_what_became_of_itself_and_as_an_admin_of_others(
    world: World, bot: Bot, robot: Person, olga: Person, team: Group
) -> None:
    await news(bot)
    anna = next(world.person(one) for one in team.members if one != olga.id)
    world.add_member(team.id, robot.id, by=olga.id)
    world.promote(team.id, robot.id, {"manage_topics"}, by=olga.id)
    world.promote(team.id, anna.id, {"pin_messages"}, by=olga.id)
    world.remove_member(team.id, anna.id, by=olga.id)
    world.demote(team.id, robot.id, by=olga.id)
    world.remove_member(team.id, robot.id, by=olga.id)
    heard = await news(bot)
    mine = [one.my_chat_member for one in heard if one.my_chat_member]
    assert [str(one.new_chat_member.status) for one in mine] == ["member", "administrator", "member", "kicked"]
    assert [getattr(one.new_chat_member, "can_manage_topics", None) for one in mine] == [None, True, None, None]
    assert all(one.chat.is_forum and one.from_user.id == olga.id for one in mine)
    others = [one.chat_member for one in heard if one.chat_member]
    assert [str(one.new_chat_member.status) for one in others] == ["administrator", "kicked"]
    assert getattr(others[0].new_chat_member, "can_pin_messages", None) is True


async def test_a_topic_is_opened_written_to_named_closed_and_deleted(
    world: World, bot: Bot, anna: Person, joined: Group
) -> None:
    topic = await bot.create_forum_topic(joined.id, "Lamp people")
    thread = topic.message_thread_id
    card = await bot.send_message(joined.id, "Anna", message_thread_id=thread)
    assert (card.message_thread_id, card.is_topic_message) == (thread, True)
    assert await bot.pin_chat_message(joined.id, card.message_id)
    pinned = (await bot.get_chat(joined.id)).pinned_message
    assert pinned is not None
    assert pinned.message_id == card.message_id
    files: list[MediaUnion] = [InputMediaDocument(media=BufferedInputFile(b"%d" % n, f"{n}.txt")) for n in (1, 2)]
    album = await bot.send_media_group(joined.id, files, message_thread_id=thread)
    assert {one.message_thread_id for one in album} == {thread}
    mine = next(one for one in world.messages.values() if one.text == "Anna")
    world.send(anna.id, joined.id, "is it yellow?", reply_to=mine.uid)
    world.send(anna.id, joined.id, "hello all")
    asked, general = [one.message for one in await news(bot) if one.message and one.message.text]
    assert (asked.message_thread_id, asked.is_topic_message) == (thread, True)
    assert asked.reply_to_message is not None
    assert (general.message_thread_id, general.is_topic_message) == (None, None)
    assert await bot.set_message_reaction(joined.id, asked.message_id, [ReactionTypeEmoji(emoji="👍")])
    assert await bot.edit_forum_topic(joined.id, thread, name="✅ Lamp people")
    assert await bot.close_forum_topic(joined.id, thread)
    assert await bot.reopen_forum_topic(joined.id, thread)
    assert await bot.delete_forum_topic(joined.id, thread)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(joined.id, "still there?", message_thread_id=thread)


async def test_what_people_do_with_topics_is_told(world: World, bot: Bot, olga: Person, joined: Group) -> None:
    await news(bot)
    topic = world.create_topic(joined.id, "Lamp", by=olga.id, emoji_id="7")
    world.edit_topic(joined.id, topic.id, name="Lamps", by=olga.id)
    world.close_topic(joined.id, topic.id, by=olga.id)
    world.reopen_topic(joined.id, topic.id, by=olga.id)
    opened, named, closed, again = [one.message for one in await news(bot) if one.message]
    assert opened.forum_topic_created is not None
    assert (opened.message_thread_id, opened.message_id) == (topic.id, topic.id)
    assert (opened.forum_topic_created.name, opened.forum_topic_created.icon_custom_emoji_id) == ("Lamp", "7")
    assert named.forum_topic_edited is not None
    assert named.forum_topic_edited.name == "Lamps"
    assert closed.forum_topic_closed
    assert again.forum_topic_reopened


async def test_an_admin_bot_hears_of_reactions_if_it_asked_for_them(
    world: World, bot: Bot, robot: Person, anna: Person, joined: Group
) -> None:
    await bot.get_updates(allowed_updates=["message_reaction"])
    sent = await bot.send_message(joined.id, "hello")
    hello = next(one for one in world.messages.values() if one.text == "hello")
    world.react(hello.uid, "👍", by=anna.id)
    world.react(hello.uid, 7, by=anna.id)
    world.react(hello.uid, "🔥", by=robot.id)
    world.demote(joined.id, robot.id, by=joined.owner_id)
    world.react(hello.uid, by=anna.id)
    heard = [one.message_reaction for one in await bot.get_updates()]
    put = [
        (one.message_id, one.user and one.user.id, [sign.type for sign in one.old_reaction], one.new_reaction[0].type)
        for one in heard
        if one
    ]
    assert put == [
        (sent.message_id, anna.id, [], "emoji"),
        (sent.message_id, anna.id, ["emoji"], "custom_emoji"),
    ]


async def test_a_message_is_copied_into_a_topic(world: World, bot: Bot, anna: Person, joined: Group) -> None:
    thread = (await bot.create_forum_topic(joined.id, "Lamp")).message_thread_id
    world.send(anna.id, bot.id, "/start")
    file = BufferedInputFile(b"a lamp", "lamp.txt")
    shown = await bot.send_document(anna.id, file, caption="see")
    for caption in (None, "look"):
        await bot.copy_message(joined.id, anna.id, shown.message_id, message_thread_id=thread, caption=caption)
    copies = [one for one in world.in_topic(joined, thread) if one.file]
    assert [(one.text, one.file and one.file.data) for one in copies] == [("see", b"a lamp"), ("look", b"a lamp")]
    with pytest.raises(TelegramBadRequest, match="message can't be copied"):
        await bot.copy_message(anna.id, joined.id, thread)
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await bot.copy_message(joined.id, anna.id, 999)


async def test_a_bot_may_do_what_its_rights_say(
    world: World, bot: Bot, robot: Person, olga: Person, joined: Group
) -> None:
    thread = (await bot.create_forum_topic(joined.id, "Lamp")).message_thread_id
    sent = await bot.send_message(joined.id, "hello", message_thread_id=thread)
    world.promote(joined.id, robot.id, {"invite_users"}, by=olga.id)
    me = await bot.get_chat_member(joined.id, robot.id)
    assert (me.status, getattr(me, "can_manage_topics", None)) == ("administrator", False)
    assert [one.user.id for one in await bot.get_chat_administrators(joined.id)] == [olga.id, robot.id]
    refused: list[tuple[str, Callable[[], Awaitable[Any]]]] = [
        ("not enough rights to create a topic", lambda: bot.create_forum_topic(joined.id, "Vase")),
        ("not enough rights to edit the topic", lambda: bot.edit_forum_topic(joined.id, thread, name="Vase")),
        ("not enough rights to close or reopen", lambda: bot.close_forum_topic(joined.id, thread)),
        ("not enough rights to delete the topic", lambda: bot.delete_forum_topic(joined.id, thread)),
        ("not enough rights to manage pinned", lambda: bot.pin_chat_message(joined.id, sent.message_id)),
        ("message to pin not found", lambda: bot.pin_chat_message(joined.id, 999)),
        (
            "REACTION_INVALID",
            lambda: bot.set_message_reaction(joined.id, sent.message_id, [ReactionTypeEmoji(emoji="✅")]),
        ),
        ("message thread not found", lambda: bot.send_message(joined.id, "hello", message_thread_id=999)),
    ]
    for words, call in refused:
        with pytest.raises(TelegramAPIError, match=words):
            await call()
    world.set_forum(joined.id, on=False, by=olga.id)
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await bot.create_forum_topic(joined.id, "Vase")


async def test_all_topics_of_a_group_share_twenty_a_minute(world: World, bot: Bot, joined: Group) -> None:
    threads = [(await bot.create_forum_topic(joined.id, f"Client {n}")).message_thread_id for n in range(10)]
    for thread in threads:
        await bot.send_message(joined.id, "hello", message_thread_id=thread)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(joined.id, "once more", message_thread_id=threads[0])
    assert 50 < refused.value.retry_after <= 60
    world.clock.advance(timedelta(seconds=refused.value.retry_after))
    await bot.send_message(joined.id, "once more", message_thread_id=threads[0])


async def test_a_bot_leaves_and_learns_that_a_group_is_gone(
    world: World, bot: Bot, robot: Person, olga: Person, joined: Group
) -> None:
    assert await bot.leave_chat(joined.id)
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup chat"):
        await bot.send_message(joined.id, "hello?")
    world.add_member(joined.id, robot.id, by=olga.id)
    world.delete_group(joined.id, by=olga.id)
    with pytest.raises(TelegramForbiddenError, match="the group chat was deleted"):
        await bot.send_message(joined.id, "hello?")


async def test_edits_and_presses_in_a_topic_are_told_with_the_topic(
    world: World, bot: Bot, anna: Person, joined: Group
) -> None:
    thread = (await bot.create_forum_topic(joined.id, "Lamp")).message_thread_id
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Take", callback_data="take")]])
    await bot.send_message(joined.id, "Anna", message_thread_id=thread, reply_markup=keyboard)
    note = world.send(anna.id, joined.id, "call hre", topic=thread)
    world.edit(note.uid, by=anna.id, text="call her")
    card = next(one for one in world.messages.values() if one.text == "Anna")
    world.press(anna.id, card.uid, "take")
    heard = await news(bot)
    edited = next(one.edited_message for one in heard if one.edited_message)
    pressed = next(one.callback_query for one in heard if one.callback_query)
    assert (edited.text, edited.message_thread_id) == ("call her", thread)
    assert getattr(pressed.message, "message_thread_id", None) == thread


async def test_a_bot_is_told_that_its_group_has_become_a_supergroup(
    world: World, bot: Bot, robot: Person, olga: Person
) -> None:
    small = world.make_group(olga.id, "Atelier", [robot.id])
    await news(bot)
    large = world.upgrade_group(small.id, by=olga.id)
    to, since = [one.message for one in await news(bot) if one.message]
    assert (to.chat.id, to.migrate_to_chat_id) == (small.id, large.id)
    assert (since.chat.id, since.migrate_from_chat_id) == (large.id, small.id)
