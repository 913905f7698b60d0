"""The spellings of a column are those of its values, one by one."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.kernels.detection.spelled import spelled
from anonymize.kernels.detection.spellings import spellings

VALUES = st.lists(
    st.none()
    | st.text(max_size=12)
    | st.text("aZé 7٣½①小明-.łΩ", max_size=110)
    | st.sampled_from(
        ["the", "Other", "van", "nu\u0308ll", "2024-03-07", "7 12", "1234", "123", "O'Brien, Mary", "张伟"]
    ),
    max_size=12,
)


@pytest.mark.parametrize("is_name", [False, True])
@given(values=VALUES)
def test_as_one_by_one(is_name: bool, values: list[str | None]) -> None:
    """Each value has the spellings that it has alone; null has none."""
    found = spelled(pa.array(values, pa.string()), is_name)
    ends = found.lengths.cumsum().tolist()
    text = found.codes.tobytes().decode("utf-32-le")
    ways = [text[end - length : end] for end, length in zip(ends, found.lengths.tolist(), strict=True)]

    expected = [[] if value is None else spellings(value, is_name) for value in values]
    assert expected == [
        [] if which < 0 else ways[found.first[which] : found.first[which] + found.count[which]]
        for which in found.which.tolist()
    ]
