"""How far the past of an account is read, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiogram.types import InlineKeyboardButton

from crm.past import Past
from handlers.buttons.accounts import AccountCard
from handlers.buttons.safety import PausePast, Takeout
from handlers.language import _, ngettext, number, percent, when
from handlers.screens import button
from storage.userbots import Reading


def progress(past: Past, now: datetime) -> list[str]:
    """How far, how long still, and what it waits for."""
    if past.reading.whole:
        return [_("Past: read to its beginning")]
    lines = [_line(past, now)]
    if past.device.takeout_id is not None:
        lines.append(_("Telegram's export mode is on until the past is read"))
    elif past.device.takeout_from is not None and past.device.takeout_from > now:
        lines.append(_("Telegram's export mode begins by itself on {when}").format(when=when(past.device.takeout_from)))
    return lines


def ways(past: Past) -> list[list[InlineKeyboardButton]]:
    """The brake, and for a long past Telegram's export mode."""
    if past.reading.whole or past.device.paused_at is not None:
        return []
    account_id, paused = past.roads.account.id, past.device.reading_paused_at is not None
    brake = button(
        _("Go on reading the past") if paused else _("Pause the past"), PausePast(id=account_id, on=not paused)
    )
    rows = [[brake, button(_("Refresh"), AccountCard(id=account_id))]]
    if past.device.takeout_from is not None and past.device.takeout_id is None:
        rows.append([button(_("No export mode after all"), Takeout(id=account_id, on=False))])
    elif past.device.takeout_from is None and past.is_long:
        rows.append([button(_("Read it in Telegram's export mode"), Takeout(id=account_id, on=True))])
    return rows


def takeout_explained() -> str:
    """What the export mode means, before it is asked for."""
    return _(
        "<b>Telegram's export mode</b>\n\n"
        "It is what Telegram made for taking a whole history along: the past is read with fewer waits. Telegram tells "
        "you of it in its own app and may ask you there to allow it; on a device that was linked lately it may want up "
        "to a day to pass first. Then it begins by itself, and until then reading goes on as it is.\n\n"
        "It only reads. It ends when the past is read."
    )


def _line(past: Past, now: datetime) -> str:
    share = percent(past.reading.share)
    if past.device.reading_paused_at is not None:
        return _("⏸ Past: {share} read, and paused; what is new comes in").format(share=share)
    if past.waits_until is not None:
        seconds = max(round((past.waits_until - now).total_seconds()), 0)
        return _("Past: waits {seconds} s, as Telegram asked; {share} read").format(
            seconds=number(seconds), share=share
        )
    counted = _counted(past.reading)
    if past.left is not None:
        return _("Past: {share} read, {counted}, {span} still").format(
            share=share, counted=counted, span=span(past.left)
        )
    return _("Past: {share} read, {counted}").format(share=share, counted=counted)


def _counted(reading: Reading) -> str:
    """In messages; how many there are is a guess until the server has counted each chat."""
    facts = {"read": number(reading.read), "total": number(reading.expected)}
    if reading.listed and not reading.uncounted:
        return _("{read} of {total} messages").format(**facts)
    return _("{read} of about {total} messages").format(**facts)


def span(left: timedelta) -> str:
    """About how long, in the largest unit that says something."""
    minutes = max(round(left.total_seconds() / 60), 1)
    if minutes < 120:  # noqa: PLR2004  two hours are said in minutes no more
        return ngettext("about {n} minute", "about {n} minutes", minutes).format(n=number(minutes))
    hours = round(minutes / 60)
    if hours < 48:  # noqa: PLR2004  as two days are not said in hours
        return ngettext("about {n} hour", "about {n} hours", hours).format(n=number(hours))
    days = round(hours / 24)
    return ngettext("about {n} day", "about {n} days", days).format(n=number(days))
