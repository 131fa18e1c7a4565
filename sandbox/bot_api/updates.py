"""How a bot gets its updates: by long polling, or by a webhook that it sets."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiogram import methods, types

from sandbox.bot_api.bot import WebhookSettings
from sandbox.bot_api.calls import Caller
from sandbox.world import Refused

MAX_AT_ONCE = 100
LONGEST_POLL = 50.0  # seconds


async def get_updates(caller: Caller, call: methods.GetUpdates) -> bytes:
    """Give the updates that wait, or wait for them. Refuses while a webhook is set."""
    bot = caller.bot
    if bot.webhook:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    bot.queue.allow(call.allowed_updates)
    limit = min(call.limit or MAX_AT_ONCE, MAX_AT_ONCE)
    again = caller.world.faults.take("bot_api_again", "getUpdates")
    found = await bot.queue.poll(None if again else call.offset, limit, min(call.timeout or 0, LONGEST_POLL))
    return b"[%s]" % b",".join(update.body for update in found)


def set_webhook(caller: Caller, call: methods.SetWebhook) -> bool:
    """Post updates to an address from now on; an empty one ends it. http is fine, as with a local Bot API server."""
    bot = caller.bot
    if not call.url:
        return _remove(caller, drop=call.drop_pending_updates is True)
    address = urlsplit(call.url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise Refused.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    bot.queue.allow(call.allowed_updates)
    if call.drop_pending_updates:
        bot.queue.clear()
    bot.webhook = WebhookSettings(call.url, call.secret_token, call.max_connections or 40)
    bot.queue.interrupt("terminated by setWebhook request")
    return True


def delete_webhook(caller: Caller, call: methods.DeleteWebhook) -> bool:
    return _remove(caller, drop=call.drop_pending_updates is True)


def _remove(caller: Caller, *, drop: bool) -> bool:
    caller.bot.webhook = None
    if drop:
        caller.bot.queue.clear()
    return True


def get_webhook_info(caller: Caller, _call: methods.GetWebhookInfo) -> types.WebhookInfo:
    webhook, queue = caller.bot.webhook, caller.bot.queue
    allowed = sorted(queue.allowed) if queue.allowed else None
    info = types.WebhookInfo(
        url="", has_custom_certificate=False, pending_update_count=len(queue), allowed_updates=allowed
    )
    if webhook is None:
        return info
    shown = ("url", "max_connections", "last_error_date", "last_error_message")
    return info.model_copy(update={name: getattr(webhook, name) for name in shown})
