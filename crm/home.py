"""What a member sees first: what is connected, how much there is, and who waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm import accounts, reminders
from crm.access import Desk, Power
from crm.ports import Devices
from crm.roads import Roads
from storage import queues, totals, userbots
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.queues import Queue
from storage.totals import Glance, Heard
from storage.userbots import Reading

FIRST = 3  # who waits longest, on the first screen


@dataclass(frozen=True, slots=True)
class Overview:
    """The first screen's facts."""

    accounts: Sequence[Roads]
    glance: Glance
    waiting: Sequence[tuple[Contact, Conversation]]  # the longest first


@dataclass(frozen=True, slots=True)
class Status:
    """The machinery's facts; dead letters are counted for the owner alone."""

    accounts: Sequence[Roads]
    heard: dict[int, Heard]
    readings: dict[int, Reading]
    dead_letters: int | None


async def overview(desk: Desk, devices: Devices) -> Overview:
    """What the first screen shows."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return Overview(
            await accounts.all_roads(desk, session, devices),
            await totals.glance(session, reminders.scope(desk)),
            await queues.page(session, Queue.WAITING, desk.person.id, offset=0, limit=FIRST),
        )


async def status(desk: Desk, devices: Devices) -> Status:
    """What /status shows."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        roads = await accounts.all_roads(desk, session, devices)
        heard = {one.account_id: one for one in await totals.by_account(session)}
        readings = {one.account.id: await userbots.reading(session, one.account.id) for one in roads}
        dead = await totals.dead_letters(session) if desk.role == "owner" else None
    return Status(roads, heard, readings, dead)
