"""Writes `english_text.jsonl`: synthetic English letters, tickets and notes with the places of what is personal.

Run `python -m tests.data.make_english_text`. In the templates of `english_templates.txt`, names in capitals
are what is to be found, those in small letters what is not. All values are drawn by chance.
"""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeAlias

HERE = Path(__file__).parent
LINES = 800

Draw: TypeAlias = Callable[[Random], str]

GIVEN = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "Sarah",
    "Karen",
    "Daniel",
    "Lisa",
    "Nancy",
]
FAMILY = [
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Miller",
    "Davis",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
]
STREETS = ["Maple", "Oak", "Cedar", "Lincoln", "Washington", "Highland", "Lakeview", "Sunset", "Chestnut", "Park"]
KINDS = ["Street", "Avenue", "Road", "Lane", "Drive", "St", "Ave", "Rd"]
TOWNS = ["Springfield, IL 62701", "Portland, OR 97205", "Austin, TX 78701", "Denver, CO 80202"]
HOSTS = ["example.com", "example.org", "mail.example.net"]


def digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def person(random: Random) -> str:
    middle = random.choice(["", "", "", "J. "])
    return f"{random.choice(GIVEN)} {middle}{random.choice(FAMILY)}"


def telephone(random: Random) -> str:
    area, middle = f"{random.randint(2, 9)}{digits(random, 2)}", f"{random.randint(2, 9)}{digits(random, 2)}"
    last = digits(random, 4)
    return random.choice([f"({area}) {middle}-{last}", f"{area}-{middle}-{last}", f"+1 {area} {middle} {last}"])


def card(random: Random, wrong: bool = False) -> str:
    body = random.choice(["4", "51", "52"]) + digits(random, 14)
    body = body[:15]
    total = sum(sum(divmod(int(x) * (2 - i % 2), 10)) for i, x in enumerate(reversed(body)))
    number = body + str((-total + (random.randint(1, 9) if wrong else 0)) % 10)
    return random.choice([number, " ".join(number[i : i + 4] for i in range(0, 16, 4))])


def social_security(random: Random) -> str:
    return f"{random.randint(100, 665)}-{random.randint(10, 99)}-{random.randint(1000, 9999)}"


def iban(random: Random) -> str:
    body = digits(random, 18)
    check = 98 - int(body + "131400") % 97  # DE as two numbers
    number = f"DE{check:02}{body}"
    return random.choice([number, " ".join(number[i : i + 4] for i in range(0, 22, 4))])


def day(random: Random) -> str:
    year, month, date = random.randint(1940, 2005), random.randint(1, 12), random.randint(1, 28)
    return random.choice([f"{year}-{month:02}-{date:02}", f"{month:02}/{date:02}/{year}"])


VALUES: dict[str, Draw] = {
    "PERSON": person,
    "PHONE_NUMBER": telephone,
    "EMAIL_ADDRESS": lambda random: (
        f"{random.choice(GIVEN).lower()}.{random.choice(FAMILY).lower()}{digits(random, 2)}@{random.choice(HOSTS)}"
    ),
    "US_SSN": social_security,
    "CREDIT_CARD": card,
    "IBAN_CODE": iban,
    "DATE_OF_BIRTH": day,
    "IP_ADDRESS": lambda random: ".".join(str(random.randint(1, 254)) for _ in range(4)),
    "URL": lambda random: f"https://{random.choice(HOSTS)}/u/{digits(random, 5)}",
    "ADDRESS": lambda random: (
        f"{random.randint(1, 9999)} {random.choice(STREETS)} {random.choice(KINDS)}, {random.choice(TOWNS)}"
    ),
    "wrong_card": lambda random: card(random, wrong=True),
    "order": lambda random: digits(random, random.choice([8, 10, 12])),
    "amount": lambda random: f"{random.randint(1, 9999)}.{random.randint(0, 99):02}",
    "code": lambda random: "".join(random.choices("ABCDEFGH23456789", k=8)),
    "count": lambda random: str(random.randint(2, 999)),
}


def filled(random: Random, template: str) -> dict[str, object]:
    """A template with values, and where those stand that are to be found."""
    text, spans = "", []
    for at, piece in enumerate(template.replace("}", "{").split("{")):
        value = VALUES[piece](random) if at % 2 else piece
        if at % 2 and piece.isupper():
            spans.append((len(text), len(text) + len(value), piece))
        text += value
    return {"text": text, "spans": spans}


def lines(random: Random, count: int) -> list[dict[str, object]]:
    """So many, the templates in turn."""
    templates = (HERE / "english_templates.txt").read_text("utf-8").splitlines()
    return [filled(random, templates[at % len(templates)]) for at in range(count)]


def main() -> None:
    """Write the file anew."""
    records = [json.dumps(line) for line in lines(Random(20240229), LINES)]  # noqa: S311
    (HERE / "english_text.jsonl").write_text("\n".join(records) + "\n", "utf-8")


if __name__ == "__main__":
    main()
