"""Every example of every detector is a test: what it finds, and what it must not."""

import pyarrow as pa
import pytest

from anonymize.core.catalog import examples
from anonymize.core.component import Example
from anonymize.core.detector import Detector
from anonymize.kernels.detection.finding import find


def ids(example: Example) -> str:
    return f"{example.component.use}-{len(example.given)}-{len(example.expect)}"


@pytest.mark.parametrize("example", examples("detector"), ids=ids)
def test_detector(example: Example) -> None:
    """It finds these parts of the text, by character, and nothing else."""
    assert isinstance(example.component, Detector)
    found = find(pa.array([example.given]), [example.component])

    spans = zip(found.start.tolist(), found.end.tolist(), strict=True)
    assert example.expect == [example.given[start:end] for start, end in spans]
    data = example.given.encode()
    places = zip(found.byte_start.tolist(), found.byte_end.tolist(), strict=True)
    assert example.expect == [data[start:end].decode() for start, end in places]
