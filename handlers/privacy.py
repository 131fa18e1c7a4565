"""What is kept, why, how long, and where its key is: for members about their workspace, for anybody the policy."""

from __future__ import annotations

from html import escape

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import consents, deletion, policy, settings
from crm.access import Desk, Power
from crm.installation import Installation, Rules
from handlers.buttons.deletion import DeleteAccount
from handlers.buttons.export import Export
from handlers.buttons.privacy import Policy, PolicyClause, Privacy
from handlers.buttons.settings import Settings
from handlers.buttons.start import Terms
from handlers.language import _, current, day, number, speaking, when
from handlers.screens import Rows, Screen, back, button, safe, show
from storage.consents import ADULT, POLICY, USERBOT, Consent


def routes() -> Router:
    """For members."""
    router = Router(name="privacy")
    router.callback_query.register(show_privacy, Privacy.filter())
    router.message.register(show_privacy, Command("privacy"))
    _policy(router)
    return router


def doors() -> Router:
    """For people without a seat: the policy is everybody's to read."""
    router = Router(name="privacy for all")
    router.message.register(show_to_stranger, Command("privacy"))
    router.callback_query.register(show_to_stranger, Privacy.filter())
    _policy(router)
    return router


def _policy(router: Router) -> None:
    router.callback_query.register(show_policy, Policy.filter())
    router.callback_query.register(show_clause, PolicyClause.filter())


async def show_privacy(event: Message | CallbackQuery, desk: Desk, installation: Installation) -> None:
    """The facts of this workspace, and what this person agreed to."""
    lines = [
        _("<b>Your privacy, and your clients'</b>"),
        "",
        _(
            "<b>What is kept</b>: your clients' names, usernames and phone numbers as far as Telegram shows them, the "
            "messages with their earlier texts, your team's notes and tags, and who did what. So you can find and "
            "answer everything. Files stay at Telegram unless you choose to keep them here."
        ),
        await _deleted_messages(desk),
        await _how_long(desk),
        _(
            "<b>Where</b>: in a vault of your own on this server, encrypted. Its key is in another file than the "
            "vault, and locked itself. Deleting the key makes every copy of the vault unreadable."
        ),
        _("<b>Who else gets it</b>: nobody. Messages are not sold, not analysed, and not fed to any machine learning."),
        *_operator(installation.rules),
        "",
        _("<b>What you agreed to</b>"),
        *[_agreement(one) for one in await consents.record(installation, desk.person.id)],
    ]
    await show(event, Screen("\n".join(lines), _ways(desk)))


def _operator(rules: Rules) -> list[str]:
    """Whom to ask, where the operator has said it."""
    named = ", ".join(safe(one) for one in (rules.operator, rules.email, rules.website) if one)
    return [_("<b>Who runs this</b>: {operator}").format(operator=named)] if named else []


async def _deleted_messages(desk: Desk) -> str:
    if await settings.keeps_deleted(desk):
        told = [_("Messages that somebody deletes in Telegram stay here, marked.")]
        told += [_("You can change that in the settings.")] if desk.may(Power.MANAGE) else []
        return " ".join(told)
    return _("Messages that somebody deletes in Telegram are erased here too.")


async def _how_long(desk: Desk) -> str:
    leaving = await deletion.pending(desk)
    if leaving is not None:
        return _("<b>How long</b>: until {day}, because you asked to leave.").format(day=day(leaving.due_at))
    days = desk.installation.rules.grace.days
    return _("<b>How long</b>: as long as you use Wysper. After you ask to leave, {days} days more.").format(
        days=number(days)
    )


def _agreement(consent: Consent) -> str:
    names = {
        POLICY: _("The privacy policy, version {version}"),
        ADULT: _("Being 18 or older"),
        USERBOT: _("Linking an account as a device"),
    }
    name = names.get(consent.what, safe(consent.what)).format(version=safe(consent.version))
    if consent.withdrawn_at is not None:
        return _("• {name}: {given}, withdrawn {withdrawn}").format(
            name=name, given=when(consent.given_at), withdrawn=when(consent.withdrawn_at)
        )
    return f"• {name}: {when(consent.given_at)}"


def _ways(desk: Desk) -> Rows:
    rows: list[list[InlineKeyboardButton]] = [
        [button(_("The whole policy"), Policy()), button(_("Settings"), Settings())]
    ]
    if desk.may(Power.EXPORT):
        rows.append([button(_("Take everything with me"), Export())])
    rows.append([button(_("Leave Wysper"), DeleteAccount())])
    return [*rows, back()]


async def show_to_stranger(event: Message | CallbackQuery, installation: Installation) -> None:
    """Somebody without a seat asks: nothing is kept of him."""
    text = _(
        "<b>Privacy</b>\n\nWysper keeps nothing about you: you do not use it. If you write to a business that does, "
        "ask that business what it keeps."
    )
    lines = [text, *_operator(installation.rules)]
    await show(event, Screen("\n\n".join(lines), [[button(_("The whole policy"), Policy())]]))


async def show_policy(
    query: CallbackQuery, callback_data: Policy, state: FSMContext, installation: Installation
) -> None:
    """The clauses, each with a button."""
    arriving = callback_data.arriving
    with speaking(await _language(state), current().zone):
        clauses = policy.clauses(current().language)
        rows = [
            [button(f"{one.number}. {one.title}", PolicyClause(number=one.number, arriving=arriving))]
            for one in clauses[1:]
        ]
        is_translation = policy.is_translated(current().language)
        opening = "\n".join(escape(line, quote=False) for line in clauses[0].lines)
        title = _("<b>Privacy policy</b> · Version {version}").format(version=safe(installation.rules.policy_version))
        opening += "\n\n" + _("This is a translation; the English text is the binding one.") if is_translation else ""
        await show(query, Screen(f"{title}\n\n{opening}", [*rows, back(Terms() if arriving else Privacy())]))


async def show_clause(query: CallbackQuery, callback_data: PolicyClause, state: FSMContext) -> None:
    """One clause, whole."""
    with speaking(await _language(state), current().zone):
        clauses = policy.clauses(current().language)
        clause = clauses[min(max(callback_data.number, 0), len(clauses) - 1)]
        title = f"<b>{clause.number}. {escape(clause.title, quote=False)}</b>"
        text = "\n".join(map(_line, clause.lines)).strip()
        await show(query, Screen(f"{title}\n\n{text}", [back(Policy(arriving=callback_data.arriving))]))


def _line(line: str) -> str:
    """A paragraph or a point, as HTML; a heading stands apart."""
    words = escape(line, quote=False)
    return f"\n<b>{words}</b>" if policy.HEADING.fullmatch(line) else words


async def _language(state: FSMContext) -> str:
    """A newcomer has chosen a language in the dialog, before anything is kept of him."""
    return (await state.get_data()).get("language") or current().language
