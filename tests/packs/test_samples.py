"""The sample files are what their script writes, and name nobody."""

import csv
import re
import runpy
from pathlib import Path

import pyarrow.parquet as pq
import pytest

SAMPLES = Path(__file__).parents[2] / "sample_data"
FILES = sorted(p.name for p in SAMPLES.iterdir() if p.suffix in {".csv", ".jsonl", ".parquet"})


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The files as the script writes them today."""
    folder = tmp_path_factory.mktemp("samples")
    runpy.run_path(str(SAMPLES / "make_samples.py"))["main"](folder)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_the_script_writes_the_same_files(fresh, name):
    """A sample is never edited by hand."""
    if name.endswith(".parquet"):  # the footer names the version of the writer
        assert pq.read_table(SAMPLES / name).equals(pq.read_table(fresh / name), check_metadata=True)
    else:
        assert (SAMPLES / name).read_bytes() == (fresh / name).read_bytes()


def test_the_folder_stays_small():
    """Samples are for reading."""
    assert sum((SAMPLES / name).stat().st_size for name in FILES) < 400_000


def test_numbers_belong_to_nobody():
    """Telephone and social security numbers, mail and IP addresses are of the ranges kept for examples."""
    text = (SAMPLES / "people.csv").read_text("utf-8")
    phones = re.findall(r"\b\d{3}[-. ](\d{3}[-. ]\d{4})\b", text)
    assert phones
    assert all(re.fullmatch(r"555.01\d\d", phone) for phone in phones)
    with (SAMPLES / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert all(row["ssn"][:3] == "666" or row["ssn"][:1] == "9" for row in rows if row["ssn"])
    mails = [row["email"].lower() for row in rows if row["email"]]
    assert all(re.search(r"@(mail\.)?example\.(com|org|net)$", mail) for mail in mails)
    assert all(re.match(r"192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:", row["ip"]) for row in rows)


def test_chinese_numbers_are_well_formed_and_belong_to_nobody():
    """Resident numbers pass MOD 11-2 and name county 99; cards pass Luhn; mobiles start with 154."""
    with (SAMPLES / "people_zh.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    for row in rows:
        number = row["身份证号"].upper()
        values = [10 if c == "X" else int(c) for c in number]
        assert sum(value * 2 ** (17 - place) for place, value in enumerate(values)) % 11 == 1
        assert number[2:6] == "0199"
        assert row["手机号"].startswith("154")
        digits = [int(c) for c in reversed(row["银行卡号"])]
        assert sum(digits[::2] + [sum(divmod(2 * d, 10)) for d in digits[1::2]]) % 10 == 0


def test_gb18030_holds_the_same_rows():
    """The two Chinese files differ in encoding only."""
    other = (SAMPLES / "people_zh_gb18030.csv").read_bytes()
    assert other.decode("gb18030") == (SAMPLES / "people_zh.csv").read_bytes().decode("utf-8")
