"""Fakes are steady, well-formed and harmless: none of them leads to a real account, line or machine."""

import datetime
import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any, get_args

import faker
import pyarrow as pa
import pytest
from pydantic import ValidationError

from anonymize.core.errors import RuleError
from anonymize.kernels.fakes import pools as fake_pools
from anonymize.kernels.fakes.values import KINDS
from anonymize.transforms.substitution.fake import Fake, Kind
from tests.components.transforms.substitution import IDS, results
from tests.harness import context, run_column

LOCALES = ("de_DE", "en_GB", "en_US", "es_ES", "fr_FR", "ja_JP", "zh_CN", "zh_TW")


def test_kinds_agree() -> None:
    """Every kind that a rule may name can be made, and none is hidden."""
    assert set(get_args(Kind)) == set(KINDS)


@pytest.mark.matrix("S12")
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_fakes_are_steady_and_harmless(kind: str, locale: str) -> None:
    """The same everywhere, never empty, never the start of a formula, and independent of their neighbours."""
    transform = Fake(kind=kind, locale=locale)
    found = results(transform, IDS)

    assert results(transform, IDS.slice(2000, 3)) == found[2000:2003]
    assert all(value and value.isprintable() and value[0] not in "=+-@" for value in found)
    assert len(set(found)) > 30


@pytest.mark.parametrize("locale", LOCALES)
def test_card_numbers_pass_luhn(locale: str) -> None:
    """The check digit is right, the prefix nobody's."""
    for number in results(Fake(kind="credit_card", locale=locale), IDS):
        digits = [int(digit) for digit in reversed(number)]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
        assert re.fullmatch(r"999999\d{10}", number)
        assert (sum(digits[::2]) + sum(doubled)) % 10 == 0


@pytest.mark.parametrize("locale", LOCALES)
def test_ibans_pass_mod_97(locale: str) -> None:
    """The check digits are right by ISO 13616."""
    for iban in results(Fake(kind="iban", locale=locale), IDS):
        moved = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
        assert re.fullmatch(r"GB\d\dXXXX000000\d{8}|DE\d\d00000000\d{10}", iban)
        assert int(moved) % 97 == 1


def test_chinese_identity_numbers() -> None:
    """The check character is right by ISO 7064 MOD 11-2, the birth date exists, the region does not."""
    for number in results(Fake(kind="national_id", locale="zh_CN"), IDS):
        weights = [2 ** (17 - place) % 11 for place in range(18)]
        digits = [10 if character == "X" else int(character) for character in number]
        born = datetime.datetime.strptime(number[6:14], "%Y%m%d")
        assert number.startswith("19")
        assert 1940 <= born.year <= 2009
        assert sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 1


def test_contacts_lead_nowhere() -> None:
    """Addresses end in names set aside for examples; telephone numbers lie in ranges set aside for fiction."""
    patterns = {
        ("email", "de_DE"): r"[a-z]+\.[a-z]+\d{4}@example\.(com|net|org)",
        ("url", "ja_JP"): r"https://www\.example\.(com|net|org)/[a-z]+\d{6}",
        ("ip", "en_US"): r"198\.1[89]\.\d{1,3}\.\d{1,3}",
        ("phone", "en_US"): r"\([2-9]\d\d\) 555-01\d\d",
        ("phone", "en_GB"): r"07700 900\d{3}",
        ("phone", "fr_FR"): r"06 39 98 \d\d \d\d",
        ("phone", "zh_CN"): r"12\d{9}",
        ("ssn", "en_US"): r"666-\d\d-\d{4}",
    }
    for (kind, locale), pattern in patterns.items():
        assert all(re.fullmatch(pattern, value) for value in results(Fake(kind=kind, locale=locale), IDS))


def test_the_rule_files_locale_is_the_default() -> None:
    """A locale of the whole file serves every fake in it; one that nobody knows is an error of the rules."""
    transform = Fake(kind="person")
    secret_of = context(transform, None, 1)
    chinese = transform.apply(pa.array(["Alice"]), replace(secret_of, locale="zh_CN")).to_pylist()

    assert chinese == results(Fake(kind="person", locale="zh_CN"), ["Alice"])
    for wrong in ("xx_XX", "../en_US", ""):
        with pytest.raises(RuleError, match="locale"):
            transform.apply(pa.array(["Alice"]), replace(secret_of, locale=wrong))


def test_persons_are_many() -> None:
    """Names come from the product of the lists, so collisions are rare among thousands."""
    for locale in ("en_US", "de_DE", "zh_CN"):
        assert len(set(results(Fake(kind="person", locale=locale), IDS))) > 2950


def test_dates_of_birth_keep_the_type() -> None:
    """A date column stays one; text gets text."""
    transform = Fake(kind="date_of_birth")

    assert run_column(transform, pa.array([datetime.date(1984, 2, 29)]))[0].type == pa.date32()
    assert run_column(transform, pa.array(["29.2.1984"]))[0].type == pa.string()


@pytest.mark.matrix("S12")
def test_bundled_lists_do_not_move() -> None:
    """The files say which release made them, and hold what the recipes ask for."""
    for locale in LOCALES:
        lists = fake_pools.pools(locale)
        assert {"first", "last", "street", "city", "company", "job", "login_first", "login_last"} <= set(lists)
        for name, pool in lists.items():
            values = pool.to_pylist()
            assert len(values) == len(set(values)), (locale, name)
            assert all(v and v.strip() == v and v.isprintable() and v[0] not in "=+-@" for v in values)


def test_bundled_lists_can_be_made_again() -> None:
    """By the release of Faker that the file names, the script makes the same lists."""
    bundled = json.loads(files("anonymize").joinpath("data/fakes/zh_TW.json").read_text("utf-8"))

    assert bundled["version"] == fake_pools.VERSION
    if bundled["faker"] == faker.VERSION:
        assert bundled["pools"] == fake_pools.make("zh_TW")


def test_other_locales_come_from_faker() -> None:
    """Made in memory, the same each time in one release."""
    assert fake_pools.make("it_IT") == fake_pools.make("it_IT")
    assert results(Fake(kind="person", locale="it_IT"), ["a"]) == results(
        Fake(kind="person", locale="it_IT"), ["a"]
    )


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "dog"}, {"kind": "city", "locale": "xx_XX"}, {"kind": "city", "locale": "../x"}]
)
def test_wrong_fakes(wrong: dict[str, Any]) -> None:
    """An unknown kind or locale is refused when the rules are read."""
    with pytest.raises(ValidationError):
        Fake.model_validate(wrong)
