"""What there is to know, topic by topic: a few lines each, and the ways to where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton

from crm.access import Desk, Power
from crm.members import ROLES
from handlers.buttons.accounts import AccountList
from handlers.buttons.contacts import ContactList
from handlers.buttons.deletion import DeleteAccount
from handlers.buttons.digest import MorningDigest
from handlers.buttons.export import Export
from handlers.buttons.imports import ImportPast
from handlers.buttons.keeping import FilesMenu
from handlers.buttons.languages import LanguageMenu
from handlers.buttons.members import MemberList
from handlers.buttons.privacy import Privacy
from handlers.buttons.queues import QueueList
from handlers.buttons.quiet import QuietHours
from handlers.buttons.reminders import ReminderList
from handlers.buttons.replies import ReplyList
from handlers.buttons.saved_replies import SavedList
from handlers.buttons.search import AskSearch, KeptSearches
from handlers.buttons.settings import Settings
from handlers.buttons.stages import Board
from handlers.buttons.status import Status
from handlers.buttons.tags import TagList
from handlers.language import _
from handlers.screens import button
from handlers.screens.roles import duty, role_name


@dataclass(frozen=True, slots=True)
class Topic:
    """One screen of the guide; `commands` are the words by which somebody may ask for it, beside its own."""

    title: str
    text: str
    ways: Sequence[InlineKeyboardButton]
    commands: frozenset[str]
    power: Power = Power.READ


def topics(desk: Desk) -> dict[str, Topic]:
    """Those that concern this member, by the names that buttons have for them."""
    every = {
        "waiting": _waiting(),
        "clients": _clients(),
        "answers": _answers(),
        "promises": _promises(),
        "finding": _finding(),
        "history": _history(desk),
        "team": _team(),
        "data": _data(desk),
        "manners": _manners(),
    }
    return {name: topic for name, topic in every.items() if desk.may(topic.power)}


def _waiting() -> Topic:
    text = _(
        "The first screen shows who has waited longest. Whoever wrote last is answered by the other side, so nobody "
        "has to keep a list.\n\n"
        "• Open a conversation to answer it, put it off until a time, give it to somebody, or close it. A closed one "
        "opens by itself when the client writes again.\n"
        "• A digest each morning says the same in one message, if you like."
    )
    ways = (button(_("Waiting"), QueueList()), button(_("🌅 Morning digest"), MorningDigest()))
    return Topic(_("What waits"), text, ways, frozenset({"start", "home", "digest", "queue"}))


def _clients() -> Topic:
    text = _(
        "Everybody who writes to you gets a card: names, tags, stage, notes, promises, and the last messages.\n\n"
        "• Tags are your own words for sorting. The board shows by stages how far you are with each client.\n"
        "• Fields hold what your trade needs: a size, a date, a sum.\n"
        "• Two cards of one person can be put together, and parted again.\n"
        "• What you do with many at once is shown first, and can be undone."
    )
    ways = (button(_("Contacts"), ContactList()), button(_("Board"), Board()), button(_("Tags"), TagList()))
    return Topic(_("Clients"), text, ways, frozenset({"contacts", "board", "tags", "notes", "fields", "stages"}))


def _answers() -> Topic:
    text = _(
        "Write from a card or a conversation. Before anything leaves, you see the words and the way they will take.\n\n"
        "• Saved replies spare you typing, and put the client's name in by themselves. In any chat, write @, my name "
        "and the short name of one, and it stands there.\n"
        "• An answer can leave later; until then you can change or stop it.\n"
        "• What could not be sent is kept with the reason. No text is lost."
    )
    ways = (button(_("Saved replies"), SavedList()), button(_("Not sent"), ReplyList()))
    return Topic(_("Answering"), text, ways, frozenset({"replies", "outgoing", "answer"}), Power.WRITE)


def _promises() -> Topic:
    text = _(
        "On a card, a message or a note, press “Remind me” and write it as you would say it: “tomorrow at 9 call "
        "back”. I repeat the exact time, and it counts once you agree.\n\n"
        "• When its time comes, I tell you. Then it is done, or put off.\n"
        "• A promise can come again: each Monday, each month.\n"
        "• What is overdue stays on the first screen until it is done."
    )
    return Topic(_("Promises"), text, [button(_("Reminders"), ReminderList())], frozenset({"reminders", "remind"}))


def _finding() -> Topic:
    text = _(
        "Write me any word: I look through messages, notes, names of files and people.\n\n"
        "• A part of a word is enough, and a slip of the finger does no harm.\n"
        '• <code>"blue coat"</code> finds just these words, <code>-coat</code> leaves out what has them.\n'
        "• The filters stand under what was found. A search that you need often can be kept.\n"
        "• In any chat, write @, my name and a word, and put in there what I find."
    )
    ways = (button(_("Search"), AskSearch()), button(_("⭐ Kept"), KeptSearches()))
    return Topic(_("Finding"), text, ways, frozenset({"search", "find"}))


def _history(desk: Desk) -> Topic:
    text = _(
        "What is said in a connected account is kept here: texts, edits and deletions. The status says whether all of "
        "it is there.\n\n"
        "• Telegram Business brings what is written from now on. A linked device brings the past too.\n"
        "• What Telegram Desktop has exported can be taken in as well.\n"
        "• Files stay at Telegram, unless you choose to keep them here."
    )
    ways = [button(_("Accounts"), AccountList()), button(_("Status"), Status()), button(_("Files"), FilesMenu())]
    if desk.may(Power.MANAGE) and desk.sees_identities:
        ways.append(button(_("Bring your past along"), ImportPast()))
    return Topic(_("History"), text, ways, frozenset({"accounts", "status", "import", "files", "device"}))


def _team() -> Topic:
    roles = "\n".join(f"• <b>{role_name(role)}</b>: {duty(role)}" for role in ROLES)
    text = _(
        "Invite somebody by a link that lets in one person. What each may do is his role:\n\n"
        "{roles}\n\n"
        "Everybody reads his own language. Who did what is written down."
    ).format(roles=roles)
    return Topic(_("Team"), text, [button(_("Team"), MemberList())], frozenset({"team", "members", "roles"}))


def _data(desk: Desk) -> Topic:
    text = _(
        "Everything is encrypted where Wysper runs, with a key of your own. Nobody sells it, and only your team reads "
        "it.\n\n"
        "• You can take all of it with you at any time.\n"
        "• You can have all of it erased. Until the day comes, you can change your mind.\n"
        "• Tell your clients that you keep their messages."
    )
    ways = [button(_("Privacy"), Privacy())]
    if desk.may(Power.EXPORT):
        ways.insert(0, button(_("Export"), Export()))
    if desk.may(Power.OWN):
        ways.append(button(_("Leave Wysper"), DeleteAccount()))
    return Topic(_("Data and privacy"), text, ways, frozenset({"export", "privacy", "deleteaccount"}))


def _manners() -> Topic:
    text = _(
        "I speak the language of your Telegram, or the one that you choose. Times are those of your city.\n\n"
        "• In your quiet hours I tell you things without a sound.\n"
        "• /cancel ends whatever I am asking you for. Every screen leads back."
    )
    ways = (
        button(_("Language"), LanguageMenu()),
        button(_("🌙 Quiet hours"), QuietHours()),
        button(_("Settings"), Settings()),
    )
    return Topic(_("Language and time"), text, ways, frozenset({"language", "settings", "cancel", "quiet"}))
