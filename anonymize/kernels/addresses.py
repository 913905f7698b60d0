"""Internet addresses cut to their network."""

from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.kernels.arrays import from_numpy, text_buffers, to_numpy
from anonymize.kernels.distinct import map_distinct
from anonymize.kernels.segments import gather

DOT, ZERO, TWO, FIVE = b".025"
OCTETS = tuple(str(octet) for octet in range(256))


class Quads(NamedTuple):
    """The dotted quads among the values of a column."""

    bounds: NDArray[np.int32]
    """As five rows: the position before the first octet, those of the three dots, and the end."""
    plain: NDArray[np.bool_]
    """Which values are dotted quads; the bounds of others mean nothing."""


def networks(values: pa.Array, v4: int, v6: int) -> pa.Array:
    """The address with only its first `v4` or `v6` bits set; null for what is no address.

    IPv4 is dotted decimal without leading zeros; IPv6 comes out as RFC 5952 spells it. An IPv4 address mapped
    into IPv6 (RFC 4291, section 2.5.5.2) is cut as IPv4 and stays mapped. Ports and zones are not accepted.
    """
    quads = read_v4(values)
    if v4 in (8, 16, 24):
        result = _prefixes(values, quads, v4 // 8)
    else:
        mask = np.array(list(_mask(32, v4).to_bytes(4, "big")), np.uint8)
        result = spell_v4(_octets(values, quads) & mask[:, None], quads.plain)
    if result.null_count == values.null_count:
        return result
    others = pc.if_else(from_numpy(quads.plain), pa.scalar(None, pa.string()), values)
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


def _prefixes(values: pa.Array, quads: Quads, kept: int) -> pa.Array:
    """The first octets of each address as they are spelled (there is one way only), and zeros for the others."""
    offsets, data = text_buffers(values)
    tail, end = b".0" * (4 - kept), len(data)
    starts, stops, valid = offsets[:-1], quads.bounds[kept], None
    if not quads.plain.all():
        starts, stops = np.where(quads.plain, starts, end), np.where(quads.plain, stops, end)
        valid = from_numpy(quads.plain).buffers()[1]
    data = np.concatenate([data, np.zeros(len(tail), np.uint8)])
    for place in range(1, len(tail)):  # at 0 is the dot; there is room, for an octet has at least one digit
        data[stops + place] = tail[place]
    prefixes = gather(data, starts, stops + np.multiply(quads.plain, len(tail), dtype=np.int32))
    return pa.StringArray.from_buffers(len(values), *prefixes.buffers()[1:], valid)


def read_v4(values: pa.Array) -> Quads:
    """The IPv4 addresses: four numbers up to 255 without leading zeros, which some read as octal."""
    offsets, data = text_buffers(values)
    first, last = int(offsets[0]), int(offsets[-1])
    offsets, data = offsets - first, data[first:last]
    dots = _dots(data, offsets)
    plain = dots[0] >= 0
    if values.null_count:
        plain &= to_numpy(values.is_valid())
    faults = _faults(data, offsets)
    if faults.any():
        plain[np.searchsorted(offsets, np.flatnonzero(faults), side="right") - 1] = False
    return Quads(np.concatenate([offsets[None, :-1] - 1, dots, offsets[None, 1:]]) + np.int32(first), plain)


def _faults(data: NDArray[np.uint8], offsets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """The bytes at which some value ceases to be octets between dots, however many."""
    size = len(data)
    data = np.concatenate([data, np.zeros(3, np.uint8)])
    digit, dot = data - np.uint8(ZERO) <= 9, data == DOT
    opens = np.zeros(size + 3, np.bool_)  # where an octet starts: at the start of a value and after a dot
    opens[offsets] = True
    dangling = dot[:size] & opens[1 : size + 1]
    opens[1:] |= dot[:-1]
    follows = digit & ~opens
    one, two, three = data[:size], data[1 : size + 1], data[2 : size + 2]
    long = opens[:size] & follows[1 : size + 1]
    leading_zero = long & (one == ZERO)
    long &= follows[2 : size + 2]
    large = (one > TWO) | ((one == TWO) & ((two > FIVE) | ((two == FIVE) & (three > FIVE))))
    large |= follows[3:]
    faults: NDArray[np.bool_] = ~(digit | (dot & ~opens))[:size] | dangling | leading_zero | (long & large)
    return faults


def _dots(data: NDArray[np.uint8], offsets: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where the three dots of each value are, as three rows; -1 for values without exactly three."""
    starts, ends = offsets[:-1], offsets[1:]
    dots = np.flatnonzero(data == DOT).astype(np.int32)
    if len(dots) == 3 * len(starts):  # usually there are three in each
        places = np.ascontiguousarray(dots.reshape(-1, 3).T)
        if (places[0] >= starts).all() and (places[2] < ends).all():
            return places
    first = np.searchsorted(dots, starts)
    rows = np.flatnonzero(np.searchsorted(dots, ends) - first == 3)
    places = np.full((3, len(starts)), -1, np.int32)
    places[:, rows] = dots[first[rows] + np.arange(3)[:, None]]
    return places


def _octets(values: pa.Array, quads: Quads) -> NDArray[np.uint8]:
    """The octets of the dotted quads as four rows of numbers, 0 for other values."""
    _, data = text_buffers(values)
    starts, ends = (np.where(quads.plain, part, 0) for part in (quads.bounds[:-1] + 1, quads.bounds[1:]))
    octets = np.zeros(starts.shape, np.uint8)
    for place in range(3):
        there = starts + place < ends
        digit = data[np.where(there, starts + place, 0)] & 0x0F if len(data) else np.uint8(0)
        octets = np.where(there, octets * np.uint8(10) + digit, octets)
    return octets


def spell_v4(octets: NDArray[np.uint8], plain: NDArray[np.bool_]) -> pa.Array:
    """Dotted decimals; null where not plain."""
    names = pa.array(OCTETS, pa.string())
    parts = [names.take(from_numpy(row.astype(np.int32))) if row.any() else pa.scalar("0") for row in octets]
    if all(isinstance(part, pa.Scalar) for part in parts):
        parts[0] = pa.repeat(pa.scalar("0"), len(plain))
    joined = pc.binary_join_element_wise(*parts, ".")
    return joined if plain.all() else pc.if_else(from_numpy(plain), joined, pa.scalar(None, pa.string()))
