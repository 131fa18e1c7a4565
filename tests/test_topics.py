"""A client is a topic: what is said with her stands there, and what the team writes there goes to her or is a note."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select, update

from crm.topics.scanning import SWARM
from storage.notes import Note
from storage.topics import Post
from tests.forum import Forum, plain
from tests.people import Desk, Someone


@pytest.fixture
async def forum(desk: Desk, olga: Someone, boris: Someone, vera: Someone) -> Forum:
    """Olga's forum with Boris and Vera, where the team works."""
    for someone in (olga, boris, vera):
        await someone.writes("/start")
    return await Forum.opened(desk, olga, boris, vera).joined(olga)


async def test_a_client_who_writes_gets_a_topic_with_a_card(forum: Forum, olga: Someone, anna: Someone) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    assert forum.topic("Anna").name == "⏳ Anna"
    assert forum.said("Anna") == ["👤 Anna\nAre the peonies in?"]
    card = forum.card("Anna")
    assert "@anna_k" in plain(card)
    assert "waits since" in card.text
    await anna.writes("Red ones?", to=olga)
    assert forum.said("Anna")[-1] == "👤 Anna\nRed ones?"
    assert len(forum.topics) == 1


async def test_what_olga_answers_from_her_phone_stands_there_and_opens_no_topic(
    forum: Forum, olga: Someone, anna: Someone, chen: Someone
) -> None:
    await olga.writes("Hello Chen, your order is ready", to=chen)
    assert not forum.topics
    await anna.writes("Are the peonies in?", to=olga)
    forum.desk.world.clock.advance(timedelta(minutes=1))
    await olga.writes("Tomorrow!", to=anna)
    assert forum.said("Anna")[-1] == "🏪 Olga\nTomorrow!"
    assert forum.topic("Anna").name == "☑️ Anna"


async def test_a_reply_goes_to_the_client_and_what_else_is_written_is_a_note(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    note = await forum.writes(boris, "Anna", "She always takes the red ones")
    assert forum.signs(note) == ["✍"]
    answer = await forum.writes(boris, "Anna", "They came this morning", to=forum.post("Anna", "peonies"))
    assert forum.signs(answer) == ["👀"]
    (preview,) = forum.alone(boris)
    assert "To Anna" in plain(preview)
    assert "They came this morning" in preview.text
    assert not forum.desk.world.history(anna.id, olga.id, limit=1)[0].text.startswith("They came")
    await boris.presses("Send", under=preview)
    sent = forum.desk.world.history(anna.id, olga.id, limit=1)[0]
    assert sent.text == "They came this morning"
    assert "waits since" not in forum.card("Anna").text
    assert sent.sender_id == olga.id
    assert forum.signs(answer) == ["👍"]
    second = await forum.writes(boris, "Anna", "Shall I keep some?", to=forum.post("Anna", "peonies"))
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "Shall I keep some?"
    assert forum.signs(second) == ["👍"]
    assert [text for text in forum.said("Anna") if "They came" in text] == ["They came this morning"]
    await olga.writes("/contacts")
    await olga.presses("Anna")
    assert "She always takes the red ones" in olga.screen


async def test_a_note_can_be_made_of_what_was_nearly_sent(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    await forum.writes(boris, "Anna", "Not again, she never pays", to=forum.post("Anna", "peonies"))
    await boris.presses("keep it as a note", under=forum.alone(boris)[-1])
    assert "note of the team now" in forum.alone(boris)[-1].text
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "Are the peonies in?"


async def test_edits_and_deletions_of_the_client_are_shown(forum: Forum, olga: Someone, anna: Someone) -> None:
    first = await anna.writes("Ten peonies", to=olga)
    second = await anna.writes("And a card", to=olga)
    await anna.edits(first, "Twelve peonies")
    await anna.deletes(second)
    assert forum.said("Anna") == ["👤 Anna\nTwelve peonies ✏️", "👤 Anna\n🗑 And a card"]


async def test_pictures_and_albums_come_into_the_topic(forum: Forum, desk: Desk, olga: Someone, anna: Someone) -> None:
    photo = desk.world.store_file(b"no picture", "photo", mime="image/jpeg", width=4, height=3)
    await anna.writes("Like this", to=olga, file=photo)
    album = forum.desk.world.new_album()
    for words in ("One", "Two"):
        forum.desk.world.send(anna.id, olga.id, words, file=photo, album_id=album)
    await forum.desk.settled()
    shown = [one for one in forum.messages(forum.topic("Anna")) if one.file]
    assert [plain(one) for one in shown] == ["👤 Anna\nLike this", "👤 Anna\nOne", "👤 Anna\nTwo"]
    assert len({one.album_id for one in shown[1:]}) == 1
    assert shown[1].album_id is not None


async def test_a_deleted_topic_is_opened_again_and_the_thread_goes_on(
    forum: Forum, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    forum.desk.world.delete_topic(forum.group.id, forum.topic("Anna").id, by=olga.id)
    await anna.writes("Hello?", to=olga)
    assert forum.said("Anna") == ["👤 Anna\nHello?"]
    assert "@anna_k" in plain(forum.card("Anna"))


async def test_a_closed_conversation_closes_its_topic_until_the_client_writes(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Thank you!", to=olga)
    await boris.presses("State", under=forum.card("Anna"))
    await boris.presses("Close", under=forum.alone(boris)[-1])
    assert forum.topic("Anna").closed
    assert forum.topic("Anna").name == "✅ Anna"
    await anna.writes("One more thing", to=olga)
    assert not forum.topic("Anna").closed
    assert forum.topic("Anna").name == "⏳ Anna"


async def test_what_a_button_of_the_card_opens_only_who_pressed_it_sees(
    forum: Forum, olga: Someone, boris: Someone, vera: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    before = len(forum.everything)
    await boris.presses("Card", under=forum.card("Anna"))
    await boris.presses("Tags", under=forum.alone(boris)[-1])
    assert not forum.alone(vera)
    assert len(forum.everything) == before
    assert len(forum.alone(boris)) == 1


async def test_mallory_in_the_group_sees_and_can_do_nothing(
    forum: Forum, olga: Someone, mallory: Someone, anna: Someone
) -> None:
    forum.desk.world.add_member(forum.group.id, mallory.id, by=olga.id)
    await anna.writes("Are the peonies in?", to=olga)
    words = await forum.writes(mallory, "Anna", "Send money to me", to=forum.post("Anna", "peonies"))
    await forum.writes(mallory, "Anna", "A note of mine")
    await forum.writes(mallory, "Anna", "/search peonies")
    await mallory.presses("Card", under=forum.card("Anna"))
    assert "You are not on this team" in mallory.alert
    assert not forum.signs(words)
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "Are the peonies in?"
    async with forum.desk.vault() as session:
        assert not (await session.exec(select(Note))).all()


async def test_a_swarm_waits_in_one_topic_until_somebody_takes_whom_he_wants(
    forum: Forum, desk: Desk, olga: Someone, boris: Someone
) -> None:
    people = [desk.newcomer(f"Stranger {number}") for number in range(SWARM + 3)]
    for someone in people:
        desk.world.send(someone.id, olga.id, "Cheap watches!")
    await desk.settled()
    assert len([name for name in forum.topics if "Stranger" in name]) == SWARM
    crowd = forum.post("New people", "new people wrote")
    assert "3 new people" in crowd.text
    await boris.presses(f"Stranger {SWARM + 1}", under=crowd)
    assert f"⏳ Stranger {SWARM + 1}" in forum.topics
    assert "2 new people" in crowd.text


async def test_two_who_write_to_one_client_are_told_of_each_other(
    forum: Forum, olga: Someone, boris: Someone, vera: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    await forum.writes(boris, "Anna", "Yes", to=forum.post("Anna", "peonies"))
    await boris.presses("Send", under=forum.alone(boris)[-1])
    await forum.writes(vera, "Anna", "I look", to=forum.post("Anna", "peonies"))
    assert "Boris is answering this client, too" in plain(forum.alone(vera)[-1])
    forum.desk.world.clock.advance(timedelta(minutes=6))
    await vera.presses("Send", under=forum.alone(vera)[-1])
    await forum.writes(vera, "Anna", "There are some", to=forum.post("Anna", "peonies"))
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "There are some"


async def test_where_it_is_turned_round_what_is_written_goes_to_the_client(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await olga.writes("/settings")
    await olga.presses("Team group")
    await olga.presses("Flower team")
    await olga.presses("Everything but replies")
    await anna.writes("Are the peonies in?", to=olga)
    await forum.writes(boris, "Anna", "Yes, they are")
    await boris.presses("Send", under=forum.alone(boris)[-1])
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "Yes, they are"
    note = await forum.writes(boris, "Anna", "She is a good one", to=forum.post("Anna", "peonies"))
    assert forum.signs(note) == ["✍"]
    pinned = [forum.desk.world.messages[uid].text for uid in forum.group.pinned]
    assert any("goes to the client; a reply" in text for text in pinned)


async def test_ten_thousand_characters_stand_there_shortened_with_a_way_to_all_of_it(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("peonies " * 1250, to=olga)
    post = forum.post("Anna", "peonies")
    assert len(post.text) < 4096
    await boris.presses("Show the whole message", under=post)
    assert forum.alone(boris)


async def test_what_was_being_posted_when_the_program_ended_is_told_again_and_says_so(
    forum: Forum, desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        await session.exec(update(Post).values(state="sending", message_id=None))
    await desk.stop()
    await desk.start()
    await desk.settled()
    assert forum.said("Anna")[-1] == "↻ Perhaps for the second time:\n👤 Anna\nAre the peonies in?"


async def test_after_a_restart_what_was_written_meanwhile_is_told(
    forum: Forum, desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    await desk.stop()
    desk.world.send(anna.id, olga.id, "Hello?")
    await desk.start()
    await desk.settled()
    assert forum.said("Anna") == ["👤 Anna\nAre the peonies in?", "👤 Anna\nHello?"]


async def test_an_answer_that_is_refused_says_why_and_what_to_do(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    first = await forum.writes(boris, "Anna", "Yes", to=forum.post("Anna", "peonies"))
    await boris.presses("Send", under=forum.alone(boris)[-1])
    assert forum.signs(first) == ["👍"]
    forum.desk.world.block(olga.id, anna.id)
    refused = await forum.writes(boris, "Anna", "Shall I keep some?", to=forum.post("Anna", "peonies"))
    assert forum.signs(refused) == ["👎"]
    assert "Shall I keep some?" in boris.screen
    assert "Send again" in str(boris.buttons)


async def test_a_viewer_writes_nothing_to_anybody(forum: Forum, olga: Someone, boris: Someone, anna: Someone) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("Make viewer")
    words = await forum.writes(boris, "Anna", "Yes", to=forum.post("Anna", "peonies"))
    assert not forum.signs(words)
    assert "Your role does not allow this" in forum.alone(boris)[-1].text
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "Are the peonies in?"


async def test_a_note_that_is_edited_in_the_topic_is_edited_in_the_vault(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    note = await forum.writes(boris, "Anna", "She takes red ones")
    await boris.edits(note, "She takes white ones")
    async with forum.desk.vault() as session:
        assert [one.text for one in await session.exec(select(Note))] == ["She takes white ones"]


async def test_a_group_for_a_tag_hears_of_those_who_carry_it_alone(
    forum: Forum, olga: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("Tags")
    await olga.presses("New")
    await olga.writes("VIP")
    await olga.writes("/group")
    await olga.presses("Flower team")
    await olga.presses("Whose?")
    await olga.presses("Those with a tag")
    await olga.presses("VIP")
    assert "those with the tag" in olga.screen
    await chen.writes("你好", to=olga)
    await anna.writes("Hello?", to=olga)
    assert [name for name in forum.topics if "Chen" in name] == []
    assert forum.said("Anna")[-1] == "👤 Anna\nHello?"


async def test_an_answer_that_is_edited_in_the_topic_is_edited_for_the_client(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    answer = await forum.writes(boris, "Anna", "Yes, ten", to=forum.post("Anna", "peonies"))
    await boris.presses("Send", under=forum.alone(boris)[-1])
    await boris.edits(answer, "Yes, twelve")
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "Yes, twelve"
    assert forum.signs(answer) == ["👍"]
    await anna.deletes(forum.desk.world.history(anna.id, olga.id, limit=1)[0])
    await boris.edits(answer, "Yes, thirteen")
    assert forum.signs(answer) == ["👎"]
    assert "still reads what you wrote first" in forum.everything[-1].text


async def test_the_topic_of_a_conversation_that_was_closed_long_ago_is_removed_where_olga_wants_it(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("Thank you!", to=olga)
    await chen.writes("你好", to=olga)
    await boris.presses("State", under=forum.card("Anna"))
    await boris.presses("Close", under=forum.alone(boris)[-1])
    await olga.writes("/group")
    await olga.presses("Flower team")
    assert "messages a minute are free" in olga.screen
    await olga.presses("Old topics")
    await olga.presses("After 30 days")
    assert "removed after 30 days" in olga.screen
    forum.desk.world.clock.advance(timedelta(days=31))
    await chen.writes("还在吗", to=olga)
    assert not [name for name in forum.topics if "Anna" in name]
    assert [name for name in forum.topics if "Chen" in name]
    await anna.writes("Hello again", to=olga)
    assert forum.said("Anna") == ["👤 Anna\nHello again"]


async def test_olga_is_warned_once_long_before_the_group_is_full(
    forum: Forum, desk: Desk, olga: Someone, anna: Someone
) -> None:
    desk.world.account(forum.group.id).last_id = 900_000
    await anna.writes("Are the peonies in?", to=olga)
    assert "holds 800,000 messages" in olga.screen
    before = len(olga.chat)
    await anna.writes("Hello?", to=olga)
    assert len(olga.chat) == before


async def test_the_desks_commands_and_questions_work_in_a_topic_and_only_who_asked_sees_them(
    forum: Forum, olga: Someone, boris: Someone, vera: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    before = [one.uid for one in forum.everything]
    await forum.writes(boris, "Anna", "/search peonies")
    assert "Are the peonies in?" in forum.alone(boris)[-1].text
    await boris.presses("Remind me", under=forum.card("Anna"))
    await forum.writes(boris, "Anna", "tomorrow at 9 call about the peonies")
    assert "call about the peonies" in forum.alone(boris)[-1].text
    written = [one for one in forum.everything if one.uid not in before]
    assert {one.sender_id for one in written} == {boris.id}
    assert not forum.alone(vera)
    async with forum.desk.vault() as session:
        assert not (await session.exec(select(Note))).all()


async def test_a_reply_goes_to_the_client_although_a_question_of_the_desk_is_open(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    await boris.presses("Remind me", under=forum.card("Anna"))
    await forum.writes(boris, "Anna", "Yes", to=forum.post("Anna", "peonies"))
    await boris.presses("Send", under=forum.alone(boris)[-1])
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "Yes"


async def test_where_clients_are_hidden_nothing_in_the_group_says_who_they_are(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("Are the peonies in?", to=olga)
    await olga.writes("/settings")
    await olga.presses("Who clients are")
    await olga.presses("Hide them")
    await chen.writes("你好", to=olga)
    name = next(name for name in forum.topics if "Client" in name).removeprefix("⏳ ")
    shown = [plain(one) for one in forum.everything] + list(forum.topics)
    assert not [text for text in shown if "Anna" in text or "anna_k" in text or "Chen" in text]
    assert "Are the peonies in?" in str(forum.said(name)) or len(forum.topics) == 2
    peonies = next(one for one in forum.everything if "peonies" in one.text)
    topic = next(each for each in forum.topics.values() if each.id == peonies.topic)
    await forum.writes(boris, topic.name, "They are", to=peonies)
    assert "Anna" not in forum.alone(boris)[-1].text
    await boris.presses("Send", under=forum.alone(boris)[-1])
    assert forum.desk.world.history(anna.id, olga.id, limit=1)[0].text == "They are"
