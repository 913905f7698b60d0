"""Writes `english_names.jsonl`: sentences with and without names of people, which the word lists do not come from.

Run `python -m tests.data.make_english_names`. The names are those of Faker for Britain, Australia, India,
Ireland, New Zealand and the United States. In `english_names.txt`, a line is a style, a tab and a template.
"""

import json
from pathlib import Path
from random import Random

from faker import Faker

HERE = Path(__file__).parent
LOCALES = ["en_GB", "en_AU", "en_IN", "en_IE", "en_NZ", "en_US"]
ROUNDS = 12


def names(fakers: list[Faker], random: Random) -> dict[str, str]:
    """A person, written in several ways."""
    faker = random.choice(fakers)
    given, family = faker.first_name(), faker.last_name()
    inner = random.choice(["", "", "", "", " " + faker.first_name()[0] + ".", " " + faker.first_name()])
    full = f"{given}{inner} {family}"
    return {
        "PERSON": full,
        "GIVEN": given,
        "FAMILY": family,
        "UPPER": f"{given} {family}".upper(),
        "REVERSED": f"{family}, {given}",
        "person": f"{given} {family}".lower(),
        "given": given.lower(),
    }


def filled(fakers: list[Faker], random: Random, style: str, template: str) -> dict[str, object]:
    """A template with names, and where they stand."""
    text, spans = "", []
    for at, piece in enumerate(template.replace("}", "{").split("{")):
        value = names(fakers, random)[piece] if at % 2 else piece
        if at % 2:
            spans.append((len(text), len(text) + len(value), "PERSON"))
        text += value
    return {"style": style, "text": text, "spans": spans}


def lines(random: Random, rounds: int) -> list[dict[str, object]]:
    """Each template so many times; those without names once."""
    Faker.seed(20261121)
    fakers = [Faker(locale) for locale in LOCALES]
    found = []
    for line in (HERE / "english_names.txt").read_text("utf-8").splitlines():
        style, template = line.split("\t")
        found += [filled(fakers, random, style, template) for _ in range(1 if style == "none" else rounds)]
    return found


def main() -> None:
    """Write the file anew."""
    records = [json.dumps(line) for line in lines(Random(20261121), ROUNDS)]  # noqa: S311
    (HERE / "english_names.jsonl").write_text("\n".join(records) + "\n", "utf-8")


if __name__ == "__main__":
    main()
