"""The sandbox's forums: admins and their rights, topics, and what is pinned."""

from __future__ import annotations

import pytest

from sandbox.world import AdminChanged, Group, Person, Refused, TopicChanged, World


@pytest.fixture
def team(world: World, olga: Person, anna: Person, robot: Person) -> Group:
    """Olga's forum, with Anna as a plain member and the bot as an admin who may do everything."""
    group = world.make_group(olga.id, "Atelier", [anna.id, robot.id], is_super=True)
    world.set_forum(group.id, on=True, by=olga.id)
    world.promote(group.id, robot.id, by=olga.id)
    return group


def said_in(world: World, group: Group, topic: int | None) -> list[str]:
    return [message.text for message in world.in_topic(group, topic) if not message.service]


def test_what_is_said_in_a_topic_stands_there_and_an_answer_to_it_too(
    world: World, olga: Person, anna: Person, robot: Person, team: Group
) -> None:
    lamp = world.create_topic(team.id, "  Lamp   people ", by=robot.id)
    vase = world.create_topic(team.id, "Vase", by=robot.id)
    assert (lamp.name, lamp.id in team.topics) == ("Lamp people", True)
    first = world.send(anna.id, team.id, "is it yellow?", topic=lamp.id)
    world.send(olga.id, team.id, "it is", reply_to=first.uid)
    world.send(anna.id, team.id, "hello all")
    assert said_in(world, team, lamp.id) == ["is it yellow?", "it is"]
    assert said_in(world, team, vase.id) == []
    assert said_in(world, team, None) == ["hello all"]
    notice = world.in_topic(team, lamp.id)[0]
    assert (notice.number(olga.id), (notice.service or {})["name"]) == (lamp.id, "Lamp people")


def test_a_closed_topic_lets_only_those_write_who_manage_topics(
    world: World, olga: Person, anna: Person, robot: Person, team: Group
) -> None:
    topic = world.create_topic(team.id, "Lamp", by=robot.id)
    world.close_topic(team.id, topic.id, by=robot.id)
    with pytest.raises(Refused, match="TOPIC_CLOSED"):
        world.send(anna.id, team.id, "too late?", topic=topic.id)
    world.send(robot.id, team.id, "noted", topic=topic.id)
    with pytest.raises(Refused, match="TOPIC_NOT_MODIFIED"):
        world.close_topic(team.id, topic.id, by=olga.id)
    world.reopen_topic(team.id, topic.id, by=olga.id)
    world.send(anna.id, team.id, "hello", topic=topic.id)
    assert said_in(world, team, topic.id) == ["noted", "hello"]


def test_a_deleted_topic_takes_its_messages_along(world: World, olga: Person, robot: Person, team: Group) -> None:
    topic = world.create_topic(team.id, "Lamp", by=robot.id)
    world.send(olga.id, team.id, "hello", topic=topic.id)
    world.delete_topic(team.id, topic.id, by=robot.id)
    assert world.in_topic(team, topic.id) == []
    for late in (
        lambda: world.send(robot.id, team.id, "still there?", topic=topic.id),
        lambda: world.close_topic(team.id, topic.id, by=robot.id),
    ):
        with pytest.raises(Refused, match="message thread not found"):
            late()


def test_topics_are_named_anew_and_pictured_once(world: World, robot: Person, team: Group) -> None:
    topic = world.create_topic(team.id, "Lamp", by=robot.id)
    world.edit_topic(team.id, topic.id, name="Lamps", emoji_id="5", by=robot.id)
    assert (topic.name, topic.emoji_id) == ("Lamps", "5")
    with pytest.raises(Refused, match="TOPIC_NOT_MODIFIED"):
        world.edit_topic(team.id, topic.id, name="Lamps", by=robot.id)
    with pytest.raises(Refused, match="TOPIC_TITLE_EMPTY"):
        world.create_topic(team.id, "  ", by=robot.id)


def test_each_act_asks_for_its_right(world: World, olga: Person, anna: Person, robot: Person, team: Group) -> None:
    topic = world.create_topic(team.id, "Lamp", by=robot.id)
    hello = world.send(anna.id, team.id, "hello", topic=topic.id)
    world.promote(team.id, robot.id, {"invite_users"}, by=olga.id)
    for words, act in (
        ("not enough rights to create a topic", lambda: world.create_topic(team.id, "Vase", by=robot.id)),
        ("not enough rights to edit the topic", lambda: world.edit_topic(team.id, topic.id, name="x", by=robot.id)),
        ("not enough rights to delete the topic", lambda: world.delete_topic(team.id, topic.id, by=robot.id)),
        ("not enough rights to manage pinned messages", lambda: world.pin(hello.uid, by=robot.id)),
        ("CHAT_ADMIN_REQUIRED", lambda: world.promote(team.id, anna.id, by=robot.id)),
        ("CHAT_ADMIN_REQUIRED", lambda: world.set_forum(team.id, on=False, by=anna.id)),
    ):
        with pytest.raises(Refused, match=words):
            act()
    assert world.delete([hello.uid], by=robot.id) == []
    world.set_forum(team.id, on=False, by=olga.id)
    with pytest.raises(Refused, match="the chat is not a forum"):
        world.create_topic(team.id, "Vase", by=olga.id)


def test_pins_stand_with_a_notice_in_their_topic(world: World, olga: Person, robot: Person, team: Group) -> None:
    topic = world.create_topic(team.id, "Lamp", by=robot.id)
    card = world.send(robot.id, team.id, "Lamp people", topic=topic.id)
    world.pin(card.uid, by=robot.id)
    world.pin(card.uid, by=olga.id)
    notices = [one for one in world.in_topic(team, topic.id) if one.service and one.service["type"] == "pinned_message"]
    assert [one.reply_to for one in notices] == team.pinned == [card.uid]
    world.unpin(card.uid, by=olga.id)
    assert team.pinned == []
    world.pin(card.uid, by=robot.id)
    world.delete_topic(team.id, topic.id, by=robot.id)
    assert team.pinned == []


def test_who_comes_goes_and_rises_is_told(world: World, olga: Person, anna: Person, robot: Person, team: Group) -> None:
    heard: list[object] = []
    world.subscribe(heard.append)
    world.promote(team.id, anna.id, {"pin_messages"}, by=olga.id)
    world.promote(team.id, anna.id, {"pin_messages"}, by=olga.id)
    world.demote(team.id, anna.id, by=olga.id)
    world.create_topic(team.id, "Lamp", by=robot.id)
    rights = [one.before for one in heard if isinstance(one, AdminChanged)]
    assert rights == [None, frozenset({"pin_messages"})]
    assert [one.topic.name for one in heard if isinstance(one, TopicChanged) and one.topic] == ["Lamp"]
    world.remove_member(team.id, robot.id, by=olga.id)
    assert robot.id not in team.admins
    with pytest.raises(Refused, match="bot was kicked from the supergroup chat"):
        world.send(robot.id, team.id, "hello?")


def test_a_group_that_was_deleted_takes_nothing_more(world: World, olga: Person, robot: Person, team: Group) -> None:
    with pytest.raises(Refused, match="CHAT_ADMIN_REQUIRED"):
        world.delete_group(team.id, by=robot.id)
    world.delete_group(team.id, by=olga.id)
    with pytest.raises(Refused, match="the group chat was deleted"):
        world.send(robot.id, team.id, "hello?")


def test_admins_of_a_group_are_admins_of_the_supergroup_it_becomes(world: World, olga: Person, robot: Person) -> None:
    small = world.make_group(olga.id, "Atelier", [robot.id])
    with pytest.raises(Refused, match="CHAT_ADMIN_REQUIRED"):
        world.set_forum(small.id, on=True, by=olga.id)
    world.promote(small.id, robot.id, {"manage_topics"}, by=olga.id)
    large = world.upgrade_group(small.id, by=olga.id)
    world.set_forum(large.id, on=True, by=olga.id)
    assert world.create_topic(large.id, "Lamp", by=robot.id).name == "Lamp"
