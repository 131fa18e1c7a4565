"""On duty or away: one's own switch, and that of another for whoever leads the team."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, InlineKeyboardButton

from crm import duty, moments
from crm.access import Desk
from crm.duty import Standing
from crm.errors import Invalid
from crm.moments import Moment
from handlers.buttons.duty import ComeBack, GoAway, OnDuty
from handlers.buttons.members import MemberCard
from handlers.buttons.queues import QueueList
from handlers.buttons.settings import Settings
from handlers.language import _, speaking
from handlers.screens import Rows, Screen, back, button, safe, show
from handlers.screens import duty as words
from handlers.screens.moments import offered, told
from handlers.screens.notices import send
from storage.outbox import OutboxRow

OFFERED = (Moment.TOMORROW, Moment.MONDAY, Moment.WEEK, Moment.MONTH)
LAST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())


def routes() -> Router:
    """The switch."""
    router = Router(name="duty")
    router.callback_query.register(show_duty, OnDuty.filter())
    router.callback_query.register(go, GoAway.filter())
    router.callback_query.register(come_back, ComeBack.filter())
    return router


async def show_duty(query: CallbackQuery, callback_data: OnDuty, desk: Desk) -> None:
    """Whether this member is on duty, and what can be changed about it."""
    await _draw(query, desk, callback_data.id or desk.person.id)


async def _draw(query: CallbackQuery, desk: Desk, person_id: int, said: str = "") -> None:
    one = await duty.standing(desk, person_id)
    now = desk.installation.clock.now()
    lines = [_("🙋 <b>On duty</b>"), "", _stands(one, now), *(["", said] if said else []), ""]
    lines.append(
        _("Whoever goes away lets go of the clients who wait for an answer of his: they stand under “Nobody's” for the "
          "others. Back within a day, he has those again whom nobody has taken.")
    )  # fmt: skip
    if one.may_change and one.away is None:
        lines += ["", _("Away until when?")]
    home = Settings() if person_id == desk.person.id else MemberCard(id=person_id)
    await show(query, Screen("\n".join(lines), [*(_ways(desk, one, now) if one.may_change else []), back(home)]))


def _ways(desk: Desk, one: Standing, now: datetime) -> Rows:
    if one.away is not None:
        return [[button(_("🟢 Back on duty"), ComeBack(id=one.person_id))]]
    soon = {moment: at for moment, at in moments.ahead(now, desk.workspace.zone).items() if moment in OFFERED}
    endless = [button(_("No end yet"), GoAway(id=one.person_id))]
    return [*offered(soon, now, lambda at: GoAway(id=one.person_id, until=at)), endless]


def _stands(one: Standing, now: datetime) -> str:
    name = safe(one.name)
    if one.away is None:
        return _("🟢 <b>{name}</b> is on duty.").format(name=name)
    if one.away.back_at is None:
        return _("💤 <b>{name}</b> is away.").format(name=name)
    return _("💤 <b>{name}</b> is away. Back: {when}.").format(name=name, when=told(one.away.back_at, now))


async def go(query: CallbackQuery, callback_data: GoAway, desk: Desk) -> None:
    """Go away."""
    until = callback_data.until
    try:
        freed = await duty.go(desk, callback_data.id, datetime.fromtimestamp(until, UTC) if 0 < until < LAST else None)
    except Invalid:  # the screen is from yesterday
        await _draw(query, desk, callback_data.id)
        return
    await _draw(query, desk, callback_data.id, words.freed(freed))


async def come_back(query: CallbackQuery, callback_data: ComeBack, desk: Desk) -> None:
    """Come back."""
    count = await duty.come_back(desk, callback_data.id)
    await _draw(query, desk, callback_data.id, words.given_back(count))


async def member_away(bot: Bot, row: OutboxRow) -> int:
    """Somebody said that this member is away. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = _("💤 {member} has marked you as away.").format(member=safe(row.facts["by"]))
        return await send(bot, row, Screen(f"{text} {words.freed(row.facts['count'])}", [[*_to_duty(), *back()]]))


async def member_back(bot: Bot, row: OutboxRow) -> int:
    """An absence is over. Gives the message id."""
    with speaking(row.facts["language"], row.facts["zone"]):
        text = f"{_('🟢 You are on duty again.')} {words.given_back(row.facts['count'])}"
        return await send(bot, row, Screen(text, [[button(_("⏳ Who waits"), QueueList()), *_to_duty()], back()]))


def _to_duty() -> list[InlineKeyboardButton]:
    return [button(_("🙋 On duty"), OnDuty())]
