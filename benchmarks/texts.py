"""A shop's correspondence in English, Russian and Chinese: made up, always the same, few words often, most rarely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

WORDS = {  # the commonest first
    "en": """the you to and is it for we order can please in have when of will thank that are on delivery not today
        with what be but price hello so yes payment tomorrow send if how flowers time good color table size sorry paid
        need would do new blue red which address from get all one two there box now ready phone wait morning sure
        again photo look""",
    "ru": """и в не на я что вы это как да заказ но мне можно он так есть за спасибо здравствуйте уже ещё если у вас
        всё доставка завтра когда нет сколько её они оплата добрый день очень чёрный букет только цена жду хорошо адрес
        могу счёт самолёт привезёт сегодня вечером тёплый размер нужен пришлёте цвет стол синий красный коробка почта
        идёт берёт""",
}
SYLLABLES = {
    "en": "ba re li mon ta ver sil do ran pe lo fin gar ste win mar cor den ul ap tro nes hol by rid",
    "ru": "ба ре ли мон та вер сил до ран пе ло фин гар сте вин мар кор ден уль ап тро нес хол бы рид",
}
SIGNS = (
    "的我你是了不在有好请问这个们要可以吗谢今天明多少钱什么时候到货订单付款发快递地址收蓝红色大小尺寸花束台灯桌子早上晚安对起见等一下没关系"
    "电话照片新店老师家门口送再看买卖两三四五六七八九十"
)
EMOJI = "🙂👍🙏❤😀🌹🎉📦🔥💐✅🚚☎⭐🎁🥰😢🤝☕🌞"
TAIL = 9000  # made-up words of each alphabet behind the real ones
LANGUAGES = {"en": 45, "ru": 40, "zh": 15}  # of a hundred messages
PEOPLE = 2000
FIRST_DAY = datetime(2022, 1, 3, 8, tzinfo=UTC)
LAST_DAY = FIRST_DAY + timedelta(days=1000)


class Zipf:
    """Draws from a list: what stands at the n-th place comes 1/n times as often as the first."""

    def __init__(self, things: Sequence[str]) -> None:
        self.things = things
        self._weights = list(accumulate(1 / place for place in range(1, len(things) + 1)))

    def draw(self, random: Random, count: int = 1) -> list[str]:
        """So many, each on its own."""
        return random.choices(self.things, cum_weights=self._weights, k=count)


@dataclass(frozen=True, slots=True)
class Written:
    """One message: its number, with which client, from whom, when, what, and as what."""

    number: int
    client: int
    outgoing: bool
    sent_at: datetime
    text: str
    kind: str = "text"


def vocabulary(language: str) -> list[str]:
    """Real words first, then made-up ones, in the order of how often they come."""
    random = Random(language)  # noqa: S311  made up, and no secret
    syllables = SYLLABLES[language].split()
    made = {"".join(random.choices(syllables, k=random.randint(2, 4))) for _ in range(TAIL * 2)}
    return [*WORDS[language].split(), *sorted(made, key=lambda word: (len(word), word))[:TAIL]]


def correspondence(count: int) -> Iterator[Written]:
    """So many messages in the order of their time, over a thousand days."""
    random = Random(2098)  # noqa: S311  the same
    words = {language: Zipf(vocabulary(language)) for language in SYLLABLES} | {"zh": Zipf([*SIGNS])}
    emoji, clients = Zipf([*EMOJI]), Zipf([str(number) for number in range(1, PEOPLE + 1)])
    languages = random.choices(list(LANGUAGES), weights=list(LANGUAGES.values()), k=count)
    for number, language in enumerate(languages, 1):
        drawn = words[language].draw(random, random.randint(1, 6) * random.randint(1, 4))
        text = ("" if language == "zh" else " ").join(drawn)
        if random.random() < 0.15:
            text += f" {emoji.draw(random)[0]}"
        sent_at = FIRST_DAY + (LAST_DAY - FIRST_DAY) * (number / count)
        yield Written(number, int(clients.draw(random)[0]), random.random() < 0.4, sent_at, text)
