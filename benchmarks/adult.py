"""The optimum on the public Adult data beside what ARX 3.9.2 finds there.

usage: python -m benchmarks.adult FOLDER [--results FOLDER]

The folder holds adult.csv (UCI Machine Learning Repository, 30,162 rows without missing values, separated by
semicolons) and, for each column, adult_hierarchy_COLUMN.csv as published with ARX. This project holds neither.
ARX's figures are its own, taken on two cores after warm-up; ours count the start of the program too.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import timed
from benchmarks.pages import adult_page
from benchmarks.report import write_readme
from benchmarks.store import RESULTS, head, write

COLUMNS = (
    *("sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation"),
    "salary-class",
)
SECRET = "occupation"
ARX: list[tuple[dict[str, Any], str | None, str | None, float, int | None, float]] = [
    ({"k": 5}, None, "0 4 1 1 3 2 2 1 0", 0.63554, 0, 0.09),
    ({"k": 5, "suppress": 0.05}, None, "0 3 0 0 2 1 1 2 0", 0.26963, 1346, 0.80),
    ({"k": 10, "suppress": 0.01}, None, "0 4 0 1 3 1 1 2 0", 0.44844, 262, 0.80),
    ({"k": 5, "suppress": 0.01, "l": 3}, SECRET, "0 3 0 2 3 1 1 0", 0.34932, 251, 0.27),
    ({"k": 5, "t": 0.2}, SECRET, "1 4 1 1 3 2 2 1", 0.92915, 0, 0.02),
    ({"k": 5, "local": True}, None, None, 0.0519, None, 28.0),
    ({"k": 10, "local": True}, None, None, 0.0762, None, 26.0),
]
"""The step, the sensitive column, and ARX's levels, loss, suppressed rows and seconds."""


def rules(folder: Path, step: dict[str, Any], secret: str | None) -> Path:
    quasi = [name for name in COLUMNS if name != secret]
    roles = {name: "sensitive" if name == secret else "quasi_identifier" for name in COLUMNS}
    columns = {name: {"role": role, "steps": ["keep"]} for name, role in roles.items()}
    hierarchies = {name: f"adult_hierarchy_{name}.csv" for name in quasi}
    rows = [{"use": "k_anonymize", "hierarchies": hierarchies, **step}]
    file = folder / "adult.yaml"
    file.write_text(json.dumps({"version": 1, "columns": columns, "rows": rows}))
    return file


def measured(folder: Path, step: dict[str, Any], secret: str | None) -> dict[str, Any]:
    """Our own run, from its report."""
    files = [str(folder / "adult.csv"), "-r", str(rules(folder, step, secret)), "-o", str(folder / "out.csv")]
    report = folder / "report.json"
    words = [sys.executable, "-m", "anonymize", "run", *files, "--overwrite", "--report", str(report)]
    cost = timed(words)
    facts = json.loads(report.read_text())["outcomes"][0]
    levels = " ".join(level.split()[0] for level in facts.get("levels", {}).values()) or None
    figures = {"levels": levels, "loss": facts["loss"], "suppressed": facts["suppressed"]}
    return {**figures, "seconds": cost.seconds, "processor": cost.processor}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adult", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the data and the hierarchies are")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FOLDER", help="where results go")
    asked = parser.parse_args()
    models = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in asked.folder.glob("adult*.csv"):
            shutil.copyfile(file, folder / file.name)
        for step, secret, levels, loss, gone, seconds in ARX:
            arx = {"levels": levels, "loss": loss, "suppressed": gone, "seconds": seconds}
            models.append({"step": step, "secret": secret, "arx": arx, "ours": measured(folder, step, secret)})
    result = {**head(), "models": models}
    print(adult_page(result))
    print(f"stored in {write(asked.results, 'adult', result)}")
    write_readme(asked.results)


if __name__ == "__main__":
    main()
