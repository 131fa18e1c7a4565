"""A bot's answer to @bot words: what it offers to be sent."""

from __future__ import annotations

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.formatting import formatted
from sandbox.bot_api.sending import checked_text, plain
from sandbox.world import InlineResult, Refused

MAX_RESULTS = 50
MAX_ID = 64  # bytes
KEPT = 300  # seconds, where the bot does not say


def answer_inline_query(caller: Caller, call: methods.AnswerInlineQuery) -> bool:
    """Offer results. Refuses more than 50, ids that are long or come twice, and results without a text."""
    if len(call.results) > MAX_RESULTS:
        raise Refused.bad_request("RESULTS_TOO_MUCH")
    ids = [one.id for one in call.results]
    if len({*ids}) < len(ids):
        raise Refused.bad_request("RESULT_ID_DUPLICATE")
    if any(not 0 < len(one.encode()) <= MAX_ID for one in ids):
        raise Refused.bad_request("RESULT_ID_INVALID")
    results = [_result(one) for one in call.results]
    kept = KEPT if call.cache_time is None else call.cache_time
    caller.world.answer_inline(
        call.inline_query_id, results, by=caller.bot_id, kept=kept, personal=call.is_personal is True
    )
    return True


def _result(one: types.InlineQueryResultUnion) -> InlineResult:
    if not isinstance(one, types.InlineQueryResultArticle):
        raise Refused(501, "Not Implemented: the sandbox knows results of the kind article alone")
    content = one.input_message_content
    if not isinstance(content, types.InputTextMessageContent) or not one.title:
        raise Refused.bad_request("can't parse inline query result")
    text, entities = checked_text(formatted(content.message_text, plain(content.parse_mode), content.entities))
    return InlineResult(one.id, one.title, one.description or "", text, entities)
