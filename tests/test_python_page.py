"""What the page about Python says of other people's tools, run where they are installed."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.key import KEY
from tests.test_docs import ROOT

PAGE = (ROOT / "docs/how_to/python.md").read_text()
BLOCKS = dict(re.findall(r"```(?:yaml|python) title=(\S+)\n(.*?)```", PAGE, re.DOTALL))
MORE = {
    "airflow_dag.py": ("airflow", "release_dag.get_task('release').python_callable('sample_data/visits.csv')"),
    "dagster_assets.py": ("dagster", "from dagster import materialize\nassert materialize([safe_visits]).success"),
    "hugging_face.py": ("datasets", "assert len(safe)"),
}


@pytest.mark.parametrize("title", MORE)
def test_other_tools(title, tmp_path, monkeypatch):
    """Each block runs as it stands, and writes what it says."""
    package, more = MORE[title]
    if importlib.util.find_spec(package) is None:
        compile(BLOCKS[title], title, "exec")
        pytest.skip(f"{package} is not installed")
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    (tmp_path / "rules.yaml").write_text(BLOCKS["rules.yaml"])
    (tmp_path / "block.py").write_text(f"{BLOCKS[title]}\n{more}\n")
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run([sys.executable, "block.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    assert title == "hugging_face.py" or Path(tmp_path / "safe.parquet").stat().st_size
