"""The detectors at hand, by what they find."""

from collections.abc import Collection, Sequence
from functools import cache

from anonymize.core.catalog import component, modules
from anonymize.core.detector import Detector

ON_REQUEST = 3
"""Detectors of this tier only look when their entity is named."""


@cache
def every_detector() -> tuple[Detector, ...]:
    """One of each that comes with the package."""
    found = [component("detector", name)() for name in modules("detector")]  # type: ignore[call-arg]
    return tuple(each for each in found if isinstance(each, Detector))


@cache
def known_entities() -> frozenset[str]:
    """What the package's detectors find."""
    return frozenset(each.entity for each in every_detector())


def detectors_of(entities: Collection[str], own: Sequence[Detector] = ()) -> list[Detector]:
    """Those that find one of the entities, a rule file's own among them; all common ones if none is named."""
    everything = [*own, *every_detector()]
    if not entities:
        return [each for each in everything if each.tier < ON_REQUEST]
    return [each for each in everything if each.entity in entities]
