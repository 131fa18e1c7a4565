"""Fetching a file that the userbot saw: in pieces, with a new reference where the old one has expired."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from crm.errors import NotNow
from storage.columns import Json
from userbot.carried import carried
from userbot.client import Cut, Flooded, Frozen, Line, Refused, Revoked
from userbot.tl import functions, types

_TOO_OLD = frozenset({"FILE_REFERENCE_EXPIRED", "FILE_REFERENCE_EMPTY", "FILE_REFERENCE_INVALID"})


async def pieces(
    line: Line, handle: Json, offset: int, renewed: Callable[[Json], Awaitable[None]]
) -> AsyncIterator[bytes]:
    """The bytes, from an offset (a multiple of 4096) on, of the file that a `carried.handle` leads to.

    `renewed` gets a newer handle, where the old one was not good any more.
    Raises NotNow("unreachable") where it leads nowhere.
    """
    refreshed_at = -1
    while True:
        try:
            async for piece in line.download(_location(handle), dc_id=handle["dc"], offset=offset):
                yield piece
                offset += len(piece)
        except Flooded as flood:
            await line.flooded(flood.seconds)
        except Refused as refusal:
            if refusal.reason not in _TOO_OLD or refreshed_at == offset:
                raise NotNow("unreachable") from refusal
            handle, refreshed_at = await _refreshed(line, handle), offset
            await renewed(handle)
        except (Cut, Frozen, Revoked) as error:
            raise NotNow("unreachable") from error
        else:
            return


def _location(handle: Json) -> Any:
    kind = types.InputPhotoFileLocation if handle["what"] == "photo" else types.InputDocumentFileLocation
    return kind(handle["id"], handle["access_hash"], bytes.fromhex(handle["reference"]), handle["thumb"])


async def _refreshed(line: Line, handle: Json) -> Json:
    """The same file as its message shows it now. Raises NotNow where the message carries it no more."""
    try:
        answer = await line.ask(_carrier(line, handle))
    except (Cut, Frozen, Refused, Revoked) as error:
        raise NotNow("unreachable") from error
    for message in answer.messages:
        file = carried(message)[1] if getattr(message, "media", None) is not None else None
        if file is not None and file.userbot is not None and file.userbot["id"] == handle["id"]:
            return file.userbot | ({"channel": handle["channel"]} if "channel" in handle else {})
    raise NotNow("unreachable")


def _carrier(line: Line, handle: Json) -> Any:
    """The question for the message that carries a file. Raises NotNow where it stands in a group that was dropped."""
    wanted = [types.InputMessageID(handle["message_id"])]
    if "channel" not in handle:
        return functions.messages.GetMessagesRequest(wanted)
    group = line.session.people.input(handle["channel"])
    if group is None:
        raise NotNow("unreachable")
    return functions.channels.GetMessagesRequest(types.InputChannel(group.channel_id, group.access_hash), wanted)
