"""Writes `chinese_text.jsonl`: synthetic Chinese records and chats with the places of what is personal in them.

Run `python -m tests.data.make_chinese_text`. The templates stand in `chinese_formal.txt` and `chinese_chat.txt`:
names in capitals are what is to be found, those in small letters what is not. All values are drawn by chance from
`chinese_words.txt`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeAlias

HERE = Path(__file__).parent
LINES_OF_EACH_STYLE = 500
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of social credit codes."""

Draw: TypeAlias = Callable[[Random], str]


def word_lists() -> dict[str, list[str]]:
    """`chinese_words.txt`: several lines may go on with the same list."""
    found: dict[str, list[str]] = {}
    for line in (HERE / "chinese_words.txt").read_text("utf-8").splitlines():
        name, _, words = line.partition(": ")
        found.setdefault(name, []).extend(words.split())
    return found


WORDS = word_lists()


def one_of(name: str) -> Draw:
    return lambda random: random.choice(WORDS[name])


def digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def person(random: Random) -> str:
    surname = random.choice(WORDS["rare_surnames" if random.random() < 0.06 else "surnames"])
    return surname + "".join(random.choices(WORDS["given"], k=1 if random.random() < 0.25 else 2))


def mobile(random: Random) -> str:
    parts = random.choice(WORDS["mobiles"]), digits(random, 4), digits(random, 4)
    plain = "".join(parts)
    number = random.choice([plain] * 6 + [" ".join(parts), "-".join(parts), plain.translate(WIDE)])
    return random.choice([""] * 7 + ["+86 ", "+86", "+86-", "86 "]) + number if number.isascii() else number


def telephone(random: Random) -> str:
    if random.random() < 0.8:
        return mobile(random)
    code, _, length = random.choice(WORDS["landlines"]).partition("-")
    return f"{code}-{random.choice('2345678')}{digits(random, int(length) - 1)}"


def resident_number(random: Random, wrong: bool = False) -> str:
    day = f"{random.randint(1950, 2012)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    body = random.choice(WORDS["areas"]) + day + digits(random, 3)
    check = "10X98765432"[sum(int(x) * pow(2, 17 - i, 11) for i, x in enumerate(body)) % 11]
    if wrong:
        return body + random.choice([x for x in "0123456789" if x != check])
    return body + (check.lower() if random.random() < 0.2 else check)


def identity_card(random: Random) -> str:
    number, how = resident_number(random), random.random()
    if how < 0.08:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    return number.translate(WIDE) if how < 0.14 else number


def bank_card(random: Random, wrong: bool = False) -> str:
    length = random.choice([16, 19, 19])
    body = random.choice(WORDS["banks"]) + digits(random, length - 7)
    total = sum(sum(divmod(int(x) * (2 - i % 2), 10)) for i, x in enumerate(reversed(body)))
    number, how = body + str((-total + (random.randint(1, 9) if wrong else 0)) % 10), random.random()
    if how < 0.3:
        return " ".join(number[i : i + 4] for i in range(0, length, 4))
    return number.translate(WIDE) if how < 0.35 else number


def address(random: Random) -> str:
    found = random.choice(WORDS["places"])
    if random.random() < 0.1:
        return f"{found}{random.choice(WORDS['villages'])}{random.randint(1, 20)}组{random.randint(1, 200)}号"
    found += f"{random.choice(WORDS['roads'])}{random.randint(1, 999)}号"
    if random.random() < 0.35:
        return found
    found += random.choice([*WORDS["compounds"], ""]) + f"{random.randint(1, 30)}{random.choice('栋幢号')}"
    unit = f"{random.randint(1, 6)}单元" if random.random() < 0.6 else ""
    return found + unit + f"{random.randint(1, 32)}0{random.randint(1, 8)}{random.choice(['室', '室', ''])}"


def credit_code(random: Random) -> str:
    body = "91" + random.choice(WORDS["areas"]) + "MA" + "".join(random.choices(CREDIT, k=7))
    return body + CREDIT[-sum(CREDIT.index(x) * pow(3, i, 31) for i, x in enumerate(body)) % 31]


def plate(random: Random) -> str:
    start = random.choice("京沪粤浙苏鲁川") + random.choice("ABCDEFG")
    middle = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=2))
    return start + random.choice(["", "·"]) + random.choice([middle + digits(random, 3), "D" + digits(random, 5)])


def day(random: Random, first: int, last: int) -> str:
    return f"{random.randint(first, last)}年{random.randint(1, 12)}月{random.randint(1, 28)}日"


def letters(random: Random, count: int) -> str:
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=count))


VALUES: dict[str, Draw] = {
    "PERSON": person,
    "PHONE_NUMBER": telephone,
    "CN_ID_CARD": identity_card,
    "CN_BANK_CARD": bank_card,
    "ADDRESS": address,
    "EMAIL_ADDRESS": lambda random: f"{letters(random, 6)}{digits(random, 3)}@{random.choice(WORDS['mails'])}",
    "DATE_OF_BIRTH": lambda random: day(random, 1950, 2005),
    "CN_LICENSE_PLATE": plate,
    "CN_USCC": credit_code,
    "CN_PASSPORT": lambda random: (
        random.choice(["E", "G", "EA", "EK"]).ljust(9, "x").replace("x", digits(random, 1))
    ),
    "CN_HK_MACAU_PERMIT": lambda random: "C" + digits(random, 8),
    "WECHAT_ID": lambda random: letters(random, 5) + random.choice(["_", "-", ""]) + digits(random, 4),
    "QQ_NUMBER": lambda random: random.choice("123456789") + digits(random, random.choice([6, 8, 9])),
    "wrong_id": lambda random: resident_number(random, wrong=True),
    "wrong_card": lambda random: bank_card(random, wrong=True),
    "order": lambda random: f"2024{random.randint(1, 12):02}{random.randint(1, 28):02}{digits(random, 10)}",
    "number": lambda random: digits(random, random.choice([6, 9, 10, 12])).lstrip("0"),
    "amount": lambda random: f"{random.randint(1, 99999)}.{random.randint(0, 99):02}",
    "date": lambda random: day(random, 2019, 2025),
    "time": lambda random: f"2024-0{random.randint(1, 9)}-{random.randint(10, 28)} 1{random.randint(0, 9)}:23:45",
    "goods": one_of("goods"),
    "city": one_of("cities"),
    "firm": one_of("firms"),
}


def filled(random: Random, template: str, style: str) -> dict[str, object]:
    """A template with values, and where those stand that are to be found."""
    text, spans = "", []
    for at, piece in enumerate(template.replace("}", "{").split("{")):
        value = VALUES[piece](random) if at % 2 else piece
        if at % 2 and piece.isupper():
            spans.append((len(text), len(text) + len(value), piece))
        text += value
    return {"style": style, "text": text, "spans": spans}


def lines(random: Random, count: int = LINES_OF_EACH_STYLE) -> list[dict[str, object]]:
    """As many of each style, the templates in turn."""
    found = []
    for style in ("formal", "chat"):
        templates = (HERE / f"chinese_{style}.txt").read_text("utf-8").splitlines()
        found += [filled(random, templates[at % len(templates)], style) for at in range(count)]
    return found


def main() -> None:
    """Write the file anew."""
    records = [json.dumps(line, ensure_ascii=False) for line in lines(Random(20240229))]  # noqa: S311
    (HERE / "chinese_text.jsonl").write_text("\n".join(records) + "\n", "utf-8")


if __name__ == "__main__":
    main()
