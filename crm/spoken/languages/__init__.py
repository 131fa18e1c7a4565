"""Every language in which times are understood, by its code."""

from crm.spoken.languages.de import GERMAN
from crm.spoken.languages.en import ENGLISH
from crm.spoken.languages.es import SPANISH
from crm.spoken.languages.fr import FRENCH
from crm.spoken.languages.it import ITALIAN
from crm.spoken.languages.pl import POLISH
from crm.spoken.languages.pt import PORTUGUESE
from crm.spoken.languages.ru import RUSSIAN
from crm.spoken.languages.uk import UKRAINIAN
from crm.spoken.vocabulary import Vocabulary

VOCABULARIES: dict[str, Vocabulary] = {
    "en": ENGLISH,
    "de": GERMAN,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "pl": POLISH,
    "pt": PORTUGUESE,
    "ru": RUSSIAN,
    "uk": UKRAINIAN,
}
