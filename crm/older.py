"""Keeping the files there were before the choice: long work, begun by a press and gone on with after a restart."""

from __future__ import annotations

from crm import keeping
from crm.access import Desk, Power
from crm.errors import NotNow
from crm.jobs import Work
from crm.keeper import keep_some
from crm.keeping import When
from crm.media import Files
from storage import media

KIND = "files"
TOGETHER = 12  # files between two looks at the choice


async def size(desk: Desk) -> int:
    """The bytes that are to be fetched. Raises NotNow("nothing"), NotNow("no_room")."""
    desk.need(Power.MANAGE)
    overview = await keeping.look(desk)
    count, total = overview.older
    if not count:
        raise NotNow("nothing")
    if total > overview.room:
        raise NotNow("no_room")
    return total


async def run(work: Work, files: Files) -> None:
    """Fetch and keep them, the newest first. What cannot be had now is tried again later, as new files are.

    Raises NotNow("full") where the disk runs low.
    """
    room, total = work.room, int(work.job.params["size"])
    async with room.reading() as session:
        left = (await media.older_in_all(session, (await keeping.chosen(session)).limits))[1]
    done = max(total - left, 0)

    async def heard(count: int) -> None:
        nonlocal done
        done += count
        await work.progress(min(done, total), total)

    while True:
        below = work.job.result.get("below")
        async with room.reading() as session:
            choice = await keeping.chosen(session)
            batch = await media.older(session, choice.limits, below=below, count=TOGETHER)
        if not batch or choice.when is not When.ALWAYS:
            break
        async with work.stoppable():
            await keep_some(room, files, batch, heard)
        await work.note(below=batch[-1][1].message)
    async with room.reading() as session:
        kept, waiting = await media.kept(session), await media.waiting(session)
    await work.note(kept=[*kept], waiting=[[*one] for one in waiting])
