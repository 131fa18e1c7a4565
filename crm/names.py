"""Names that members give to their own tags, stages and fields."""

from __future__ import annotations

import unicodedata

from crm.errors import Invalid

LONGEST = 32
JOINER = "\u200d"  # holds the parts of an emoji together


def proper(name: str, noun: str) -> str:
    """The name as it is kept: composed, with single spaces. Raises Invalid: empty, too_long, signs."""
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not kept:
        raise Invalid(noun, "empty")
    if len(kept) > LONGEST:
        raise Invalid(noun, "too_long", LONGEST)
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"} and sign != JOINER for sign in kept):
        raise Invalid(noun, "signs")
    return kept


def key(proper_name: str) -> str:
    """What two names that differ only in case or width have in common."""
    return unicodedata.normalize("NFKC", proper_name).casefold()
