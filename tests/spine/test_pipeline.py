"""The whole flow: one rule file, real files in, safe files out, or nothing."""

import os
from pathlib import Path

import pytest

from anonymize.core.errors import AnonymizeError, CheckError, DataError, RuleError, SecretError, UsageError
from anonymize.engines.local import LocalEngine
from anonymize.pipeline import Job, run
from tests.spine.build import anonymize, rules_of

PEOPLE = (
    "id,name,zip,age,note\n"
    '1,"Ana ""A"" Li",00123,31,"x, y"\n'
    "2,Zoë,00124,35,\n"
    '3,张伟,10001,88,""\n'
    "4,Bob,10001,29,1.10\n"
).encode()

RULES = """  id: pseudonymize(length=16)
  name: mask(keep_first=1)
  zip: {role: quasi_identifier, steps: [truncate(3), group_rare(2)]}
  age: bin(10)
  note: keep"""


def test_the_main_job(tmp_path: Path) -> None:
    """Steps, statistics and untouched cells in one run."""
    out, report = anonymize(tmp_path, rules_of(RULES), PEOPLE)

    rows = out.decode().split("\n")
    assert "id,name,zip,age,note" == rows[0]
    assert rows[1].endswith(',"A*********",001,"[30, 40)","x, y"')
    assert rows[3].endswith(',张*,100,"[80, 90)",""')
    assert rows[4].endswith(",1.10")
    assert (4, 4, 2) == (report.rows_in, report.rows_out, report.passes)


@pytest.mark.parametrize("block", [1, 30, 75, 1 << 20])
@pytest.mark.parametrize("threads", [1, 4])
def test_the_result_does_not_depend_on_cutting(tmp_path: Path, block: int, threads: int) -> None:
    """Any block size and number of threads gives the same bytes."""
    rest = "rows: ['drop_rows(where=\"age < 30\")', 'sample_rows(0.9)']"
    columns = RULES.replace("bin(10)", "[laplace_noise(scale=3), round_to(1)]")
    whole, _ = anonymize(tmp_path, rules_of(columns, rest), PEOPLE, threads=1)
    cut, _ = anonymize(tmp_path, rules_of(columns, rest), PEOPLE, threads=threads, block_bytes=block)

    assert whole == cut


def test_the_result_does_not_depend_on_file_splits(tmp_path: Path) -> None:
    """Two files are read as one dataset."""
    lines = PEOPLE.splitlines(keepends=True)
    whole, _ = anonymize(tmp_path, rules_of(RULES), PEOPLE)
    split, report = anonymize(tmp_path, rules_of(RULES), [b"".join(lines[:3]), lines[0] + b"".join(lines[3:])])

    assert whole == split
    assert 2 == len(report.inputs)


@pytest.mark.matrix("S3")
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("null", b"id,day\n1,2024-05\n2,\n3,2024-06\n"),
        ("redact", b"id,day\n1,2024-05\n2,[REDACTED]\n3,2024-06\n"),
        ("drop_row", b"id,day\n1,2024-05\n3,2024-06\n"),
    ],
)
def test_on_error(tmp_path: Path, policy: str, expected: bytes) -> None:
    """What becomes of a value that a step cannot handle; never the value itself."""
    columns = f"  id: keep\n  day: {{steps: [truncate_date(month), truncate(7)], on_error: {policy}}}"
    out, report = anonymize(tmp_path, rules_of(columns), b"id,day\n1,2024-05-13\n2,secret\n3,2024-06-01\n")

    assert expected == out
    assert 1 == next(c.failed for c in report.columns if c.name == "day")


def test_on_error_fail_names_the_row_only(tmp_path: Path) -> None:
    """The default: no output, and no value in the message."""
    with pytest.raises(DataError, match="column 'day', row 2: truncate_date: not a date") as error:
        anonymize(
            tmp_path, rules_of("  id: keep\n  day: truncate_date(month)"), b"id,day\n1,2024-05-13\n2,secret\n"
        )

    assert "secret" not in str(error.value)
    assert ["in0.csv"] == sorted(os.listdir(tmp_path))


def test_when_applies_where_it_holds_or_cannot_be_told(tmp_path: Path) -> None:
    """Unknown counts as unsafe."""
    columns = "  level: keep\n  vip: {steps: [redact], when: 'level > 3'}"
    out, _ = anonymize(tmp_path, rules_of(columns), b"level,vip\n1,a\n5,b\n,c\n")

    assert b"level,vip\n1,a\n5,[REDACTED]\n,[REDACTED]\n" == out


def test_a_condition_on_text_that_is_no_number_fails(tmp_path: Path) -> None:
    """It is not taken for false."""
    columns = "  level: keep\n  vip: {steps: [redact], when: 'level > 3'}"
    with pytest.raises(DataError, match="column 'level', row 2"):
        anonymize(tmp_path, rules_of(columns), b"level,vip\n1,a\nhigh,b\n")


def test_conditions_see_the_values_as_read(tmp_path: Path) -> None:
    """The order of columns and their own steps make no difference."""
    columns = "  level: redact\n  vip: {steps: [redact], when: 'level > 3'}"
    out, _ = anonymize(tmp_path, rules_of(columns), b"level,vip\n1,a\n5,b\n")

    assert b"level,vip\n[REDACTED],a\n[REDACTED],[REDACTED]\n" == out


def test_rows_may_look_at_dropped_columns(tmp_path: Path) -> None:
    """A column that goes is still there for the row steps."""
    rest = "rows: ['drop_rows(where=\"consent == \\'no\\'\")']".replace("\\'", "''")
    out, report = anonymize(
        tmp_path, rules_of("  id: keep\n  consent: drop", rest), b"id,consent\n1,yes\n2,no\n3,\n"
    )

    assert b"id\n1\n" == out
    assert 2 == report.rows_dropped


def test_classes_are_counted_after_rows_have_gone(tmp_path: Path) -> None:
    """Row steps run in order, and each statistic sees what is left."""
    rest = "rows: ['drop_rows(where=\"ok == 0\")', suppress_small_classes(2)]\nchecks: [k_anonymity >= 2]"
    columns = "  ok: keep\n  zip: {role: quasi_identifier, steps: [keep]}"
    out, report = anonymize(tmp_path, rules_of(columns, rest), b"ok,zip\n1,a\n0,a\n1,b\n1,b\n")

    assert b"ok,zip\n1,b\n1,b\n" == out
    assert [True] == [check.holds for check in report.checks]


def test_a_failing_check_leaves_no_output(tmp_path: Path) -> None:
    """The gate says what was measured."""
    columns = "  zip: {role: quasi_identifier, steps: [keep]}"
    with pytest.raises(CheckError, match="k_anonymity >= 2 does not hold: measured 1"):
        anonymize(tmp_path, rules_of(columns, "checks: [k_anonymity >= 2]"), b"zip\na\na\nb\n")

    assert ["in0.csv"] == sorted(os.listdir(tmp_path))


def test_an_aggregation_ends_the_plan(tmp_path: Path) -> None:
    """Records become a table about them."""
    rest = "rows: ['aggregate(by=[zip], measures={n: count, m: mean(age)}, min_group=2)']"
    out, report = anonymize(
        tmp_path, rules_of("  zip: keep\n  age: keep\n  name: drop", rest), b"zip,age,name\na,1,x\na,2,y\nb,9,z\n"
    )

    assert b"zip,n,m\na,2,1.5\n" == out
    assert (3, 1) == (report.rows_in, report.rows_out)


def test_dates_of_one_person_move_together(tmp_path: Path) -> None:
    """`per` refers to the column as it was read, whatever happens to that column."""
    columns = "  id: pseudonymize\n  day: shift_dates(days=100, per=id)"
    out, _ = anonymize(tmp_path, rules_of(columns), b"id,day\np,2024-05-01\np,2024-05-11\n")

    first, second = (line.split(b",")[1].decode() for line in out.splitlines()[1:])
    from datetime import date

    assert 10 == (date.fromisoformat(second) - date.fromisoformat(first)).days
    assert "2024-05-01" != first


@pytest.mark.parametrize(
    ("columns", "data", "error"),
    [
        ("  a: keep", b"a,b\n1,2\n", DataError),
        ("  a: keep\n  b: keep\n  c: keep", b"a,b\n1,2\n", RuleError),
        ("  a: keep\n  b: round_to(5)", b"a,b\n1,x\n", DataError),
        ("  a: keep", b"", DataError),
        ("  a: {steps: [pseudonymize(key=other)]}", b"a\n1\n", SecretError),
    ],
)
def test_every_failure_leaves_nothing(
    tmp_path: Path, columns: str, data: bytes, error: type[AnonymizeError]
) -> None:
    """No output and no temporary file, and the input as it was."""
    with pytest.raises(error):
        anonymize(tmp_path, rules_of(columns), data)

    assert ["in0.csv"] == sorted(os.listdir(tmp_path))
    assert data == (tmp_path / "in0.csv").read_bytes()


def test_a_missing_key_stops_before_the_data_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key there is no pseudonym."""
    monkeypatch.delenv("ANONYMIZE_KEY")
    with pytest.raises(SecretError):
        anonymize(tmp_path, rules_of("  a: pseudonymize"), b"a\n1\n")


@pytest.mark.matrix("S9")
def test_one_dataset_name_one_world(tmp_path: Path) -> None:
    """The same dataset name gives the same pseudonyms in every file; another name gives others."""
    from anonymize.rulefile.loading import parse_rules

    def pseudonym(dataset: str, data: bytes) -> bytes:
        rules = parse_rules(f"version: 1\ndataset: {dataset}\ncolumns: {{a: pseudonymize}}\n")
        return anonymize(tmp_path, rules, data)[0].splitlines()[1]

    assert pseudonym("one", b"a\nx\ny\n") == pseudonym("one", b"a\nx\n")
    assert pseudonym("one", b"a\nx\n") != pseudonym("two", b"a\nx\n")


def job(tmp_path: Path, output: str | None, **changes: object) -> Job:
    (tmp_path / "in.csv").write_bytes(b"a\n1\n")
    given = {"rules": rules_of("  a: keep"), "inputs": (str(tmp_path / "in.csv"),), "output": output, **changes}
    return Job(**given)  # type: ignore[arg-type]


@pytest.mark.matrix("W6")
def test_an_existing_output_needs_overwrite(tmp_path: Path) -> None:
    """Nothing is replaced by accident, and a failing run keeps the old file."""
    out = tmp_path / "out.csv"
    out.write_bytes(b"old")

    with pytest.raises(UsageError, match="--overwrite"):
        run(job(tmp_path, str(out)), LocalEngine())
    with pytest.raises(DataError):
        run(job(tmp_path, str(out), overwrite=True, rules=rules_of("  a: truncate_date(year)")), LocalEngine())
    assert b"old" == out.read_bytes()


@pytest.mark.parametrize("how", ["same", "symbolic", "hard"])
def test_input_is_not_output(tmp_path: Path, how: str) -> None:
    """Also behind links."""
    target = tmp_path / "in.csv"
    made = job(tmp_path, None)
    if how == "symbolic":
        target = tmp_path / "link.csv"
        target.symlink_to(tmp_path / "in.csv")
    if how == "hard":
        target = tmp_path / "link.csv"
        os.link(tmp_path / "in.csv", target)

    with pytest.raises(UsageError, match="one of the inputs"):
        run(Job(made.rules, made.inputs, str(target), overwrite=True), LocalEngine())
    assert b"a\n1\n" == (tmp_path / "in.csv").read_bytes()


def test_a_dry_run_writes_nothing_but_checks_all(tmp_path: Path) -> None:
    """Gates and steps run; the folder stays as it was."""
    report = run(job(tmp_path, None), LocalEngine())

    assert (1, None) == (report.rows_out, report.output)
    assert ["in.csv"] == os.listdir(tmp_path)


def test_output_permissions_follow_the_umask(tmp_path: Path) -> None:
    """The temporary file is private, the finished one is like any new file."""
    before = os.umask(0o027)
    try:
        run(job(tmp_path, str(tmp_path / "out.csv")), LocalEngine())
    finally:
        os.umask(before)

    assert 0o640 == (tmp_path / "out.csv").stat().st_mode & 0o777


def test_header_only(tmp_path: Path) -> None:
    """A table without rows is a table."""
    out, report = anonymize(tmp_path, rules_of(RULES), PEOPLE.splitlines(keepends=True)[0])

    assert PEOPLE.splitlines(keepends=True)[0] == out
    assert 0 == report.rows_in


@pytest.mark.matrix("W14")
def test_an_input_that_changes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read may be half old and half new."""
    made = job(tmp_path, str(tmp_path / "out.csv"))
    original = LocalEngine.write

    def write(self: LocalEngine, *args: object) -> object:
        states = original(self, *args)  # type: ignore[arg-type]
        (tmp_path / "in.csv").write_bytes(b"a\n1\n2\n")
        return states

    monkeypatch.setattr(LocalEngine, "write", write)
    with pytest.raises(DataError, match="changed while it was read"):
        run(made, LocalEngine())
    assert ["in.csv"] == os.listdir(tmp_path)


def test_files_of_a_dataset_must_agree(tmp_path: Path) -> None:
    """A file with other columns stops the run and is named."""
    with pytest.raises(DataError, match=r"in1.csv: its columns differ .*adds 'c'"):
        anonymize(tmp_path, rules_of("  '*': keep"), [b"a,b\n1,2\n", b"a,b,c\n1,2,3\n"])


@pytest.mark.matrix("W8")
def test_a_folder_to_a_folder(tmp_path: Path) -> None:
    """One output file for each input file, all or none."""
    for name, data in {"a.csv": b"x\n1\n", "sub/b.csv": b"x\n2\n"}.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    made = Job(rules_of("  x: number"), (str(tmp_path / "in"),), str(tmp_path / "out"))

    run(made, LocalEngine())

    assert b"x\n1\n" == (tmp_path / "out" / "a.csv").read_bytes()
    assert b"x\n2\n" == (tmp_path / "out" / "sub" / "b.csv").read_bytes()
    (tmp_path / "in" / "c.csv").write_bytes(b"x\n1,2\n")
    with pytest.raises(DataError):
        run(Job(made.rules, made.inputs, str(tmp_path / "out2")), LocalEngine())
    assert not (tmp_path / "out2").exists()


def test_learning_sees_what_row_steps_see(tmp_path: Path) -> None:
    """Rows are dropped by the values as their columns' steps left them, also while statistics are taken."""
    columns = "  zip: truncate(1)\n  ill: {role: quasi_identifier, steps: [keep]}\n  other: truncate_date(year)"
    rest = "rows: ['drop_rows(where=\"zip == 1\")', suppress_small_classes(2)]"
    data = b"zip,ill,other\n11,a,2024-01-01\n20,a,2024-01-01\n30,b,2024-01-01\n31,b,2024-01-01\n"
    out, _ = anonymize(tmp_path, rules_of(columns, rest), data)

    assert b"zip,ill,other\n3,b,2024\n3,b,2024\n" == out


def test_checks_are_answered_before_a_pipe_is_written(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What went down a pipe cannot be taken back, so the gates come first."""
    rules = rules_of("  a: {role: quasi_identifier, steps: [keep]}", "checks: [k_anonymity >= 2]")
    with pytest.raises(CheckError):
        run(job(tmp_path, "-", rules=rules), LocalEngine())
    assert capfdbinary.readouterr().out == b""

    rules = rules_of("  a: {role: quasi_identifier, steps: [keep]}", "checks: [k_anonymity >= 1]")
    report = run(job(tmp_path, "-", rules=rules), LocalEngine())
    assert (b"a\n1\n", 1) == (capfdbinary.readouterr().out, report.rows_out)


def test_one_file_to_a_new_folder(tmp_path: Path) -> None:
    """`-o out/` makes the folder, and takes it back when the run fails."""
    run(job(tmp_path, f"{tmp_path}/out/"), LocalEngine())
    assert b"a\n1\n" == (tmp_path / "out" / "in.csv").read_bytes()

    with pytest.raises(DataError):
        run(job(tmp_path, f"{tmp_path}/other/", rules=rules_of("  a: truncate_date(year)")), LocalEngine())
    assert not (tmp_path / "other").exists()
