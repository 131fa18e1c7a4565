"""What a vault holds, and which of its differences from the world the ledger of gaps admits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from bot.app import App
from crm.gaps import HISTORY
from crm.userbots import EDIT_WINDOW
from sandbox.bot_api.services import is_shown
from sandbox.world import Group as Circle
from sandbox.world import Message as Said
from sandbox.world import World
from storage import inbox, userbots
from storage.accounts import Account
from storage.contacts import Contact
from storage.gaps import Gap
from storage.groups import MIGRATED, Group
from storage.inbox import DEAD, InboxUpdate
from tests.soak.circles import WORKSPACE, Circles
from tests.soak.traffic import Traffic
from tests.userbot import likeness
from tests.userbot.likeness import Difference, Facts, Place

Untold = tuple[int, int]  # an account, and a message (its uid) of which Telegram has told it something never


@dataclass(frozen=True, slots=True)
class Contents:
    """A vault at one moment: what it holds of each account, which groups, the ledger, what was given up unheard."""

    facts: dict[int, dict[Place, Facts]] = field(default_factory=dict)
    versions: dict[int, dict[Place, set[str]]] = field(default_factory=dict)
    read: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)  # of the accounts that have a device
    groups: Sequence[Group] = ()
    cards: AbstractSet[int] = frozenset()  # of groups
    gaps: Sequence[Gap] = ()
    dead: int = 0


async def contents(app: App) -> Contents:
    """Looked up in the process that runs."""
    async with app.installation.vaults.open(WORKSPACE) as vault, vault.reading() as session:
        accounts = list(await session.exec(select(Account.id)))
        return Contents(
            {number: await likeness.in_the_vault(session, number) for number in accounts},
            {number: await likeness.earlier_texts(session, number) for number in accounts},
            {number: await likeness.read_in_the_vault(session, number) for number in accounts},
            {row.account_id: row.pts for row in await userbots.all_sessions(session)},
            list(await session.exec(select(Group))),
            set(await session.exec(select(Contact.telegram_id).where(col(Contact.telegram_id) < 0))),
            list(await session.exec(select(Gap).order_by(col(Gap.id)))),
            (await inbox.counted(session, InboxUpdate)).get(DEAD, 0),
        )


@dataclass(slots=True)
class Verdict:
    """The differences of all accounts, as lines to be read; `open` counts gaps that history or check may yet close."""

    unstated: list[str] = field(default_factory=list)
    stated: list[str] = field(default_factory=list)
    untold: dict[Untold, str] = field(default_factory=dict)  # nobody can know of these but by comparing
    unfollowed: set[Untold] = field(default_factory=set)  # nor of these, should their group be picked again
    open: int = 0


@dataclass(slots=True)
class Judge:
    """Lays the world beside the vault. A Business connection tells nothing of reactions, nor of what vanishes."""

    world: World
    traffic: Traffic
    untold: AbstractSet[Untold]
    circles: Circles
    verdict: Verdict = field(default_factory=Verdict)

    def judge(self, here: Contents) -> Verdict:
        """Every account, message by message, with how far each has come and what is known of its groups."""
        dead = [f"{here.dead} updates were given up"] if here.dead else []
        self.verdict.unstated += [*dead, *self._groups(here)]
        for account_id in here.facts:
            self._account(account_id, here)
        linked = {row.peer_id for row in here.groups if row.ended_at is None}
        self.verdict.open = sum(
            gap.closed_at is None
            and gap.account_id in here.counts
            and (gap.peer_id is None or gap.peer_id > 0 or gap.peer_id in linked)
            for gap in here.gaps
        )
        return self.verdict

    def _account(self, account_id: int, here: Contents) -> None:
        followed = self._followed(account_id, here.groups)
        self.verdict.unfollowed |= {
            one for one in self.untold if one[0] == account_id and self._is_outside(one, followed)
        }
        said = likeness.said_in_the_world(self.world, account_id, followed)
        there = likeness.in_the_world(self.world, account_id, followed)
        kept = {
            place: one for place, one in here.facts[account_id].items() if one.peer_id > 0 or one.peer_id in followed
        }
        by_business_alone = account_id not in here.counts
        for difference in likeness.differences(there, kept):
            one = said.get(difference.place)
            if not (by_business_alone and (difference.what == "reactions" or (one and not is_shown(one)))):
                self._weigh(account_id, difference, one, here.gaps)
        for difference, moment in _versions(said, kept, here.versions[account_id], whole=by_business_alone):
            self._weigh(account_id, difference, said[difference.place], here.gaps, moment)
        strange = {place: one for place, one in here.facts[account_id].items() if place not in kept}
        self.verdict.unstated += [f"{account_id}: {line}" for line in self._leftovers(account_id, strange, here.groups)]
        if not by_business_alone:
            self.verdict.unstated += [f"{account_id}: {line}" for line in self._read(account_id, here)]

    def _is_outside(self, untold: Untold, followed: AbstractSet[int]) -> bool:
        chat = self.world.messages[untold[1]].chat
        return isinstance(chat, Circle) and chat.id not in followed

    def _followed(self, account_id: int, rows: Sequence[Group]) -> set[int]:
        """The groups that are to be like the world: the picked ones, and what they were before they moved on."""
        mine = [row for row in rows if row.account_id == account_id]
        picked = {row.peer_id for row in mine if row.ended_at is None}
        moved = {row.peer_id for row in mine if row.reason == MIGRATED}
        return picked | {old for old in moved if self.world.group(old).migrated_to in picked}

    def _weigh(
        self,
        account_id: int,
        difference: Difference,
        said: Said | None,
        gaps: Sequence[Gap],
        moment: datetime | None = None,
    ) -> None:
        """Put a difference where it belongs; its moment is when that was done which the vault does not have."""
        line = f"{account_id}: {difference}"
        if said is None:
            self.verdict.unstated.append(line)
        elif (account_id, said.uid) in self.untold:
            self.verdict.untold[account_id, said.uid] = line
        else:
            moment = moment or self._happened(difference, said)
            admitted = any(_admits(gap, account_id, difference, said, moment) for gap in gaps)
            (self.verdict.stated if admitted else self.verdict.unstated).append(line)

    def _happened(self, difference: Difference, said: Said) -> datetime | None:
        match difference.what:
            case "deleted":
                return self.traffic.deleted_at(said)
            case "reactions":
                return said.reacted_at
            case _:
                return self.traffic.written_at(said)

    def _read(self, account_id: int, here: Contents) -> Iterator[str]:
        """How far chats were read that is not known; and how far the account, or a group, that is not as far."""
        there, known = likeness.read_in_the_world(self.world, account_id), here.read[account_id]
        for peer_id in there.keys() & known.keys():
            if there[peer_id] != known[peer_id]:
                yield f"{peer_id}.read: {there[peer_id]} is {known[peer_id]}"
        own = [(row.peer_id, row.pts) for row in here.groups if row.account_id == account_id and row.ended_at is None]
        for number, count in [(account_id, here.counts[account_id]), *own]:
            if count != (has := self.world.account(number).pts) and (number > 0 or self.world.group(number).is_super):
                yield f"{number}.count: {has} is {count}"

    def _groups(self, here: Contents) -> Iterator[str]:
        """What the vault has wrong of who is in which group, and of which are picked."""
        rows = {(row.account_id, row.peer_id): row for row in here.groups}
        for account_id, peer_id in self.circles.picked:
            row = rows.get((account_id, peer_id))
            if (row is None or row.ended_at is not None) and not self._is_untold(account_id, peer_id):
                yield f"{account_id}: {peer_id} was picked, and is {row.reason if row else 'unknown'}"
        for (account_id, peer_id), row in rows.items():
            group = self.world.group(peer_id)
            over = account_id not in group.members or group.migrated_to
            if row.ended_at is None and over and not self._is_untold(account_id, peer_id):
                yield f"{account_id}: {peer_id} is over, which is not known"
            if row.ended_at is None and (account_id, peer_id) in self.circles.dropped:
                yield f"{account_id}: {peer_id} is mirrored against Olga's will"
        known = {row.peer_id for row in here.groups}
        yield from (f"{peer_id} has a card and was not picked" for peer_id in here.cards - known)

    def _is_untold(self, account_id: int, peer_id: int) -> bool:
        group = self.world.group(peer_id)
        chats = {group.id, group.migrated_from, group.migrated_to}
        told = (self.world.messages[uid] for one, uid in self.untold if one == account_id)
        return any(getattr(message.chat, "id", 0) in chats for message in told)

    def _leftovers(self, account_id: int, facts: dict[Place, Facts], rows: Sequence[Group]) -> Iterator[str]:
        """What is kept of groups that are picked no more: nothing but what was said there, and that as it was once."""
        ended = {row.peer_id for row in rows if row.account_id == account_id}
        for place, one in facts.items():
            said = likeness.said_at(self.world, account_id, place)
            group = self.world.group(one.peer_id)
            if said is None or ended.isdisjoint({group.id, group.migrated_from}):
                yield f"{place} is kept of {one.peer_id}, which was not picked"
            elif one.text and not said.service and one.text not in {said.text, *(text for text, _ in said.versions)}:
                yield f"{place}.text: {one.text!r} was never said"


def _versions(
    said: Mapping[Place, Said], kept: Mapping[Place, Facts], versions: Mapping[Place, set[str]], *, whole: bool
) -> Iterator[tuple[Difference, datetime | None]]:
    """Earlier texts that nobody wrote; and, where each was told, those that are lacking."""
    for place in kept.keys() & said.keys():
        there, stored = dict(said[place].versions), versions.get(place, set())
        yield from ((Difference(place, "versions", None, text), None) for text in stored - there.keys())
        lost = there.keys() - stored - {kept[place].text} if whole else ()
        yield from ((Difference(place, "versions", text), there[text]) for text in lost)


def _admits(gap: Gap, account_id: int, difference: Difference, said: Said, moment: datetime | None) -> bool:
    """Whether the ledger says that this may be so.

    An open gap: what happened in it was not heard. One that was closed by reading the chats again keeps one
    reservation: what could no longer be changed when it began may have been deleted, or reacted to, in it.
    """
    if moment is None or gap.account_id != account_id or not _within(gap, moment):
        return False
    if gap.peer_id not in {None, said.chat.peer_of(account_id)}:
        return False
    old = gap.begun_at is not None and said.date < gap.begun_at - EDIT_WINDOW
    return gap.closed_at is None or (gap.closed_by == HISTORY and difference.what in {"deleted", "reactions"} and old)


def _within(gap: Gap, moment: datetime) -> bool:
    return (gap.begun_at is None or gap.begun_at <= moment) and (gap.ended_at is None or moment <= gap.ended_at)
