"""Reading an account: conversations, histories, people and files, as an unmodified client asks for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.mtproto import Rate
from sandbox.mtproto.view import View
from sandbox.world import Entity, World
from tests.sandbox.mtproto.town import Town, errors, functions, types

LAST_YEAR = datetime(2025, 5, 1, 9, tzinfo=UTC)


async def test_all_dialogs_come_page_by_page_newest_first(town: Town) -> None:
    for at in range(230):
        client = town.world.add_person(f"Client {at}")
        town.world.send(client.id, town.olga.id, f"hello {at}", date=LAST_YEAR + timedelta(minutes=at // 3))
    olga = await town.signed_in()

    dialogs = [dialog async for dialog in olga.iter_dialogs()]

    assert [dialog.name for dialog in dialogs] == [f"Client {at}" for at in reversed(range(230))]
    assert (dialogs[0].message.text, dialogs[0].unread_count) == ("hello 229", 1)


async def test_a_long_history_comes_whole_in_either_direction(town: Town) -> None:
    texts = [f"message {at}" for at in range(345)]
    sent = town.anna_writes(*texts)
    town.world.delete([sent[at].uid for at in (0, 77, 200, 344)], by=town.anna.id)
    left = [text for at, text in enumerate(texts) if at not in {0, 77, 200, 344}]
    olga = await town.signed_in()

    newest_first = [message async for message in olga.iter_messages("anna", wait_time=0)]
    oldest_first = [message async for message in olga.iter_messages("anna", wait_time=0, reverse=True)]

    assert [message.text for message in newest_first] == left[::-1]
    assert [message.text for message in oldest_first] == left
    assert (await olga.get_messages("anna", limit=0)).total == len(left)


async def test_a_page_can_be_asked_for_from_any_place(town: Town) -> None:
    town.anna_writes(*(f"{at}" for at in range(1, 51)))
    olga = await town.signed_in()
    anna = await olga.get_input_entity("anna")

    async def page(**place: int) -> list[int]:
        asked = {"offset_id": 0, "offset_date": None, "add_offset": 0, "limit": 5, "max_id": 0, "min_id": 0, "hash": 0}
        return [
            message.id for message in (await olga(functions.messages.GetHistoryRequest(anna, **asked | place))).messages
        ]

    assert await page() == [50, 49, 48, 47, 46]
    assert await page(offset_id=10) == [9, 8, 7, 6, 5]
    assert await page(offset_id=10, add_offset=2) == [7, 6, 5, 4, 3]
    assert await page(offset_id=10, add_offset=-5) == [14, 13, 12, 11, 10]
    assert await page(offset_id=10, add_offset=-2) == [11, 10, 9, 8, 7]
    assert await page(offset_id=48, add_offset=-5) == [50, 49, 48]
    assert await page(offset_id=10, add_offset=-8) == [17, 16, 15, 14, 13]
    assert await page(offset_id=10, min_id=6) == [9, 8, 7]
    assert await page(max_id=49, limit=3) == [48]


async def test_both_sides_see_one_message_under_their_own_numbers(town: Town) -> None:
    town.world.send(town.chen.id, town.anna.id, "between us")
    question, answer = town.anna_writes("Is it in stock?")[0], town.world.send(town.olga.id, town.anna.id, "Yes")
    olga, anna = await town.signed_in(), await town.signed_in(town.anna)

    hers = await olga.get_messages("anna")
    other = await anna.get_messages("olga")

    assert [(hers[0].id, hers[0].out), (other[0].id, other[0].out)] == [(2, True), (3, False)]
    assert (hers[0].sender_id, other[0].sender_id) == (town.olga.id, town.olga.id)
    assert answer.ids == {town.olga.id: 2, town.anna.id: 3}
    assert (await olga.get_messages("anna", ids=question.ids[town.olga.id])).text == "Is it in stock?"


async def test_everything_a_message_can_carry_arrives(town: Town) -> None:
    world, olga_id, anna_id = town.world, town.olga.id, town.anna.id
    first = world.send(
        anna_id, olga_id, "see *this*", entities=[Entity("bold", 4, 6), Entity("text_link", 0, 3, "https://a.b")]
    )
    world.send(olga_id, anna_id, "seen", reply_to=first.uid)
    world.send(anna_id, olga_id, service={"type": "phone_call", "duration": 65})
    world.send(anna_id, olga_id, service={"type": "location", "latitude": 52.5, "longitude": 13.4})
    edited = world.send(anna_id, olga_id, "tomorow")
    world.edit(edited.uid, text="tomorrow", by=anna_id)
    olga = await town.signed_in()

    late, place, call, seen, formatted = await olga.get_messages("anna", limit=5)

    assert [type(entity) for entity in formatted.entities] == [types.MessageEntityBold, types.MessageEntityTextUrl]
    assert seen.reply_to_msg_id == formatted.id
    assert call.action.duration == 65
    assert (place.geo.lat, place.geo.long) == (52.5, 13.4)
    assert (late.text, late.edit_date is not None) == ("tomorrow", True)


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "sticker"])
async def test_a_file_is_downloaded_byte_for_byte(town: Town, kind: Any) -> None:
    data = kind.encode() * 140_001
    file = town.world.store_file(data, kind, name="file.bin", mime="application/pdf", width=640, height=480, duration=3)
    town.world.send(town.anna.id, town.olga.id, "look", file=file)
    olga = await town.signed_in()

    (message,) = await olga.get_messages("anna")

    assert await message.download_media(bytes) == data
    assert message.file.size == len(data)


async def test_a_face_is_downloaded(town: Town) -> None:
    town.world.change_person(town.anna.id, photo=town.world.store_file(b"anna's face", "photo"))
    olga = await town.signed_in()

    assert await olga.download_profile_photo("anna", bytes) == b"anna's face"


async def test_an_old_file_reference_must_be_fetched_anew(town: Town) -> None:
    town.world.send(town.anna.id, town.olga.id, file=town.world.store_file(b"a photo", "photo"))
    olga = await town.signed_in()
    (message,) = await olga.get_messages("anna")
    town.server.expire_file_references()

    with pytest.raises(errors.FileReferenceExpiredError):
        await message.download_media(bytes)
    (again,) = await olga.get_messages("anna")

    assert await again.download_media(bytes) == b"a photo"


async def test_a_person_is_found_by_username_phone_and_address_book(town: Town) -> None:
    town.anna_writes("hi")
    olga = await town.signed_in()

    assert (await olga.get_entity("anna")).phone == "49151000002"
    assert (await olga(functions.contacts.ResolvePhoneRequest("+49151000003"))).users[0].first_name == "Chen"
    assert [user.first_name for user in (await olga(functions.contacts.GetContactsRequest(0))).users] == ["Anna"]
    assert (await olga(functions.users.GetFullUserRequest("anna"))).full_user.id == town.anna.id
    with pytest.raises(ValueError, match="nobody"):
        await olga.get_entity("nobody")


async def test_a_wrong_access_hash_opens_nothing(town: Town) -> None:
    town.anna_writes("hi")
    olga, chen = await town.signed_in(), await town.signed_in(town.chen)
    right = await olga.get_input_entity("anna")
    guessed = types.InputPeerUser(town.anna.id, right.access_hash ^ 1)

    with pytest.raises(errors.PeerIdInvalidError):
        await olga.get_messages(guessed)
    with pytest.raises(errors.UserIdInvalidError):
        await olga(functions.users.GetFullUserRequest(types.InputUser(guessed.user_id, guessed.access_hash)))
    with pytest.raises(errors.PeerIdInvalidError):  # Olga's hash is of no use to Chen
        await chen.send_message(right, "hello from Chen")


async def test_a_flood_wait_names_its_seconds_and_passes(town: Town) -> None:
    town.anna_writes("hi")
    olga = await town.signed_in()
    town.world.faults.on("mtproto_flood", seconds=17, times=1, method="messages.getHistory")

    with pytest.raises(errors.FloodWaitError) as wait:
        await olga.get_messages("anna")

    assert wait.value.seconds == 17
    assert town.world.faults.active() == ()


async def test_history_is_limited_where_the_limit_is_on_but_not_for_a_takeout(town: Town) -> None:
    town.anna_writes("hi")
    town.server.history_rate = Rate(3, 30)
    olga = await town.signed_in()

    async with olga.takeout() as takeout:
        for _ in range(5):
            await takeout.get_messages("anna")
    for _ in range(3):
        await olga.get_messages("anna")
    with pytest.raises(errors.FloodWaitError) as wait:
        await olga.get_messages("anna")

    assert 28 <= wait.value.seconds <= 30


async def test_a_takeout_that_is_over_answers_no_more(town: Town) -> None:
    olga = await town.signed_in()

    with pytest.raises(errors.TakeoutInvalidError):
        await olga(functions.InvokeWithTakeoutRequest(99, functions.updates.GetStateRequest()))


async def test_a_method_that_the_sandbox_lacks_is_refused_by_name(town: Town) -> None:
    olga = await town.signed_in()

    with pytest.raises(errors.MethodInvalidError):
        await olga(functions.photos.GetUserPhotosRequest("me", 0, 0, 10))


@given(st.text(max_size=300), st.booleans())
def test_plain_text_is_packed_as_telethon_itself_would(text: str, from_me: bool) -> None:
    world = World()
    me, anna = world.add_person("Olga"), world.add_person("Anna")
    message = world.send(*((me.id, anna.id) if from_me else (anna.id, me.id)), text)
    view = View(world, me, None)  # type: ignore[arg-type]  # plain text refers to no file

    assert view.message(message).data == bytes(view._tl_message(message))  # noqa: SLF001  the two ways side by side
