"""What a workspace decides for itself: its name, its zone, and what becomes of deleted messages."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import settings, workspaces, zones
from crm.access import Desk, Power
from handlers.buttons.digest import MorningDigest
from handlers.buttons.duty import OnDuty
from handlers.buttons.fields import FieldsMenu
from handlers.buttons.hours import WorkingHours
from handlers.buttons.identities import Identities
from handlers.buttons.imports import ImportPast
from handlers.buttons.keeping import FilesMenu
from handlers.buttons.languages import LanguageMenu
from handlers.buttons.members import MemberList
from handlers.buttons.quiet import QuietHours
from handlers.buttons.settings import EraseDeleted, KeepDeleted, Rename, Settings
from handlers.buttons.team_groups import TeamGroupList
from handlers.buttons.vocabulary import SearchSettings
from handlers.buttons.zone import ZoneMenu
from handlers.language import _, clock, current, languages, ngettext, number
from handlers.screens import Screen, back, button, confirm, safe, show


class Naming(StatesGroup):
    """What is asked to be written."""

    name = State()


def routes() -> Router:
    """The settings screen and what it leads to."""
    router = Router(name="settings")
    router.callback_query.register(show_settings, Settings.filter())
    router.callback_query.register(ask_name, Rename.filter())
    router.callback_query.register(keep_deleted, KeepDeleted.filter())
    router.callback_query.register(erase_deleted, EraseDeleted.filter(F.sure))
    router.callback_query.register(ask_to_erase, EraseDeleted.filter())
    router.message.register(show_settings, Command("settings"))
    router.message.register(rename, Naming.name, F.text)
    return router


async def show_settings(event: Message | CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """How things stand; who may not change them only reads."""
    await state.clear()
    keeps = await settings.keeps_deleted(desk)
    kept = _("kept, and marked as deleted") if keeps else _("erased here too")
    zone = desk.workspace.zone
    lines = [
        _("<b>Settings</b>"),
        "",
        _("Name: {name}").format(name=safe(desk.workspace.name)),
        _("Time zone: {city}, it is {time} there").format(
            city=zones.city(zone, current().language), time=clock(desk.installation.clock.now())
        ),
        _("Messages that somebody deletes in Telegram: {what}").format(what=kept),
        _("Who clients are: {what}").format(what=_hidden(desk)),
        _("Your language: {language}").format(language=languages()[current().language]),
    ]
    await show(event, Screen("\n".join(lines), [*_changes(desk, keeps=keeps), *_for_all(desk), back()]))


def _hidden(desk: Desk) -> str:
    if not desk.workspace.hides_identities:
        return _("everybody on the team sees it")
    return _("hidden, but you see it") if desk.sees_identities else _("hidden")


def _changes(desk: Desk, *, keeps: bool) -> list[list[InlineKeyboardButton]]:
    if not desk.may(Power.MANAGE):
        return []
    past = [button(_("Bring your past along"), ImportPast())] if desk.sees_identities else []
    deleted = _("Erase deleted messages") if keeps else _("Keep deleted messages")
    return [
        [button(_("Rename"), Rename()), button(_("Time zone"), ZoneMenu())],
        [button(_("Fields"), FieldsMenu()), *past],
        [button(deleted, KeepDeleted(keep=not keeps))],
        [button(_("Who clients are"), Identities())] if desk.may(Power.OWN) else [],
    ]


def _for_all(desk: Desk) -> list[list[InlineKeyboardButton]]:
    return [
        [button(_("Team"), MemberList()), button(_("Team group"), TeamGroupList())],
        [button(_("Files"), FilesMenu()), button(_("🕘 Working hours"), WorkingHours())],
        [button(_("🙋 On duty"), OnDuty())] if desk.may(Power.WRITE) else [],
        [button(_("Searching"), SearchSettings()), button(_("Language"), LanguageMenu())],
        [button(_("🌅 Morning digest"), MorningDigest()), button(_("🌙 Quiet hours"), QuietHours())],
    ]


async def ask_name(query: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """Ask for another name."""
    desk.need(Power.MANAGE)
    await state.set_state(Naming.name)
    text = _("Now it is called {name}. Write the new name.").format(name=safe(desk.workspace.name))
    await show(query, Screen(text, [back(Settings())]))


async def rename(message: Message, desk: Desk, state: FSMContext) -> None:
    """Take the name that was written."""
    await workspaces.rename(desk, message.text or "")
    await state.clear()
    text = _("It is called {name} now.").format(name=safe(message.text or ""))
    await show(message, Screen(text, [back(Settings())]))


async def keep_deleted(query: CallbackQuery, callback_data: KeepDeleted, desk: Desk, state: FSMContext) -> None:
    """Decide about messages that are deleted from now on, and offer to erase the earlier ones."""
    await settings.keep_deleted(desk, callback_data.keep)
    kept = 0 if callback_data.keep else await settings.kept_deleted(desk)
    if kept:
        await show(query, _offer(kept))
    else:
        await show_settings(query, desk, state)


async def ask_to_erase(query: CallbackQuery, desk: Desk) -> None:
    """The question once more, with the number as it is now."""
    desk.need(Power.MANAGE)
    await show(query, _offer(await settings.kept_deleted(desk)))


def _offer(kept: int) -> Screen:
    text = ngettext(
        "From now on, what is deleted in Telegram is erased here too. {n} message that was deleted before is still "
        "kept. Erase it as well? This cannot be undone.",
        "From now on, what is deleted in Telegram is erased here too. {n} messages that were deleted before are still "
        "kept. Erase them as well? This cannot be undone.",
        kept,
    ).format(n=number(kept))
    return Screen(text, confirm(_("Yes, erase"), EraseDeleted(sure=True), Settings()))


async def erase_deleted(query: CallbackQuery, desk: Desk) -> None:
    """Erase what was kept of deleted messages."""
    erased = await settings.erase_deleted(desk)
    text = ngettext("{n} message was erased.", "{n} messages were erased.", erased).format(n=number(erased))
    await show(query, Screen(text, [back(Settings())]))
