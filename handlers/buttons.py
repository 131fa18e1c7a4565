"""The address of every button: what a press says, in 64 bytes at the most. State is here and in the vault only.

Longer than other modules because it is one list: here a clash of prefixes or a wide field is seen at once.
"""

from __future__ import annotations

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]  # a forged one that no row can have is an old button


class Home(CallbackData, prefix="home"):
    """The first screen."""


class Nothing(CallbackData, prefix="nil"):
    """A label that is not a way anywhere, such as the number of a page."""


class ContactList(CallbackData, prefix="cl"):
    """Contacts, one page; tag 0 is all."""

    page: Number = 0
    tag: Number = 0
    by_name: bool = False


class ContactCard(CallbackData, prefix="cc"):
    """One contact, and the list that led here, to which a button leads back."""

    id: Number
    page: Number = 0
    tag: Number = 0
    by_name: bool = False
    queue: str = ""
    search: Number = 0


class History(CallbackData, prefix="hi"):
    """A conversation's messages: the page that ends before message `before`, or that shows `focus` (0: the newest)."""

    id: Number
    before: Number = 0
    after: Number = 0
    focus: Number = 0
    search: Number = 0  # the search that led here, and to which a button leads back


class AccountList(CallbackData, prefix="al"):
    """What is connected."""


class AccountCard(CallbackData, prefix="ac"):
    """One connected account, with its roads."""

    id: Number


class ConnectBusiness(CallbackData, prefix="ab"):
    """How to connect through Telegram Business."""


class ConnectOther(CallbackData, prefix="ao"):
    """A link by which another Telegram account may be connected here."""


class ConnectUserbot(CallbackData, prefix="au"):
    """What the userbot is and risks; `agreed` starts the login, by a code to scan or on a page to type on."""

    agreed: bool = False
    typed: bool = False


class CancelLogin(CallbackData, prefix="ax"):
    """Give up the login that is under way."""


class UnlinkUserbot(CallbackData, prefix="an"):
    """Log the userbot out; asked first."""

    id: Number
    sure: bool = False


class DeviceSafety(CallbackData, prefix="ds"):
    """How the linked device of an account stands with Telegram."""

    id: Number


class GroupList(CallbackData, prefix="gl"):
    """The groups of an account, one page; `anew` asks Telegram for them once more."""

    id: Number
    page: Number = 0
    anew: bool = False


class GroupCard(CallbackData, prefix="gr"):
    """One group of an account, by the Bot API's id."""

    id: Number
    peer: Number


class PickGroup(CallbackData, prefix="gp"):
    """Mirror a group from now on."""

    id: Number
    peer: Number


class UnpickGroup(CallbackData, prefix="gu"):
    """Mirror it no more, and keep or erase what is stored; asked first."""

    id: Number
    peer: Number
    erase: bool = False
    sure: bool = False


class PausePast(CallbackData, prefix="pp"):
    """Let a device read nothing older, or go on."""

    id: Number
    on: bool


class Takeout(CallbackData, prefix="pt"):
    """Read a long past in Telegram's export mode, or no longer."""

    id: Number
    on: bool
    sure: bool = False


class PauseDevice(CallbackData, prefix="dp"):
    """Let the device hang up and stay linked, or connect again."""

    id: Number
    on: bool


class EndOthers(CallbackData, prefix="do"):
    """Log the account's other devices out; asked first."""

    id: Number
    sure: bool = False


class QueueList(CallbackData, prefix="ql"):
    """Conversations by what is to be done about them, one page."""

    queue: str = "waiting"
    page: Number = 0


class StandingCard(CallbackData, prefix="qs"):
    """How it stands with a conversation, and what can be said about it."""

    id: Number


class CloseConversation(CallbackData, prefix="qc"):
    """Nothing is to be done any more, until the client writes."""

    id: Number


class DismissConversation(CallbackData, prefix="qd"):
    """What was said needs no answer."""

    id: Number


class RaiseConversation(CallbackData, prefix="qr"):
    """It waits for an answer, whatever was said about it."""

    id: Number


class PutOff(CallbackData, prefix="qp"):
    """Let a conversation rest until a moment, in seconds since 1970; 0 asks for it."""

    id: Number
    until: Number = 0


class Assign(CallbackData, prefix="qa"):
    """Who is to answer: a member, nobody (0), or the one who is chosen from a page of the team (-1)."""

    id: Number
    to: Number = -1
    page: Number = 0


class MessageCard(CallbackData, prefix="mc"):
    """One message whole: which of its texts (-1: as it stands), and which part of a long one."""

    id: Number
    text: Number = -1
    part: Number = 0
    search: Number = 0


class Calendar(CallbackData, prefix="hd"):
    """A conversation by days: the months of a year (0: the last one), or the days of a month."""

    id: Number
    year: Number = 0
    month: Number = 0


class SendFile(CallbackData, prefix="mf"):
    """Send me the file of this message."""

    id: Number


class FilesMenu(CallbackData, prefix="mm"):
    """Which files are kept here."""


class KeepFiles(CallbackData, prefix="mk"):
    """Which files are kept from now on: never, opened or always."""

    when: str


class KeptKind(CallbackData, prefix="mq"):
    """How large a file of this kind may be that is kept; asked."""

    kind: str


class KeepKind(CallbackData, prefix="mz"):
    """Keep files of this kind up to so many bytes from now on; 0 keeps none."""

    kind: str
    size: Number


class KeepOlder(CallbackData, prefix="mo"):
    """Keep the files there are, too."""


class TagList(CallbackData, prefix="tl"):
    """All tags, one page."""

    page: Number = 0


class TagCard(CallbackData, prefix="tc"):
    """One tag."""

    id: Number


class NewTag(CallbackData, prefix="tn"):
    """Ask for the name of a new tag."""


class RenameTag(CallbackData, prefix="tr"):
    """Ask for another name."""

    id: Number


class ColourTag(CallbackData, prefix="tk"):
    """Choose a colour (-1: show them)."""

    id: Number
    colour: Number = -1


class MergeTag(CallbackData, prefix="tm"):
    """Merge a tag into another: choose it (into 0), be asked, do it."""

    id: Number
    into: Number = 0
    page: Number = 0
    sure: bool = False


class DeleteTag(CallbackData, prefix="td"):
    """Delete a tag; asked first."""

    id: Number
    sure: bool = False


class TagChoice(CallbackData, prefix="to"):
    """The tags of one contact or conversation, to be put on and taken off; `on` is one of crm.tags.On."""

    on: str
    id: Number
    page: Number = 0


class PutTag(CallbackData, prefix="tp"):
    """Put a tag on, or take it off."""

    on: str
    id: Number
    tag: Number
    put: bool
    page: Number = 0


class NewTagOn(CallbackData, prefix="tw"):
    """Ask for the name of a tag that is to be put on."""

    on: str
    id: Number


class NoteList(CallbackData, prefix="nl"):
    """The notes of a contact, one page."""

    contact: Number
    page: Number = 0


class NoteCard(CallbackData, prefix="nc"):
    """One note, which part of a long one, and the search that led here, to which a button leads back."""

    id: Number
    part: Number = 0
    search: Number = 0


class WriteNote(CallbackData, prefix="nw"):
    """Ask for a new note's text."""

    contact: Number


class EditNote(CallbackData, prefix="ne"):
    """Ask for another text."""

    id: Number


class PinNote(CallbackData, prefix="np"):
    """Keep a note above the others, or no longer."""

    id: Number
    on: bool


class DeleteNote(CallbackData, prefix="nd"):
    """Take a note away; it can be brought back."""

    id: Number


class RestoreNote(CallbackData, prefix="nr"):
    """Bring a deleted note back."""

    id: Number


class WriteReply(CallbackData, prefix="wr"):
    """Ask for the text of an answer in a conversation, perhaps to one message (its id at Telegram)."""

    id: Number
    reply_to: Number = 0


class ReplyCard(CallbackData, prefix="ra"):
    """An answer as it stands, and which part of a long one."""

    id: Number
    part: Number = 0


class EditReply(CallbackData, prefix="re"):
    """Ask for another text of an answer."""

    id: Number


class SendReply(CallbackData, prefix="rs"):
    """Let an answer go; `asked`: how often it had been when this was drawn."""

    id: Number
    asked: Number


class KeepReply(CallbackData, prefix="rk"):
    """Keep back an answer that waits to leave."""

    id: Number


class DropReply(CallbackData, prefix="rx"):
    """Throw an answer away that is not on its way."""

    id: Number


class ReplyArrived(CallbackData, prefix="rf"):
    """An answer of which nobody knew did arrive."""

    id: Number


class AskSearch(CallbackData, prefix="sa"):
    """Ask what to look for, perhaps with one person (contact) or for people alone; or look without any words."""

    contact: Number = 0
    people: bool = False
    wordless: bool = False


class SearchPage(CallbackData, prefix="sp"):
    """What a search found, older than this place (0: the newest)."""

    id: Number
    before: Number = 0


class SearchKind(CallbackData, prefix="sk"):
    """Look for one kind alone ("" for all, "?" to choose)."""

    id: Number
    kind: str = "?"


class SearchDates(CallbackData, prefix="sd"):
    """Look in a span of days ("" for all, "?" to choose, "typed" to be asked)."""

    id: Number
    span: str = "?"


class SearchTag(CallbackData, prefix="st"):
    """Look among people with a tag (0 for all, -1 to choose)."""

    id: Number
    tag: Number = -1
    page: Number = 0


class SearchPerson(CallbackData, prefix="sw"):
    """Look with one person alone (0 for all, -1 to choose among those that were found)."""

    id: Number
    contact: Number = -1


class SearchWords(CallbackData, prefix="sx"):
    """Ask for other words, with the same filters; or look without any words."""

    id: Number
    wordless: bool = False


class SearchAnywhere(CallbackData, prefix="sf"):
    """Drop every filter."""

    id: Number


class ArriveIn(CallbackData, prefix="ai"):
    """The language in which a newcomer wants to be spoken to."""

    language: str


class Terms(CallbackData, prefix="te"):
    """What is kept and why, as a newcomer is asked to agree to it."""


class Agree(CallbackData, prefix="ag"):
    """The newcomer's answer."""

    yes: bool


class Reconsider(CallbackData, prefix="rc"):
    """Whoever had declined comes back with the code of his link, which is kept nowhere else."""

    code: str = ""


class Policy(CallbackData, prefix="po"):
    """The clauses of the policy; `arriving` leads back to the question."""

    arriving: bool = False


class PolicyClause(CallbackData, prefix="pc"):
    """One clause."""

    number: Number
    arriving: bool = False


class Privacy(CallbackData, prefix="pr"):
    """What is kept of this person and workspace."""


class ZoneMenu(CallbackData, prefix="zm"):
    """In which zone times are shown."""

    arriving: bool = False


class SetZone(CallbackData, prefix="zs"):
    """Show times in this zone."""

    zone: str
    arriving: bool = False


class LanguageMenu(CallbackData, prefix="lm"):
    """The languages there are."""


class Speak(CallbackData, prefix="ls"):
    """Speak this language to me."""

    language: str


class Settings(CallbackData, prefix="ge"):
    """The workspace's choices."""


class Rename(CallbackData, prefix="gn"):
    """Ask for another name of the workspace."""


class KeepDeleted(CallbackData, prefix="gd"):
    """Keep the text of messages that are deleted in Telegram, or erase it."""

    keep: bool


class EraseDeleted(CallbackData, prefix="gx"):
    """Erase what was deleted in Telegram and kept until now; asked first."""

    sure: bool = False


class WorkspaceList(CallbackData, prefix="wk"):
    """The workspaces of one person."""


class SwitchTo(CallbackData, prefix="ws"):
    """Work in another workspace."""

    id: Number


class MemberList(CallbackData, prefix="ul"):
    """A page of the team."""

    page: Number = 0


class MemberCard(CallbackData, prefix="uc"):
    """One member."""

    id: Number


class SetRole(CallbackData, prefix="ur"):
    """Let a member be something else."""

    id: Number
    role: str


class RemoveMember(CallbackData, prefix="ux"):
    """Take a member's seat; asked first."""

    id: Number
    sure: bool = False


class Invite(CallbackData, prefix="ui"):
    """A link for a new member; without a role, the question as what."""

    role: str = ""


class RevokeInvitation(CallbackData, prefix="uv"):
    """Make a link void; the mark is the beginning of its digest."""

    mark: str


class LeaveTeam(CallbackData, prefix="uq"):
    """Give up one's own seat; asked first."""

    sure: bool = False


class Export(CallbackData, prefix="ex"):
    """What an export is; whoever is leaving goes back to that."""

    leaving: bool = False


class StartExport(CallbackData, prefix="es"):
    """Make one, with files or without."""

    media: bool


class ImportPast(CallbackData, prefix="ip"):
    """How to bring an exported history along."""


class StartImport(CallbackData, prefix="is"):
    """Take the file of this message into this account."""

    id: Number
    file: Number


class DeleteAccount(CallbackData, prefix="da"):
    """What a deletion means; or, while one is pending, when it comes."""


class AskDeletion(CallbackData, prefix="dn"):
    """Ask for the name that confirms a deletion."""


class TakeBack(CallbackData, prefix="dt"):
    """Stay after all."""


class Status(CallbackData, prefix="gs"):
    """How the machinery is."""


class Completeness(CallbackData, prefix="gc"):
    """What is not complete, one page."""

    page: Number = 0


class Help(CallbackData, prefix="he"):
    """What can be done here."""


class CancelJob(CallbackData, prefix="jx"):
    """Stop a piece of long work."""

    id: Number
