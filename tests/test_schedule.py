"""What happens by itself, in its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from crm import members, mirror
from crm.seen import Gone, Source
from handlers.buttons.notes import WriteNote
from storage.dialogs import Dialog
from storage.messages import EarlyDeletion
from tests.people import Desk, Someone

INDEX = text("SELECT block FROM messages_words_data")


async def is_in_the_index(desk: Desk, word: bytes) -> bool:
    """Whether the word's bytes are anywhere in the search index's own pages."""
    async with desk.vault() as session:
        blocks = await (await session.connection()).execute(INDEX)
        return any(word in block for (block,) in blocks)


async def test_an_erased_message_leaves_no_byte_of_its_words_in_the_search_index(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await olga.writes("/settings")
    await olga.presses("Erase deleted messages")
    message = await anna.writes("my secret is zanzibar", to=olga)
    assert await is_in_the_index(desk, b"zanzibar")
    await anna.deletes(message)
    assert await desk.mirrored() == [""]
    await desk.app.schedule.run("erased words")
    assert not await is_in_the_index(desk, b"zanzibar")


async def test_every_periodic_job_can_run_at_any_time(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Still here", to=olga)
    for name in desk.app.schedule.jobs:
        await desk.app.schedule.run(name)
    await desk.settled()
    assert await desk.mirrored() == ["Still here"]


async def test_a_vault_that_does_not_open_holds_up_no_job(
    desk: Desk, olga: Someone, anna: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    await anna.writes("Hello", to=olga)
    vaults = desk.app.installation.vaults
    await vaults.close()
    vaults.path(1).write_bytes(b"torn" * 4096)
    await desk.app.schedule.run("erased words")
    assert "erased words of workspace 1 wait" in caplog.text


async def test_a_deletion_of_something_that_was_never_mirrored_is_forgotten_after_a_week(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    vaults = desk.app.installation.vaults
    gone = Gone(Source.USERBOT, olga.id, (999_999,), desk.world.clock.now())
    async with vaults.open(1) as vault, vault.transaction() as session:
        await mirror.record_gone(session, gone)
    for days, left in ((6, 1), (2, 0)):
        desk.world.clock.advance(timedelta(days=days))
        await desk.app.schedule.run("early deletions")
        async with desk.vault() as session:
            assert len((await session.exec(select(EarlyDeletion))).all()) == left


async def test_a_question_that_nobody_answers_is_forgotten_after_a_month(
    desk: Desk, olga: Someone, anna: Someone, chen: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    code = await members.claim_code(desk.app.installation)
    await chen.writes(f"/start claim_{code}")
    desk.world.clock.advance(timedelta(days=20))
    await olga.writes("/start")
    await olga.presses_address(WriteNote(contact=1).pack())
    for days, asked in ((9, {chen.id, olga.id}), (2, {olga.id}), (20, set[int]())):
        desk.world.clock.advance(timedelta(days=days))
        await desk.app.schedule.run("unanswered questions")
        async with desk.app.installation.registry.reading() as session:
            keys = list(await session.exec(select(Dialog.key)))
        assert {person.id for person in (chen, olga) for key in keys if f":{person.id}:" in key} == asked
        assert len(keys) == len(asked)
