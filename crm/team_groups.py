"""The groups in which a team works: joined with one press, watched, and let go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, members
from crm.access import Desk, Power, Room, enter
from crm.errors import Invalid, NotFound, NotNow
from crm.installation import Installation
from crm.notices import tell_owner
from storage import team_groups as stored
from storage import topics
from storage.accounts import Account
from storage.memberships import Membership
from storage.messages import Message
from storage.routes import Route
from storage.stages import Stage
from storage.tags import Tag
from storage.team_groups import Scope, TeamGroup
from storage.topics import Post, Topic

TEAM = "team"  # kind of route
PRUNE = (30, 90, 365)  # days that can be chosen
# what the outbox calls these notices
LACKING, HEALED, ENDED, LEFT = "team_group_lacking", "team_group_healed", "team_group_ended", "team_group_left"
FULL = "team_group_full"


SCOPED: Mapping[Scope, Any] = {Scope.TAG: Tag, Scope.ACCOUNT: Account, Scope.STAGE: Stage}


class Need(StrEnum):
    """What the bot needs in a group; in the order in which it is to be granted."""

    FORUM = "forum"
    ADMIN = "admin"
    TOPICS = "topics"
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class Standing:
    """A group as Telegram shows it to the bot."""

    chat_id: int
    title: str
    members: int  # people in it, and bots
    is_forum: bool
    is_admin: bool
    manages_topics: bool
    pins: bool

    @property
    def lacking(self) -> list[Need]:
        """What is still to be granted."""
        has = {
            Need.FORUM: self.is_forum,
            Need.ADMIN: self.is_admin,
            Need.TOPICS: self.manages_topics,
            Need.PIN: self.pins,
        }
        return [need for need, granted in has.items() if not granted]


async def workspace_of(installation: Installation, chat_id: int) -> int | None:
    """The workspace whose team works in this group; None where it is nobody's."""
    route = await installation.registry.recall(Route, (TEAM, str(chat_id)))
    return route.workspace_id if route is not None else None


async def bind(desk: Desk, standing: Standing, language: str) -> TeamGroup:
    """Let the team work in this group from now on; one that was left before goes on where it was.

    Raises NotAllowed, NotNow("group_lacking"), NotNow("group_taken") where it is another workspace's.
    """
    desk.need(Power.MANAGE)
    here = desk.workspace.id or 0
    if standing.lacking:
        raise NotNow("group_lacking")
    if await workspace_of(desk.installation, standing.chat_id) not in {None, here}:
        raise NotNow("group_taken")
    now = desk.installation.clock.now()
    await audit.record_first(desk, "team_group.bound", f"team_group:{standing.chat_id}")
    async with desk.vault.transaction() as session:
        group = await session.get(TeamGroup, standing.chat_id)
        if group is None:
            group = TeamGroup(
                chat_id=standing.chat_id,
                title=standing.title,
                language=language,
                bound_at=now,
                bound_by=desk.person.id,
                scanned=await _newest(session),
            )
        group.title, group.language, group.lacking, group.ended_at = standing.title, language, [], None
        session.add(group)
    await _route(desk.installation, standing.chat_id, here)
    async with desk.transaction():  # only now is the press worked off
        return group


async def unbind(desk: Desk, chat_id: int) -> None:
    """Let the team work there no more: what was said stays in the vault, and in the group for Telegram to show.

    Raises NotAllowed, NotFound.
    """
    desk.need(Power.MANAGE)
    await one(desk, chat_id)
    await audit.record_first(desk, "team_group.unbound", f"team_group:{chat_id}")
    await _unroute(desk.installation, chat_id)
    async with desk.transaction() as session:
        await session.delete(await session.get_one(TeamGroup, chat_id))


async def listing(desk: Desk) -> Sequence[TeamGroup]:
    """Every group of the workspace, the first to come first."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await stored.every(session)


async def one(desk: Desk, chat_id: int) -> TeamGroup:
    """The group. Raises NotFound."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        group = await session.get(TeamGroup, chat_id)
    if group is None:
        raise NotFound("team_group")
    return group


async def set_scope(desk: Desk, chat_id: int, scope: Scope, scope_id: int | None = None) -> None:
    """Choose whose conversations come there. Raises NotAllowed, NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        group = await session.get(TeamGroup, chat_id)
        if group is None:
            raise NotFound("team_group")
        if scope is not Scope.ALL and await _scoped(session, scope, scope_id) is None:
            raise NotFound(scope)
        group.scope, group.scope_id = scope, None if scope is Scope.ALL else scope_id
        session.add(group)
        audit.record(desk, session, "team_group.scoped", f"team_group:{chat_id}", scope=scope, of=group.scope_id)


async def turn(desk: Desk, chat_id: int, *, turned: bool) -> None:
    """Choose what goes to clients: replies alone, or everything but replies. Raises NotAllowed, NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        group = await session.get(TeamGroup, chat_id)
        if group is None:
            raise NotFound("team_group")
        if group.turned != turned:
            group.turned = turned
            session.add(group)
            audit.record(desk, session, "team_group.turned", f"team_group:{chat_id}", turned=turned)


async def prune(desk: Desk, chat_id: int, days: int | None) -> None:
    """Choose when the topics of closed conversations are removed there; None: never. Raises NotAllowed, NotFound."""
    desk.need(Power.MANAGE)
    if days is not None and days not in PRUNE:
        raise Invalid("days", "unknown")
    async with desk.transaction() as session:
        group = await session.get(TeamGroup, chat_id)
        if group is None:
            raise NotFound("team_group")
        group.prune_after = days
        session.add(group)
        audit.record(desk, session, "team_group.pruned", f"team_group:{chat_id}", days=days)


async def waiting(desk: Desk, chat_id: int) -> int:
    """In how many topics something is still to be told."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await topics.waiting(session, chat_id)


async def scope_name(desk: Desk, group: TeamGroup) -> str | None:
    """What the tag, account or stage is called whose conversations come there; None for all, and where it is gone."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await _scoped(session, Scope(group.scope), group.scope_id)


async def choices(desk: Desk, scope: Scope) -> Sequence[tuple[int, str]]:
    """What a group may be for, of one kind: ids and names, by name."""
    desk.need(Power.MANAGE)
    async with desk.reading() as session:
        rows: Sequence[Any] = (await session.exec(select(SCOPED[scope]))).all()
    found = [(row.id or 0, row.name) for row in rows if getattr(row, "removed_at", None) is None]
    return sorted(found, key=lambda pair: pair[1].casefold())


async def seen(room: Room, standing: Standing) -> None:
    """Take in how a group stands now: its owner hears of what is missing, and when nothing is any more."""
    async with room.transaction() as session:
        group = await session.get(TeamGroup, standing.chat_id)
        if group is None:
            return
        healed = bool(group.lacking or group.ended_at) and not standing.lacking
        worse = bool(set(standing.lacking) - set(group.lacking)) or (group.ended_at is not None and standing.lacking)
        group.title, group.ended_at = standing.title, None
        group.lacking = [str(need) for need in standing.lacking]
        session.add(group)
        key = f"{group.chat_id}:{room.installation.clock.now().isoformat()}"
        facts = {"group": group.chat_id, "title": group.title}
        if worse:
            await tell_owner(room, session, LACKING, key, lacking=group.lacking, **facts)
        elif healed:
            await tell_owner(room, session, HEALED, key, **facts)


async def ended(room: Room, chat_id: int) -> None:
    """The bot is not in the group any more, or there is none: the owner is told; all is kept for the day it is back."""
    async with room.transaction() as session:
        group = await session.get(TeamGroup, chat_id)
        if group is None or group.ended_at is not None:
            return
        now = room.installation.clock.now()
        group.ended_at = now
        session.add(group)
        await tell_owner(room, session, ENDED, f"{chat_id}:{now.isoformat()}", group=chat_id, title=group.title)


async def is_seated(room: Room, person_id: int) -> bool:
    """Whether he is on the team."""
    here = (room.workspace.id or 0, person_id)
    return await room.installation.registry.recall(Membership, here) is not None


async def gone_from(room: Room, chat_id: int, person_id: int) -> None:
    """Who left the group, or was put out of it, has no seat any more, anywhere; the owner alone keeps his."""
    if person_id == room.workspace.owner_id or not await is_seated(room, person_id):
        return
    installation, here = room.installation, room.workspace.id or 0
    async with enter(installation, person_id, here, update_id=next(iter(room.update_ids), None)) as desk:
        name = desk.person.name
        await members.leave(desk)
    async with room.transaction() as session:
        group = await session.get(TeamGroup, chat_id)
        key = f"{chat_id}:{person_id}:{installation.clock.now().isoformat()}"
        title = group.title if group is not None else ""
        await tell_owner(room, session, LEFT, key, name=name, title=title)


async def moved(room: Room, old: int, new: int) -> None:
    """The group became a supergroup, which is another chat: all that is known of the first is now of this one."""
    await _route(room.installation, new, room.workspace.id or 0)
    async with room.transaction() as session:
        group = await session.get(TeamGroup, old)
        if group is not None:
            fresh = TeamGroup.model_validate({**group.model_dump(), "chat_id": new})
            session.add(fresh)
            await session.flush()
            for table in (Topic, Post):
                await session.exec(update(table).where(table.chat_id == old).values(chat_id=new))  # type: ignore[arg-type]
            await session.delete(group)
    await _unroute(room.installation, old)


async def _route(installation: Installation, chat_id: int, workspace_id: int) -> None:
    async with installation.registry.transaction() as session:
        await session.merge(Route(kind=TEAM, key=str(chat_id), workspace_id=workspace_id))


async def _unroute(installation: Installation, chat_id: int) -> None:
    async with installation.registry.transaction() as session:
        route = await session.get(Route, (TEAM, str(chat_id)))
        if route is not None:
            await session.delete(route)


async def _newest(session: AsyncSession) -> int:
    return (await session.exec(select(func.max(Message.id)))).one() or 0


async def _scoped(session: AsyncSession, scope: Scope, scope_id: int | None) -> str | None:
    table = SCOPED.get(scope)
    row: Any = await session.get(table, scope_id) if table is not None and scope_id is not None else None
    return None if row is None or getattr(row, "removed_at", None) is not None else str(row.name)
