"""Answers to questions that would otherwise walk through a whole account, kept until the account changes."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.world import Box, Message, World


@dataclass(frozen=True, slots=True)
class Row:
    """A dialog with its newest message; `place` sorts the list, the newest first."""

    box: Box
    top: Message
    place: tuple[int, int, int]


class Index:
    """Each answer is good for one `pts` of its account, and of its supergroups, for whatever changes them moves it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dialogs: dict[int, tuple[tuple[int, ...], list[Row]]] = {}
        self._counts: dict[Box, tuple[int, int]] = {}

    def dialogs(self, account_id: int) -> list[Row]:
        """Give the account's dialogs, the newest first."""
        supers = self._world.supergroups_of(account_id)
        pts = (self._world.account(account_id).pts, *(self._world.account(group.id).pts for group in supers))
        known_at, rows = self._dialogs.get(account_id, ((), []))
        if known_at != pts:
            tops = [(box, top) for box in self._world.dialogs(account_id) if (top := box.top)]
            rows = [Row(box, top, (-int(top.date.timestamp()), -box.number(top), box.peer_id)) for box, top in tops]
            rows.sort(key=lambda row: row.place)
            self._dialogs[account_id] = pts, rows
        return rows

    def count(self, box: Box) -> int:
        """Count the messages that stand in a chat."""
        pts = self._world.account(box.chat.book_of(box.account_id)).pts
        known_at, count = self._counts.get(box, (0, 0))
        if known_at != pts:
            count = sum(not message.deleted for message in box.messages)
            self._counts[box] = pts, count
        return count
