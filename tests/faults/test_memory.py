"""Memory does not grow with the data."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.build import environment, rules_file

pytestmark = pytest.mark.slow

RULES = (
    "  id: keep\n  name: mask(keep_first=1)\n  email: pseudonymize\n  zip: truncate(3)\n  age: keep\n"
    "  day: shift_dates(days=30, per=email)\n  spend: [round_to(10)]"
)
REST = "rows: ['drop_rows(where=\"age < 20\")', sample_rows(0.9)]"
GROWTH = 300_000_000  # of address space beyond the libraries: arenas and threads map more than they touch
MAPPED = """
from anonymize.cli.start import arrow_without_pandas
arrow_without_pandas()
import resource, pyarrow.compute, cryptography.hazmat.bindings._rust, anonymize.pipeline
print(int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize())
"""
MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "anonymize", *sys.argv[1:]], check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": done.returncode, "peak": used.ru_maxrss}))
"""


def block_of_rows(suffix: str) -> bytes:
    """About a megabyte of people."""
    days = [f"{year}-05-{day:02}" for year in range(2000, 2024) for day in range(1, 29)]
    rows = (
        (i, f"Person {i}", f"p{i}@example.org", f"{i % 99_999:05}", 18 + i % 70, days[i % len(days)], i * 7.5)
        for i in range(16_000)
    )
    if suffix == ".csv":
        return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()
    names = ("id", "name", "email", "zip", "age", "day", "spend")
    return "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows).encode()


def write_rows(path: Path, size: int) -> None:
    block = block_of_rows(path.suffix)
    with path.open("wb") as file:
        if path.suffix == ".csv":
            file.write(b"id,name,email,zip,age,day,spend\n")
        for _ in range(size // len(block)):
            file.write(block)


@pytest.fixture(scope="module")
def libraries() -> int:
    """The address space that Python and the libraries take, in bytes."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("no /proc here")
    done = subprocess.run([sys.executable, "-c", MAPPED], env=environment(), capture_output=True, check=True)
    return int(done.stdout)


def limited(size: int) -> Callable[[], None]:
    """Lets a process map so many bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))


def peak_of(folder: Path, size: int, suffix: str, to: str, space: int) -> int:
    """The largest resident set of a run, in kilobytes."""
    path = folder / f"in{suffix}"
    write_rows(path, size)
    rules = rules_file(folder, RULES, REST)
    arguments = ["run", str(path), "-r", str(rules), "-o", to, "--threads", "2", "--quiet", "--overwrite"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *arguments],
        env=environment(), preexec_fn=limited(space), capture_output=True, text=True, check=True, timeout=200,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert 0 == found["code"], done.stderr
    path.unlink()
    return int(found["peak"])


@pytest.mark.matrix("C16", "W13")
@pytest.mark.parametrize(
    ("suffix", "to", "sizes"),
    [
        (".csv", "out.csv", (60_000_000, 300_000_000)),
        (".jsonl", "out.jsonl", (20_000_000, 100_000_000)),
        (".csv", "out.parquet", (20_000_000, 100_000_000)),
        (".csv", "out.csv.zst", (20_000_000, 100_000_000)),
    ],
)
def test_five_times_the_data_in_the_same_memory(
    tmp_path: Path, libraries: int, suffix: str, to: str, sizes: tuple[int, int]
) -> None:
    """A bounded number of pages at a time, in an address space that all of them would not fit into."""
    small, large = (peak_of(tmp_path, size, suffix, str(tmp_path / to), libraries + GROWTH) for size in sizes)

    assert large < 1.25 * small


@pytest.mark.matrix("W13")
@pytest.mark.parametrize(("growth", "codes"), [(20_000_000, {3}), (140_000_000, {0, 3}), (1_100_000_000, {0})])
@pytest.mark.parametrize("to", ["out.csv.gz", "out.parquet"])
def test_too_little_address_space_is_an_error(
    tmp_path: Path, libraries: int, growth: int, codes: set[int], to: str
) -> None:
    """Where the system gives no more memory, a run ends well or says so; no library tears it down."""
    path = tmp_path / "in.csv"
    write_rows(path, 10_000_000)
    rules = rules_file(tmp_path, RULES, REST)
    done = subprocess.run(
        [
            sys.executable, "-m", "anonymize", "run", str(path), "-r", str(rules), "-o", str(tmp_path / to),
            "--threads", "2",
        ],
        env=environment(), preexec_fn=limited(libraries + growth), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode in codes, done.stderr
    assert (done.returncode == 0) == (tmp_path / to).exists()
    assert done.returncode == 0 or "fit into memory" in done.stderr or "address space" in done.stderr


@pytest.mark.matrix("C15")
def test_a_cell_that_fills_the_memory_is_refused(tmp_path: Path) -> None:
    """A quote left open does not read the rest of the file into memory."""
    path = tmp_path / "in.csv"
    with path.open("wb") as file:
        file.write(b'a,b\n1,"')
        for _ in range(100):
            file.write(b"x,y\n" * 250_000)
    rules = rules_file(tmp_path, "  a: keep\n  b: mask")
    done = subprocess.run(
        [sys.executable, "-m", "anonymize", "run", str(path), "-r", str(rules), "-o", str(tmp_path / "out.csv")],
        env=environment(), capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip

    assert 3 == done.returncode
    assert "in.csv:2: no row end within" in done.stderr
    assert {"in.csv", "rules.yaml"} == {p.name for p in tmp_path.iterdir()}
