"""The group in which the team works: Olga joins it with one press; what it needs, loses and gets back is told."""

from __future__ import annotations

import pytest

from tests.forum import Forum
from tests.people import Desk, Someone


@pytest.fixture
def forum(desk: Desk, olga: Someone, boris: Someone) -> Forum:
    """Olga's forum with Boris; the bot is not there yet."""
    return Forum.opened(desk, olga, boris)


async def test_olga_adds_the_bot_and_one_press_makes_the_group_the_teams(forum: Forum, olga: Someone) -> None:
    await forum.adds_bot(olga)
    offer = forum.newest
    assert [one for one in forum.everything if one.sender_id == forum.desk.bot.id] == [offer]
    assert "Shall the team of" in offer.text
    assert "Olga's Flowers" in offer.text
    assert "❌" not in offer.text
    assert "will see who the clients are" in offer.text
    await olga.presses("Yes, work here", under=offer)
    assert "works here now" in offer.text
    assert "A reply to a client's message goes to the client" in offer.text
    pinned = [forum.desk.world.messages[uid].text for uid in forum.group.pinned]
    assert any("How this group works" in text for text in pinned)
    assert any("Who waits" in text for text in pinned)


async def test_what_is_missing_is_named_with_the_way_to_grant_it(desk: Desk, olga: Someone, boris: Someone) -> None:
    group = desk.world.make_group(olga.id, "Team", [boris.id], is_super=True)
    forum = Forum(desk, group)
    await forum.adds_bot(olga, set())
    offer = forum.newest
    assert [line[0] for line in offer.text.splitlines() if line[:1] in "✅❌" and line] == ["❌"] * 4
    assert "Topics › on" in offer.text
    desk.world.set_forum(group.id, on=True, by=olga.id)
    desk.world.promote(group.id, desk.bot.id, {"manage_topics"}, by=olga.id)
    await desk.settled()
    offer = forum.newest
    assert "❌ I may pin messages" in offer.text
    assert "❌ I may manage topics" not in offer.text
    desk.world.promote(group.id, desk.bot.id, by=olga.id)
    await desk.settled()
    await olga.presses("Yes, work here", under=forum.newest)
    assert "works here now" in forum.newest.text or any("works here now" in one.text for one in forum.everything)


async def test_a_group_that_grows_while_topics_are_switched_on_is_offered_again(
    desk: Desk, olga: Someone, boris: Someone
) -> None:
    small = desk.world.make_group(olga.id, "Team", [boris.id])
    desk.world.add_member(small.id, desk.bot.id, by=olga.id)
    await desk.settled()
    large = desk.world.upgrade_group(small.id, by=olga.id)
    desk.world.set_forum(large.id, on=True, by=olga.id)
    await desk.settled()
    forum = Forum(desk, large)
    assert "Shall the team of" in forum.newest.text


async def test_only_who_may_manage_can_bring_the_bot_into_a_group(desk: Desk, boris: Someone, mallory: Someone) -> None:
    for someone in (boris, mallory):
        theirs = Forum.opened(desk, someone)
        await theirs.adds_bot(someone)
        assert desk.bot.id not in theirs.group.members
        assert "I leave again" in theirs.newest.text


async def test_nobody_else_presses_for_olga(forum: Forum, olga: Someone, boris: Someone, mallory: Someone) -> None:
    forum.desk.world.add_member(forum.group.id, mallory.id, by=olga.id)
    await forum.adds_bot(olga)
    offer = forum.newest
    await boris.presses("Yes, work here", under=offer)
    assert "Your role does not allow this" in boris.alert
    await mallory.presses("Yes, work here", under=offer)
    assert "You are not on this team" in mallory.alert
    assert "works here now" not in offer.text


async def test_olga_hears_when_rights_are_lost_and_when_they_are_back(forum: Forum, olga: Someone) -> None:
    await olga.writes("/start")
    await forum.joined(olga)
    world, group, bot = forum.desk.world, forum.group, forum.desk.bot
    world.promote(group.id, bot.id, {"pin_messages"}, by=olga.id)
    await forum.desk.settled()
    assert "I cannot work in the group" in olga.screen
    assert "❌ I may manage topics" in olga.screen
    world.promote(group.id, bot.id, by=olga.id)
    await forum.desk.settled()
    assert "works again" in olga.screen


async def test_a_bot_that_was_put_out_comes_back_to_where_it_was(forum: Forum, olga: Someone, anna: Someone) -> None:
    await olga.writes("/start")
    await forum.joined(olga)
    await anna.writes("Are the peonies in?", to=olga)
    world, group, bot = forum.desk.world, forum.group, forum.desk.bot
    world.remove_member(group.id, bot.id, by=olga.id)
    await forum.desk.settled()
    assert "I am not in the group" in olga.screen
    await anna.writes("Hello?", to=olga)
    await forum.adds_bot(olga)
    assert "works again" in olga.screen
    assert len([name for name in forum.topics if "Anna" in name]) == 1
    assert any("Hello?" in text for text in forum.said("Anna"))


async def test_who_leaves_the_group_is_off_the_team_at_once(forum: Forum, olga: Someone, boris: Someone) -> None:
    await olga.writes("/start")
    await forum.joined(olga)
    forum.desk.world.remove_member(forum.group.id, boris.id)
    await forum.desk.settled()
    assert "is not in the group" in olga.screen
    await boris.writes("/contacts")
    assert "You are not on this team" in boris.screen


async def test_the_owner_keeps_her_seat_whatever_becomes_of_the_group(forum: Forum, olga: Someone) -> None:
    await forum.joined(olga)
    forum.desk.world.remove_member(forum.group.id, olga.id)
    await forum.desk.settled()
    await olga.writes("/contacts")
    assert "Nobody yet" in olga.screen


async def test_vera_is_let_in_from_the_group_and_the_way_in_is_hers_alone(
    forum: Forum, desk: Desk, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    await forum.joined(olga)
    newcomer = desk.newcomer("Nina")
    desk.world.add_member(forum.group.id, newcomer.id, by=olga.id)
    await desk.settled()
    hello = next(one for one in reversed(forum.everything) if "Nina" in one.text)
    assert "can do nothing yet" in hello.text
    await boris.presses("Let in as agent", under=hello)
    assert "Your role does not allow this" in boris.alert
    await olga.presses("Let in as agent", under=hello)
    address = str(next(one for row in (hello.markup or {})["inline_keyboard"] for one in row)["url"])
    code = address.partition("start=")[2]
    await mallory.writes(f"/start {code}")
    for label in ("English", "I agree"):
        if any(label in one for one in mallory.buttons):
            await mallory.presses(label)
    await mallory.writes("/contacts")
    assert "You are not on this team" in mallory.screen
    await newcomer.writes(f"/start {code}")
    await newcomer.presses("English")
    await newcomer.presses("I agree")
    await newcomer.writes("/contacts")
    assert "Nobody yet" in newcomer.screen


async def test_who_was_in_the_group_before_the_bot_is_let_in_by_an_answer_to_what_he_wrote(
    desk: Desk, olga: Someone, boris: Someone
) -> None:
    nina = desk.newcomer("Nina")
    forum = await Forum.opened(desk, olga, boris, nina).joined(olga)
    words = desk.world.send(nina.id, forum.group.id, "What can I do here?")
    desk.world.send(boris.id, forum.group.id, "/letin", reply_to=words.uid)
    await desk.settled()
    assert "Your role does not allow this" in forum.alone(boris)[-1].text
    desk.world.send(olga.id, forum.group.id, "/letin", reply_to=words.uid)
    await desk.settled()
    hello = next(one for one in reversed(forum.everything) if "can do nothing yet" in one.text)
    await olga.presses("Let in as viewer", under=hello)
    assert "come in" in hello.text


async def test_who_is_taken_off_the_team_and_still_reads_along_is_named(
    forum: Forum, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await forum.joined(olga)
    await anna.writes("Are the peonies in?", to=olga)
    await olga.writes("/team")
    await olga.presses("Boris")
    await olga.presses("Take off the team")
    await olga.presses("Yes, take off")
    assert "still reads along in" in olga.screen
    words = await forum.writes(boris, "Anna", "Yes", to=forum.post("Anna", "peonies"))
    assert not forum.signs(words)


async def test_olga_sees_changes_and_lets_go_of_the_group_from_her_settings(
    forum: Forum, olga: Someone, mallory: Someone
) -> None:
    await forum.joined(olga)
    await olga.writes("/settings")
    await olga.presses("Team group")
    await olga.presses("Flower team")
    assert "The team works there since" in olga.screen
    await olga.presses("Everything but replies")
    assert "a reply to a message is a note" in olga.screen
    await olga.presses("Whose?")
    await olga.presses("Those with a tag")
    assert "There is none yet" in olga.screen
    await olga.presses("Back")
    await olga.presses("Everybody's")
    await olga.presses("Work there no more")
    await olga.presses("Yes, leave it")
    assert forum.desk.bot.id not in forum.group.members
    assert "Flower team" not in str(olga.buttons)
    await mallory.writes("/start")
    await mallory.presses_address(f"tgc:{forum.group.id}")
    assert "You are not on this team" in mallory.alert
