"""What is installed is what was pinned, and everybody can see what that is."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from docs.sbom import bill

LOCK = (Path(__file__).parents[1] / "requirements.lock").read_text()


@pytest.mark.matrix("S21")
def test_the_bill_of_materials_is_the_lock() -> None:
    """Each pinned package once, with every digest; the same each time."""
    made = bill(LOCK)
    parts = {f"{part['name']}=={part['version']}": part for part in made["components"]}
    digests = [
        h["content"] for part in parts.values() for ref in part["externalReferences"] for h in ref["hashes"]
    ]

    assert re.findall(r"^[^\s#]+==[^\s;]+", LOCK, re.MULTILINE) == list(parts)
    assert re.findall(r"sha256:([0-9a-f]{64})", LOCK) == digests
    assert made == bill(LOCK) != bill(LOCK.replace("==", "==1!"))
    assert [] == [
        part["purl"] for part in parts.values() if not re.fullmatch(r"pkg:pypi/[a-z0-9-]+@\S+", part["purl"])
    ]


UNREACHED = "pip_audit._service.interface.ConnectionError: Could not connect"
UNKNOWN = "attrs  Dependency not found on PyPI and could not be audited: attrs (25.3.0)"


@pytest.mark.matrix("S21")
@pytest.mark.parametrize(("environment", "code"), [({}, 0), ({"CI": "true"}, 1)])
@pytest.mark.parametrize(
    ("installed", "ends", "prints", "says"),
    [
        (1, 0, "", "not audited: pip-audit could not be installed\nit needs a package index"),
        (0, 1, UNREACHED, "not audited: the database of vulnerabilities cannot be reached\nit needs https://"),
        (0, 0, UNKNOWN, "not audited: nobody knew 1 of the packages\nit needs https://"),
    ],
)
def test_an_audit_that_asked_nobody_says_so(
    tmp_path: Path, environment: dict[str, str], code: int, installed: int, ends: int, prints: str, says: str
) -> None:
    """What was not looked up is not called safe; under CI, it fails."""
    assert (code, True) == audited(tmp_path, environment, installed, ends, prints, says)


@pytest.mark.matrix("S21")
def test_an_audit_ends_as_it_found(tmp_path: Path) -> None:
    """A vulnerability fails, whoever looks; none is a success."""
    assert (1, True) == audited(tmp_path, {}, 0, 1, "Found 1 known vulnerability", "Found 1")
    assert (0, True) == audited(tmp_path, {"CI": "1"}, 0, 0, "No known vulnerabilities found", "No known")


def audited(
    folder: Path, environment: dict[str, str], installed: int, ends: int, prints: str, says: str
) -> tuple[int, bool]:
    """The exit code of an audit by a pip-audit that answers so, and whether it says what it should."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n[ $1 = -c ] && exit {installed}\necho '{prints}'\nexit {ends}\n")
    program.chmod(0o700)
    given = {"PATH": os.environ["PATH"], **environment}
    script = Path(__file__).parents[1] / "docs" / "audit.sh"
    done = subprocess.run(["sh", script, program, "x"], env=given, capture_output=True, text=True, check=False)
    return done.returncode, says in done.stdout
