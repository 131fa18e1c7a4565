"""Groups: made, joined, left, renamed, and grown into supergroups; each of it leaves a service message."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sandbox.world.accounts import Box
from sandbox.world.chats import CHANNELS, PERMISSIONS, Group
from sandbox.world.clock import Clock
from sandbox.world.events import GroupChanged
from sandbox.world.files import secret_number
from sandbox.world.messages import Message
from sandbox.world.refused import Refused
from sandbox.world.talking import Talking

_FIRST_GROUP, _FIRST_SUPERGROUP = 4_100_000_000, 2_300_000_000
LONGEST_TITLE = 128


class Groups(Talking):
    """What people do with groups as such."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._made_groups = 0

    def make_group(
        self,
        owner_id: int,
        title: str,
        members: Iterable[int] = (),
        *,
        is_super: bool = False,
        date: datetime | None = None,
    ) -> Group:
        """Open a group with these people in it, now or on a `date`. Refuses a title that is empty."""
        everyone = tuple(dict.fromkeys((owner_id, *(self.person(member).id for member in members))))
        group = self._open(title, owner_id, everyone, is_super=is_super)
        group.date = (date or group.date).replace(microsecond=0)
        created = "supergroup_chat_created" if is_super else "group_chat_created"
        self._note(group, owner_id, created, date=date, title=group.title)
        self.emit(GroupChanged(everyone, group, owner_id, joined=everyone))
        return group

    def add_member(self, group_id: int, person_id: int, *, by: int | None = None) -> None:
        """Let somebody in; without `by` he comes by himself."""
        group, person = self.group(group_id), self.person(person_id)
        actor = person.id if by is None else by
        if person.id in group.members:
            raise Refused.bad_request("USER_ALREADY_PARTICIPANT")
        if by is not None:
            self._check(group, by, "invite_users")
        group.members = (*group.members, person.id)
        group.kicked.discard(person.id)
        self._give_box(group, person.id)
        self._note(group, actor, "new_chat_members", members=[person.id])
        self.emit(GroupChanged(group.members, group, actor, joined=(person.id,)))

    def remove_member(self, group_id: int, person_id: int, *, by: int | None = None) -> None:
        """Let somebody leave, or be thrown out by an admin: of a supergroup he sees nothing more."""
        group = self.group(group_id)
        if by is not None and by not in {group.owner_id, *group.admins}:
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")
        if person_id not in group.members:
            raise Refused.bad_request("USER_NOT_PARTICIPANT")
        actor = person_id if by is None else by
        audience = group.members
        if not group.is_super:  # there, whoever goes is told by the notice itself
            self._note(group, actor, "left_chat_member", members=[person_id])
        group.members = tuple(member for member in group.members if member != person_id)
        group.admins.pop(person_id, None)
        if group.is_super:
            del self.account(person_id).boxes[group.id]
            if actor != person_id:
                group.kicked.add(person_id)
            if group.members:
                self._note(group, actor, "left_chat_member", members=[person_id])
        self.emit(GroupChanged(audience, group, actor, left=(person_id,)))

    def rename_group(self, group_id: int, title: str, *, by: int) -> None:
        group = self.group(group_id)
        self._check(group, by, "change_info")
        group.title = _proper(title)
        self._note(group, by, "new_chat_title", title=group.title)
        self.emit(GroupChanged(group.members, group, by))

    def permit(self, group_id: int, permissions: Iterable[str], *, by: int) -> None:
        """Choose what plain members may do."""
        group = self.group(group_id)
        if by != group.owner_id:
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")
        group.permissions = PERMISSIONS.intersection(permissions)
        self.emit(GroupChanged(group.members, group, by))

    def upgrade_group(self, group_id: int, *, by: int) -> Group:
        """Make a supergroup of a basic group: a new chat with another id takes its place, and the old one is closed."""
        old = self.group(group_id)
        if old.is_super or old.migrated_to or by != old.owner_id:
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")
        new = self._open(old.title, old.owner_id, old.members, is_super=True)
        new.admins, new.permissions, new.migrated_from = dict(old.admins), old.permissions, old.id
        self._note(old, by, "migrate_to_chat_id", chat=new.id)
        old.migrated_to = new.id
        self._note(new, by, "migrate_from_chat_id", chat=old.id, title=old.title)
        self.emit(GroupChanged(new.members, new, by))
        return new

    def _open(self, title: str, owner_id: int, members: tuple[int, ...], *, is_super: bool) -> Group:
        self._made_groups += 1
        step = self._made_groups * 1013
        number = CHANNELS - _FIRST_SUPERGROUP - step if is_super else -_FIRST_GROUP - step
        group = Group(
            members,
            id=number,
            access_hash=secret_number("group", number),
            title=_proper(title),
            owner_id=self.person(owner_id).id,
            date=self.clock.now().replace(microsecond=0),
        )
        self.groups[number] = group
        for member in members:
            self._give_box(group, member)
        return group

    def _give_box(self, group: Group, member: int) -> None:
        """Let a member look into the one box of a supergroup; of a basic group each has his own."""
        if group.is_super:
            whole = self.account(group.id)
            box = Box(member, group.id, group, messages=whole.box(group).messages, since=whole.pts)
            box.read_inbox = whole.last_id
            self.account(member).boxes[group.id] = box

    def _note(
        self,
        group: Group,
        actor: int,
        what: str,
        *,
        date: datetime | None = None,
        topic: int | None = None,
        reply_to: int | None = None,
        **facts: Any,
    ) -> Message:
        """Write down in the group what became of it; no right is needed for that."""
        at, service = (date or self.clock.now()).replace(microsecond=0), {"type": what, **facts}
        uid = len(self.messages) + 1
        return self._write(Message(uid, group, actor, "", at, service=service, topic=topic, reply_to=reply_to))

    @staticmethod
    def _check(group: Group, person_id: int, permission: str) -> None:
        if person_id not in group.members or not group.may(person_id, permission):
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")


def _proper(title: str) -> str:
    title = title.strip()[:LONGEST_TITLE]
    if not title:
        raise Refused.bad_request("CHAT_TITLE_EMPTY")
    return title
