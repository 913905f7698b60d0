"""Every test has a key to work with, unless it takes it away; in CI, properties are tried alike each time."""

import os

import pytest
from hypothesis import settings

from tests.key import KEY

pytest.register_assert_rewrite(
    "tests.harness", "tests.formats.json_oracle", "tests.components.transforms.substitution"
)
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
