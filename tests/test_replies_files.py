"""A picture, a file, a voice message or a video as the answer, with its caption, through Telegram Business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from crm import replies
from crm.access import enter
from crm.errors import NotNow
from crm.replies import later
from crm.replies.words import Words
from handlers.buttons.replies import ReplyCard
from sandbox.world import Entity, FileKind
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import Message as Kept
from storage.replies import Reply
from tests.people import OLGA, Desk, Someone
from tests.test_replies import begins, heard, written_to

MOST = 5  # people who have never written, in an hour


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video", "audio", "animation", "video_note"])
async def test_a_file_arrives_as_it_was_shown(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone, kind: FileKind
) -> None:
    await anna.writes("Have you a picture?", to=olga)
    await begins(boris, anna)
    caption = "" if kind == "video_note" else "Here it is"
    bold = [Entity("bold", 0, 4)] if caption else []
    file = desk.world.store_file(b"rose", kind, name="rose", mime="image/jpeg", width=8, height=8, duration=3)
    await boris.writes(caption, file=file, entities=bold)
    assert caption in boris.screen
    assert heard(anna, olga) == []
    await boris.presses("Send")
    (sent,) = written_to(anna, olga)
    assert (sent.text, sent.file and sent.file.kind, list(sent.entities)) == (caption, kind, bold)
    assert sent.file is not None
    assert sent.file.data == b"rose"
    async with desk.vault() as session:
        kept = (await session.exec(select(Kept).where(col(Kept.outgoing)))).one()
        media = (await session.exec(select(Media).where(col(Media.message) == kept.id))).one()
        reply = (await session.exec(select(Reply))).one()
    assert (kept.kind, kept.text, media.kind, reply.file) == (kind, caption, kind, None)


async def test_pictures_that_were_sent_together_are_answers_of_their_own(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Have you pictures?", to=olga)
    await begins(boris, anna)
    album = desk.world.new_album()
    for number, caption in enumerate(("All three", "", "")):
        file = desk.world.store_file(bytes([number]), "photo", mime="image/jpeg", width=8, height=8)
        await boris.writes(caption, file=file, album_id=album)
    for number in (1, 2, 3):
        await boris.presses_address(ReplyCard(id=number).pack())
        await boris.presses("Send")
    assert await boris.until(lambda: len(written_to(anna, olga)) == 3)
    sent = [(one.text, one.file.data) for one in written_to(anna, olga) if one.file]
    assert sorted(sent) == [("", b"\x01"), ("", b"\x02"), ("All three", b"\x00")]
    await boris.writes("pictures")
    assert "Have you" in boris.screen  # what is written next is a question again
    other = desk.world.store_file(b"other", "photo", mime="image/jpeg", width=8, height=8)
    await boris.writes("", file=other, album_id=desk.world.new_album())
    async with desk.vault() as session:
        assert len((await session.exec(select(Reply))).all()) == 3


async def test_a_caption_that_is_too_long_is_refused_before_anything_leaves(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Have you a picture?", to=olga)
    await begins(boris, anna)
    await boris.writes("x" * 1025, file=desk.world.store_file(b"rose", "photo", mime="image/jpeg"))
    assert "Telegram takes 1,024" in boris.screen
    await boris.writes("short", file=desk.world.store_file(b"rose", "photo", mime="image/jpeg"))
    await boris.presses("Change")
    await boris.writes("shorter")
    await boris.presses("Send")
    (sent,) = written_to(anna, olga)
    assert sent.text == "shorter"
    assert sent.file is not None


async def test_nobody_begins_to_write_to_many_who_have_never_written_by_any_way(desk: Desk, olga: Someone) -> None:
    for place in range(MOST + 2):
        await olga.writes("Hello", to=desk.newcomer(f"Stranger {place}"))
    async with desk.vault() as session:
        threads = (await session.exec(select(Conversation.id).join(Contact))).all()
    seats = desk.app.installation
    async with enter(seats, OLGA, 1) as seat:
        written = [(await replies.answer(seat, thread or 0, Words("Buy!"))).id or 0 for thread in threads]
        for reply in written[:MOST]:
            await replies.send(seat, reply, asked=0)
        with pytest.raises(NotNow, match="first_words"):
            await replies.send(seat, written[MOST], asked=0)
        await later.put_off(seat, written[MOST + 1], desk.world.clock.now() + timedelta(minutes=5))
    desk.world.clock.advance(timedelta(minutes=6))
    await desk.app.schedule.run("answers to leave")
    await desk.settled()
    async with desk.vault() as session:
        waiting = await session.get_one(Reply, written[MOST + 1])
    assert waiting.delivery is None
    assert waiting.leaves_at is not None
    desk.world.clock.advance(timedelta(hours=2))
    await desk.app.schedule.run("answers to leave")
    await desk.settled()
    async with desk.vault() as session:
        assert (await session.get_one(Reply, written[MOST + 1])).delivery is not None
