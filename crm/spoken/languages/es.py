"""How Spanish tells the time."""

from datetime import time

from crm.repeating import Every
from crm.spoken.vocabulary import Part, Unit, Vocabulary

SPANISH = Vocabulary(
    days={-1: "ayer", 0: "hoy", 1: "mañana", 2: "pasado mañana"},
    weekdays=(
        *("lunes|~lun", "martes|~mar", "miércoles|~mié", "jueves|~jue", "viernes|~vie"),
        *("sábado|sábados|~sáb|fin de semana", "domingo|domingos|~dom"),
    ),
    months=(
        *("enero|~ene", "febrero|~feb", "marzo|~mar", "abril|~abr", "mayo|~may", "junio|~jun", "julio|~jul"),
        *("agosto|~ago", "septiembre|setiembre|~sep|~sept", "octubre|~oct", "noviembre|~nov", "diciembre|~dic"),
    ),
    units={
        Unit.MINUTE: "minuto|minutos|~min",
        Unit.HOUR: "hora|horas|~h",
        Unit.DAY: "día|días",
        Unit.WORKDAY: "día laborable|día hábil|días laborables|días hábiles",
        Unit.WEEK: "semana|semanas",
        Unit.MONTH: "mes|meses",
        Unit.YEAR: "año|años",
    },
    numbers={
        1: "uno|una|primero",
        2: "dos",
        3: "tres",
        4: "cuatro",
        5: "cinco",
        6: "seis",
        7: "siete",
        8: "ocho",
        9: "nueve",
        10: "diez",
        11: "once",
        12: "doce",
        15: "quince",
        20: "veinte",
        30: "treinta",
        45: "cuarenta y cinco",
    },
    spans={
        15: "un cuarto de hora|cuarto de hora",
        30: "media hora",
        45: "tres cuartos de hora",
        90: "hora y media|una hora y media",
    },
    parts={
        Part.MORNING: "por la mañana|de la mañana|en la mañana|mañana|de la madrugada",
        Part.AFTERNOON: "por la tarde|de la tarde|en la tarde|tarde",
        Part.NIGHT: "de la noche|medianoche de",
        Part.EVENING: "por la noche|en la noche|noche",
    },
    day_parts={
        (0, Part.TONIGHT): "esta noche",
        (0, Part.AFTERNOON): "esta tarde",
        (0, Part.MORNING): "esta mañana",
    },
    clocks={time(12): "mediodía|al mediodía|a mediodía", time(0): "medianoche|a medianoche"},
    repeats={
        Every.DAY: "diariamente|a diario|todos los días",
        Every.WEEKDAY: "entre semana|los días laborables|los días hábiles",
        Every.WEEK: "semanalmente|todas las semanas",
        Every.MONTH: "mensualmente|todos los meses",
        Every.YEAR: "anualmente|todos los años",
    },
    into="en|dentro de|de aquí a",
    later="después|más tarde",
    at="a las|a la|sobre las|hacia las|a eso de las|las|a",
    on="el|los|este día|para el|hasta el",
    next="próximo|próxima|siguiente|que viene|el próximo|la próxima",
    this="este|esta",
    every="cada|todos los|todas las",
    other="dos por",
    oclock="h|horas|hora|en punto",
    after_hour={30: "y media", 15: "y cuarto", -15: "menos cuarto"},
    and_half="y medio|y media",
    conjunction="y",
    ordinal="º|o|°|er",
    day_of_month="día",
    filler="el|la|los|las|un|una|de|del",
    am="am|a m",
    pm="pm|p m",
    lead="recuérdame|recuerdame que|avísame|recordarme",
    link="que|de",
)
