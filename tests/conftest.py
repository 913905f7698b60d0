"""Every test has a key to work with, unless it takes it away."""

import pytest

from tests.spine.build import KEY


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANONYMIZE_KEY", KEY)
