"""How Italian tells the time."""

from datetime import time

from crm.repeating import Every
from crm.spoken.vocabulary import Part, Unit, Vocabulary

ITALIAN = Vocabulary(
    days={-2: "l'altro ieri|altro ieri|altroieri", -1: "ieri", 0: "oggi", 1: "domani", 2: "dopodomani|dopo domani"},
    weekdays=(
        *("lunedì|~lun", "martedì|~mar", "mercoledì|~mer", "giovedì|~gio", "venerdì|~ven"),
        *("sabato|~sab|weekend|fine settimana", "domenica|~dom"),
    ),
    months=(
        *("gennaio|~gen", "febbraio|~feb", "marzo|~mar", "aprile|~apr", "maggio|~mag", "giugno|~giu", "luglio|~lug"),
        *("agosto|~ago", "settembre|~set", "ottobre|~ott", "novembre|~nov", "dicembre|~dic"),
    ),
    units={
        Unit.MINUTE: "minuto|minuti|~min",
        Unit.HOUR: "ora|ore|~h",
        Unit.DAY: "giorno|giorni",
        Unit.WORKDAY: "giorno feriale|giorno lavorativo|giorni feriali|giorni lavorativi",
        Unit.WEEK: "settimana|settimane",
        Unit.MONTH: "mese|mesi",
        Unit.YEAR: "anno|anni",
    },
    numbers={
        1: "uno|una|primo",
        2: "due",
        3: "tre",
        4: "quattro",
        5: "cinque",
        6: "sei",
        7: "sette",
        8: "otto",
        9: "nove",
        10: "dieci",
        11: "undici",
        12: "dodici",
        15: "quindici",
        20: "venti",
        30: "trenta",
    },
    spans={
        15: "un quarto d'ora|quarto d'ora",
        30: "mezz'ora|mezzora|una mezz'ora",
        45: "tre quarti d'ora",
        90: "un'ora e mezza|un'ora e mezzo|ora e mezza",
    },
    parts={
        Part.MORNING: "di mattina|del mattino|la mattina|mattina|in mattinata|mattino|al mattino",
        Part.AFTERNOON: "di pomeriggio|del pomeriggio|nel pomeriggio|pomeriggio|il pomeriggio",
        Part.EVENING: "di sera|della sera|la sera|sera|in serata",
        Part.NIGHT: "di notte|della notte|notte",
    },
    day_parts={
        (0, Part.EVENING): "stasera|questa sera",
        (0, Part.MORNING): "stamattina|stamani|questa mattina",
        (0, Part.AFTERNOON): "questo pomeriggio",
        (0, Part.NIGHT): "stanotte|questa notte",
    },
    clocks={time(12): "mezzogiorno|a mezzogiorno", time(0): "mezzanotte|a mezzanotte"},
    repeats={
        Every.DAY: "quotidianamente|tutti i giorni",
        Every.WEEKDAY: "nei giorni feriali|nei giorni lavorativi",
        Every.WEEK: "settimanalmente|tutte le settimane",
        Every.MONTH: "mensilmente|tutti i mesi",
        Every.YEAR: "annualmente|tutti gli anni",
    },
    into="tra|fra|entro",
    later="dopo|più tardi",
    at="alle|all|alla|verso le|dalle|a",
    on="il|per il|entro il|di",
    next="prossimo|prossima|il prossimo|la prossima|che viene",
    this="questo|questa",
    every="ogni|tutti i|tutte le",
    other="due",
    oclock="ore|ora|h|in punto",
    after_hour={30: "e mezza|e mezzo", 15: "e un quarto|e quarto", -15: "meno un quarto"},
    and_half="e mezza|e mezzo",
    conjunction="e",
    ordinal="º|o|°",
    day_of_month="il|giorno",
    filler="il|la|lo|le|l|un|una|di|del",
    month_end="fine mese|la fine del mese|fine del mese",
    lead="ricordami|ricordamelo|ricordami di|promemoria",
    link="di|che",
)
