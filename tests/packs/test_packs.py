"""Every rule pack loads, passes its own tests, and lets no identifier of its sample file through."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from anonymize.rulefile.loading import load_rules, packs

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_data"
KEY = "dfb813db5aa1db47a1f0cbe4cd7d3167fea3e981a4fd8dad439e818890bdb3d5"

# pack: its sample, and the columns whose values must not survive
TABLES = {
    "hipaa_safe_harbor": (
        "visits.csv",
        ["patient_id", "name", "birth_date", "zip", "visit_date", "discharge_date", "doctor", "notes"],
    ),
    "pipl_baseline": (
        "people_zh.csv",
        ["用户编号", "姓名", "身份证号", "手机号", "邮箱", "地址", "银行卡号", "出生日期", "注册时间", "备注"],
    ),
    "pci_dss": ("payments.csv", ["payment_id", "card_number", "cardholder", "ip"]),
}
IDENTIFIERS = re.compile(
    r"[\w.%+-]+@[\w.-]+\.\w+|\d{3}-\d{2}-\d{4}|\d{3}[-. ]555[-. ]01\d\d|555-01\d\d|\d{4}-\d{4}-\d{4}-\d+"
    r"|(?<!\d)(?:\d{17}[\dXx]|154\d{8}|\d{14,16})(?!\d)|hunter2|\bu\d{4}\b|sess-[0-9a-f]{8}"
)


def anonymize(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ANONYMIZE_KEY": KEY, "NO_COLOR": "1"}
    command = [sys.executable, "-m", "anonymize", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=ROOT)


def run_pack(pack: str, sample: str, to: Path, *options: str) -> Path:
    rules = str(ROOT / "rules" / f"{pack}.yaml")
    done = anonymize("run", str(SAMPLES / sample), "-r", rules, "-o", str(to), *options)
    assert done.returncode == 0, done.stderr
    return to


def rows_of(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.mark.parametrize("pack", packs())
def test_a_pack_is_strict(pack):
    """A pack refuses what it does not know, needs no column to be there, and keeps exact names only."""
    loaded = load_rules(pack)
    rules = loaded.file
    assert rules.unlisted == "error"
    assert len(rules.tests) >= 5
    assert set(rules.columns) == loaded.inherited
    for pattern, rule in rules.columns.items():
        if all(step.use == "keep" for step in rule.steps):
            assert "*" not in pattern.replace("[*]", ""), pattern


@pytest.mark.parametrize("pack", packs())
def test_a_pack_passes_its_own_tests(pack):
    """What a pack says it does is proved by its `tests:`."""
    done = anonymize("test", str(ROOT / "rules" / f"{pack}.yaml"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("pack", TABLES)
def test_no_identifier_survives_in_a_table(pack, tmp_path):
    """None of the identifying cells of the sample stands anywhere in its row of the output."""
    sample, columns = TABLES[pack]
    given = rows_of(SAMPLES / sample)
    released = rows_of(run_pack(pack, sample, tmp_path / "out.csv"))
    assert len(released) == len(given)
    for before, after in zip(given, released, strict=True):
        text = "\n".join(after.values())
        survivors = [c for c in columns if before[c] and before[c] in text]
        assert survivors == []


def test_safe_harbor_shows_no_age_over_89(tmp_path):
    """Ages over 89 are one group, years of birth that tell of them too, and small ZIP areas are 000."""
    given = rows_of(SAMPLES / "visits.csv")
    released = rows_of(run_pack("hipaa_safe_harbor", "visits.csv", tmp_path / "out.csv"))
    assert {row["age"] for row in released if not row["age"].isdigit()} == {"90+"}
    assert all(int(row["age"]) <= 89 for row in released if row["age"].isdigit())
    years = {row["birth_date"] for row in released}
    assert years - {"1941 or earlier"} <= {str(year) for year in range(1942, 2027)}
    pairs = zip(given, released, strict=True)
    assert {after["zip"] for before, after in pairs if before["zip"][:3] in {"036", "059", "830"}} == {"000"}


def test_payments_lose_the_codes_and_the_middle_digits(tmp_path):
    """The column of security codes is gone; a card shows ten digits at most; amounts are as they were."""
    given = rows_of(SAMPLES / "payments.csv")
    released = rows_of(run_pack("pci_dss", "payments.csv", tmp_path / "out.csv"))
    assert "cvv" not in released[0]
    assert all(sum(c.isdigit() for c in row["card_number"]) == 10 for row in released)
    assert [row["amount"] for row in given] == [row["amount"] for row in released]


def test_a_pack_gives_the_same_in_every_encoding(tmp_path):
    """GB18030 in, GB18030 out, the same rows as from UTF-8."""
    utf8 = run_pack("pipl_baseline", "people_zh.csv", tmp_path / "utf8.csv")
    other = run_pack("pipl_baseline", "people_zh_gb18030.csv", tmp_path / "gb.csv", "--encoding", "gb18030")
    assert other.read_bytes().decode("gb18030") == utf8.read_text("utf-8")


def test_no_identifier_survives_in_chats(tmp_path):
    """What has a recognizable form is gone from the text, and what is kept is kept to the byte."""
    text = (SAMPLES / "chat.jsonl").read_text("utf-8")
    out = run_pack("llm_upload", "chat.jsonl", tmp_path / "out.jsonl").read_text("utf-8")
    plain = "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in text.splitlines())
    released = "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in out.splitlines())
    identifiers = set(IDENTIFIERS.findall(plain))
    assert len(identifiers) > 100
    assert [found for found in identifiers if found in released] == []
    kept = re.compile(r'"(?:seed|cost|rating|language)": [^,}]+')
    assert kept.findall(text) == kept.findall(out)
