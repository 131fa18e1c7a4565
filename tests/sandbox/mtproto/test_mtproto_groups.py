"""Groups, as an unmodified Telethon sees them: listed, read, followed, missed and caught up with."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.world import Group
from tests.sandbox.mtproto.town import Heard, Town, errors, events, functions, types


def choir(town: Town, *, is_super: bool = True) -> Group:
    """Anna's choir, in which Olga and Chen are."""
    return town.world.make_group(town.anna.id, "Choir", [town.olga.id, town.chen.id], is_super=is_super)


def sings(town: Town, group: Group, *texts: str) -> list[Any]:
    return [town.world.send(town.anna.id, group.id, text) for text in texts]


@pytest.mark.parametrize("is_super", [False, True])
async def test_a_group_is_listed_read_and_written_in(town: Town, is_super: bool) -> None:
    town.anna_writes("just us two")
    group = choir(town, is_super=is_super)
    sings(town, group, "Who comes on Friday?")
    olga = await town.signed_in()
    dialogs = {dialog.id: dialog for dialog in await olga.get_dialogs()}
    assert dialogs[group.id].title == "Choir"
    assert dialogs[group.id].is_group
    assert dialogs[group.id].entity.participants_count == 3
    assert dialogs[group.id].unread_count == 1 + 1  # with the notice that it was made
    sent = await olga.send_message(group.id, "I do")
    answered = await olga.send_message(group.id, "And I bring cake", reply_to=sent)
    history = await olga.get_messages(group.id, limit=10)
    assert [message.text for message in history] == ["And I bring cake", "I do", "Who comes on Friday?", None]
    assert history[2].sender.first_name == "Anna"
    assert history[0].reply_to_msg_id == sent.id
    assert answered.out
    await olga.edit_message(group.id, sent, "I do!")
    await olga.delete_messages(group.id, [answered.id])
    assert [message.text for message in await olga.get_messages(group.id, limit=2)] == ["I do!", "Who comes on Friday?"]


async def test_all_know_a_message_of_a_supergroup_by_one_number_and_of_a_basic_group_by_their_own(town: Town) -> None:
    town.anna_writes("one", "two")
    basic, whole = choir(town, is_super=False), choir(town)
    (in_basic,), (in_whole,) = sings(town, basic, "la"), sings(town, whole, "la la")
    assert (in_basic.number(town.olga.id), in_basic.number(town.chen.id)) == (4, 2)
    assert in_whole.number(town.olga.id) == in_whole.number(town.chen.id) == 2
    olga = await town.signed_in()
    await olga.get_dialogs()
    assert (await olga.get_messages(whole.id, ids=2)).text == "la la"
    assert (await olga.get_messages(None, ids=2)).text == "two"


async def test_what_happens_in_a_supergroup_is_told_at_once_in_its_own_count(town: Town) -> None:
    group = choir(town)
    olga = await town.signed_in()
    await olga.get_dialogs()
    heard = Heard(olga, events.NewMessage, events.MessageEdited, events.MessageDeleted)
    before = town.world.account(town.olga.id).pts
    (message,) = sings(town, group, "la")
    new = await heard.next()
    town.world.edit(message.uid, text="la la", by=town.anna.id)
    edited = await heard.next()
    town.world.delete([message.uid], by=town.anna.id)
    gone = await heard.next()
    assert (new.chat_id, new.text, new.sender_id) == (group.id, "la", town.anna.id)
    assert (edited.chat_id, edited.text) == (group.id, "la la")
    assert (gone.chat_id, gone.deleted_ids) == (group.id, [2])
    assert town.world.account(town.olga.id).pts == before


async def test_what_was_missed_of_a_supergroup_is_in_its_difference(town: Town) -> None:
    group = choir(town)
    first, second = sings(town, group, "one", "two")
    olga = await town.signed_in()
    entity = await olga.get_input_entity((await olga.get_dialogs())[0].entity)
    sings(town, group, *(f"missed {number}" for number in range(150)))
    town.world.edit(first.uid, text="one and a half", by=town.anna.id)
    town.world.delete([second.uid], by=town.anna.id)
    new: list[Any] = []
    other: list[Any] = []
    pts, final = 4, False
    while not final:
        request = functions.updates.GetChannelDifferenceRequest(entity, types.ChannelMessagesFilterEmpty(), pts, 100)
        answer = await olga(request)
        new, other = new + answer.new_messages, other + answer.other_updates
        pts, final = answer.pts, answer.final
    assert [message.message for message in new] == [f"missed {number}" for number in range(150)]
    assert [type(update).__name__ for update in other] == ["UpdateEditChannelMessage", "UpdateDeleteChannelMessages"]
    assert pts == town.world.account(group.id).pts
    town.world.faults.on("mtproto_too_long", times=1, method="updates.getChannelDifference")
    answer = await olga(functions.updates.GetChannelDifferenceRequest(entity, types.ChannelMessagesFilterEmpty(), 4, 9))
    assert (type(answer).__name__, answer.dialog.pts) == ("ChannelDifferenceTooLong", pts)


async def test_telethon_is_only_hinted_at_what_happened_and_fetches_it_itself(town: Town) -> None:
    group = choir(town)
    olga = await town.signed_in()
    await olga.get_dialogs()
    heard = Heard(olga, events.NewMessage)
    sings(town, group, "so that it knows the count")
    await heard.next()
    town.world.faults.on("mtproto_channel_too_long", times=1)
    sings(town, group, "only hinted at")
    assert (await heard.next()).text == "only hinted at"


async def test_a_basic_group_that_becomes_a_supergroup_goes_on_under_another_id(town: Town) -> None:
    basic = choir(town, is_super=False)
    sings(town, basic, "small")
    olga = await town.signed_in()
    await olga.get_dialogs()
    whole = town.world.upgrade_group(basic.id, by=town.anna.id)
    sings(town, whole, "large")
    assert [dialog.id for dialog in await olga.get_dialogs()] == [whole.id]
    old = await olga.get_messages(basic.id, limit=1)
    assert old[0].action.channel_id == whole.number
    new = await olga.get_messages(whole.id, limit=5)
    assert [message.text for message in new] == ["large", None]
    assert new[1].action.chat_id == basic.number
    with pytest.raises(errors.RPCError, match="GROUP_CHAT_WAS_UPGRADED"):
        await olga.send_message(basic.id, "too late")


async def test_whoever_is_thrown_out_of_a_supergroup_sees_nothing_of_it_any_more(town: Town) -> None:
    group = choir(town)
    olga = await town.signed_in()
    entity = await olga.get_input_entity((await olga.get_dialogs())[0].entity)
    town.world.remove_member(group.id, town.olga.id, by=town.anna.id)
    with pytest.raises(errors.ChannelPrivateError):
        await olga.get_messages(entity, limit=1)
    assert not await olga.get_dialogs()
    with pytest.raises(errors.RPCError):
        await olga(functions.updates.GetChannelDifferenceRequest(entity, types.ChannelMessagesFilterEmpty(), 2, 100))


async def test_a_stranger_can_neither_read_nor_name_a_group_in_which_he_is_not(town: Town) -> None:
    group, small = choir(town), choir(town, is_super=False)
    mallory = town.world.add_person("Mallory", phone="+49151000066")
    his = await town.signed_in(mallory)
    for peer in (types.InputPeerChannel(group.number, 0), types.InputPeerChat(small.number)):
        with pytest.raises(errors.RPCError):
            await his.get_messages(peer, limit=1)
    assert not await his.get_dialogs()


async def test_in_a_forum_each_message_says_in_which_topic_it_stands(town: Town) -> None:
    group = choir(town)
    town.world.set_forum(group.id, on=True, by=town.anna.id)
    topic = town.world.create_topic(group.id, "Cake", by=town.anna.id)
    asked = town.world.send(town.anna.id, group.id, "Who bakes?", topic=topic.id)
    olga = await town.signed_in()
    entity = next(dialog.entity for dialog in await olga.get_dialogs() if dialog.id == group.id)
    assert entity.forum
    await olga.send_message(group.id, "I do", reply_to=asked.number(town.olga.id))
    await olga.send_message(group.id, "With plums", reply_to=topic.id)
    town.world.pin(asked.uid, by=town.anna.id)
    town.world.close_topic(group.id, topic.id, by=town.anna.id)
    town.world.send(town.anna.id, group.id, "Hello all")
    general, closed, pinned, plums, bakes, question, opened = await olga.get_messages(group.id, limit=7)
    assert (general.reply_to, opened.reply_to, opened.action.title) == (None, None, "Cake")
    assert (closed.action.closed, type(pinned.action)) == (True, types.MessageActionPinMessage)
    assert [one.reply_to.forum_topic for one in (closed, pinned, plums, bakes, question)] == [True] * 5
    assert (question.reply_to.reply_to_msg_id, plums.reply_to.reply_to_msg_id) == (topic.id, topic.id)
    assert (bakes.reply_to.reply_to_msg_id, bakes.reply_to.reply_to_top_id) == (question.id, topic.id)
