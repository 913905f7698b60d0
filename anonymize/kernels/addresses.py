"""Internet addresses cut to their network."""

from ipaddress import AddressValueError, IPv4Address, IPv6Address

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy
from anonymize.kernels.distinct import map_distinct

DOT = ord(".")
OCTETS = tuple(str(octet) for octet in range(256))


def networks(values: pa.Array, v4: int, v6: int) -> pa.Array:
    """The address with only its first `v4` or `v6` bits set; null for what is no address.

    IPv4 is dotted decimal without leading zeros; IPv6 comes out as RFC 5952 spells it. An IPv4 address mapped
    into IPv6 (RFC 4291, section 2.5.5.2) is cut as IPv4 and stays mapped. Ports and zones are not accepted.
    """
    octets, plain = read_v4(values)
    result = spell_v4(octets & np.array(list(_mask(32, v4).to_bytes(4, "big")), np.uint8)[:, None], plain)
    others = pc.if_else(from_numpy(plain), pa.scalar(None, pa.string()), values)
    if others.null_count == len(others):
        return result
    return pc.coalesce(result, map_distinct(others, lambda address: network_v6(address, v4, v6)))


def network_v6(address: str, v4: int, v6: int) -> str | None:
    """The IPv6 network of one address; None for what is none."""
    try:
        parsed = IPv6Address(address)
    except AddressValueError:
        return None
    if parsed.scope_id is not None:
        return None
    if parsed.ipv4_mapped is not None:
        return f"::ffff:{IPv4Address(int(parsed.ipv4_mapped) & _mask(32, v4))}"
    return str(IPv6Address(int(parsed) & _mask(128, v6)))


def _mask(bits: int, prefix: int) -> int:
    return (1 << bits) - (1 << (bits - prefix))


def read_v4(values: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The four octets of each IPv4 address as four rows, and where there is one."""
    offsets, data = text_buffers(values)
    starts, ends = offsets[:-1], offsets[1:]
    present = to_numpy(values.is_valid())
    octets = np.zeros((4, len(values)), np.uint8)
    dots = np.flatnonzero(data[: offsets[-1]] == DOT).astype(np.int32)
    first = np.searchsorted(dots, starts)
    rows = np.flatnonzero(present & (np.searchsorted(dots, ends) - first == 3) & (ends - starts <= 15))
    places = dots[first[rows, None] + np.arange(3)].T if len(rows) else np.zeros((3, 0), np.int32)
    bounds = [starts[rows] - 1, *places, ends[rows]]
    good = np.ones(len(rows), np.bool_)
    for number in range(4):
        octet, readable = _read_octet(data, bounds[number] + 1, bounds[number + 1])
        octets[number, rows] = octet
        good &= readable
    plain = np.zeros(len(values), np.bool_)
    plain[rows] = good
    return octets, plain


def _read_octet(
    data: NDArray[np.uint8], start: NDArray[np.int32], end: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The number from 0 to 255 spelled in each range of bytes, and where there is one."""
    length = end - start
    good = (length >= 1) & (length <= 3)
    number = np.zeros(len(start), np.int64)
    for place, unit in ((1, 1), (2, 10), (3, 100)):
        there = length >= place
        digit = np.where(there, data[np.maximum(end - place, 0)] - np.uint8(48), 0).astype(np.uint8)
        number += digit.astype(np.int64) * unit
        good &= (digit <= 9) & ~(there & (length == place) & (place > 1) & (digit == 0))
    good &= number <= 255
    return np.where(good, number, 0).astype(np.uint8), good


def spell_v4(octets: NDArray[np.uint8], plain: NDArray[np.bool_]) -> pa.Array:
    """Dotted decimals; null where not plain."""
    names = pa.array(OCTETS, pa.string())
    parts = [names.take(from_numpy(row.astype(np.int32))) if row.any() else pa.scalar("0") for row in octets]
    if all(isinstance(part, pa.Scalar) for part in parts):
        parts[0] = pa.repeat(pa.scalar("0"), len(plain))
    joined = pc.binary_join_element_wise(*parts, ".")
    return joined if plain.all() else pc.if_else(from_numpy(plain), joined, pa.scalar(None, pa.string()))
