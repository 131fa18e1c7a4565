"""How French tells the time."""

from datetime import time

from crm.repeating import Every
from crm.spoken.vocabulary import Part, Unit, Vocabulary

FRENCH = Vocabulary(
    days={-2: "avant-hier|avant hier", -1: "hier", 0: "aujourd'hui|aujourdhui", 1: "demain", 2: "après-demain"},
    weekdays=(
        *(
            "lundi|lundis|~lun",
            "mardi|mardis|~mar",
            "mercredi|mercredis|~mer",
            "jeudi|jeudis|~jeu",
            "vendredi|vendredis|~ven",
        ),
        *("samedi|samedis|~sam|week-end|weekend", "dimanche|dimanches|~dim"),
    ),
    months=(
        *("janvier|~janv|~jan", "février|~févr|~fév", "mars", "avril|~avr", "mai", "juin", "juillet|~juil", "août"),
        *("septembre|~sept", "octobre|~oct", "novembre|~nov", "décembre|~déc"),
    ),
    units={
        Unit.MINUTE: "minute|minutes|~min|~mn",
        Unit.HOUR: "heure|heures|~h",
        Unit.DAY: "jour|jours|~j",
        Unit.WORKDAY: "jour ouvrable|jour ouvré|jours ouvrables|jours ouvrés",
        Unit.WEEK: "semaine|semaines",
        Unit.MONTH: "mois",
        Unit.YEAR: "an|ans|année|années",
    },
    numbers={
        1: "une|premier",
        2: "deux",
        3: "trois",
        4: "quatre",
        5: "cinq",
        6: "six",
        7: "sept",
        8: "huit",
        9: "neuf",
        10: "dix",
        11: "onze",
        12: "douze",
        15: "quinze",
        20: "vingt",
        30: "trente",
    },
    spans={
        15: "un quart d'heure|quart d'heure",
        30: "une demi-heure|demi-heure|une demie heure",
        45: "trois quarts d'heure",
        90: "une heure et demie|heure et demie",
    },
    parts={
        Part.MORNING: "du matin|le matin|au matin|matin|dans la matinée",
        Part.AFTERNOON: "de l'après-midi|l'après-midi|après-midi|cet après-midi",
        Part.EVENING: "du soir|le soir|au soir|soir|dans la soirée",
        Part.NIGHT: "de la nuit|la nuit|nuit",
    },
    day_parts={
        (0, Part.EVENING): "ce soir",
        (0, Part.AFTERNOON): "cet après-midi",
        (0, Part.MORNING): "ce matin",
    },
    clocks={time(12): "midi|à midi", time(0): "minuit|à minuit"},
    repeats={
        Every.DAY: "quotidiennement|tous les jours",
        Every.WEEKDAY: "en semaine|les jours ouvrables",
        Every.WEEK: "toutes les semaines",
        Every.MONTH: "mensuellement|tous les mois",
        Every.YEAR: "annuellement|tous les ans",
    },
    into="dans|d'ici",
    later="plus tard",
    at="à|a|vers|à partir de",
    on="le|pour le|jusqu'au",
    next="prochain|prochaine|suivant|qui vient|le prochain|la prochaine",
    this="ce|cette|cet",
    every="chaque|tous les|toutes les|tout les",
    other="deux",
    oclock="heure|heures|h",
    after_hour={30: "et demie|et demi", 15: "et quart", -15: "moins le quart"},
    and_half="et demi|et demie",
    conjunction="et",
    ordinal="er|e|ème",
    day_of_month="le",
    filler="le|la|les|l|un|une|de|du|d",
    month_end="fin du mois|la fin du mois|fin de mois",
    lead="rappelle-moi|rappelle-moi de|rappelez-moi",
    link="de|d|que|qu",
)
