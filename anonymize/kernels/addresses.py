"""Internet addresses cut to their network."""

from ipaddress import AddressValueError, IPv4Address, IPv6Address

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy
from anonymize.kernels.distinct import map_distinct
from anonymize.kernels.segments import gather

DOT = ord(".")
OCTETS = tuple(str(octet) for octet in range(256))


def networks(values: pa.Array, v4: int, v6: int) -> pa.Array:
    """The address with only its first `v4` or `v6` bits set; null for what is no address.

    IPv4 is dotted decimal without leading zeros; IPv6 comes out as RFC 5952 spells it. An IPv4 address mapped
    into IPv6 (RFC 4291, section 2.5.5.2) is cut as IPv4 and stays mapped. Ports and zones are not accepted.
    """
    octets, dots, plain = read_v4(values)
    if v4 in (8, 16, 24):
        result = _prefixes(values, dots[v4 // 8 - 1], ".0" * (4 - v4 // 8), plain)
    else:
        mask = np.array(list(_mask(32, v4).to_bytes(4, "big")), np.uint8)
        result = spell_v4(octets & mask[:, None], plain)
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


def _prefixes(values: pa.Array, stops: NDArray[np.int32], ending: str, plain: NDArray[np.bool_]) -> pa.Array:
    """The text of each address up to a dot, with an ending; addresses are spelled in one way only."""
    offsets, data = text_buffers(values)
    starts = offsets[:-1]
    kept = gather(data, starts, np.where(plain, stops, starts)).view(pa.string())
    joined = pc.binary_join_element_wise(kept, pa.scalar(ending), "")
    return joined if plain.all() else pc.if_else(from_numpy(plain), joined, pa.scalar(None, pa.string()))


def read_v4(values: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.bool_]]:
    """The four octets of each IPv4 address as four rows, where its dots are as three, and where there is one."""
    offsets, data = text_buffers(values)
    starts, ends = offsets[:-1], offsets[1:]
    octets = np.zeros((4, len(values)), np.uint8)
    dots = _dots(data, starts, ends)
    plain = to_numpy(values.is_valid()) & (dots[0] >= 0) & (ends - starts <= 15)
    bounds = [starts - 1, *dots, ends]
    for number in range(4):
        start, end = (np.where(plain, bound, 0) for bound in (bounds[number] + 1, bounds[number + 1]))
        octets[number], good = _read_octet(data, start, end)
        plain &= good
    return octets, dots, plain


def _dots(data: NDArray[np.uint8], starts: NDArray[np.int32], ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where the three dots of each value are, as three rows; -1 for values without exactly three."""
    if not len(starts):
        return np.zeros((3, 0), np.int32)
    dots = np.flatnonzero(data[starts[0] : ends[-1]] == DOT).astype(np.int32) + starts[0]
    if len(dots) == 3 * len(starts):  # usually there are three in each
        places = np.ascontiguousarray(dots.reshape(-1, 3).T)
        if (places[0] >= starts).all() and (places[2] < ends).all():
            return places
    first = np.searchsorted(dots, starts)
    rows = np.flatnonzero(np.searchsorted(dots, ends) - first == 3)
    places = np.full((3, len(starts)), -1, np.int32)
    places[:, rows] = dots[first[rows] + np.arange(3)[:, None]]
    return places


def _read_octet(
    data: NDArray[np.uint8], start: NDArray[np.int32], end: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The number from 0 to 255 spelled in each range of bytes, and where there is one."""
    length = end - start
    good = (length >= 1) & (length <= 3)
    number = np.zeros(len(start), np.int16)
    for place, unit in ((1, 1), (2, 10), (3, 100)):
        there = length >= place
        digit = data[np.maximum(end - place, 0)] - np.uint8(48) if len(data) else np.zeros(len(start), np.uint8)
        digit *= there
        number += digit * np.int16(unit)
        good &= digit <= 9
        if place > 1:
            good &= (digit > 0) | (length != place)  # no leading zeros, which some read as octal
    good &= number <= 255
    return (number * good).astype(np.uint8), good


def spell_v4(octets: NDArray[np.uint8], plain: NDArray[np.bool_]) -> pa.Array:
    """Dotted decimals; null where not plain."""
    names = pa.array(OCTETS, pa.string())
    parts = [names.take(from_numpy(row.astype(np.int32))) if row.any() else pa.scalar("0") for row in octets]
    if all(isinstance(part, pa.Scalar) for part in parts):
        parts[0] = pa.repeat(pa.scalar("0"), len(plain))
    joined = pc.binary_join_element_wise(*parts, ".")
    return joined if plain.all() else pc.if_else(from_numpy(plain), joined, pa.scalar(None, pa.string()))
