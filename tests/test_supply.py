"""What is installed is what was pinned, and everybody can see what that is."""

import re
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
