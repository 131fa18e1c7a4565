"""The list of conversations, newest first, page by page."""

from __future__ import annotations

from bisect import bisect_right
from math import inf
from typing import Any

from sandbox.mtproto.calls import BadRequest, Call, answers
from sandbox.mtproto.tl import functions, types
from sandbox.mtproto.updates import state_of
from sandbox.world import Box, Message

PAGE = 100


@answers(functions.messages.GetDialogsRequest)
def get_dialogs(call: Call, request: Any) -> Any:
    if request.folder_id:  # the archive: nobody has put anything there
        return types.messages.Dialogs([], [], [], [])
    rows = call.server.index.dialogs(call.me.id)
    start = 0
    if request.offset_id or (request.offset_date and request.offset_date.timestamp()):
        nowhere = isinstance(request.offset_peer, types.InputPeerEmpty)
        peer_id = inf if nowhere else call.view.peer_at(request.offset_peer)
        place = (-int(request.offset_date.timestamp()), -request.offset_id, peer_id)
        start = bisect_right(rows, place, key=lambda row: row.place)
    page = rows[start : start + max(1, min(request.limit, PAGE))]
    parts = _parts(call, [(row.box, row.top) for row in page])
    if len(page) == len(rows):
        return types.messages.Dialogs(**parts)
    return types.messages.DialogsSlice(count=len(rows), **parts)


@answers(functions.messages.GetPeerDialogsRequest)
def get_peer_dialogs(call: Call, request: Any) -> Any:
    boxes = call.world.account(call.me.id).boxes
    found = []
    for wanted in request.peers:
        if not isinstance(wanted, types.InputDialogPeer):
            raise BadRequest("PEER_ID_INVALID")
        box = boxes.get(call.view.peer_at(wanted.peer))
        if box and (top := box.top):
            found.append((box, top))
    return types.messages.PeerDialogs(state=state_of(call), **_parts(call, found))


@answers(functions.messages.GetPinnedDialogsRequest)
def get_pinned_dialogs(call: Call, _: Any) -> Any:
    return types.messages.PeerDialogs(state=state_of(call), **_parts(call, []))


@answers(functions.messages.GetDialogFiltersRequest)
def get_dialog_filters(call: Call, _: Any) -> Any:
    del call
    return types.messages.DialogFilters([types.DialogFilterDefault()])


def _parts(call: Call, found: list[tuple[Box, Message]]) -> dict[str, Any]:
    drafts = call.server.drafts.of(call.me.id)
    return {
        "dialogs": [call.view.dialog(box, top, drafts.get(box.peer_id)) for box, top in found],
        "messages": call.view.messages(top for _, top in found),
        "chats": call.view.chats_of(top for _, top in found),
        "users": call.view.people_of(top for _, top in found),
    }
