"""What happens while a client looks on, and what it is told of the time when it did not."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import FaultName
from tests.sandbox.mtproto.town import Heard, Town, errors, events, functions, telethon, types

ENTRY_ACCOUNT = telethon._updates.messagebox.ENTRY_ACCOUNT  # noqa: SLF001  where Telethon keeps its pts


async def test_new_edited_and_deleted_messages_are_told_at_once(town: Town) -> None:
    olga = await town.signed_in()
    heard = Heard(olga, events.NewMessage, events.MessageEdited, events.MessageDeleted)

    (message,) = town.anna_writes("Do you deliver?")
    new = await heard.next()
    town.world.edit(message.uid, text="Do you deliver to Kiel?", by=town.anna.id)
    edited = await heard.next()
    town.world.delete([message.uid], by=town.anna.id)
    deleted = await heard.next()

    assert (new.text, new.sender_id, new.out) == ("Do you deliver?", town.anna.id, False)
    assert (edited.text, edited.id) == ("Do you deliver to Kiel?", new.id)
    assert (deleted.deleted_ids, deleted.chat_id) == ([new.id], None)
    assert (await olga.get_messages("anna", ids=new.id)) is None


async def test_what_olga_writes_on_her_phone_arrives_at_her_desk(town: Town) -> None:
    phone, desk = await town.signed_in(), await town.signed_in()
    at_desk, on_phone = Heard(desk, events.NewMessage), Heard(phone, events.NewMessage)

    sent = await phone.send_message("anna", "Yes, **tomorrow**")
    await phone.send_message("anna", "At nine")
    first, second = await at_desk.next(), await at_desk.next()

    assert (first.id, first.out, first.raw_text) == (sent.id, True, "Yes, tomorrow")
    assert second.raw_text == "At nine"
    assert on_phone.nothing_more  # whoever acts learns it from the answer


async def test_answers_and_updates_leave_no_gap_behind(town: Town) -> None:
    olga = await town.signed_in()
    heard = Heard(olga, events.NewMessage)

    sent = await olga.send_message("anna", "one")
    await olga.edit_message(sent, "one and a half")
    await olga.send_message("anna", "two")
    town.anna_writes("three")
    assert (await heard.next()).text == "three"
    await olga.send_read_acknowledge("anna")
    await olga.delete_messages("anna", [sent.id])
    town.anna_writes("four")

    assert (await heard.next()).text == "four"
    state = await olga(functions.updates.GetStateRequest())
    assert state.pts == town.world.account(town.olga.id).pts
    assert olga._message_box.map[ENTRY_ACCOUNT].pts == state.pts  # noqa: SLF001  Telethon shows it nowhere else


async def test_the_other_side_learns_that_it_was_read(town: Town) -> None:
    olga, anna = await town.signed_in(), await town.signed_in(town.anna)
    town.anna_writes("hello?")
    heard = Heard(anna, events.MessageRead)

    await olga.send_read_acknowledge("anna")

    assert (await heard.next()).outbox
    assert (await olga.get_dialogs())[0].unread_count == 0


async def test_a_new_name_is_told(town: Town) -> None:
    town.anna_writes("hi")
    olga = await town.signed_in()
    heard = Heard(olga, events.Raw(types.UpdateUserName))

    town.world.change_person(town.anna.id, first_name="Anne", username="anne")

    assert (await heard.next()).first_name == "Anne"
    assert (await olga.get_entity("anne")).first_name == "Anne"


async def test_a_draft_shows_on_the_other_device_and_in_the_list(town: Town) -> None:
    town.anna_writes("hi")
    phone, desk = await town.signed_in(), await town.signed_in()
    heard = Heard(phone, events.Raw(types.UpdateDraftMessage))

    await desk(functions.messages.SaveDraftRequest("anna", "Dear Anna,"))

    assert (await heard.next()).draft.message == "Dear Anna,"
    assert (await phone.get_dialogs())[0].draft.text == "Dear Anna,"


async def test_a_client_that_wants_no_updates_gets_none(town: Town) -> None:
    quiet = await town.signed_in(receive_updates=False)
    heard = Heard(quiet)

    town.anna_writes("hi")
    await quiet.get_messages("anna")

    assert heard.nothing_more


async def difference(client: Any, pts: int) -> Any:
    return await client(functions.updates.GetDifferenceRequest(pts=pts, date=None, qts=0))


async def test_the_difference_tells_of_new_edited_and_deleted_messages(town: Town) -> None:
    before = town.anna_writes("old one", "old two", "old three")
    olga = await town.signed_in()
    pts = (await olga(functions.updates.GetStateRequest())).pts
    session = olga.session
    await olga.disconnect()

    new = town.anna_writes("new one", "new two", "new three")
    town.world.edit(before[0].uid, text="old one, edited", by=town.anna.id)
    town.world.edit(new[0].uid, text="new one, edited", by=town.anna.id)
    town.world.delete([before[1].uid, new[1].uid], by=town.anna.id)
    missed = await difference(await town.client(session), pts)

    numbers = {message.uid: message.ids[town.olga.id] for message in (*before, *new)}
    edits = [update.message for update in missed.other_updates if isinstance(update, types.UpdateEditMessage)]
    gone = [update for update in missed.other_updates if isinstance(update, types.UpdateDeleteMessages)]
    assert isinstance(missed, types.updates.Difference)
    assert [message.message for message in missed.new_messages] == ["new one, edited", "new three"]
    assert {message.id: message.message for message in edits} == {
        numbers[before[0].uid]: "old one, edited",
        numbers[new[0].uid]: "new one, edited",
    }
    assert [sorted(update.messages) for update in gone] == [[numbers[before[1].uid], numbers[new[1].uid]]]
    assert missed.state.pts == town.world.account(town.olga.id).pts
    assert {user.id for user in missed.users} == {town.olga.id, town.anna.id}


async def test_a_long_difference_comes_in_slices(town: Town) -> None:
    olga = await town.signed_in()
    pts = start = (await olga(functions.updates.GetStateRequest())).pts
    town.anna_writes(*(f"{at}" for at in range(250)))

    texts: list[str] = []
    slices = 0
    while isinstance(part := await difference(olga, pts), types.updates.DifferenceSlice):
        texts += [message.message for message in part.new_messages]
        pts = part.intermediate_state.pts
        slices += 1

    texts += [message.message for message in part.new_messages]
    assert texts == [f"{at}" for at in range(250)]
    assert (slices, part.state.pts) == (2, start + 250)
    assert isinstance(await difference(olga, part.state.pts), types.updates.DifferenceEmpty)


async def test_a_difference_can_be_too_long(town: Town) -> None:
    olga = await town.signed_in()
    town.anna_writes("one", "two")
    town.world.faults.on("mtproto_too_long", times=1)

    too_long = await difference(olga, 1)

    assert isinstance(too_long, types.updates.DifferenceTooLong)
    assert too_long.pts == town.world.account(town.olga.id).pts
    assert len((await difference(olga, 1)).new_messages) == 2


@pytest.mark.parametrize("trouble", ["mtproto_withheld", "mtproto_twice", "mtproto_late"])
async def test_a_client_makes_order_of_what_is_pushed_late_twice_or_not_at_all(town: Town, trouble: FaultName) -> None:
    olga = await town.signed_in()
    heard = Heard(olga, events.NewMessage)
    town.world.faults.on(trouble, seconds=0.05, times=1)

    town.anna_writes("one", "two")

    assert [(await heard.next()).text for _ in range(2)] == ["one", "two"]
    assert town.world.faults.active() == ()
    assert heard.nothing_more


async def test_a_place_in_the_log_that_never_was_is_refused(town: Town) -> None:
    olga = await town.signed_in()

    for pts in (0, 1_000):
        with pytest.raises((errors.PersistentTimestampEmptyError, errors.PersistentTimestampInvalidError)):
            await difference(olga, pts)


async def test_a_client_hears_on_after_its_connection_was_cut(town: Town) -> None:
    olga = await town.signed_in()
    heard = Heard(olga, events.NewMessage)
    town.world.faults.on("mtproto_cut", times=1)
    await olga.get_me()

    town.anna_writes("still there?")

    assert (await heard.next()).text == "still there?"
