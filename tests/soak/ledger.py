"""What a vault holds, and which of its differences from the world the ledger of gaps admits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from bot.app import App
from crm.gaps import HISTORY
from crm.userbots import EDIT_WINDOW
from sandbox.world import World
from storage import inbox
from storage.accounts import Account
from storage.gaps import Gap
from storage.inbox import DEAD, InboxUpdate
from tests.soak.traffic import Traffic
from tests.userbot import likeness
from tests.userbot.likeness import Difference, Facts

WORKSPACE = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """A vault at one moment: messages and earlier texts of each account, the ledger, what was given up unheard."""

    facts: dict[int, dict[int, Facts]] = field(default_factory=dict)
    versions: dict[int, dict[int, set[str]]] = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    dead: int = 0


async def contents(app: App) -> Contents:
    """Looked up in the process that runs."""
    async with app.installation.vaults.open(WORKSPACE) as vault, vault.reading() as session:
        accounts = list(await session.exec(select(Account.id)))
        return Contents(
            {number: await likeness.in_the_vault(session, number) for number in accounts},
            {number: await likeness.earlier_texts(session, number) for number in accounts},
            list(await session.exec(select(Gap).order_by(col(Gap.id)))),
            (await inbox.counted(session, InboxUpdate)).get(DEAD, 0),
        )


@dataclass(slots=True)
class Verdict:
    """The differences of all accounts, as lines to be read; `open` counts gaps that history or check may yet close."""

    unstated: list[str] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    open: int = 0


def judge(world: World, traffic: Traffic, here: Contents, told_by_business_alone: int) -> Verdict:
    """Lay the world beside the vault."""
    verdict = Verdict(open=sum(gap.closed_at is None for gap in here.gaps if gap.account_id != told_by_business_alone))
    verdict.unstated += [f"{here.dead} updates were given up"] if here.dead else []
    for account_id, facts in here.facts.items():
        there = likeness.in_the_world(world, account_id)
        wrong = [(one, _happened(world, traffic, account_id, one)) for one in likeness.differences(there, facts)]
        wrong += _versions(world, account_id, here, whole=account_id == told_by_business_alone)
        for difference, moment in wrong:
            admitted = any(_admits(gap, world, account_id, difference, moment) for gap in here.gaps)
            (verdict.stated if admitted else verdict.unstated).append(f"{account_id}: {difference}")
    return verdict


def _happened(world: World, traffic: Traffic, account_id: int, difference: Difference) -> datetime | None:
    """When that was done which the vault does not have; None for what nobody did."""
    said = world.account(account_id).messages.get(difference.number)
    if said is None:
        return None
    return traffic.deleted_at(said) if difference.what == "deleted" else traffic.written_at(said)


def _versions(
    world: World, account_id: int, here: Contents, *, whole: bool
) -> Iterator[tuple[Difference, datetime | None]]:
    """Earlier texts that nobody wrote; and, where each was told, those that are lacking."""
    messages = world.account(account_id).messages
    for number, facts in here.facts[account_id].items():
        there, stored = dict(messages[number].versions), here.versions[account_id].get(number, set())
        yield from ((Difference(number, "versions", None, text), None) for text in stored - there.keys())
        lost = there.keys() - stored - {facts.text} if whole else ()
        yield from ((Difference(number, "versions", text), there[text]) for text in lost)


def _admits(gap: Gap, world: World, account_id: int, difference: Difference, moment: datetime | None) -> bool:
    """Whether the ledger says that this may be so.

    An open gap: what happened in it was not heard. One that was closed by reading the chats again keeps one
    reservation: what could no longer be changed when it began may have been deleted in it.
    """
    if moment is None or gap.account_id != account_id or not _within(gap, moment):
        return False
    said = world.account(account_id).messages[difference.number]
    if gap.peer_id not in {None, said.chat.peer_of(account_id)}:
        return False
    old = gap.begun_at is not None and said.date < gap.begun_at - EDIT_WINDOW
    return gap.closed_at is None or (gap.closed_by == HISTORY and difference.what == "deleted" and old)


def _within(gap: Gap, moment: datetime) -> bool:
    return (gap.begun_at is None or gap.begun_at <= moment) and (gap.ended_at is None or moment <= gap.ended_at)
