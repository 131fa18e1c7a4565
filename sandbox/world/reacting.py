"""What people do with a message that stands there: react to it, forward it, or let nobody forward it."""

from __future__ import annotations

from sandbox.world.events import MessageReacted
from sandbox.world.forums import Forums
from sandbox.world.messages import Message, Origin, Reaction
from sandbox.world.refused import Refused

_MOST, _MOST_PREMIUM = 1, 3  # reactions of one person to one message


class Reacting(Forums):
    """Reactions and forwards."""

    def react(self, uid: int, *signs: str | int, by: int) -> Message:
        """Put these under a message in place of one's own earlier ones: emoji, or pictures by number; none takes away.

        Refuses as Telegram does.
        """
        message = self.messages.get(uid)
        if message is None or message.deleted or by not in message.audience or message.service:
            raise Refused.bad_request("MESSAGE_ID_INVALID")
        if len(signs) > (_MOST_PREMIUM if self.person(by).is_premium else _MOST):
            raise Refused.bad_request("REACTIONS_TOO_MANY")
        mine = tuple(one for one in message.reactions if one.by == by)
        if tuple(one.custom_id or one.emoji for one in mine) == signs:
            raise Refused.bad_request("MESSAGE_NOT_MODIFIED")
        now = self.clock.now().replace(microsecond=0)
        put = [
            Reaction(by, now, custom_id=sign) if isinstance(sign, int) else Reaction(by, now, emoji=sign)
            for sign in signs
        ]
        message.reactions = (*(one for one in message.reactions if one.by != by), *put)
        message.reacted_at = now
        self._log(message, MessageReacted(message.audience, message, by, mine))
        return message

    def forward(self, uid: int, *, by: int, to: int) -> Message:
        """Send a message on under the name of whoever said it first. Refuses what may not be forwarded."""
        message = self.messages.get(uid)
        if message is None or message.deleted or by not in message.audience:
            raise Refused.bad_request("message to forward not found")
        if message.protected or message.ttl:
            raise Refused.bad_request("message can't be forwarded")
        origin = message.origin or Origin(self.person(message.sender_id).name, message.date, message.sender_id)
        file, carried = message.file, message.service  # a poll is forwarded as what it is
        return self.send(by, to, message.text, entities=message.entities, file=file, service=carried, origin=origin)

    def protect(self, one_id: int, other_id: int, *, on: bool = True) -> None:
        """Let nothing that is said from now on in this chat be forwarded or saved, or let it again."""
        chat = self.chat(one_id, other_id)
        (self._protected.add if on else self._protected.discard)(chat)
