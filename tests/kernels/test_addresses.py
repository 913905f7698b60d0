"""Addresses read a column at a time are those that the standard library reads one by one."""

from ipaddress import AddressValueError, IPv4Address, IPv6Address

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anonymize.kernels.addresses import networks, read_v4

octets = st.sampled_from(["0", "1", "9", "10", "99", "100", "199", "200", "249", "250", "255"])
wrong = st.sampled_from(
    ["256", "260", "300", "999", "00", "01", "001", "1000", "", " 1", "1 ", "+1", "a", "é", "١"]
)
dotted = st.lists(st.one_of(octets, octets, octets, wrong), min_size=3, max_size=5).map(".".join)
addresses = st.one_of(
    st.none(),
    dotted,
    st.tuples(*[octets] * 4).map(".".join),
    st.text("0123456789.", max_size=16),
    st.ip_addresses().map(str),
    st.sampled_from(["", ".", "...", "::", "::ffff:1.2.3.4", "1.2.3.4\n", "1.2.3.4.", ".1.2.3.4", "1..2.3"]),
)
columns = st.lists(addresses, max_size=12).map(lambda values: pa.array(values, pa.string()))


def network(address: str | None, v4: int, v6: int) -> str | None:
    """The network of one address, by the standard library."""
    if address is None or "%" in address:
        return None
    try:
        return str(IPv4Address(int(IPv4Address(address)) >> (32 - v4) << (32 - v4)))
    except AddressValueError:
        pass
    try:
        parsed = IPv6Address(address)
    except AddressValueError:
        return None
    if parsed.ipv4_mapped is not None:
        return f"::ffff:{network(str(parsed.ipv4_mapped), v4, v6)}"
    return str(IPv6Address(int(parsed) >> (128 - v6) << (128 - v6)))


@settings(max_examples=300)
@given(columns, st.sampled_from([0, 1, 8, 12, 16, 23, 24, 31, 32]), st.sampled_from([0, 48, 64, 127, 128]))
@example(pa.array(["1.2.3.4", "5.6.7.8"]), 24, 48)
@example(pa.array(["1.2.3.4", "", "255.255.255.255", "1.2.3", ""]), 8, 48)
def test_networks_are_those_of_the_standard_library(values: pa.Array, v4: int, v6: int) -> None:
    """Whatever the value, beside whatever neighbours."""
    found = networks(values, v4, v6)

    found.validate(full=True)
    assert [network(value, v4, v6) for value in values.to_pylist()] == found.to_pylist()


@given(columns, st.integers(0, 5), st.integers(0, 5))
def test_a_part_of_a_column_is_read_alone(values: pa.Array, start: int, length: int) -> None:
    """Slices share the bytes of their neighbours and see nothing of them."""
    part = values.slice(start, length)

    assert networks(pa.array(part.to_pylist(), pa.string()), 16, 48).equals(networks(part, 16, 48))


@pytest.mark.parametrize("v4", [20, 24])
def test_a_null_that_owns_bytes_is_null(v4: int) -> None:
    """What stands behind a null in the buffer is not read."""
    hidden = pa.array(["1.2.3.4", "5.6.7.8"])
    offsets, data = hidden.buffers()[1:]
    values = pa.StringArray.from_buffers(2, offsets, data, pa.py_buffer(b"\1"))

    assert [network("1.2.3.4", v4, 48), None] == networks(values, v4, 48).to_pylist()
    assert [True, False] == read_v4(values).plain.tolist()
