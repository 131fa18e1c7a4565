"""What a member sees first: what is connected, how much there is, and who waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm import accounts
from crm.access import Desk, Power
from crm.accounts import Roads
from crm.ports import Devices
from storage import totals, userbots
from storage.accounts import all_accounts
from storage.totals import Heard, Totals
from storage.userbots import Reading


@dataclass(frozen=True, slots=True)
class Overview:
    """The first screen's facts."""

    accounts: Sequence[Roads]
    totals: Totals


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
        counted = await totals.everything(session)
    return Overview(await accounts.overview(desk, devices), counted)


async def status(desk: Desk, devices: Devices) -> Status:
    """What /status shows."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        heard = {one.account_id: one for one in await totals.by_account(session)}
        readings = {account.id: await userbots.reading(session, account.id) for account in await all_accounts(session)}
        dead = await totals.dead_letters(session) if desk.role == "owner" else None
    return Status(await accounts.overview(desk, devices), heard, readings, dead)
