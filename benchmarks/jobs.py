"""What is measured: the jobs, and who does each."""

import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
REFERENCE, NO_RULES = HERE / "reference.yaml", HERE / "no_rules.yaml"
TWO_THREADS = "anonymize, 2 threads"


@dataclass(frozen=True)
class Contender:
    """One way to do a job, as a command whose `{source}` and `{target}` are the files."""

    name: str
    about: str
    command: tuple[str, ...]
    works: bool = True
    """It does the whole job; otherwise it only passes the data on."""


@dataclass(frozen=True)
class Job:
    """A file in, a file out; `source` and `target` are suffixes."""

    name: str
    title: str
    source: str
    target: str
    contenders: tuple[Contender, ...]


def peer(name: str, module: str, about: str, works: bool = True) -> Contender:
    """A script of the folder `peers`."""
    return Contender(name, about, ("-m", f"benchmarks.peers.{module}", "{source}", "{target}"), works)


def ours(rules: Path) -> tuple[Contender, ...]:
    """The command line as a user would type it."""
    run = ("-m", "anonymize", "run", "{source}", "-r", str(rules), "-o", "{target}", "--overwrite", "--threads")
    return (
        Contender(TWO_THREADS, "`anonymize run … --threads 2`", (*run, "2")),
        Contender("anonymize, 1 thread", "`anonymize run … --threads 1`", (*run, "1")),
    )


COPY = peer("copy", "copy_bytes", "a copy of the bytes", works=False)
FLOOR_CSV = peer("floor", "floor", "pyarrow reads as text and writes, in two threads", works=False)
FLOOR_TO_PARQUET = peer("floor", "floor", "pyarrow reads as text and writes Parquet", works=False)
FLOOR_PARQUET = peer("floor", "floor", "pyarrow reads and writes Parquet", works=False)
FLOOR_LINES = peer("floor", "floor", "lines split and joined as bytes", works=False)
LINE_LOOP = peer("line loop", "line_loop", "msgspec decodes and encodes each line, no rules", works=False)
ARROW = peer("pyarrow", "arrow_compute", "compute functions, HMAC through Python")
DUCKDB = peer("duckdb", "duckdb_sql", "SQL, HMAC spelled with its sha256")
POLARS = peer("polars", "polars_lazy", "lazy and streamed, HMAC through Python")
PANDAS = peer("pandas", "pandas_frames", "frames, HMAC through Python")
CSV_LOOP = peer("Python loop", "python_loop", "csv and hmac modules, row by row")
JSON_LOOP = peer("Python loop", "python_loop", "msgspec and hmac, row by row")

OURS, PASS = ours(REFERENCE), ours(NO_RULES)
START = (
    Contender("floor", "`python -c pass`", ("-c", "pass"), works=False),
    Contender("pyarrow", "`import pyarrow.csv`", ("-c", "import pyarrow.csv"), works=False),
    Contender("help", "`anonymize --help`", ("-m", "anonymize", "--help"), works=False),
    *OURS,
)
TO_CSV = (FLOOR_CSV, *OURS, DUCKDB, POLARS, ARROW, CSV_LOOP, PANDAS, COPY)
TO_PARQUET = (FLOOR_TO_PARQUET, *OURS, DUCKDB, POLARS, ARROW, PANDAS)
FROM_PARQUET = (FLOOR_PARQUET, *OURS, DUCKDB, POLARS, ARROW, PANDAS, COPY)
LINES = (FLOOR_LINES, *OURS, LINE_LOOP, DUCKDB, POLARS, JSON_LOOP, PANDAS, COPY)
JOBS = (
    Job("csv", "CSV to CSV", "csv", "csv", TO_CSV),
    Job("csv-no-rules", "CSV to CSV, no rules", "csv", "csv", (FLOOR_CSV, *PASS, COPY)),
    Job("csv-parquet", "CSV to Parquet", "csv", "parquet", TO_PARQUET),
    Job("parquet", "Parquet to Parquet", "parquet", "parquet", FROM_PARQUET),
    Job("jsonl", "JSONL to JSONL", "jsonl", "jsonl", LINES),
    Job("jsonl-no-rules", "JSONL to JSONL, no rules", "jsonl", "jsonl", (FLOOR_LINES, *PASS, LINE_LOOP, COPY)),
    Job("start", "Start-up, with a file of one row", "csv", "csv", START),
)


def command(contender: Contender, source: Path, target: Path, python: str = sys.executable) -> list[str]:
    """The command with the files filled in."""
    return [python, *(part.format(source=source, target=target) for part in contender.command)]


def chosen(job: Job, skipped: set[str]) -> list[Contender]:
    """Who takes part; the floor always does, because the ratios refer to it."""
    return [contender for contender in job.contenders if contender.name not in skipped - {"floor"}]
