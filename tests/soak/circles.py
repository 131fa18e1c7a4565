"""Groups in the soak: opened, joined, left and grown by chance, and picked to be mirrored, or not any more."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from bot.app import App
from crm import groups
from crm.access import enter
from crm.errors import NotFound, NotNow
from sandbox.world import Group, Person, World
from tests.people import OLGA

WORKSPACE = 1
MOST = 6  # groups that stand at a time


class Circles:
    """The groups of those whose accounts have a device; account and id of those that Olga has picked, or dropped."""

    def __init__(
        self, world: World, chance: random.Random, linked: Sequence[Person], clients: Sequence[Person]
    ) -> None:
        self._world = world
        self._chance = chance
        self.linked, self._clients = linked, clients
        self.picked: set[tuple[int, int]] = set()
        self.dropped: set[tuple[int, int]] = set()
        self.tally: Counter[str] = Counter()
        self._open(is_super=False)
        self._open(is_super=True)

    @property
    def standing(self) -> list[Group]:
        """Those in which something can be said."""
        return [group for group in self._world.groups.values() if not group.migrated_to]

    def happens(self) -> None:
        """Let one thing become of the groups."""
        if not self.standing or (len(self.standing) < MOST and self._chance.random() < 0.4):
            self._open(is_super=self._chance.random() < 0.5)
        else:
            self._chance.choice((self._come, self._go, self._go, self._grow, self._rename))(
                self._chance.choice(self.standing)
            )

    def choice(self) -> tuple[int, int] | None:
        """An account and a group that it is in; None where there is none."""
        found = [(one.id, group.id) for one in self.linked for group in self.standing if one.id in group.members]
        return self._chance.choice(found) if found else None

    def _open(self, *, is_super: bool) -> None:
        everyone = [*self.linked, *self._chance.sample(self._clients, 2)]
        opener, *others = sorted(everyone, key=lambda one: one in self.linked)
        title = f"Circle {len(self._world.groups)}"
        self._world.make_group(opener.id, title, [one.id for one in others], is_super=is_super)
        self.tally["groups"] += 1

    def _come(self, group: Group) -> None:
        outside = [one for one in (*self.linked, *self._clients) if one.id not in group.members]
        if outside:
            self._world.add_member(group.id, self._chance.choice(outside).id, by=group.owner_id)
            self.tally["joined a group"] += 1

    def _go(self, group: Group) -> None:
        """Somebody leaves, or is thrown out; whoever opened it stays."""
        inside = [member for member in group.members if member != group.owner_id]
        if inside:
            member = self._chance.choice(inside)
            self.picked.discard((member, group.id))  # it is over at the latest when Wysper hears of it
            self._world.remove_member(group.id, member, by=self._chance.choice((None, group.owner_id)))
            self.tally["left a group"] += 1

    def _grow(self, group: Group) -> None:
        if not group.is_super:
            new = self._world.upgrade_group(group.id, by=group.owner_id)
            moved = {(account_id, peer_id) for account_id, peer_id in self.picked if peer_id == group.id}
            self.picked = self.picked - moved | {(account_id, new.id) for account_id, _ in moved}
            self.tally["became supergroups"] += 1

    def _rename(self, group: Group) -> None:
        self._world.rename_group(
            group.id, f"{group.title.partition(',')[0]}, {len(self._world.messages)}", by=group.owner_id
        )


async def pick(account_id: int, peer_id: int, app: App) -> bool:
    """Olga picks a group; False where Telegram cannot be asked for it now."""
    async with enter(app.installation, OLGA, WORKSPACE) as desk:
        try:
            await groups.choices(desk, app.devices, account_id, anew=True)
            await groups.pick(desk, app.devices, account_id, peer_id)
        except (NotNow, NotFound):
            return False
    return True


async def unpick(account_id: int, peer_id: int, app: App, *, erase: bool) -> bool:
    """Olga no longer wants it; False where it was not known to be picked."""
    async with enter(app.installation, OLGA, WORKSPACE) as desk:
        try:
            await groups.unpick(desk, app.devices, account_id, peer_id, erase=erase)
        except NotFound:
            return False
    return True
