"""Lists of invented names, streets, cities, companies and jobs, by locale.

The bundled ones are files of this package and never change without a new `VERSION`. Those of any other locale are
made in memory with the installed release of Faker, from a fixed seed; another release may make others.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from anonymize.core.errors import RuleError, quoted
from anonymize.kernels.crypto.tokens import FORMULA_STARTS

VERSION = 1
SEED = 20240501
SIZES = {"first": 600, "last": 800, "street": 400, "city": 400, "company": 400, "job": 200}
COMMON = {"tld": ["com", "net", "org"], "letter": list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
FOLDER = "data/fakes"
LOCALE = "[a-z]{2,3}_[A-Z]{2}"

Pools = dict[str, list[str]]


@lru_cache(maxsize=16)
def pools(locale: str) -> dict[str, pa.Array]:
    """The lists of a locale as columns. Raises RuleError for a locale that nobody knows."""
    if not is_known(locale):
        raise RuleError(
            f"there are no invented names of the locale {quoted(locale)}", hint="as in `locale: de_DE`"
        )
    bundled = files("anonymize").joinpath(f"{FOLDER}/{locale}.json")
    found = json.loads(bundled.read_text("utf-8"))["pools"] if bundled.is_file() else make(locale)
    if locale != "en_US":
        found = {name: list(pool) for name, pool in _english_logins().items()} | found
    return {name: pa.array(pool, pa.string()) for name, pool in (COMMON | found).items()}


def is_known(locale: str) -> bool:
    """Whether there are lists for this locale. Imports Faker only if they are not bundled."""
    if not re.fullmatch(LOCALE, locale):
        return False
    if files("anonymize").joinpath(f"{FOLDER}/{locale}.json").is_file():
        return True
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - 0.1 s that most runs do not need

    return locale in AVAILABLE_LOCALES


def make(locale: str) -> Pools:
    """The lists of a locale, drawn from Faker with a fixed seed."""
    from faker import Faker  # noqa: PLC0415 - 0.1 s that most runs do not need

    faker = Faker(locale)
    faker.seed_instance(SEED)
    kinds = {
        "first": faker.first_name,
        "last": faker.last_name,
        "street": getattr(faker, "town", faker.street_name) if locale == "ja_JP" else faker.street_name,
        "city": faker.city,
        "company": faker.company,
        "job": faker.job,
    }
    made = {name: _distinct(generate, SIZES[name]) for name, generate in kinds.items()}
    if locale.startswith("zh_"):
        made["given"] = sorted(set("".join(made["first"])))
    return made | _logins(faker, made)


def _distinct(generate: Callable[[], Any], size: int) -> list[str]:
    """Up to `size` distinct, harmless values."""
    drawn: dict[str, None] = {}
    for _ in range(10 * size):
        value = str(generate()).strip()
        if len(drawn) < size and value.isprintable() and value and not value.startswith(FORMULA_STARTS):
            drawn[value] = None
    return sorted(drawn)


def _logins(faker: Any, made: Pools) -> Pools:
    """First and last names in lower-case Latin letters, for addresses and accounts; none if there are too few."""
    pairs = [("first", "first_romanized_name"), ("last", "last_romanized_name")]
    logins = {
        f"login_{name}": _latin(
            _distinct(getattr(faker, romanized), 400) if hasattr(faker, romanized) else made[name]
        )
        for name, romanized in pairs
    }
    return logins if all(len(pool) >= 20 for pool in logins.values()) else {}


def _latin(names: list[str]) -> list[str]:
    plain = (unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower() for name in names)
    letters = ("".join(c for c in name if c.isalpha()) for name in plain)
    return sorted({name for name in letters if len(name) > 1})


@lru_cache(maxsize=1)
def _english_logins() -> Pools:
    english = json.loads(files("anonymize").joinpath(f"{FOLDER}/en_US.json").read_text("utf-8"))["pools"]
    return {name: english[name] for name in ("login_first", "login_last")}
