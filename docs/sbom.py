"""Writes the bill of materials: every pinned package with the digests of its files, as CycloneDX 1.6.

usage: python -m docs.sbom LOCK OUTPUT

The same lock gives the same bytes: there is no date in it, and its serial number is made from the lock.
"""

import json
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anonymize.core.version import __version__

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: str) -> dict[str, Any]:
    """The document for the text of a lock."""
    own = {"type": "application", "name": "anonymize", "version": __version__, "bom-ref": "anonymize"}
    parts = list(components(lock))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, lock).urn,
        "version": 1,
        "metadata": {"component": {**own, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": parts,
        "dependencies": [{"ref": "anonymize", "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def components(lock: str) -> Iterator[dict[str, Any]]:
    """Each package. A digest belongs to one of its files, so it stands with the package's references."""
    found = list(PINNED.finditer(lock))
    for match, after in zip(found, [*found[1:], None], strict=True):
        name, version = match.groups()
        place = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"
        digests = DIGEST.findall(lock[match.end() : after.start() if after else len(lock)])
        files = [{"alg": "SHA-256", "content": digest} for digest in digests]
        reference = {"type": "distribution", "url": place, "hashes": files}
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "purl": place,
            "bom-ref": place,
            "externalReferences": [reference],
        }


def main() -> int:
    """Write the file."""
    lock, output = map(Path, sys.argv[1:])
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(bill(lock.read_text()), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
