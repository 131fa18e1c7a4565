"""The same correspondence as people really write it: endings, slips, phones, amounts, files, and words of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from benchmarks.texts import Written

ENDINGS = {True: ["s", "ed", "ing", "er"], False: ["а", "у", "ы", "ой", "ами", "ов"]}  # of words in ASCII, and others
SHORTEST = 5  # letters of a word that is bent or misspelt
SPACED = 0x3000  # scripts below it put spaces between words
RATES = {"document": 1 / 4000, "voice": 1 / 300, "photo": 1 / 40}


def lively(written: Iterable[Written]) -> Iterator[Written]:
    """Each message with about one word in four in another form and one in a hundred misspelt."""
    random = Random(7)  # noqa: S311  always the same
    for one in written:
        words = [_bent(word, random) for word in one.text.split()]
        if random.random() < 1 / 50:
            words.append(phone(random))
        elif random.random() < 1 / 20:
            words.append(f"{random.randrange(1, 40)} {random.randrange(1000):03}")
        elif random.random() < 1 / 20:  # a name, an order, a link: words that come once or twice
            words.append(f"{random.choice('abcdefghkmnp')}{random.randrange(10**6):x}")
        kind = next((kind for kind, rate in RATES.items() if random.random() < rate), "text")
        yield replace(one, text=" ".join(words), kind=kind)


def phone(random: Random) -> str:
    """One of a thousand, as people write them."""
    digits = f"{9160000000 + random.randrange(1000) * 7919}"
    return random.choice([f"+7{digits}", f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}", digits])


def slip(word: str, random: Random) -> str:
    """The word with two letters in the wrong order, one too few, or one twice."""
    at = random.randrange(1, len(word) - 2)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return random.choice([swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]])


def _bent(word: str, random: Random) -> str:
    if len(word) < SHORTEST or ord(word[0]) >= SPACED:
        return word
    chance = random.random()
    if chance < 1 / 100:
        return slip(word, random)
    return word + random.choice(ENDINGS[word.isascii()]) if chance < 1 / 4 else word
