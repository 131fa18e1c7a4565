"""How English tells the time."""

from datetime import time

from crm.repeating import Every
from crm.spoken.vocabulary import Part, Unit, Vocabulary

ENGLISH = Vocabulary(
    days={
        -2: "day before yesterday|the day before yesterday",
        -1: "yesterday",
        0: "today",
        1: "tomorrow|tmrw|tomorow|tommorow",
        2: "the day after tomorrow|day after tomorrow",
    },
    weekdays=(
        *("monday|~mon", "tuesday|~tue|~tues", "wednesday|~wed", "thursday|~thu|~thur|~thurs", "friday|~fri"),
        *("saturday|~sat|weekend|the weekend", "sunday|~sun"),
    ),
    months=(
        *("january|~jan", "february|~feb", "march|~mar", "april|~apr", "may", "june|~jun", "july|~jul", "august|~aug"),
        *("september|~sep|~sept", "october|~oct", "november|~nov", "december|~dec"),
    ),
    units={
        Unit.MINUTE: "minute|minutes|~min|~mins|~m",
        Unit.HOUR: "hour|hours|~h|~hr|~hrs",
        Unit.DAY: "day|days|~d",
        Unit.WORKDAY: "weekday|weekdays|workday|working day",
        Unit.WEEK: "week|weeks|~w",
        Unit.MONTH: "month|months",
        Unit.YEAR: "year|years",
    },
    numbers=dict(
        enumerate(
            (
                *("one", "two|a couple of|couple of", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
                *("eleven", "twelve"),
            ),
            1,
        )
    )
    | {15: "fifteen", 20: "twenty", 30: "thirty", 45: "forty five"},
    spans={
        15: "a quarter of an hour|quarter of an hour|a quarter hour",
        30: "half an hour|half hour|a half hour",
        90: "an hour and a half",
    },
    parts={
        Part.MORNING: "in the morning|morning",
        Part.AFTERNOON: "in the afternoon|afternoon|after lunch",
        Part.EVENING: "in the evening|evening",
        Part.NIGHT: "at night|night",
    },
    day_parts={(0, Part.TONIGHT): "tonight"},
    clocks={time(12): "noon|midday|lunchtime", time(0): "midnight"},
    repeats={
        Every.DAY: "daily",
        Every.WEEKDAY: "on weekdays|weekdays|on workdays",
        Every.WEEK: "weekly",
        Every.MONTH: "monthly",
        Every.YEAR: "yearly|annually",
    },
    weekly=("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"),
    into="in|within",
    later="later|from now",
    at="at|around|at about",
    on="on|by|until|till",
    next="next|the next|the coming|coming",
    this="this",
    every="every|each",
    other="other|second|third",
    oclock="o'clock|oclock",
    before_hour={
        30: "half past|half",
        15: "quarter past|a quarter past",
        -15: "quarter to|a quarter to",
    },
    and_half="and a half",
    conjunction="and",
    ordinal="st|nd|rd|th",
    filler="the|a|an|of",
    am="am|a m",
    pm="pm|p m",
    month_end="end of the month|end of month|month's end",
    lead="remind me|please remind me|reminder",
    link="to|that|of",
)
