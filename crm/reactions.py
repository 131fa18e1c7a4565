"""What people put under messages: kept as it was last seen, with whose it is as far as Telegram tells."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.seen import Reacted, Reactions
from storage import messages
from storage.messages import Message


def meet(stored: Message, seen: Reactions) -> None:
    """Let the younger sight stand. Reactions have no versions: who takes one back wants it gone."""
    if stored.reactions_seen_at is None or seen.as_of >= stored.reactions_seen_at:
        stored.reactions, stored.reactions_seen_at = seen.signs, seen.as_of


async def record(session: AsyncSession, account_id: int, told: Sequence[Reacted]) -> None:
    """Take in reactions that came without their messages; a message that is not known brings its own when it comes."""
    stored = await messages.of_account(session, account_id, [one.message_id for one in told])
    for one in told:
        message = stored.get(one.message_id)
        if message is not None and message.peer_id == one.peer_id and message.deleted_at is None:
            meet(message, one.reactions)
            session.add(message)
