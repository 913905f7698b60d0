"""Adds noise to numbers: what the noise transforms have in common."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from anonymize.core.transform import ColumnTransform, Context, Properties
from anonymize.kernels.arrays import from_numpy, text, text_buffers, to_numpy
from anonymize.kernels.crypto.aes import cmac
from anonymize.kernels.crypto.randomness import words
from anonymize.kernels.numbers.parsing import numeric_output, parse, plain, restore, without
from anonymize.kernels.text.scanning import first_of

Chance = Callable[[int], NDArray[np.float64]]
"""The number of a draw, to a number in (-0.5, 0.5) for each value; draws are independent of each other."""

_FULL = 17  # decimals that no float64 has
_FRACTION = 2.0**-53


class AddNoise(ColumnTransform):
    """The base of all noise: what it is added to, how it is scaled and what it depends on."""

    scale: float = Field(gt=0, allow_inf_nan=False)
    relative: bool = False
    """Scale the noise with the size of the value: 0.1 means a tenth of it. Zero then stays zero."""
    per: str | None = None
    """A column that names the subject: all rows of a subject get the same noise, so that differences within a
    subject survive and the mean of many rows does not reveal the value."""
    decimals: Annotated[int, Field(ge=0, le=15)] | None = None
    """Decimals of the result; by default as many as the value has, so that whole numbers stay whole."""
    key: str = "default"
    """Name of the key, as under `keys:`."""

    @abstractmethod
    def noise(self, chance: Chance) -> NDArray[np.float64]:
        """Noise of scale 1."""

    def reads(self) -> tuple[str, ...]:
        return (self.per,) if self.per is not None else ()

    def properties(self) -> Properties:
        return Properties(deterministic=False, keeps=frozenset({"type"}), survives="the rough size")

    def output_type(self, given: pa.DataType) -> pa.DataType:
        return numeric_output(given)

    def apply(self, values: pa.Array, context: Context[Any]) -> pa.Array:
        values = plain(values)
        numbers = parse(values, context)
        data = to_numpy(numbers)
        with np.errstate(all="ignore"):  # what stands at nulls may be anything
            noise = self.noise(self._chance(values, context)) * self.scale
            result = data + (noise * np.abs(data) if self.relative else noise)
            result = _rounded(result, _decimals(values, self.decimals))
        changed = without(from_numpy(result, numbers), ~np.isfinite(result), "too large a number", context)
        if self.per is not None:
            subjects = context.read(self.per)
            changed = without(changed, to_numpy(subjects.is_null()), "no subject in the column of `per`", context)
        return restore(changed, values, context)

    def _chance(self, values: pa.Array, context: Context[Any]) -> Chance:
        secret = context.secret(self.key, self.name())
        if self.per is None:
            return lambda draw: _centred(words(secret, context.rows, context.slots, draw))
        tags = cmac(secret, text(context.read(self.per))).reshape(-1).view(np.uint64).reshape(len(values), 2)
        return lambda draw: _centred(np.ascontiguousarray(tags[:, draw]))


def _centred(bits: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Random bits as a number in (-0.5, 0.5): symmetric, and never 0 or a bound."""
    return (bits >> np.uint64(11)).astype(np.float64) * _FRACTION - (0.5 - _FRACTION / 2)


def _decimals(values: pa.Array, wanted: int | None) -> NDArray[np.int64]:
    """Decimals for each result: the wanted number, or as many as the value has."""
    if wanted is not None:
        return np.full(len(values), wanted, np.int64)
    if pa.types.is_integer(values.type):
        return np.zeros(len(values), np.int64)
    if not pa.types.is_string(values.type):
        return np.full(len(values), _FULL, np.int64)
    offsets, data = text_buffers(values)
    starts, ends = offsets[:-1], offsets[1:]
    point = first_of(data, b".", starts, ends)
    decimals = np.maximum(ends - point - 1, 0).astype(np.int64)
    return np.where(first_of(data, b"eE", starts, ends) < ends, _FULL, decimals)


def _rounded(numbers: NDArray[np.float64], decimals: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each number to its own decimals, halves to even; numbers too large to have decimals stay."""
    result = numbers.copy()
    for count in np.flatnonzero(np.bincount(decimals[decimals < _FULL])).tolist():
        places = (decimals == count) & (np.abs(numbers) < 10.0 ** (15 - count))
        result[places] = np.round(numbers[places], count)
    return result + 0.0  # no negative zero
