"""A member answers a client from the desk: by every way, past every refusal, once and only once."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from crm import replies
from crm.access import enter
from crm.replies.words import Words
from sandbox.world import Entity, Message
from storage import outbox
from storage.memberships import Membership
from storage.messages import Message as Kept
from storage.outbox import Delivery
from storage.replies import Reply
from tests.people import Desk, Someone


async def begins(member: Someone, client: Someone) -> None:
    """From the client's card."""
    await member.writes("/contacts")
    await member.presses(client.who.name)
    await member.presses("Write")


async def prepares(member: Someone, client: Someone, text: str = "Yes, two left.") -> None:
    """Up to the preview."""
    await begins(member, client)
    await member.writes(text)


def heard(client: Someone, olga: Someone) -> list[str]:
    """What has reached the client."""
    return [one.text for one in written_to(client, olga)]


def written_to(client: Someone, olga: Someone) -> list[Message]:
    history = client.desk.world.history(client.id, olga.id)[::-1]
    return [one for one in history if one.sender_id == olga.id]


def marked(message: Message) -> set[tuple[str, str]]:
    """What is formatted in it, and how."""
    text = message.text.encode("utf-16-le")
    return {
        (one.type, text[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")) for one in message.entities
    }


async def fates(desk: Desk) -> list[tuple[str, str | None]]:
    async with desk.vault() as session:
        rows = await session.exec(select(Delivery).where(Delivery.what == replies.KIND))
        return [(row.state, row.reason) for row in rows]


async def test_a_members_answer_reaches_the_client_and_stands_in_the_history_at_once(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Is the blue one in stock?", to=olga)
    await begins(boris, anna)
    assert "To \u2068Anna\u2069, from \u2068Olga\u2069" in boris.screen
    assert "It goes through Telegram Business" in boris.screen
    await boris.writes("Yes, two left.")
    assert "Yes, two left." in boris.screen
    assert heard(anna, olga) == []
    await boris.presses("Send")
    assert heard(anna, olga) == ["Yes, two left."]
    assert written_to(anna, olga)[0].business_bot_id == desk.bot.id
    assert "through Telegram Business" in boris.screen
    assert "Sent" in boris.screen
    assert boris.buttons == ["‹ Back"]
    assert await desk.mirrored() == ["Is the blue one in stock?", "Yes, two left."]
    await boris.presses("Back")
    assert "Yes, two left." in boris.screen
    await boris.presses("②")
    assert "written here by \u2068Boris\u2069" in boris.screen
    async with desk.vault() as session:
        (reply,) = await session.exec(select(Reply))
    assert (reply.text, reply.author_id) == ("", boris.id)  # the text is the message's alone


async def test_an_answer_to_one_message_quotes_it(desk: Desk, olga: Someone, anna: Someone, boris: Someone) -> None:
    asked = await anna.writes("Red?", to=olga)
    await anna.writes("Or blue?", to=olga)
    await boris.writes("/contacts")
    await boris.presses("Anna")
    await boris.presses("Conversation")
    await boris.presses("①")
    await boris.presses("Answer this message")
    assert "Red?" in boris.screen
    await boris.writes("Red is gone.")
    await boris.presses("Send")
    (sent,) = written_to(anna, olga)
    assert sent.reply_to == asked.uid
    async with desk.vault() as session:
        kept = (await session.exec(select(Kept).where(Kept.text == "Red is gone."))).one()
    assert kept.reply_to_id == asked.ids[olga.id]


async def test_what_looks_like_markup_arrives_as_it_was_typed(olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("How?", to=olga)
    await prepares(boris, anna, "use <b>bold</b> & *stars* _here_")
    await boris.presses("Send")
    assert heard(anna, olga) == ["use <b>bold</b> & *stars* _here_"]


async def test_what_was_typed_in_bold_arrives_in_bold(desk: Desk, olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("How?", to=olga)
    await begins(boris, anna)
    shop = Entity("text_link", 14, 4, url="https://flowers.example/")
    await boris.writes("  🌹 Yes, see here", entities=[Entity("bold", 5, 3), shop])
    assert {("bold", "Yes"), ("text_link", "here")} <= marked(boris.newest)
    await boris.presses("Send")
    (sent,) = written_to(anna, olga)
    assert sent.text == "🌹 Yes, see here"
    assert marked(sent) == {("bold", "Yes"), ("text_link", "here")}
    async with desk.vault() as session:
        (reply,) = await session.exec(select(Reply))
    assert reply.entities == []  # the formatting is the message's alone


async def test_a_text_that_is_too_long_is_refused_in_words_and_the_question_stays_open(
    olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna, "x" * 4097)
    assert "Your answer has 4,097 characters, and Telegram takes 4,096" in boris.screen
    await boris.writes("y" * 4096)
    assert "1 of 2" in " ".join(boris.buttons)
    await boris.presses("Send")
    assert heard(anna, olga) == ["y" * 4096]


async def test_a_place_is_not_taken_for_an_answer(desk: Desk, olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await begins(boris, anna)
    desk.world.send(boris.id, desk.bot.id, "", service={"type": "location", "latitude": 1.0, "longitude": 2.0})
    await desk.settled()
    assert "An answer is a text, a picture" in boris.screen
    await boris.writes("In words, then")
    await boris.presses("Send")
    assert heard(anna, olga) == ["In words, then"]


async def test_two_presses_send_once(olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna)
    preview = boris.newest
    send = next(
        one["callback_data"]
        for row in (preview.markup or {})["inline_keyboard"]
        for one in row
        if "Send" in one["text"]
    )
    await boris.presses("Send", under=preview)
    await boris.presses_address(send, under=preview)
    assert heard(anna, olga) == ["Yes, two left."]


async def test_a_changed_answer_goes_as_changed_and_one_thrown_away_never(
    olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna, "Good mornin")
    await boris.presses("Change")
    assert "Good mornin" in boris.screen
    await boris.writes("Good morning")
    await boris.presses("Send")
    await prepares(boris, anna, "Never mind")
    await boris.presses("Throw away")
    assert heard(anna, olga) == ["Good morning"]
    await boris.writes("/contacts")
    await boris.presses("Anna")
    assert not any("Not sent" in one for one in boris.buttons)


async def test_an_answer_that_was_not_sent_is_found_again_on_the_card(
    olga: Someone, anna: Someone, boris: Someone, vera: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna, "Half a thought")
    await vera.writes("/contacts")
    await vera.presses("Anna")
    await vera.presses("Not sent: Half a thought")
    await vera.presses("Send")
    assert heard(anna, olga) == ["Half a thought"]


async def test_without_the_right_to_reply_and_without_a_device_the_text_is_given_to_copy(
    olga: Someone, anna: Someone, boris: Someone
) -> None:
    await olga.connects_business(rights={"can_read_messages"})
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna)
    assert "It cannot be sent from here now" in boris.screen
    assert "Telegram Business: not allowed to reply" in boris.screen
    assert "Linked device: none is linked" in boris.screen
    assert "📋 Copy the text" in boris.buttons
    assert "Open chat in Telegram" in boris.buttons
    assert not any("Send" in one for one in boris.buttons)
    await olga.connects_business()
    await boris.presses("Look again")
    await boris.presses("Send")
    assert heard(anna, olga) == ["Yes, two left."]


async def test_what_waits_for_telegram_leaves_at_its_time_or_is_kept_back_before(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await boris.writes("/start")
    for text in ("Kept", "Sent"):
        desk.world.faults.on("bot_api_flood", seconds=500, times=1, method="sendMessage")
        await prepares_quietly(desk, boris, text)
        assert "Telegram has asked us to wait" in boris.screen
        if text == "Kept":
            await boris.presses("Keep it back")
            assert any("Send" in one for one in boris.buttons)
    desk.world.clock.advance(timedelta(minutes=10))
    await desk.app.schedule.run("late deliveries")
    await desk.settled()
    assert heard(anna, olga) == ["Sent"]
    assert "✅ Sent" in boris.screen


async def prepares_quietly(desk: Desk, member: Someone, text: str) -> None:
    """Written at the desk without the bot saying a word, so that a fault strikes the answer alone."""
    async with enter(desk.app.installation, member.id, 1) as seat:
        reply = await replies.answer(seat, 1, Words(text))
        await replies.send(seat, reply.id or 0, asked=0)
    desk.app.outbox.wake(1)
    await desk.settled()


async def test_an_answer_of_which_nobody_knows_is_shown_and_not_sent_again_by_itself(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await boris.writes("/start")
    desk.world.faults.on("bot_api_answer_lost", times=1, method="sendMessage")
    await prepares_quietly(desk, boris, "Did it arrive?")
    assert "Nobody knows whether it has arrived" in boris.screen
    await desk.stop()
    desk.world.clock.advance(timedelta(hours=1))
    await desk.start()
    await desk.settled()
    assert heard(anna, olga) == ["Did it arrive?"]
    await boris.presses("It arrived")
    assert "✅ Sent" in boris.screen
    assert heard(anna, olga) == ["Did it arrive?"]


async def test_an_answer_that_a_crash_caught_is_told_to_its_author_who_sends_it_again(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna, "Caught")
    async with enter(desk.app.installation, boris.id, 1) as seat:
        await replies.send(seat, 1, asked=0)
        async with seat.vault.transaction() as session:
            (row,) = await session.exec(select(Delivery).where(Delivery.what == replies.KIND))
            row.state = outbox.SENDING
    await desk.stop()
    await desk.start()
    assert await boris.sees("Nobody knows whether it has arrived")
    await desk.settled()
    assert heard(anna, olga) == []
    await boris.presses("Send again")
    assert heard(anna, olga) == ["Caught"]
    assert await fates(desk) == [(outbox.UNCERTAIN, "the program ended while it was being sent"), (outbox.SENT, None)]


async def test_a_refused_answer_says_what_to_do_and_keeps_its_text(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna)
    desk.world.block(olga.id, anna.id)
    await boris.presses("Send")
    assert "has blocked this person. Unblock them in Telegram first." in boris.screen
    assert "Yes, two left." in boris.screen
    desk.world.unblock(olga.id, anna.id)
    await boris.presses("Send again")
    assert heard(anna, olga) == ["Yes, two left."]


async def test_when_the_24_hours_end_before_the_press_the_fate_tells_why_it_did_not_go(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna)
    desk.world.clock.advance(timedelta(hours=25))
    await boris.presses("Send")
    assert "Not sent: no way leads there now" in boris.screen
    assert "only within 24 hours after the client has written" in boris.screen
    assert heard(anna, olga) == []


async def test_a_viewer_cannot_answer(desk: Desk, olga: Someone, anna: Someone, boris: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna)
    async with desk.app.installation.registry.transaction() as session:
        seat = await session.get_one(Membership, (1, boris.id))
        seat.role = "viewer"
    await boris.presses("Send")
    assert "Your role does not allow this" in boris.alert
    await boris.writes("/contacts")
    await boris.presses("Anna")
    assert not any("Write" in one or "Not sent" in one for one in boris.buttons)
    await boris.presses_address("wr:1:0")
    assert "Your role does not allow this" in boris.alert
    assert heard(anna, olga) == []


async def test_a_member_who_lost_his_seat_between_preview_and_send_sends_nothing(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna)
    await removes(desk, boris)
    await boris.presses("Send")
    assert heard(anna, olga) == []


async def removes(desk: Desk, member: Someone) -> None:
    async with desk.app.installation.registry.transaction() as session:
        await session.delete(await session.get_one(Membership, (1, member.id)))


async def test_what_waits_does_not_leave_after_its_author_lost_his_seat(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await boris.writes("/start")
    desk.world.faults.on("bot_api_flood", seconds=500, times=1, method="sendMessage")
    await prepares_quietly(desk, boris, "From outside")
    await removes(desk, boris)
    desk.world.clock.advance(timedelta(minutes=10))
    await desk.app.schedule.run("late deliveries")
    await desk.settled()
    assert await fates(desk) == [(outbox.REFUSED, "author")]
    assert heard(anna, olga) == []


async def test_mallory_can_neither_write_nor_send_nor_look(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone, mallory: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await prepares(boris, anna, "Between us")
    await mallory.writes("/start")
    for address in ("wr:1:0", "ra:1:0", "re:1", "rs:1:0", "rk:1", "rx:1", "rf:1"):
        await mallory.presses_address(address)
        assert "Between us" not in mallory.screen
    assert heard(anna, olga) == []
    async with desk.vault() as session:
        assert len((await session.exec(select(Reply))).all()) == 1
