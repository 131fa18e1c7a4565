"""The team writes down what the client never sees."""

from __future__ import annotations

import pytest

from crm import members, notes, quiet
from crm.access import enter, enter_room
from crm.notes import LONGEST
from crm.quiet import Hours
from handlers.buttons.notes import DeleteNote, EditNote, Mention, NoteCard, NoteList, PinNote, RestoreNote, WriteNote
from sandbox.world import Message
from tests.people import OLGA, Desk, Someone


@pytest.fixture
async def known(olga: Someone, anna: Someone) -> Someone:
    """Anna, who has written."""
    await anna.writes("Hello", to=olga)
    return anna


async def write_note(someone: Someone, text: str, about: str = "Anna") -> None:
    await someone.writes("/contacts")
    await someone.presses(about)
    await someone.presses("Write a note")
    await someone.writes(text)


async def test_a_note_is_written_and_stands_on_the_card(olga: Someone, known: Someone) -> None:
    await write_note(olga, "Allergic to <b>lilies</b> & pollen")
    assert "Allergic to <b>lilies</b> & pollen" in olga.screen
    assert "Olga" in olga.screen
    await olga.presses("Back")
    assert any("Allergic" in label for label in olga.buttons)
    await olga.presses("Back")
    assert "Allergic to <b>lilies</b> & pollen" in olga.screen
    assert "📝 Notes · 1" in olga.buttons
    assert "Allergic" not in known.screen


async def test_a_note_is_changed_pinned_deleted_and_brought_back(olga: Someone, known: Someone) -> None:
    assert known.id
    await write_note(olga, "Likes tulips")
    await olga.presses("Change")
    assert "Likes tulips" in olga.screen
    await olga.writes("Likes roses")
    assert "Likes roses" in olga.screen
    assert "changed" in olga.screen
    await olga.presses("Pin")
    assert olga.screen.startswith("📌")
    await olga.presses("Unpin")
    assert olga.screen.startswith("📝")
    await olga.presses("Delete")
    assert "is deleted" in olga.screen
    await olga.presses("Bring it back")
    assert "Likes roses" in olga.screen


async def test_pinned_notes_come_first(olga: Someone, known: Someone) -> None:
    assert known.id
    for text in ("first", "second", "third"):
        await write_note(olga, text)
    await olga.presses("Back")
    assert [label.split()[1] for label in olga.buttons[:3]] == ["third", "second", "first"]
    await olga.presses("first")
    await olga.presses("Pin")
    await olga.presses("Back")
    assert [label.split()[1] for label in olga.buttons[:3]] == ["first", "third", "second"]


async def test_a_long_note_is_read_in_parts_and_a_longer_one_is_refused(olga: Someone, known: Someone) -> None:
    assert known.id
    await write_note(olga, "🌷" * 2000 + "end")
    assert "end" not in olga.screen
    await olga.presses("›")
    assert olga.screen.endswith("end")
    await olga.presses("Change")
    await olga.writes("x" * (LONGEST + 1))
    assert "too long" in olga.screen
    await olga.writes("short")
    assert "short" in olga.screen


async def test_a_note_is_copied_whole_or_said_to_be_cut(olga: Someone, known: Someone) -> None:
    assert known.id
    await write_note(olga, "x" * (LONGEST - 3) + "end")
    await olga.presses("Change")
    assert "tap to copy" in olga.screen
    assert olga.screen.endswith("xend")
    await olga.writes("🌷" * 2000 + "end")
    await olga.presses("Change")
    assert "too long to be copied" in olga.screen
    assert olga.screen.endswith("…")


async def test_cancel_is_no_note(olga: Someone, known: Someone) -> None:
    assert known.id
    await write_note(olga, "/cancel")
    assert "All right" in olga.screen
    await olga.writes("/contacts")
    await olga.presses("Anna")
    assert "📝 Notes" in olga.buttons


async def test_a_deleted_note_is_gone_for_good_after_the_purge(desk: Desk, olga: Someone, known: Someone) -> None:
    assert known.id
    await write_note(olga, "Likes tulips")
    await olga.presses("Delete")
    async with enter_room(desk.app.installation, 1) as room:
        assert await notes.purge(room, desk.world.clock.now()) == 1
    await olga.presses("Bring it back")
    assert "gone for good" in olga.screen
    for address in (NoteCard(id=1), EditNote(id=1), PinNote(id=1, on=True), DeleteNote(id=1)):
        await olga.presses_address(address.pack())
        assert "gone for good" in olga.screen


async def test_pressing_twice_is_pressing_once(olga: Someone, known: Someone) -> None:
    assert known.id
    await write_note(olga, "Likes tulips")
    for _ in range(2):
        await olga.presses_address(DeleteNote(id=1).pack())
        assert "is deleted" in olga.screen
    for _ in range(2):
        await olga.presses_address(RestoreNote(id=1).pack())
        assert "Likes tulips" in olga.screen


async def test_the_team_sees_who_wrote_a_note(olga: Someone, boris: Someone, known: Someone) -> None:
    assert known.id
    await write_note(boris, "Pays in cash")
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("Notes")
    await olga.presses("Pays in cash")
    assert "Boris" in olga.screen


async def test_a_stranger_reaches_no_note(olga: Someone, mallory: Someone, known: Someone) -> None:
    assert known.id
    await write_note(olga, "The code of the alarm is 4711")
    await mallory.writes("/start")
    for address in (NoteList(contact=1), NoteCard(id=1), WriteNote(contact=1), EditNote(id=1), DeleteNote(id=1)):
        answer = await mallory.presses_address(address.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert "4711" not in "".join(message.text for message in mallory.chat)
    await olga.presses_address(NoteCard(id=1).pack())
    assert "4711" in olga.screen


def told(somebody: Someone) -> list[Message]:
    """The notices that a note names him."""
    return [message for message in somebody.chat if "mentioned you in a note" in message.text]


@pytest.mark.parametrize("name", ["@vera", "@VERA", "@Vera,"])
async def test_a_member_who_is_mentioned_is_told_once_and_finds_the_note(
    olga: Someone, vera: Someone, boris: Someone, known: Someone, name: str
) -> None:
    assert known.id
    for member in (vera, boris):
        await member.writes("/start")
    await write_note(olga, f"{name} please call her, not me@boris.example or @veranda")
    await olga.presses("Change")
    await olga.writes(f"{name} please call her today")
    (notice,) = told(vera)
    assert "Olga" in notice.text
    assert "Anna" in notice.text
    await vera.presses("📝 Note", under=notice)
    assert "please call her today" in vera.screen
    assert not told(boris)
    assert not told(olga)


async def test_a_member_is_mentioned_by_a_button(olga: Someone, vera: Someone, known: Someone) -> None:
    assert known.id
    await vera.writes("/start")
    await write_note(olga, "Wants it by May")
    for _ in range(2):
        await olga.presses("Mention")
        assert "Olga" not in olga.buttons
        await olga.presses("Vera")
        assert "Wants it by May\n@vera" in olga.screen
        assert olga.screen.count("@vera") == 1
    assert len(told(vera)) == 1


async def test_a_mention_in_quiet_hours_makes_no_sound(
    desk: Desk, olga: Someone, vera: Someone, known: Someone
) -> None:
    assert known.id
    await vera.writes("/start")
    async with enter(desk.app.installation, vera.id, 1) as seat:
        minute = quiet.minute_of(desk.world.clock.now(), seat.workspace.zone)
        await quiet.keep(seat, Hours((minute - 60) % quiet.DAY, (minute + 60) % quiet.DAY))
    await write_note(olga, "@vera see this")
    (notice,) = told(vera)
    assert notice.silent


async def test_only_who_may_read_the_note_is_told_of_it(
    desk: Desk, olga: Someone, boris: Someone, mallory: Someone, known: Someone
) -> None:
    for somebody in (boris, mallory):
        await somebody.writes("/start")
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.remove(seat, boris.id)
    await write_note(olga, "@boris @mallory @anna_k the code of the alarm is 4711")
    answer = await mallory.presses_address(Mention(id=1, to=mallory.id).pack())
    assert answer is not None
    assert "not on this team" in answer.text
    await olga.presses_address(Mention(id=1, to=mallory.id).pack())
    assert "not on the team" in olga.alert
    for somebody in (boris, mallory, known):
        assert not told(somebody)
