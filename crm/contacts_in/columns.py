"""What a column can be, and what the columns of a file probably are, by their names in the languages we speak."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.fields import CustomField

NUMBER, NAME, FIRST, LAST = "id", "name", "first", "last"
USERNAME, PHONE, LANGUAGE, TAGS, STAGE, NOTE, SKIP = "username", "phone", "language", "tags", "stage", "note", ""
OWN = "f"  # and the field's number
PLAIN = (NAME, FIRST, LAST, USERNAME, PHONE, LANGUAGE, TAGS, STAGE, NOTE, NUMBER)
SEVERAL = {PHONE, TAGS, NOTE}  # may be in more than one column
KNOWN = {
    NUMBER: "telegramid userid",
    NAME: "name fullname displayname contact client customer имя фио клиент контакт kunde kontakt nombre nom nome "
    "cliente імя піб клієнт klient nazwa fn formattedname",
    FIRST: "firstname givenname first vorname prénom prenom nombredepila imię imie имяклиента primeironome primonome",
    LAST: "lastname surname familyname last nachname фамилия прізвище apellido apellidos nomdefamille cognome "
    "nazwisko sobrenome apelido",
    USERNAME: "username telegram tg nick nickname ник юзернейм телеграм телеграмм benutzername usuario utilisateur",
    PHONE: "phone phonenumber mobile mobilephone tel telephone cell otherphones phones телефон номер номертелефона "
    "мобильный telefon handy telefonnummer teléfono telefono móvil téléphone cellulare telefone celular telemóvel "
    "komórka",
    LANGUAGE: "language lang язык мова sprache idioma langue lingua język",
    TAGS: "tag tags label labels group groups categories теги тег метки метка группа теґи schlagwörter etiquetas "
    "étiquettes tagi",
    STAGE: "stage status этап стадия статус етап phase etapa étape fase etap",
    NOTE: "note notes comment comments заметка заметки комментарий примечание нотатка notiz notizen bemerkung nota "
    "notas remarque commentaire notatka uwagi",
}
_BY_NAME = {word: target for target, words in KNOWN.items() for word in words.split()}
_BETWEEN = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"(?<=.)\d+(?:value)?$")  # Phone 2, Phone 2 - Value


def own(field: CustomField) -> str:
    """A column for one of the workspace's fields."""
    return f"{OWN}{field.id}"


def suggested(head: Sequence[str], fields: Sequence[CustomField]) -> list[str]:
    """For each column what it probably is; nothing twice that can be only once."""
    mine = {_key(field.name): own(field) for field in fields}
    found: list[str] = []
    for name in head:
        key = _key(name)
        target = mine.get(key) or _BY_NAME.get(key) or _BY_NAME.get(_COUNTED.sub("", key), SKIP)
        found.append(SKIP if target in found and target not in SEVERAL else target)
    return found


def _key(name: str) -> str:
    return _BETWEEN.sub("", name.casefold())
