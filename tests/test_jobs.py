from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlmodel import select

from crm.access import Desk as Seat
from crm.access import Room, enter
from crm.errors import NotAllowed, NotFound, NotNow
from crm.jobs import Jobs, Run, Work
from handlers.jobs import screen
from sandbox.world import World
from storage.jobs import CANCELLED, DONE, FAILED, RUNNING, Job
from tests.people import Desk, Someone


@asynccontextmanager
async def seated(desk: Desk, member: Someone) -> AsyncIterator[Seat]:
    async with enter(desk.app.installation, member.id, 1) as seat:
        yield seat


async def nobody_looks(_room: Room, _job: Job) -> None:
    """These tests look for themselves."""


def counting(desk: Desk, run: Run) -> Jobs:
    return Jobs(desk.app.installation, desk.app.tasks, {"count": run}, nobody_looks, told=desk.app.outbox.wake)


async def how_it_ended(desk: Desk) -> list[tuple[str, int, str | None]]:
    async with desk.vault() as session:
        return [(job.state, job.steps_done, job.error) for job in await session.exec(select(Job))]


async def test_a_job_is_done_and_says_how_far_it_came(desk: Desk, olga: Someone) -> None:
    async def count(work: Work) -> None:
        for step in range(1, 4):
            await work.progress(step, 3)

    jobs = counting(desk, count)
    async with seated(desk, olga) as seat:
        await jobs.start(seat, "count", {}, chat_id=olga.id)
    await jobs.idle.wait()
    assert await how_it_ended(desk) == [(DONE, 3, None)]


async def test_the_same_work_is_not_begun_twice(desk: Desk, olga: Someone) -> None:
    go_on = asyncio.Event()

    async def wait(_work: Work) -> None:
        await go_on.wait()

    jobs = counting(desk, wait)
    async with seated(desk, olga) as seat:
        await jobs.start(seat, "count", {}, chat_id=olga.id)
        with pytest.raises(NotNow):
            await jobs.start(seat, "count", {}, chat_id=olga.id)
    go_on.set()
    await jobs.idle.wait()
    assert await how_it_ended(desk) == [(DONE, 0, None)]


async def test_who_asked_can_stop_it_and_another_agent_cannot(desk: Desk, boris: Someone, vera: Someone) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def wait(work: Work) -> None:
        begun.set()
        await stopped.wait()
        await work.progress(1)

    jobs = counting(desk, wait)
    async with seated(desk, boris) as seat, seated(desk, vera) as other:
        job = await jobs.start(seat, "count", {}, chat_id=boris.id)
        await begun.wait()
        with pytest.raises(NotAllowed):
            await jobs.cancel(other, job.id or 0)
        await jobs.cancel(seat, job.id or 0)
        stopped.set()
        await jobs.idle.wait()
        with pytest.raises(NotFound):
            await jobs.cancel(seat, job.id or 0)
    assert await how_it_ended(desk) == [(CANCELLED, 0, None)]


async def test_work_that_waits_for_its_turn_can_be_stopped_before_it_has_begun(desk: Desk, boris: Someone) -> None:
    places, waiting = asyncio.Semaphore(1), asyncio.Event()
    await places.acquire()  # by somebody else, for long

    async def wait(work: Work) -> None:
        waiting.set()
        async with work.turn(places):
            await work.note(begun=True)

    jobs = counting(desk, wait)
    async with seated(desk, boris) as seat:
        job = await jobs.start(seat, "count", {}, chat_id=boris.id)
        await waiting.wait()
        await jobs.cancel(seat, job.id or 0)
        await jobs.idle.wait()
    assert await how_it_ended(desk) == [(CANCELLED, 0, None)]
    places.release()
    await asyncio.wait_for(places.acquire(), 1)  # no place was lost by waiting


async def test_work_that_breaks_is_told_as_failed_and_the_next_goes_on(desk: Desk, olga: Someone) -> None:
    async def break_once(work: Work) -> None:
        if "break" in work.job.params:
            raise ZeroDivisionError

    jobs = counting(desk, break_once)
    for params in ({"break": True}, {}):
        async with seated(desk, olga) as seat:
            await jobs.start(seat, "count", params, chat_id=olga.id)
        await jobs.idle.wait()
    assert await how_it_ended(desk) == [(FAILED, 0, "ZeroDivisionError"), (DONE, 0, None)]


async def test_work_that_was_cut_off_is_taken_up_at_the_next_start(desk: Desk, olga: Someone) -> None:
    begun = asyncio.Event()

    async def wait_forever(work: Work) -> None:
        await work.note(page=7)
        begun.set()
        await asyncio.Event().wait()

    async with seated(desk, olga) as seat:
        await counting(desk, wait_forever).start(seat, "count", {}, chat_id=olga.id)
    await begun.wait()
    desk.app.jobs.idle.set()
    await desk.stop()
    await desk.start()  # the app itself knows no such kind, and says that it failed: so it was taken up
    await desk.settled()
    assert await how_it_ended(desk) == [(FAILED, 0, "KeyError")]
    async with desk.vault() as session:
        assert [job.result for job in await session.exec(select(Job))] == [{"page": 7}]


def test_a_bar_shows_how_far_it_is() -> None:
    now = World().clock.now()
    job = Job(id=1, kind="export", params={}, state=RUNNING, asked_by=1, asked_at=now, steps_done=1, steps_total=4)
    assert "▰▰▱▱▱▱▱▱▱▱ 25%" in screen(job).text
