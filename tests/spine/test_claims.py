"""What a plan says about the way back, and about guessing."""

from typing import Any

import pyarrow as pa
import pytest

from anonymize.planning.claims import column_claim, step_reversal
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
