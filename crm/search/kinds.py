"""What can be looked for alone: kinds of things, and whose words."""

from __future__ import annotations

from enum import StrEnum

from storage import search


class Kind(StrEnum):
    """What can be looked for alone."""

    ALL = ""
    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    LINK = "link"
    NOTE = "note"
    PERSON = "person"


class Writer(StrEnum):
    """Whose words are meant."""

    ANYBODY = ""
    CONTACT = "contact"  # the chosen contact's own
    US = "us"


CARRIED = {  # the kinds of messages behind each
    Kind.TEXT: ("text",),
    Kind.PHOTO: ("animation", "photo", "video", "video_note"),
    Kind.DOCUMENT: ("document",),
    Kind.VOICE: ("audio", "voice"),
    Kind.LINK: (search.LINK,),
}
WHERE = {Kind.ALL: search.KINDS, Kind.NOTE: (search.NOTE,), Kind.PERSON: (search.CONTACT,)}  # messages for the others
WORDLESS: dict[Kind, tuple[str, ...]] = {Kind.NOTE: (search.NOTE,), Kind.PERSON: ()}  # people are listed elsewhere
