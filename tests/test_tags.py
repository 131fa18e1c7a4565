"""Olga sorts her people by tags of her own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from crm import names
from crm.access import enter_room
from crm.errors import Invalid
from handlers.buttons.tags import ColourTag, DeleteTag, MergeTag, PutTag, RenameTag, TagCard, TagChoice
from storage.audit import AuditEntry
from tests.people import Desk, Someone


async def make_tag(someone: Someone, name: str) -> None:
    await someone.writes("/tags")
    await someone.presses("New tag")
    await someone.writes(name)


async def open_card(someone: Someone, name: str) -> None:
    await someone.writes("/contacts")
    await someone.presses(name)


async def test_the_first_visit_says_what_tags_are_for(olga: Someone) -> None:
    await olga.writes("/tags")
    assert "There are none yet" in olga.screen
    assert olga.buttons == ["➕ New tag", "‹ Home"]


async def test_a_tag_is_made_renamed_coloured_and_deleted(olga: Someone) -> None:
    await make_tag(olga, "  regular   client ")
    assert "regular client" in olga.screen
    assert "It is not put on anything yet." in olga.screen
    await olga.presses("Rename")
    await olga.writes("Stammkunde")
    assert "Stammkunde" in olga.screen
    await olga.presses("Colour")
    await olga.presses("🟣")
    assert olga.screen.startswith("🟣")
    await olga.presses("Delete")
    assert "cannot be undone" in olga.screen
    await olga.presses("Delete")
    assert "There are none yet" in olga.screen


async def test_a_tag_is_put_on_a_contact_and_taken_off(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await make_tag(olga, "wedding")
    await open_card(olga, "Anna")
    await olga.presses("Tags")
    await olga.presses("▫️ 🔴 wedding")
    assert "✅ 🔴 wedding" in olga.buttons
    await olga.presses("Back")
    assert "wedding" in olga.screen
    await olga.writes("/tags")
    await olga.presses("wedding")
    assert "On 1 contact." in olga.screen
    await olga.presses("Show these contacts")
    assert "1 contact with 🔴" in olga.screen
    assert any("Anna" in label and "🔴" in label for label in olga.buttons)
    await olga.presses("Anna")
    await olga.presses("Tags")
    await olga.presses("✅")
    assert "None is put on." in olga.screen


async def test_the_tags_used_last_come_first_and_stay_in_their_place_while_they_are_pressed(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone
) -> None:
    for client in (anna, chen):
        await client.writes("Hello", to=olga)
    for name in ("bridal", "regular", "wedding"):
        desk.world.clock.advance(timedelta(minutes=1))
        await make_tag(olga, name)
    for number, on in ((1, "contact"), (2, "conversation")):
        desk.world.clock.advance(timedelta(minutes=1))
        await olga.presses_address(PutTag(on=on, id=2, tag=number, put=True).pack())
    await open_card(olga, "Anna")
    await olga.presses("Tags")
    for press in ("bridal", "regular", "bridal"):
        assert [one.split()[-1] for one in olga.buttons[:3]] == ["regular", "bridal", "wedding"]
        desk.world.clock.advance(timedelta(minutes=1))
        await olga.presses(press)
    assert "None is put on" not in olga.screen
    await olga.presses("New tag")
    await olga.writes("Kept <b>short</b> & sweet")
    assert olga.buttons[0] == "✅ 🟢 Kept <b>short</b> & sweet"
    assert "🟢 \u2068Kept <b>short</b> & sweet" in olga.screen


async def test_who_has_a_tag_on_a_conversation_alone_is_shown_too(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await make_tag(olga, "wedding")
    await open_card(olga, "Anna")
    await olga.presses("Conversation")
    await olga.presses("Tags")
    await olga.presses("wedding")
    await olga.writes("/tags")
    await olga.presses("wedding")
    assert "On 1 conversation." in olga.screen
    await olga.presses("Show these contacts")
    assert "1 contact with 🔴" in olga.screen
    assert any("Anna" in label for label in olga.buttons)


async def test_a_tag_is_made_in_the_choice_and_is_on_at_once(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await open_card(olga, "Anna")
    await olga.presses("Conversation")
    await olga.presses("Tags")
    assert "There are no tags yet" in olga.screen
    await olga.presses("New tag")
    await olga.writes("Срочно")
    assert "✅ 🔴 Срочно" in olga.buttons
    await olga.presses("New tag")
    await olga.writes("СРОЧНО")
    assert len([label for label in olga.buttons if "✅" in label]) == 1
    await olga.presses("Back")
    assert "Срочно" in olga.screen


async def test_the_most_used_tag_comes_first(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await chen.writes("你好", to=olga)
    for name, people in (("once", ["Anna"]), ("twice", ["Anna", "Chen"]), ("never", [])):
        await make_tag(olga, name)
        for person in people:
            await open_card(olga, person)
            await olga.presses("Tags")
            await olga.presses(name)
    await olga.writes("/tags")
    assert [label.split()[1] for label in olga.buttons[:3]] == ["twice", "once", "never"]


async def test_merging_gives_everything_the_other_tag(olga: Someone, anna: Someone, chen: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await chen.writes("你好", to=olga)
    for name, people in (("wedings", ["Anna", "Chen"]), ("weddings", ["Anna"])):
        await make_tag(olga, name)
        for person in people:
            await open_card(olga, person)
            await olga.presses("Tags")
            await olga.presses(name)
    await olga.writes("/tags")
    await olga.presses("wedings")
    await olga.presses("Merge")
    await olga.presses("weddings")
    assert "cannot be undone" in olga.screen
    await olga.presses("Merge")
    assert "weddings" in olga.screen
    assert "On 2 contacts" in olga.screen
    await olga.writes("/tags")
    assert len([label for label in olga.buttons if "edings" in label or "eddings" in label]) == 1


async def test_a_name_that_is_taken_is_asked_for_again(olga: Someone) -> None:
    await make_tag(olga, "Vip")
    await make_tag(olga, "VIP")
    assert "taken" in olga.screen
    await olga.writes("Regular")
    assert "Regular" in olga.screen


async def test_going_back_from_the_question_ends_it(olga: Someone) -> None:
    await olga.writes("/tags")
    await olga.presses("New tag")
    await olga.presses("Back")
    await olga.writes("just a word")
    await olga.writes("/tags")
    assert "There are none yet" in olga.screen


async def test_a_button_of_a_deleted_tag_shows_the_tags_there_are(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await make_tag(olga, "soon gone")
    for address in (TagCard(id=77), RenameTag(id=77), ColourTag(id=77), DeleteTag(id=77, sure=True), MergeTag(id=77)):
        await olga.presses_address(address.pack())
        assert "This tag is not there any more." in olga.screen
        assert any("soon gone" in label for label in olga.buttons)
    await olga.presses_address(PutTag(on="contact", id=1, tag=77, put=True).pack())
    assert "This tag is not there any more." in olga.screen
    assert "Tags of" in olga.screen
    await olga.presses_address(TagChoice(on="spaceship", id=1).pack())
    assert "older screen" in olga.screen


async def test_pressing_twice_is_pressing_once(olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await make_tag(olga, "regular")
    for _ in range(2):
        await olga.presses_address(PutTag(on="contact", id=1, tag=1, put=True).pack())
        assert "✅ 🔴 regular" in olga.buttons


async def test_an_agent_puts_tags_on_and_leaves_their_words_alone(olga: Someone, boris: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await make_tag(olga, "regular")
    await boris.writes("/tags")
    await boris.presses("regular")
    assert not {"✏️ Rename", "🗑 Delete"} & set(boris.buttons)
    for address in (RenameTag(id=1), ColourTag(id=1, colour=2), DeleteTag(id=1, sure=True), MergeTag(id=1, into=1)):
        answer = await boris.presses_address(address.pack())
        assert answer is not None
        assert "role" in answer.text
    await boris.presses_address(PutTag(on="contact", id=1, tag=1, put=True).pack())
    assert "✅ 🔴 regular" in boris.buttons


async def test_what_was_done_with_tags_is_written_down(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await make_tag(olga, "one")
    await make_tag(olga, "two")
    for address in (
        *(PutTag(on="contact", id=1, tag=1, put=True), PutTag(on="contact", id=1, tag=1, put=True)),
        *(PutTag(on="contact", id=1, tag=1, put=False), MergeTag(id=1, into=2, sure=True), DeleteTag(id=2, sure=True)),
    ):
        await olga.presses_address(address.pack())
    async with enter_room(desk.app.installation, 1) as room, room.reading() as session:
        acts = [entry.act for entry in await session.exec(select(AuditEntry)) if entry.act.startswith("tag.")]
    assert acts == ["tag.made", "tag.made", "tag.put", "tag.taken", "tag.merged", "tag.deleted"]


async def test_a_stranger_reaches_no_tag(olga: Someone, mallory: Someone) -> None:
    await make_tag(olga, "secret")
    await mallory.writes("/tags")
    assert "not on this team" in mallory.screen
    for address in (TagCard(id=1), DeleteTag(id=1, sure=True), PutTag(on="contact", id=1, tag=1, put=True)):
        answer = await mallory.presses_address(address.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert "secret" not in "".join(message.text for message in mallory.chat)
    await olga.writes("/tags")
    assert any("secret" in label for label in olga.buttons)


@given(st.text(max_size=40))
def test_any_text_is_a_proper_name_or_refused_with_a_reason(text: str) -> None:
    try:
        name = names.proper(text, "tag")
    except Invalid:
        return
    assert 1 <= len(name) <= names.LONGEST
    assert name == " ".join(name.split())
    assert names.proper(name, "tag") == name


@pytest.mark.parametrize("name", ["", "   ", "a" * 33, "a\u202eb", "\u200b"])
def test_a_name_that_nobody_could_read_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        names.proper(name, "tag")
