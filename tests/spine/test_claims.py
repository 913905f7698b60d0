"""What a plan says about the way back, and about guessing."""

from typing import Any

import pyarrow as pa
import pytest

from anonymize.core.catalog import examples
from anonymize.core.component import Example
from anonymize.core.transform import Properties, Transform
from anonymize.planning.claims import column_claim, step_reversal, verdicts
from anonymize.planning.guessing import Search
from anonymize.planning.plan import Plan
from anonymize.planning.planner import make_plan
from anonymize.rulefile.loading import parse_rules

TYPES: dict[str, pa.DataType] = {"flag": pa.bool_(), "day": pa.date32(), "small": pa.int16()}


def planned(**steps: str) -> Plan:
    """The plan of columns of these names, with these steps."""
    lines = "".join(f"  {name}: {step}\n" for name, step in steps.items())
    schema = pa.schema([(name.strip(chr(34)), TYPES.get(name, pa.string())) for name in steps])
    return make_plan(parse_rules(f"version: 1\nkeys: {{second: env:SECOND}}\ncolumns:\n{lines}"), schema)


def claims(plan: Plan) -> dict[str, Any]:
    return {column.name: column_claim(column, plan) for column in plan.columns}


def test_who_can_restore_a_column() -> None:
    """Whoever holds all keys of its steps; nobody, if one step has no way back."""
    plan = planned(
        a="encrypt",
        b="[encrypt, encrypt_deterministic(key=second)]",
        c="[encrypt, mask]",
        d="pseudonymize",
        e="{steps: [encrypt], when: 'd is null'}",
        f="{steps: [encrypt], when: 'a is null'}",
        g="encrypt_deterministic(context=c)",
        h="drop",
    )

    assert {
        "a": "holders of the key `default`",
        "b": "holders of the key `default` who are holders of the key `second`",
        "c": "nobody",
        "d": "nobody",
        "e": "nobody",
        "f": "holders of the key `default`",
        "g": "nobody",
        "h": "nobody",
    } == {name: claim.restorable_by for name, claim in claims(plan).items()}
    assert {"a", "b", "f"} == {name for name, claim in claims(plan).items() if claim.reversible}


def test_who_can_undo_a_step() -> None:
    """For each step by itself."""
    plan = planned(b="[keep, encrypt, encrypt_preserving_format(key=second), mask]")

    assert ["anybody", "holders of the key `default`", "holders of the key `second`", "nobody"] == [
        step_reversal(step.transform) for step in plan.columns[0].steps
    ]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("birth_date", 36_525),
        ("dateOfBirth", 36_525),
        ("出生日期", 36_525),
        ("phone", 10**11),
        ("user.mobile_no", 10**11),
        ("手机号", 10**11),
        ("ssn", 10**9),
        ("zip_code", 10**6),
        ("age", 120),
        ("flag", 2),
        ("day", 36_525),
        ("small", 2**16),
        ("name", None),
        ("page", None),
        ("shipment", None),
        ("recipe", None),
    ],
)
def test_what_there_is_to_try(name: str, count: int | None) -> None:
    """By the type of the column or its name; nothing where neither tells."""
    (claim,) = claims(planned(**{f'"{name}"': "pseudonymize"})).values() if name not in TYPES else (
        claims(planned(**{name: "pseudonymize"})).values()
    )  # fmt: skip

    assert count == (claim.search.count if claim.search is not None else None)


@pytest.mark.matrix("S10")
def test_only_pseudonyms_are_guessed() -> None:
    """What the key opens need not be guessed, and what no key makes cannot be checked by one."""
    plan = planned(
        phone="encrypt", phone_2="mask", phone_3="[pseudonymize, truncate(3)]", phone_4="[mask, pseudonymize]"
    )

    assert {"phone": False, "phone_2": False, "phone_3": True, "phone_4": False} == {
        name: claim.search is not None for name, claim in claims(plan).items()
    }


@pytest.mark.parametrize(
    ("count", "effort"),
    [
        (120, "less than a second"),
        (10**7, "1 second"),
        (10**9, "2 minutes"),
        (10**11, "3 hours"),
        (10**16, "32 years"),
    ],
)
def test_effort_is_said_in_words(count: int, effort: str) -> None:
    """Rounded, in the largest unit that fits."""
    assert effort == Search("values", count).effort


def test_what_can_be_joined_and_what_stays_a_key() -> None:
    """Short tokens join, though two values may meet by a rare chance; what holds for some values only does not."""
    plan = planned(
        a="pseudonymize",
        b="pseudonymize(length=16)",
        c="[truncate(3), pseudonymize]",
        d="fake(person)",
        e="{steps: [pseudonymize], when: 'a is null'}",
        f="keep",
    )

    found = claims(plan)
    assert {"a", "b", "f"} == {name for name, claim in found.items() if claim.joinable}
    assert {"a", "f"} == {name for name, claim in found.items() if claim.unique}


QUASI = "{role: quasi_identifier, steps: [keep]}"
TABLE = "de-identified as the table says; no guarantee about groups of people is stated"
KEYED, KEYED_TWICE = "pseudonymized with the key `default`", "pseudonymized with the keys `default` and `second`"
LEFT = ": personal data still, for whoever holds the key"
MORE = LEFT + "s"


def verdicts_of(columns: str, rest: str = "") -> list[str]:
    """What the result of rules for the columns a and b may be called."""
    keys = "keys: {default: env:K, second: env:SECOND}"
    rules = parse_rules(f"version: 1\n{keys}\ncolumns:\n{columns}\n{rest}\n")
    return verdicts(make_plan(rules, pa.schema([("a", pa.string()), ("b", pa.string())])))


@pytest.mark.parametrize(
    ("columns", "rest", "said"),
    [
        ("  a: mask\n  b: mask", "", TABLE),
        ("  a: pseudonymize\n  b: mask", "", KEYED + LEFT),
        ("  a: pseudonymize\n  b: encrypt(key=second)", "", KEYED_TWICE + MORE),
        (f"  a: {QUASI}\n  b: mask", "rows: [k_anonymize(3)]", "k-anonymous with k = 3 over {a}"),
        (f"  a: {QUASI}\n  b: mask", "checks: [k_anonymity >= 2]", "k-anonymous with k = 2 over {a}"),
        (f"  a: {QUASI}\n  b: mask", "checks: [k_anonymity >= 1]", TABLE),
        (f"  a: {QUASI}\n  b: mask", "rows: [k_anonymize(3), {use: drop_rows, where: a is null}]", TABLE),
        (f"  a: {QUASI}\n  b: {QUASI}", "rows: [{use: aggregate, by: [a], measures: {n: count()}}]",
         "aggregated: groups instead of records"),
        ("  a: {role: direct_identifier, steps: [keep]}\n  b: mask", "",
         "not de-identified: the direct identifier a passes as it is"),
        ("  a: mask", "unlisted: keep", "columns that no rule names pass as they are: 1"),
    ],
)  # fmt: skip
def test_what_a_result_may_be_called(columns: str, rest: str, said: str) -> None:
    """One sentence for each thing that is so, and nothing that is not."""
    (found,) = verdicts_of(columns, rest)

    assert said == found


@pytest.mark.parametrize("example", examples("transform"), ids=lambda e: str(e.component.call())[:60])
def test_every_step_says_what_it_does(example: Example) -> None:
    """Its properties, the keys that it takes and the columns that it looks at are what plans are made of."""
    step = example.component
    assert isinstance(step, Transform)

    assert isinstance(step.properties(), Properties)
    assert all(isinstance(name, str) for name in (*step.key_names(), *step.reads()))


@pytest.mark.parametrize(
    ("step", "keys", "reads"),
    [
        ("encrypt_preserving_format", ("default",), ()),
        ("encrypt_preserving_format(tweak=b)", ("default",), ("b",)),
        ("redact_text", (), ()),
        ("redact_text(with=mask, known=row)", (), ()),
        ("redact_text(with=pseudonym, known=[b])", ("default",), ("b",)),
        ("redact_text(with=numbered)", (), ()),
        ("redact_text(with=numbered, numbered_within=file)", ("default",), ()),
    ],
)
def test_keys_and_columns_of_a_step(step: str, keys: tuple[str, ...], reads: tuple[str, ...]) -> None:
    """A key is asked for only where one is used."""
    (column, _) = planned(a=step, b="keep").columns
    transform = column.steps[0].transform

    assert (keys, reads) == (tuple(transform.key_names()), tuple(transform.reads()))


def test_recipients_hold_private_keys() -> None:
    """What is sealed to others opens for them; what passes is open to anybody."""

    class Sealed:
        use, to = "encrypt", ("a.pem",)
        properties = staticmethod(lambda: Properties(reversible=True))
        key_names = staticmethod(lambda: ())

    class Plain(Sealed):
        to = ()

    assert ["holders of one of the private keys", "anybody"] == [step_reversal(s()) for s in (Sealed, Plain)]  # type: ignore[arg-type]


def test_what_truncation_leaves_is_said() -> None:
    """In words, one or several."""
    found = claims(planned(a="truncate(1)", b="truncate(3, side=end)"))

    assert ["the first character", "the last 3 characters"] == [found[name].survives for name in "ab"]
