"""What goes back over the wire: results and refusals in Telegram's JSON."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from pydantic_core import to_json as dump

from sandbox.world import Refused


def to_json(content: Any) -> bytes:
    """Serialise aiogram's types as Telegram does: no nulls, `from` and not `from_user`, times in Unix seconds."""
    return dump(content, exclude_none=True, by_alias=True)


def result(content: Any) -> web.Response:
    return raw_result(to_json(content))


def raw_result(body: bytes) -> web.Response:
    return web.Response(body=b'{"ok":true,"result":%s}' % body, content_type="application/json")


def refusal(refused: Refused) -> web.Response:
    answer: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    headers = {}
    if refused.migrate_to:
        answer["parameters"] = {"migrate_to_chat_id": refused.migrate_to}
    if refused.retry_after:
        answer["parameters"] = {"retry_after": refused.retry_after}
        headers["Retry-After"] = str(refused.retry_after)
    return web.json_response(answer, status=refused.code, headers=headers, dumps=json.dumps)
