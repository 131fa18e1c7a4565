"""The address of every button: what a press says, in 64 bytes at the most. State is here and in the vault only."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class Home(CallbackData, prefix="home"):
    """The first screen."""


class Nothing(CallbackData, prefix="nil"):
    """A label that is not a way anywhere, such as the number of a page."""


class ContactList(CallbackData, prefix="cl"):
    """Contacts, one page; tag 0 is all."""

    page: int = 0
    tag: int = 0
    by_name: bool = False


class ContactCard(CallbackData, prefix="cc"):
    """One contact."""

    id: int


class History(CallbackData, prefix="hi"):
    """A conversation's messages: the page that ends before message `before`, or that shows `focus` (0: the newest)."""

    id: int
    before: int = 0
    after: int = 0
    focus: int = 0
    search: int = 0  # the search that led here, and to which a button leads back


class AccountList(CallbackData, prefix="al"):
    """What is connected."""


class AccountCard(CallbackData, prefix="ac"):
    """One connected account, with its roads."""

    id: int


class ConnectBusiness(CallbackData, prefix="ab"):
    """How to connect through Telegram Business."""


class ConnectOther(CallbackData, prefix="ao"):
    """A link by which another Telegram account may be connected here."""


class ConnectUserbot(CallbackData, prefix="au"):
    """What the userbot is and risks; `agreed` starts the login."""

    agreed: bool = False


class CancelLogin(CallbackData, prefix="ax"):
    """Give up the login that is under way."""


class UnlinkUserbot(CallbackData, prefix="an"):
    """Log the userbot out; asked first."""

    id: int
    sure: bool = False


class WaitingList(CallbackData, prefix="wl"):
    """Who waits for an answer, one page."""

    page: int = 0


class MessageCard(CallbackData, prefix="mc"):
    """One message whole: which of its texts (-1: as it stands), and which part of a long one."""

    id: int
    text: int = -1
    part: int = 0


class Calendar(CallbackData, prefix="hd"):
    """A conversation by days: the months of a year (0: the last one), or the days of a month."""

    id: int
    year: int = 0
    month: int = 0


class SendFile(CallbackData, prefix="mf"):
    """Send me the file of this message."""

    id: int


class TagList(CallbackData, prefix="tl"):
    """All tags, one page."""

    page: int = 0


class TagCard(CallbackData, prefix="tc"):
    """One tag."""

    id: int


class NewTag(CallbackData, prefix="tn"):
    """Ask for the name of a new tag."""


class RenameTag(CallbackData, prefix="tr"):
    """Ask for another name."""

    id: int


class ColourTag(CallbackData, prefix="tk"):
    """Choose a colour (-1: show them)."""

    id: int
    colour: int = -1


class MergeTag(CallbackData, prefix="tm"):
    """Merge a tag into another: choose it (into 0), be asked, do it."""

    id: int
    into: int = 0
    page: int = 0
    sure: bool = False


class DeleteTag(CallbackData, prefix="td"):
    """Delete a tag; asked first."""

    id: int
    sure: bool = False


class TagChoice(CallbackData, prefix="to"):
    """The tags of one contact or conversation, to be put on and taken off; `on` is one of crm.tags.On."""

    on: str
    id: int
    page: int = 0


class PutTag(CallbackData, prefix="tp"):
    """Put a tag on, or take it off."""

    on: str
    id: int
    tag: int
    put: bool
    page: int = 0


class NewTagOn(CallbackData, prefix="tw"):
    """Ask for the name of a tag that is to be put on."""

    on: str
    id: int


class NoteList(CallbackData, prefix="nl"):
    """The notes of a contact, one page."""

    contact: int
    page: int = 0


class NoteCard(CallbackData, prefix="nc"):
    """One note, and which part of a long one."""

    id: int
    part: int = 0


class WriteNote(CallbackData, prefix="nw"):
    """Ask for a new note's text."""

    contact: int


class EditNote(CallbackData, prefix="ne"):
    """Ask for another text."""

    id: int


class PinNote(CallbackData, prefix="np"):
    """Keep a note above the others, or no longer."""

    id: int
    on: bool


class DeleteNote(CallbackData, prefix="nd"):
    """Take a note away; it can be brought back."""

    id: int


class RestoreNote(CallbackData, prefix="nr"):
    """Bring a deleted note back."""

    id: int


class AskSearch(CallbackData, prefix="sa"):
    """Ask what to look for, perhaps with one person (contact) or for people alone."""

    contact: int = 0
    people: bool = False


class SearchPage(CallbackData, prefix="sp"):
    """What a search found, older than this place (0: the newest)."""

    id: int
    before: int = 0


class SearchKind(CallbackData, prefix="sk"):
    """Look for one kind alone ("" for all, "?" to choose)."""

    id: int
    kind: str = "?"


class SearchDates(CallbackData, prefix="sd"):
    """Look in a span of days ("" for all, "?" to choose, "typed" to be asked)."""

    id: int
    span: str = "?"


class SearchTag(CallbackData, prefix="st"):
    """Look among people with a tag (0 for all, -1 to choose)."""

    id: int
    tag: int = -1
    page: int = 0


class SearchPerson(CallbackData, prefix="sw"):
    """Look with one person alone (0 for all, -1 to choose among those that were found)."""

    id: int
    contact: int = -1


class SearchWords(CallbackData, prefix="sx"):
    """Ask for other words, with the same filters."""

    id: int


class SearchAnywhere(CallbackData, prefix="sf"):
    """Drop every filter."""

    id: int


class ArriveIn(CallbackData, prefix="ai"):
    """The language in which a newcomer wants to be spoken to."""

    language: str


class Terms(CallbackData, prefix="te"):
    """What is kept and why, as a newcomer is asked to agree to it."""


class Agree(CallbackData, prefix="ag"):
    """The newcomer's answer."""

    yes: bool


class Policy(CallbackData, prefix="po"):
    """The clauses of the policy; `arriving` leads back to the question."""

    arriving: bool = False


class PolicyClause(CallbackData, prefix="pc"):
    """One clause."""

    number: int
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

    id: int


class MemberList(CallbackData, prefix="ul"):
    """The team."""


class MemberCard(CallbackData, prefix="uc"):
    """One member."""

    id: int


class SetRole(CallbackData, prefix="ur"):
    """Let a member be something else."""

    id: int
    role: str


class RemoveMember(CallbackData, prefix="ux"):
    """Take a member's seat; asked first."""

    id: int
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
    """What an export is."""


class StartExport(CallbackData, prefix="es"):
    """Make one, with files or without."""

    media: bool


class DeleteAccount(CallbackData, prefix="da"):
    """What a deletion means; or, while one is pending, when it comes."""


class AskDeletion(CallbackData, prefix="dn"):
    """Ask for the name that confirms a deletion."""


class TakeBack(CallbackData, prefix="dt"):
    """Stay after all."""


class Status(CallbackData, prefix="gs"):
    """How the machinery is."""


class Help(CallbackData, prefix="he"):
    """What can be done here."""


class CancelJob(CallbackData, prefix="jx"):
    """Stop a piece of long work."""

    id: int
