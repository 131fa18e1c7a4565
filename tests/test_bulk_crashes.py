"""Wysper is killed while it changes many contacts: the change is done once, or stays stopped, and can be undone."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlmodel import col, select

from bot.app import App
from crm.access import enter_room
from handlers.buttons.jobs import CancelJob
from handlers.buttons.sifts import DoToMany, SiftCard, UndoMany
from handlers.buttons.tags import NewTagOn
from storage import jobs
from storage.audit import AuditEntry
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.jobs import Job
from storage.messages import Message
from storage.sifts import BulkStep
from storage.tags import ContactTag
from tests.lives import Lives, lives
from tests.people import OLGA, Desk, Someone
from tests.test_fields import opens

MANY = 1000  # contacts: fifty commits


@pytest.fixture
async def shop(desk: Desk, olga: Someone, boris: Someone, anna: Someone) -> AsyncIterator[Lives]:
    """A thousand regulars, a filter that leaves them all, and a life that may be killed."""
    await boris.writes("/start")
    await anna.writes("Hello", to=olga)
    await opens(olga, NewTagOn(on="contact", id=1))
    await olga.writes("regular")
    now = desk.world.clock.now()
    async with enter_room(desk.app.installation, 1) as room, room.vault.transaction() as session:
        for number in range(2, MANY + 1):
            session.add(Contact(id=number, telegram_id=9_000_000 + number, name_key="c", first_seen_at=now))
        await session.flush()
        for number in range(2, MANY + 1):
            session.add(ContactTag(contact_id=number, tag_id=1, put_at=now, put_by=OLGA))
            session.add(Conversation(account_id=OLGA, contact_id=number))
    await opens(olga, SiftCard(tag=1))
    await desk.stop()
    async with lives(desk.config) as wysper:
        await wysper.begin()
        yield wysper


async def further(app: App, number: int = 1) -> int:
    """Wait until a job has changed some more, and say how many it is through with; all, where it ended."""
    before = None
    while True:
        async with app.installation.vaults.open(1) as vault, vault.reading() as session:
            job = await session.get(Job, number)
        if job is not None:
            done = int(job.result.get("done") or job.result.get("undone") or 0)
            if job.state not in {jobs.QUEUED, jobs.RUNNING} or (done and before is not None and done > before):
                return done
            before = done


async def ended(app: App, number: int = 1) -> str:
    """Wait until a job stands still."""
    while True:
        async with app.installation.vaults.open(1) as vault, vault.reading() as session:
            job = await session.get(Job, number)
        if job is not None and job.state not in {jobs.QUEUED, jobs.RUNNING}:
            return job.state


def press(olga: Someone, address: str) -> None:
    """Press and wait for nobody."""
    olga.newest.markup = {"inline_keyboard": [[{"text": "forged", "callback_data": address}]]}
    olga.desk.world.press(olga.id, olga.newest.uid, address)


async def counted(desk: Desk, act: str) -> tuple[int, int, int]:
    """How many conversations are Boris's, how many can be undone, and how often the act was noted down."""
    async with desk.vault() as session:
        theirs = select(Conversation.id).where(col(Conversation.assignee_id).is_not(None))
        noted = select(AuditEntry.id).where(AuditEntry.act == act)
        steps = select(BulkStep.contact_id)
        counts = [len((await session.exec(query)).all()) for query in (theirs, steps, noted)]
        return counts[0], counts[1], counts[2]


async def test_a_change_that_is_killed_again_and_again_is_done_once_and_undone_once(
    desk: Desk, shop: Lives, olga: Someone, boris: Someone
) -> None:
    press(olga, DoToMany(id=1, change="assign", target=boris.id, sure=True).pack())
    for _ in range(3):
        assert await shop.does(further) < MANY
        await shop.end()
        await shop.begin()
    assert await shop.does(ended) == jobs.DONE
    await shop.end(signal.SIGTERM)
    await desk.start()
    await desk.settled()
    assert await counted(desk, "contacts.assign") == (MANY, MANY, MANY)
    assert ["1,000 clients" in one.text for one in boris.chat if "gave you" in one.text] == [True]
    await desk.stop()
    await shop.begin()
    press(olga, UndoMany(job=1).pack())
    for _ in range(2):
        assert await shop.does(partial(further, number=2)) < MANY
        await shop.end()
        await shop.begin()
    assert await shop.does(partial(ended, number=2)) == jobs.DONE
    await shop.end(signal.SIGTERM)
    await desk.start()
    await desk.settled()
    assert await counted(desk, "contacts.assign_undone") == (0, 0, MANY)
    async with desk.vault() as session:
        assert (await session.get_one(Job, 2)).result["undone"] == MANY


async def test_a_change_that_was_stopped_stays_stopped_though_wysper_is_killed_and_what_was_done_is_undone(
    desk: Desk, shop: Lives, olga: Someone, boris: Someone
) -> None:
    press(olga, DoToMany(id=1, change="assign", target=boris.id, sure=True).pack())
    await shop.does(further)
    press(olga, CancelJob(id=1).pack())
    assert await shop.does(ended) == jobs.CANCELLED
    await shop.end(signal.SIGTERM)
    await desk.start()
    await desk.settled()
    theirs, steps, noted = await counted(desk, "contacts.assign")
    assert 0 < theirs == steps == noted < MANY
    async with desk.vault() as session:
        assert (await session.get_one(Job, 1)).state == jobs.CANCELLED
    await opens(olga, UndoMany(job=1))
    assert await counted(desk, "contacts.assign_undone") == (0, 0, theirs)


async def test_mallory_stops_and_undoes_nothing_that_was_cut_off(
    desk: Desk, shop: Lives, olga: Someone, boris: Someone, mallory: Someone
) -> None:
    press(olga, DoToMany(id=1, change="assign", target=boris.id, sure=True).pack())
    await shop.does(further)
    await shop.end()
    await desk.start()
    await mallory.writes("/start")
    for address in (CancelJob(id=1), UndoMany(job=1)):
        answer = await mallory.presses_address(address.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    assert await counted(desk, "contacts.assign") == (MANY, MANY, MANY)
    async with desk.vault() as session:
        assert len((await session.exec(select(Message.id))).all()) == 1
