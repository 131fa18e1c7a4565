"""The sandbox's world: what people write, change and delete, and what each account sees of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.world import (
    CallbackAnswer,
    Entity,
    Event,
    MessageEdited,
    MessagesDeleted,
    MessageSent,
    Person,
    Refused,
    World,
    image_size,
    utf16_length,
)

YES = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}


def test_people_are_found_by_what_is_known_of_them(world: World, anna: Person, robot: Person) -> None:
    assert world.by_username("@ANNA_i") is anna
    assert world.by_phone("49(170)2") is anna
    assert world.by_token(robot.token or "") is robot
    assert robot.token
    assert robot.token.startswith(f"{robot.id}:")
    world.change_person(anna.id, username="anna2", last_name=None)
    assert world.by_username("anna_i") is None
    assert world.by_username("anna2") is anna
    assert anna.name == "Anna"


def test_a_taken_username_is_refused(world: World, anna: Person) -> None:
    with pytest.raises(Refused, match="USERNAME_OCCUPIED"):
        world.add_person("Mallory", username=(anna.username or "").upper())
    mallory = world.add_person("Mallory", username="mallory")
    with pytest.raises(Refused, match="PHONE_NUMBER_OCCUPIED"):
        world.change_person(mallory.id, username="other", phone=anna.phone)
    assert (world.by_username("mallory"), world.by_username("other")) == (mallory, None)
    assert world.by_phone(anna.phone or "") is anna


def test_one_message_has_a_number_of_its_own_in_each_account(world: World, olga: Person, anna: Person) -> None:
    chen = world.add_person("Chen")
    first = world.send(chen.id, olga.id, "hello")
    second = world.send(anna.id, olga.id, "hi")
    assert (first.ids[olga.id], second.ids[olga.id], second.ids[anna.id]) == (1, 2, 1)
    assert world.message_for(olga.id, 2) is second
    assert world.message_for(anna.id, 2) is None


def test_saved_messages_are_a_chat_with_oneself(world: World, olga: Person) -> None:
    note = world.send(olga.id, olga.id, "milk")
    assert note.ids == {olga.id: 1}
    assert [box.peer_id for box in world.dialogs(olga.id)] == [olga.id]
    assert world.dialogs(olga.id)[0].unread == 0


def test_dialogs_stand_by_their_newest_message_that_stands(world: World, olga: Person, anna: Person) -> None:
    chen = world.add_person("Chen")
    world.send(anna.id, olga.id, "first", date=world.clock.now() - timedelta(days=2))
    world.send(chen.id, olga.id, "second", date=world.clock.now() - timedelta(days=1))
    last = world.send(anna.id, olga.id, "third")
    assert [box.peer_id for box in world.dialogs(olga.id)] == [anna.id, chen.id]
    world.delete([last.uid], by=anna.id)
    assert [box.peer_id for box in world.dialogs(olga.id)] == [chen.id, anna.id]


def test_history_pages_backwards_and_forwards(world: World, olga: Person, anna: Person) -> None:
    sent = [world.send(anna.id, olga.id, str(number)) for number in range(10)]
    world.delete([sent[5].uid], by=olga.id)

    def texts(**page: int) -> str:
        return "".join(message.text for message in world.history(olga.id, anna.id, **page))

    assert texts() == "987643210"
    assert texts(limit=3) == "987"
    assert texts(before_id=8, limit=3) == "643"
    assert texts(after_id=4, limit=3) == "764"
    assert texts(after_id=2, before_id=5) == "32"
    assert world.history(olga.id, 404) == []


def test_reading_counts_down_and_shows_on_the_other_side(world: World, olga: Person, anna: Person) -> None:
    for text in ("a", "b", "c"):
        world.send(anna.id, olga.id, text)
    (box,) = world.dialogs(olga.id)
    assert box.unread == 3
    world.read(olga.id, anna.id, up_to=2)
    assert box.unread == 1
    world.delete([world.history(olga.id, anna.id)[0].uid], by=anna.id)
    assert box.unread == 0
    assert world.dialogs(anna.id)[0].read_outbox == 2


def test_an_edit_keeps_the_earlier_text(world: World, olga: Person, anna: Person) -> None:
    message = world.send(anna.id, olga.id, "half past siks")
    world.edit(message.uid, text="half past six", by=anna.id)
    assert message.text == "half past six"
    assert [text for text, _ in message.versions] == ["half past siks"]
    assert message.edited_at is not None


def test_an_edit_that_changes_nothing_is_refused(world: World, olga: Person, anna: Person) -> None:
    message = world.send(anna.id, olga.id, "same")
    with pytest.raises(Refused, match="message is not modified"):
        world.edit(message.uid, text="same", markup={}, by=anna.id)


def test_nobody_edits_what_another_wrote_or_what_is_two_days_old(world: World, olga: Person, anna: Person) -> None:
    message = world.send(anna.id, olga.id, "mine")
    with pytest.raises(Refused, match="can't be edited"):
        world.edit(message.uid, text="yours", by=olga.id)
    world.clock.advance(timedelta(days=3))
    with pytest.raises(Refused, match="can't be edited"):
        world.edit(message.uid, text="late", by=anna.id)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start now", [("bot_command", "/start")]),
        ("a/b and 1/2", []),
        ("😀 write to @wysper_bot!", [("mention", "@wysper_bot")]),
        ("see https://wysper.io/a?b=1.", [("url", "https://wysper.io/a?b=1")]),
        ("see example.com, or me@example.com", [("url", "example.com"), ("email", "me@example.com")]),
        ("#sale #1 +49 170 1234567", [("hashtag", "#sale"), ("phone_number", "+49 170 1234567")]),
        ("I paid 3.50 in No.5 e.g. here.", []),
    ],
)
def test_what_can_be_clicked_is_found(
    world: World, olga: Person, anna: Person, text: str, found: list[tuple[str, str]]
) -> None:
    message = world.send(anna.id, olga.id, text)
    units = text.encode("utf-16-le")
    spans = [
        (entity.type, units[2 * entity.offset :][: 2 * entity.length].decode("utf-16-le"))
        for entity in message.entities
    ]
    assert spans == found


def test_what_is_formatted_already_is_not_linked_again(world: World, olga: Person, anna: Person) -> None:
    given = Entity("code", 0, 11)
    assert world.send(anna.id, olga.id, "example.com", entities=[given]).entities == (given,)


@given(st.text())
def test_every_found_link_lies_inside_its_text(text: str) -> None:
    world = World()
    olga = world.add_person("Olga")
    for entity in world.send(olga.id, olga.id, text).entities:
        assert 0 <= entity.offset < entity.offset + entity.length <= utf16_length(text)


def test_either_side_deletes_for_both(world: World, olga: Person, anna: Person) -> None:
    message = world.send(anna.id, olga.id, "oops")
    assert world.delete([message.uid, 404], by=world.add_person("Mallory").id) == []
    assert world.delete([message.uid], by=olga.id) == [message]
    assert world.message_for(anna.id, 1) is None
    assert world.delete([message.uid], by=olga.id) == []


def test_the_log_of_an_account_tells_what_was_missed(world: World, olga: Person, anna: Person) -> None:
    kept = world.send(anna.id, olga.id, "one")
    seen = world.account(olga.id).pts
    lost = [world.send(anna.id, olga.id, "two"), world.send(anna.id, olga.id, "three")]
    world.edit(kept.uid, text="uno", by=anna.id)
    world.delete([message.uid for message in lost], by=anna.id)
    missed = world.account(olga.id).events_since(seen)
    assert [type(entry.event) for entry in missed] == [MessageSent, MessageSent, MessageEdited, MessagesDeleted]
    assert [entry.pts_count for entry in missed] == [1, 1, 1, 2]
    assert missed[-1].pts == world.account(olga.id).pts == seen + 5


@given(st.lists(st.sampled_from(["send", "edit", "delete", "read"]), max_size=40))
def test_every_log_adds_up_whatever_happens(acts: list[str]) -> None:
    world = World()
    olga, anna = world.add_person("Olga"), world.add_person("Anna")
    for turn, act in enumerate(acts):
        last = next(iter(world.history(olga.id, anna.id, limit=1)), None)
        if act == "send":
            world.send(anna.id, olga.id, str(turn))
        elif last and act == "edit":
            world.edit(last.uid, text=str(turn), by=anna.id)
        elif last and act == "delete":
            world.delete([last.uid], by=olga.id)
        elif act == "read":
            world.read(olga.id, anna.id)
    for person in (olga, anna):
        account = world.account(person.id)
        assert account.pts == 1 + sum(entry.pts_count for entry in account.log)
    boxes = world.dialogs(olga.id)
    assert all(box.unread == sum(box.number(m) > box.read_inbox for m in box.oldest_first()) for box in boxes)


def test_listeners_hear_events_in_the_order_they_happened(world: World, olga: Person, anna: Person) -> None:
    heard: list[str] = []

    def answers(event: Event) -> None:
        if isinstance(event, MessageSent) and event.message.text == "ping":
            world.send(olga.id, anna.id, "pong")

    def listens(event: Event) -> None:
        if isinstance(event, MessageSent):
            heard.append(event.message.text)

    world.subscribe(answers)
    world.subscribe(listens)
    world.send(anna.id, olga.id, "ping")
    world.unsubscribe(listens)
    world.send(anna.id, olga.id, "unheard")
    assert heard == ["ping", "pong"]


def test_what_a_blocked_person_writes_reaches_himself_alone(world: World, olga: Person, anna: Person) -> None:
    world.block(olga.id, anna.id)
    assert set(world.send(anna.id, olga.id, "please").ids) == {anna.id}
    with pytest.raises(Refused, match="YOU_BLOCKED_USER"):
        world.send(olga.id, anna.id, "sorry")
    world.unblock(olga.id, anna.id)
    assert set(world.send(anna.id, olga.id, "thanks").ids) == {anna.id, olga.id}


def test_a_bot_writes_only_to_those_who_started_it_and_did_not_block_it(
    world: World, anna: Person, robot: Person
) -> None:
    with pytest.raises(Refused, match="can't initiate conversation"):
        world.send(robot.id, anna.id, "psst")
    world.send(anna.id, robot.id, "/start")
    world.send(robot.id, anna.id, "welcome")
    world.block(anna.id, robot.id)
    with pytest.raises(Refused, match="bot was blocked by the user"):
        world.send(robot.id, anna.id, "still there?")


def test_a_business_bot_answers_only_within_a_day_of_the_clients_word(
    world: World, olga: Person, anna: Person, robot: Person
) -> None:
    world.connect_business(olga.id, robot.id)
    with pytest.raises(Refused, match="BUSINESS_PEER_USAGE_MISSING"):
        world.send(olga.id, anna.id, "offer!", business_bot_id=robot.id)
    world.send(anna.id, olga.id, "open today?")
    answer = world.send(olga.id, anna.id, "until six", business_bot_id=robot.id)
    assert (answer.sender_id, answer.business_bot_id) == (olga.id, robot.id)
    world.clock.advance(timedelta(hours=25))
    with pytest.raises(Refused, match="BUSINESS_PEER_USAGE_MISSING"):
        world.send(olga.id, anna.id, "news", business_bot_id=robot.id)


def test_a_business_bot_needs_the_right_the_chat_and_the_connection(
    world: World, olga: Person, anna: Person, robot: Person
) -> None:
    world.send(anna.id, olga.id, "hello")
    first = world.connect_business(olga.id, robot.id, rights={"can_read_messages"})
    with pytest.raises(Refused, match="BOT_ACCESS_FORBIDDEN"):
        world.send(olga.id, anna.id, "hi", business_bot_id=robot.id)
    second = world.edit_business(olga.id, rights={"can_reply"}, chats=set())
    assert world.business(first.id) is None
    assert world.business(second.id) is second
    with pytest.raises(Refused, match="BUSINESS_PEER_INVALID"):
        world.send(olga.id, anna.id, "hi", business_bot_id=robot.id)
    world.disconnect_business(olga.id)
    assert world.business_of(olga.id) is None
    with pytest.raises(Refused, match="BUSINESS_CONNECTION_INVALID"):
        world.send(olga.id, anna.id, "hi", business_bot_id=robot.id)


def test_a_bot_without_secretary_mode_cannot_be_connected(world: World, olga: Person) -> None:
    plain = world.add_bot("Plain", "plain_bot", secretary_mode=False)
    with pytest.raises(Refused, match="BOT_BUSINESS_MISSING"):
        world.connect_business(olga.id, plain.id)


async def test_a_press_is_answered_once_and_in_time(world: World, anna: Person, robot: Person) -> None:
    world.send(anna.id, robot.id, "/start")
    asked = world.send(robot.id, anna.id, "Sure?", markup=YES)
    heard: list[Event] = []
    world.subscribe(heard.append)
    answer = world.press(anna.id, asked.uid, "yes")
    query_id = heard[0].press.id  # type: ignore[attr-defined]  # a ButtonPressed
    world.answer_callback(query_id, CallbackAnswer("Done"), by=robot.id)
    assert await answer == CallbackAnswer("Done")

    late = world.press(anna.id, asked.uid, "yes")
    world.clock.advance(timedelta(minutes=1))
    assert await late is None
    with pytest.raises(Refused, match="query is too old"):
        world.answer_callback(query_id, CallbackAnswer(), by=robot.id)


async def test_a_button_that_is_not_there_cannot_be_pressed(world: World, anna: Person, robot: Person) -> None:
    world.send(anna.id, robot.id, "/start")
    asked = world.send(robot.id, anna.id, "Sure?", markup=YES)
    with pytest.raises(Refused, match="DATA_INVALID"):
        world.press(anna.id, asked.uid, "no")
    world.edit(asked.uid, markup={}, by=robot.id)
    with pytest.raises(Refused, match="DATA_INVALID"):
        world.press(anna.id, asked.uid, "yes")


def test_a_fault_strikes_as_often_and_where_it_was_told(world: World) -> None:
    world.faults.on("bot_api_flood", seconds=3, times=1, method="sendMessage")
    world.faults.on("mtproto_cut")
    assert world.faults.take("bot_api_flood", "getMe") is None
    struck = world.faults.take("bot_api_flood", "sendMessage")
    assert struck
    assert struck.seconds == 3
    assert world.faults.take("bot_api_flood", "sendMessage") is None
    assert world.faults.take("mtproto_cut")
    assert world.faults.take("mtproto_cut")
    world.faults.off()
    assert world.faults.active() == ()


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x10", (256, 16)),
        (b"GIF89a\x05\0\x07\0", (5, 7)),
        (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x10\0\x20\x03", (32, 16)),
        (b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0", (16, 32)),
        (b"%PDF-1.7", None),
        (b"\xff\xd8\xff", None),
    ],
)
def test_the_size_of_an_image_is_read_from_its_header(data: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(data) == size


def test_a_person_reacts_once_and_may_take_it_back(world: World, olga: Person, anna: Person) -> None:
    asked = world.send(anna.id, olga.id, "ready?")
    world.react(asked.uid, "👍", by=olga.id)
    world.react(asked.uid, "🔥", by=olga.id)
    assert [(one.by, one.emoji) for one in asked.reactions] == [(olga.id, "🔥")]
    with pytest.raises(Refused, match="REACTIONS_TOO_MANY"):
        world.react(asked.uid, "👍", "🔥", by=anna.id)
    world.react(asked.uid, by=olga.id)
    assert (asked.reactions, asked.edited_at) == ((), None)
    mallory = world.add_person("Mallory")
    with pytest.raises(Refused, match="MESSAGE_ID_INVALID"):
        world.react(asked.uid, "👎", by=mallory.id)


def test_a_forward_keeps_who_said_it_first(world: World, olga: Person, anna: Person) -> None:
    chen = world.add_person("Chen")
    asked = world.send(anna.id, olga.id, "ready?")
    again = world.forward(world.forward(asked.uid, by=olga.id, to=chen.id).uid, by=chen.id, to=olga.id)
    assert again.origin
    assert (again.origin.name, again.origin.person_id, again.sender_id) == (anna.name, anna.id, chen.id)
    world.protect(olga.id, anna.id)
    with pytest.raises(Refused, match="can't be forwarded"):
        world.forward(world.send(anna.id, olga.id, "between us").uid, by=olga.id, to=chen.id)
