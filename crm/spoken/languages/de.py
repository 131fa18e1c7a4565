"""How German tells the time."""

from datetime import time

from crm.repeating import Every
from crm.spoken.vocabulary import Part, Unit, Vocabulary

GERMAN = Vocabulary(
    days={-2: "vorgestern", -1: "gestern", 0: "heute", 1: "morgen", 2: "übermorgen|uebermorgen"},
    weekdays=(
        *("montag|~mo|~mon", "dienstag|~di|~die", "mittwoch|~mi|~mit", "donnerstag|~do|~don", "freitag|~fr|~fre"),
        *("samstag|sonnabend|~sa|~sam|wochenende", "sonntag|~so|~son"),
    ),
    months=(
        *("januar|jänner|~jan", "februar|~feb", "märz|maerz|~mär|~mrz", "april|~apr", "mai", "juni|~jun", "juli|~jul"),
        *("august|~aug", "september|~sep|~sept", "oktober|~okt", "november|~nov", "dezember|~dez"),
    ),
    units={
        Unit.MINUTE: "minute|minuten|~min",
        Unit.HOUR: "stunde|stunden|~std|~h",
        Unit.DAY: "tag|tage|tagen|tages",
        Unit.WORKDAY: "werktag|arbeitstag|wochentag",
        Unit.WEEK: "woche|wochen",
        Unit.MONTH: "monat|monate|monaten|monats",
        Unit.YEAR: "jahr|jahre|jahren|jahres",
    },
    numbers={
        1: "eins|ersten|erste|erster",
        2: "zwei|zwo",
        3: "drei",
        4: "vier",
        5: "fünf|fuenf",
        6: "sechs",
        7: "sieben",
        8: "acht",
        9: "neun",
        10: "zehn",
        11: "elf",
        12: "zwölf|zwoelf",
        15: "fünfzehn",
        20: "zwanzig",
        30: "dreißig",
        45: "fünfundvierzig",
    },
    spans={
        15: "viertelstunde",
        30: "halbe stunde|halben stunde",
        45: "dreiviertelstunde",
        90: "anderthalb stunden|eineinhalb stunden",
    },
    parts={
        Part.MORNING: "früh|morgens|vormittags|vormittag|in der früh|am morgen|am vormittag|morgen",
        Part.AFTERNOON: "nachmittag|nachmittags|am nachmittag",
        Part.EVENING: "abend|abends|am abend",
        Part.NIGHT: "nachts|nacht|in der nacht",
    },
    clocks={time(12): "mittag|mittags|am mittag", time(0): "mitternacht"},
    repeats={
        Every.DAY: "täglich",
        Every.WEEKDAY: "werktags|wochentags|unter der woche",
        Every.WEEK: "wöchentlich",
        Every.MONTH: "monatlich",
        Every.YEAR: "jährlich",
    },
    weekly=("montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags|sonnabends", "sonntags"),
    into="in|binnen",
    later="später",
    at="um|gegen|ab",
    on="am|an|bis|zum",
    next="nächste|nächsten|nächster|nächstes|nächstem|kommende|kommenden|kommendes|kommender",
    this="diese|diesen|diesem|dieser|dieses",
    every="jede|jeden|jedes|jeder|jedem|alle",
    other="zweite|zweiten|zweites|anderen",
    oclock="uhr|~h",
    before_hour={-30: "halb", 15: "viertel nach", -15: "viertel vor|dreiviertel"},
    conjunction="und",
    filler="der|die|das|den|dem|des|ein|eine|einen|einem|einer",
    day_of_month="tag des monats",
    ordinal="te|ten|ter",
    month_end="monatsende|ende des monats|ende vom monat",
    lead="erinnere mich daran|erinnere mich|erinner mich|bitte erinnere mich",
    link="dass|daran|an|zu",
)
