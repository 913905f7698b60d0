"""What format-preserving encryption promises beyond its examples."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.errors import SecretError
from anonymize.kernels.crypto.alphabets import NAMED
from anonymize.transforms.substitution.encrypt_preserving_format import EncryptPreservingFormat
from tests.components.transforms.ciphers import NEW, OLD, back, rejections, there

FEW = "fewer than {} characters to encrypt (under 1,000,000 possible values)"
OUTSIDE = "holds characters outside the alphabet"
WRONG = "the check digit is wrong"
MALFORMED = "not a well-formed resident identity number"
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


@settings(max_examples=60, deadline=None)
@given(
    alphabet=st.sampled_from(
        ["digits", "hex", "lowercase", "uppercase", "letters", "alphanumeric", "cjk", "01", "αβγδ"]
    ),
    data=st.data(),
)
def test_results_stay_in_the_alphabet(alphabet: str, data: Any) -> None:
    """Same length, same alphabet, separators in place, and back."""
    step = EncryptPreservingFormat(alphabet=alphabet, keep="- ")
    characters = _all(alphabet)[:10]
    core = st.text(characters, min_size=20, max_size=45)
    values = data.draw(st.lists(st.none() | core.map(lambda text: f"{text[:2]}- {text[2:]}"), max_size=5))
    results = there(step, values)

    for value, result in zip(values, results.to_pylist(), strict=True):
        assert value is None or (len(value), "- ") == (len(result), result[2:4])
        assert value is None or set(result) - set("- ") <= set(_all(alphabet))
    assert (values, {}) == back(step, results)


def _all(alphabet: str) -> str:
    from anonymize.kernels.crypto.alphabets import NAMED

    return NAMED.get(alphabet, alphabet)


@pytest.mark.matrix("S11")
@pytest.mark.parametrize(
    ("alphabet", "short", "least"),
    [
        ("digits", "12345", 6),
        ("hex", "abcd", 5),
        ("letters", "abc", 4),
        ("uppercase", "ABCD", 5),
        ("cjk", "王", 2),
    ],
)
def test_small_domains_are_rejected(alphabet: str, short: str, least: int) -> None:
    """By their places, the empty text too; one character more is enough."""
    step = EncryptPreservingFormat(alphabet=alphabet)
    longer = short + short[0]

    result, found = rejections(step, [longer, short, "", None])
    assert {FEW.format(least): [1, 2]} == found
    assert [False, True, True, True] == [value is None for value in result]
    assert len(longer) == len(result[0])


@pytest.mark.parametrize(
    "value", ["１２３４５６", "123456a", "12-34-56", "123456 ", "王123456", "1234567é", "-123456", "\x00123456"]
)
def test_foreign_characters_are_rejected(value: str) -> None:
    """Full-width digits are none of the digits; the neighbours are not harmed."""
    result, found = rejections(EncryptPreservingFormat(), ["123456", value, "654321"])

    assert {OUTSIDE: [1]} == found
    assert [6, 6] == [len(result[0]), len(result[2])]
    assert there(EncryptPreservingFormat(), ["123456"])[0].as_py() == result[0]


def test_skipped_characters_stay_and_the_rest_must_suffice() -> None:
    """No value with too little to encrypt passes as it is."""
    step = EncryptPreservingFormat(on_foreign="skip")
    result, found = rejections(step, ["A-123 456", "Alice", "A-123 45", "王123456é", ""])

    assert {FEW.format(6): [1, 2, 4]} == found
    assert [None] * 3 == [result[i] for i in (1, 2, 4)]
    assert ("A-", " ", "王", "é") == (result[0][:2], result[0][5], result[3][0], result[3][-1])
    assert result[0][2:5] + result[0][6:] == result[3][1:-1]
    assert (["A-123 456", None, None, "王123456é", None], {}) == back(step, result)


def test_too_long() -> None:
    """A cell of ten megabytes is rejected at once; 512 characters are encrypted."""
    result, found = rejections(EncryptPreservingFormat(), ["1" * 10_000_000, "1" * 513, "1" * 512])

    assert {"more than 512 characters to encrypt": [0, 1]} == found
    assert 512 == len(result[2])


def test_kept_ends_are_part_of_the_tweak() -> None:
    """Equal middles show only where the ends are equal too."""
    step = EncryptPreservingFormat(keep_first=4, keep_last=2)
    results = there(step, ["111112345699", "222212345699", "111112345688", "111112345699"]).to_pylist()

    assert ["1111", "2222", "1111", "1111"] == [result[:4] for result in results]
    assert ["99", "99", "88", "99"] == [result[-2:] for result in results]
    assert 3 == len({result[4:-2] for result in results})
    assert {FEW.format(6): [0, 1]} == rejections(step, ["11111234599", "12345"])[1]


def test_another_column_as_tweak() -> None:
    """Equal only where it is equal; another value there restores another value."""
    step = EncryptPreservingFormat(tweak="patient")
    results = there(step, ["123456"] * 4, others={"patient": ["1", "1", "2", None]})

    assert results[0] == results[1]
    assert 3 == len(set(results.to_pylist()))
    assert (["123456"] * 4, {}) == back(step, results, others={"patient": ["1", "1", "2", None]})
    assert "123456" != back(step, results, others={"patient": ["2", "1", "2", None]})[0][0]


def luhn_is_good(number: str) -> bool:
    doubled = [int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(reversed(number))]
    return sum(doubled) % 10 == 0


def test_luhn() -> None:
    """Verified before and made anew after, also behind a kept issuer and between spaces; restored likewise."""
    step = EncryptPreservingFormat(check_digit="luhn", keep_first=6, keep=" ")
    values = ["4111 1111 1111 1111", "5500005555555559", "371449635398431"]
    results = there(step, values).to_pylist()

    assert [True] * 3 == [luhn_is_good(result.replace(" ", "")) for result in results]
    assert ["4111 11", "550000", "371449"] == [
        result[: len(v)] for result, v in zip(results, ("4111 11", *["1" * 6] * 2), strict=True)
    ]
    assert (values, {}) == back(step, results)
    wrong = ["4111 1111 1111 1112", values[1], "", "1", None]
    assert {WRONG: [0], FEW.format(6): [2, 3]} == rejections(step, wrong)[1]
    assert {WRONG: [0]} == back(step, [wrong[0], results[1]])[1]


def test_iso7064() -> None:
    """The last character may be X, and nowhere else."""
    step = EncryptPreservingFormat(check_digit="iso7064")
    values = ["11010519491231002X", "440524188001010014", "0000000218250097"]
    results = there(step, values)

    assert (values, {}) == back(step, results)
    wrong = ["11010519491231002x", "440524188001010015", "X10105194912310021", "1101051949123100"]
    assert {WRONG: [0, 1, 3], OUTSIDE: [2]} == rejections(step, wrong)[1]


def test_iban() -> None:
    """The country stays, the check digits are right, letters and spaces stay where that is asked for."""
    step = EncryptPreservingFormat(check_digit="iban", on_foreign="skip", keep=" ")
    values = [
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "NO9386011117947",
        "FR1420041010050500013M02606",
    ]
    results = there(step, values).to_pylist()

    for value, result in zip(values, results, strict=True):
        plain = result.replace(" ", "")
        assert 1 == int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97
        assert value[:2] == result[:2]
        assert [c.isalpha() or c == " " for c in value] == [c.isalpha() or c == " " for c in result]
    assert (values, {}) == back(step, results)
    wrong = [
        "DE88370400440532013000",
        "D189370400440532013000",
        "de89370400440532013000",
        "\0\0\0\0123456789012",
        "DE",
    ]
    assert {WRONG: [0, 1, 2, 3], FEW.format(6): [4]} == rejections(step, wrong)[1]
    assert {OUTSIDE: [0]} == rejections(EncryptPreservingFormat(check_digit="iban"), ["GB82WEST12345698765432"])[1]


def resident_number(region: str, born: date, sequence: int) -> str:
    front = f"{region}{born:%Y%m%d}{sequence:03d}"
    return front + "10X98765432"[sum(int(c) * w for c, w in zip(front, WEIGHTS, strict=True)) % 11]


numbers = st.builds(
    resident_number,
    st.sampled_from(["110101", "440524", "830000", "659999"]),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


@pytest.mark.parametrize(("region", "birth_date"), [(False, False), (True, False), (False, True)])
@settings(max_examples=40, deadline=None)
@given(values=st.lists(numbers, max_size=6))
def test_resident_numbers(region: bool, birth_date: bool, values: list[str]) -> None:
    """Well-formed again, with what is to be kept; and back."""
    step = EncryptPreservingFormat(alphabet="resident_number", keep_region=region, keep_birth_date=birth_date)
    results = there(step, values)

    for value, result in zip(values, results.to_pylist(), strict=True):
        born = date(int(result[6:10]), int(result[10:12]), int(result[12:14]))
        assert result == resident_number(result[:6], born, int(result[14:17]))
        assert date(1900, 1, 1) <= born < date(2100, 1, 1)
        assert not region or value[:6] == result[:6]
        assert not birth_date or value[6:14] == result[6:14]
    assert (values, {}) == back(step, results)


def test_malformed_resident_numbers() -> None:
    """Province, date, range, check character, length, letter case: each is rejected by its place."""
    good = resident_number("110101", date(2000, 2, 29), 1)
    bad = [
        resident_number("990101", date(2000, 2, 29), 1),
        resident_number("110101", date(2000, 2, 28), 1).replace("20000228", "20000230"),
        resident_number("110101", date(1900, 1, 1) - timedelta(1), 1),
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good[:-1],
        good + "1",
        "11010519491231002x",
        "",
        "王" * 18,
        "1" * 10_000_000,
    ]

    step = EncryptPreservingFormat(alphabet="resident_number")
    result, found = rejections(step, [good, *bad, good, None])
    assert {MALFORMED: list(range(1, 11))} == found
    assert [None] * 10 == result[1:11]
    assert result[0] == result[11] == there(step, [good])[0].as_py()


def test_restoring_needs_one_generation() -> None:
    """Nothing in a value tells the key, so several generations are refused, and another key goes unnoticed."""
    step = EncryptPreservingFormat()
    made = there(step, ["13812345678"], keys=(NEW, OLD))

    assert (["13812345678"], {}) == back(step, made, keys=(NEW,))
    assert "13812345678" != back(step, made, keys=(OLD,))[0][0]
    assert not step.properties().authenticated
    with pytest.raises(SecretError, match="which of the key's 2 generations"):
        back(step, made, keys=(NEW, OLD))


@pytest.mark.parametrize("other", [{"keys": (NEW,)}, {"dataset": "other"}, {"column": "other"}], ids=str)
def test_other_keys_columns_and_data_sets_differ(other: dict[str, Any]) -> None:
    """And so do other alphabets with the same characters in use."""
    step = EncryptPreservingFormat()

    assert there(step, ["13812345678"]) != there(step, ["13812345678"], **other)
    hexed = EncryptPreservingFormat(alphabet="9876543210")
    assert there(step, ["13812345678"]) != there(hexed, ["13812345678"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"alphabet": "aa"}, "each character once"),
        ({"alphabet": "x"}, "2 to 65,536"),
        ({"alphabet": "01-"}, "formula"),
        ({"alphabet": "01\n"}, "control characters"),
        ({"alphabet": ""}, "2 to 65,536"),
        ({"keep": "1"}, "in the alphabet too"),
        ({"alphabet": "hex", "check_digit": "luhn"}, "needs `alphabet: digits`"),
        ({"keep_last": 4, "check_digit": "luhn"}, "exclude each other"),
        ({"keep_region": True}, "need `alphabet: resident_number`"),
        ({"alphabet": "resident_number", "keep_first": 6}, "nothing else"),
        (
            {"alphabet": "resident_number", "keep_region": True, "keep_birth_date": True},
            "1,000 values would be left to encrypt; FF1 needs 1,000,000",
        ),
    ],
    ids=str,
)
def test_wrong_parameters(given: dict[str, Any], message: str) -> None:
    """Refused before any data is read, with the reason."""
    with pytest.raises(ValidationError, match=message):
        EncryptPreservingFormat(**given)


def test_typed_columns() -> None:
    """Numbers become text, which may begin with a zero; bytes and lists are refused."""
    step = EncryptPreservingFormat()
    result = there(step, pa.array([1234567, None]))

    assert pa.string() == result.type
    assert (["1234567", None], {}) == back(step, result)
    for given_type in (pa.binary(), pa.list_(pa.string())):
        with pytest.raises(TypeError):
            step.output_type(given_type)


def test_alphabets_are_what_their_names_say():
    """Whole, without a gap."""
    assert ("一", "\u9fff", 0x5200) == (NAMED["cjk"][0], NAMED["cjk"][-1], len(NAMED["cjk"]))
    assert all(len(set(letters)) == len(letters) for letters in NAMED.values())
