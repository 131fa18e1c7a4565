"""The Business connection as a bot meets it: the owner's chats, his own words, and what it may answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, MessageOriginUser, Update

from sandbox.bot_api import BotApi
from sandbox.world import BusinessConnection, Person, Quote, World

YES = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="yes")]])


@pytest.fixture
def connection(bot: Bot, world: World, olga: Person, robot: Person) -> BusinessConnection:
    """Olga has connected her bot, which is listening."""
    assert bot.id == robot.id
    return world.connect_business(olga.id, robot.id)


async def fetch(bot: Bot) -> list[Update]:
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def test_a_connection_is_told_with_its_rights_and_anew_after_each_edit(
    bot: Bot, world: World, olga: Person, robot: Person
) -> None:
    world.connect_business(olga.id, robot.id)
    world.edit_business(olga.id, rights={"can_reply"})
    world.disconnect_business(olga.id)
    made, edited, ended = [update.business_connection for update in await fetch(bot)]
    assert made
    assert edited
    assert ended
    assert made.rights
    assert (made.user.id, made.user_chat_id, made.is_enabled, made.rights.can_reply) == (olga.id, olga.id, True, True)
    assert made.id != edited.id == ended.id
    assert edited.rights
    assert edited.rights.can_read_messages is None
    assert not ended.is_enabled
    assert (await bot.get_business_connection(edited.id)).is_enabled is False
    with pytest.raises(TelegramBadRequest, match="business connection not found"):
        await bot.get_business_connection(made.id)


async def test_both_sides_of_a_clients_chat_reach_the_owners_bot(
    bot: Bot, world: World, olga: Person, anna: Person, *, connection: BusinessConnection
) -> None:
    world.send(anna.id, olga.id, "open today?")
    world.send(olga.id, anna.id, "until six")
    asked, answered = [update.business_message for update in (await fetch(bot))[1:]]
    assert asked
    assert answered
    assert asked.from_user
    assert answered.from_user
    assert asked.business_connection_id == answered.business_connection_id == connection.id
    assert (asked.from_user.id, answered.from_user.id) == (anna.id, olga.id)
    assert asked.chat.id == answered.chat.id == anna.id
    assert (asked.message_id, answered.message_id) == (1, 2)
    assert answered.sender_business_bot is None


async def test_edits_and_deletions_of_a_client_are_told_in_the_owners_numbers(
    bot: Bot, world: World, olga: Person, anna: Person, *, connection: BusinessConnection
) -> None:
    world.send(olga.id, olga.id, "a note to self, which is nobody's business")
    message = world.send(anna.id, olga.id, "siks")
    world.edit(message.uid, text="six", by=anna.id)
    _, _, edited = await fetch(bot)
    world.clock.advance(timedelta(days=3))
    world.delete([message.uid], by=anna.id)
    (deleted,) = await fetch(bot)
    assert edited.edited_business_message
    assert (edited.edited_business_message.text, edited.edited_business_message.message_id) == ("six", 2)
    assert deleted.deleted_business_messages
    assert deleted.deleted_business_messages.message_ids == [2]
    assert deleted.deleted_business_messages.chat.id == anna.id
    assert deleted.deleted_business_messages.business_connection_id == connection.id


@pytest.mark.usefixtures("connection")
async def test_old_messages_that_are_filled_in_are_not_told(bot: Bot, world: World, olga: Person, anna: Person) -> None:
    world.send(anna.id, olga.id, "last week", date=world.clock.now() - timedelta(days=7))
    assert [update.business_message for update in await fetch(bot)] == [None]


@pytest.mark.usefixtures("connection")
async def test_calls_are_not_told_but_contacts_and_places_are(
    bot: Bot, world: World, olga: Person, anna: Person
) -> None:
    world.send(anna.id, olga.id, service={"type": "phone_call", "duration": 40})
    world.send(anna.id, olga.id, service={"type": "contact", "phone_number": "+491", "first_name": "Max"})
    world.send(anna.id, olga.id, service={"type": "location", "latitude": 52.5, "longitude": 13.4})
    _, contact, place = [update.business_message for update in await fetch(bot)]
    assert contact
    assert contact.contact
    assert contact.contact.first_name == "Max"
    assert place
    assert place.location
    assert place.location.latitude == 52.5


@pytest.mark.usefixtures("connection")
async def test_quotes_origins_and_protection_are_told_and_what_destroys_itself_is_not(
    bot: Bot, world: World, olga: Person, anna: Person
) -> None:
    asked = world.send(anna.id, olga.id, "red or blue?")
    world.send(olga.id, anna.id, "this", reply_to=asked.uid, quote=Quote("blue", 7))
    world.send(anna.id, olga.id, file=world.store_file(b"\xff\xd8 face", "photo"), ttl=5)
    world.forward(asked.uid, by=olga.id, to=anna.id)
    world.protect(olga.id, anna.id)
    world.send(anna.id, olga.id, "between us")
    told = [update.business_message for update in (await fetch(bot))[1:]]
    _, quoting, forwarded, protected = [message for message in told if message]
    assert quoting.quote
    assert (quoting.quote.text, quoting.quote.position) == ("blue", 7)
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == anna.id
    assert protected.has_protected_content


@pytest.mark.usefixtures("connection")
async def test_a_reaction_is_not_told_to_a_business_bot(bot: Bot, world: World, olga: Person, anna: Person) -> None:
    asked = world.send(anna.id, olga.id, "ready?")
    await fetch(bot)
    world.react(asked.uid, "👍", by=olga.id)
    assert await fetch(bot) == []


async def test_chats_with_bots_and_chats_left_out_stay_private(
    bot: Bot, world: World, olga: Person, anna: Person, *, robot: Person
) -> None:
    chen = world.add_person("Chen")
    world.connect_business(olga.id, robot.id, chats={anna.id})
    world.send(chen.id, olga.id, "psst")
    world.send(olga.id, world.add_bot("Other", "other_bot").id, "/start")
    world.send(anna.id, olga.id, "hello")
    told = [update.business_message for update in (await fetch(bot))[1:]]
    assert [message.text for message in told if message] == ["hello"]


async def test_a_bot_answers_in_the_owners_name(
    bot: Bot, world: World, olga: Person, anna: Person, *, connection: BusinessConnection, robot: Person
) -> None:
    world.send(anna.id, olga.id, "open today?")
    await fetch(bot)
    sent = await bot.send_message(anna.id, "Until six.", business_connection_id=connection.id, reply_markup=YES)
    shown = world.history(anna.id, olga.id)[0]
    assert (shown.text, shown.sender_id, shown.business_bot_id) == ("Until six.", olga.id, robot.id)
    assert sent.from_user
    assert sent.sender_business_bot
    assert (sent.from_user.id, sent.sender_business_bot.id) == (olga.id, robot.id)
    assert (sent.message_id, sent.business_connection_id) == (shown.ids[olga.id], connection.id)
    assert await fetch(bot) == []  # no echo unless it is switched on

    edited = await bot.edit_message_text(
        "Until seven.", chat_id=anna.id, message_id=sent.message_id, business_connection_id=connection.id
    )
    assert not isinstance(edited, bool)
    assert shown.text == "Until seven."
    file = await bot.send_document(
        anna.id, BufferedInputFile(b"menu", "menu.txt"), business_connection_id=connection.id
    )
    assert file.document
    assert await bot.send_chat_action(anna.id, "typing", business_connection_id=connection.id)


async def test_a_client_presses_a_button_under_a_business_message(
    bot: Bot, world: World, olga: Person, anna: Person, *, connection: BusinessConnection
) -> None:
    world.send(anna.id, olga.id, "open today?")
    await bot.send_message(anna.id, "Shall I book?", business_connection_id=connection.id, reply_markup=YES)
    answered = world.press(anna.id, world.history(anna.id, olga.id)[0].uid, "yes")
    query = (await fetch(bot))[-1].callback_query
    assert query
    assert query.message
    assert query.from_user.id == anna.id
    assert getattr(query.message, "business_connection_id", None) == connection.id
    await query.answer("Booked").as_(bot)
    answer = await answered
    assert answer
    assert answer.text == "Booked"


async def test_what_a_bot_may_not_do_for_an_owner(
    bot: Bot, world: World, olga: Person, anna: Person, *, connection: BusinessConnection
) -> None:
    with pytest.raises(TelegramBadRequest, match="BUSINESS_PEER_USAGE_MISSING"):
        await bot.send_message(anna.id, "hello", business_connection_id=connection.id)
    client_message = world.send(anna.id, olga.id, "hello")
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text(
            "bye", chat_id=anna.id, message_id=client_message.ids[olga.id], business_connection_id=connection.id
        )
    own = world.send(olga.id, anna.id, "from her phone")
    await bot.edit_message_text(
        "from her phones", chat_id=anna.id, message_id=own.ids[olga.id], business_connection_id=connection.id
    )
    assert own.text == "from her phones"
    with pytest.raises(TelegramBadRequest, match="business connection not found"):
        await bot.send_message(anna.id, "hello", business_connection_id="nonsense")
    world.clock.advance(timedelta(hours=25))
    with pytest.raises(TelegramBadRequest, match="BUSINESS_PEER_USAGE_MISSING"):
        await bot.send_message(anna.id, "hello", business_connection_id=connection.id)
    world.send(anna.id, olga.id, "hello?")
    silent = world.edit_business(olga.id, rights=set())
    with pytest.raises(TelegramForbiddenError, match="BOT_ACCESS_FORBIDDEN"):
        await bot.send_message(anna.id, "hello", business_connection_id=silent.id)


async def test_a_bot_hears_its_own_business_messages_where_echo_is_on(
    world: World, olga: Person, anna: Person, robot: Person
) -> None:
    server = BotApi(world, echo_business_sends=True)
    connection = world.connect_business(olga.id, robot.id)
    world.send(anna.id, olga.id, "hello")
    world.send(olga.id, anna.id, "hi", business_bot_id=robot.id)
    kinds = [update.kind for update in server.served(robot.id).queue]
    assert kinds == ["business_connection", "business_message", "business_message"]
    assert connection.enabled
    await server.stop()
