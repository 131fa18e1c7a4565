"""Ephemeral messages: what a bot says in a group to one member alone. They stand in no book and no history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.world.buttons import Buttons
from sandbox.world.clock import Clock
from sandbox.world.events import EphemeralChanged
from sandbox.world.files import File
from sandbox.world.messages import Entity, Message
from sandbox.world.refused import Refused


class Ephemeral(Buttons):
    """What each member of a group is shown alone. The words of the refusals are not documented by Telegram."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._shown: dict[tuple[int, int], dict[int, Message]] = {}

    def send_ephemeral(
        self,
        bot_id: int,
        group_id: int,
        receiver_id: int,
        text: str = "",
        *,
        entities: Iterable[Entity] = (),
        file: File | None = None,
        reply_to: int | None = None,
        topic: int | None = None,
        markup: dict[str, Any] | None = None,
        service: dict[str, Any] | None = None,
        query_id: str | None = None,
    ) -> Message:
        """Show a member something at any time as an admin, or else in answer to his press."""
        group = self._group_to_write_in(self.person(bot_id), group_id)
        if receiver_id not in group.members:
            raise Refused.bad_request("USER_NOT_PARTICIPANT")
        if bot_id not in group.admins and not self._was_asked(query_id, bot_id, receiver_id):
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")
        topic = self._topic_to_write_in(group, bot_id, topic, reply_to)
        shown = self._shown.setdefault((group_id, receiver_id), {})
        message = Message(
            uid=len(self.messages) + 1,
            chat=group,
            sender_id=bot_id,
            text=text,
            date=self.clock.now().replace(microsecond=0),
            entities=tuple(entities),
            file=file,
            reply_to=reply_to,
            topic=topic,
            markup=markup,
            service=service,
            receiver_id=receiver_id,
            ephemeral_id=max(shown, default=0) + 1,
        )
        self.messages[message.uid] = shown[message.ephemeral_id] = message
        self.emit(EphemeralChanged((receiver_id,), message))
        return message

    def edit_ephemeral(self, group_id: int, receiver_id: int, number: int, *, by: int, **changes: Any) -> None:
        """Give it another text, or other buttons."""
        message = self._ephemeral(group_id, receiver_id, number, by, "edit")
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited_at = self.clock.now().replace(microsecond=0)
        self.emit(EphemeralChanged((receiver_id,), message))

    def delete_ephemeral(self, group_id: int, receiver_id: int, number: int, *, by: int) -> None:
        """Take it away; its number may be given again."""
        message = self._ephemeral(group_id, receiver_id, number, by, "delete")
        message.deleted = True
        del self._shown[group_id, receiver_id][number]
        self.emit(EphemeralChanged((receiver_id,), message))

    def shown_to(self, group_id: int, receiver_id: int) -> list[Message]:
        """Give what a member is shown alone, the oldest first."""
        return list(self._shown.get((group_id, receiver_id), {}).values())

    def _ephemeral(self, group_id: int, receiver_id: int, number: int, by: int, act: str) -> Message:
        message = self._shown.get((group_id, receiver_id), {}).get(number)
        if message is None or message.sender_id != by or by not in message.chat.members:
            raise Refused.bad_request(f"message to {act} not found")
        return message
