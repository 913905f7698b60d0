"""What the examples of the generalization of addresses, places and categories cannot say."""

import ipaddress
import random
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymize.core.transform import ColumnTransform
from anonymize.kernels.geohash import geohash
from tests.components.transforms.test_generalization import apply, step
from tests.harness import answer


@given(st.ip_addresses(), st.integers(0, 32), st.integers(0, 128))
@settings(deadline=None)
def test_networks_are_those_of_the_standard_library(address: Any, v4: int, v6: int) -> None:
    """Every prefix length, both versions."""
    length = v4 if address.version == 4 or getattr(address, "ipv4_mapped", None) else v6
    if getattr(address, "ipv4_mapped", None):
        return
    network = ipaddress.ip_network(f"{address}/{length}", strict=False)
    assert [str(network.network_address)] == apply(step(use="truncate_ip", v4=v4, v6=v6), [str(address)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4:80",
        "1.2.3.4/24",
        "1..2.3",
        "1.2.3.",
        ".1.2.3",
        "a.b.c.d",
        "fe80::1%eth0",
        "[::1]",
        "::1/64",
        "1.2.3.-4",
        " 1.2.3.4",
        "1.2.3.4\n",
        "1.2.3.1234",
    ],
)
def test_other_addresses_are_rejected(text: str) -> None:
    """Ports, zones, prefixes, octal-looking octets."""
    assert apply(step(use="truncate_ip"), [text, "192.0.2.9"]) == [..., "192.0.2.0"]


def bisected(latitude: float, longitude: float, length: int) -> str:
    """Niemeyer's geohash, as published: halve the intervals in turn."""
    ranges, bits = [[-180.0, 180.0], [-90.0, 90.0]], []
    for turn in range(5 * length):
        interval, angle = ranges[turn % 2], (longitude, latitude)[turn % 2]
        middle = sum(interval) / 2
        bits.append(angle >= middle)
        interval[0 if angle >= middle else 1] = middle
    codes = [int("".join("01"[b] for b in bits[i : i + 5]), 2) for i in range(0, len(bits), 5)]
    return "".join("0123456789bcdefghjkmnpqrstuvwxyz"[code] for code in codes)


def test_geohashes_are_niemeyers() -> None:
    """The published vector, corners and random places."""
    chance = random.Random(1)  # noqa: S311
    places = [(57.64911, 10.40744), (0.0, 0.0), (90.0, 180.0), (-90.0, -180.0)]
    places += [(chance.uniform(-90, 90), chance.uniform(-180, 180)) for _ in range(500)]
    latitude, longitude = np.array(places).T
    assert geohash(latitude[:1], longitude[:1], 10)[0].as_py() == "u4pruydqqv"
    for length in (1, 5, 8):
        assert [bisected(*place, length) for place in places] == geohash(latitude, longitude, length).to_pylist()


def test_coordinates_beyond_the_globe_are_rejected() -> None:
    """Ranges of latitude and longitude; pairs must be pairs."""
    cut = step(use="truncate_coordinates", decimals=1)
    assert apply(cut, ["181", "91,0", "1,2,3", "-0.19", "1.29, -3.99"]) == [..., ..., ..., "-0.1", "1.2, -3.9"]
    assert apply(step(use="truncate_coordinates", geohash=3), ["12.5", "0,181", "0.1,0.1"]) == [..., ..., "s00"]


def test_small_areas_become_000() -> None:
    """The 17 areas that HHS lists; what is no ZIP code is rejected."""
    hipaa = step(use="truncate_postcode", hipaa=True)
    small = [
        "036",
        "059",
        "063",
        "102",
        "203",
        "556",
        "692",
        "790",
        "821",
        "823",
        "830",
        "831",
        "878",
        "879",
        "884",
        "890",
        "893",
    ]
    assert apply(hipaa, [f"{area}01" for area in small]) == ["000"] * 17
    assert apply(hipaa, ["3601", "036", "SW1A 1AA", "03701"]) == [..., ..., ..., "037"]


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("https://example.com", "example.com", "https://example.com"),
        ("HTTP://a@B.example:1/x:y@z/[w]?a:b@c#d", "b.example", "http://b.example/x:y@z/[w]"),
        ("https://[2001:DB8::1]:443/a", "[2001:db8::1]", "https://[2001:db8::1]/a"),
        ("https://u:]p@h.example#@evil", "h.example", "https://h.example"),
        ("https://例え.jp?q=/x", "例え.jp", "https://例え.jp"),
        *(
            (bad, ..., ...)
            for bad in (
                "",
                "example.com/a",
                "http://",
                "http://a b/",
                "http://u@v@h/",
                "http:///x",
                "http://h\\@e/",
            )
        ),
    ],
)
def test_urls_keep_only_what_is_asked(text: str, host: Any, path: Any) -> None:
    """No user, port, query or fragment survives."""
    assert [host, "b.example"] == apply(step(use="truncate_url"), [text, "http://b.example"])
    assert [path] == apply(step(use="truncate_url", keep="path"), [text])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zoe",
        "zoe@localhost",
        "@example.com",
        "a@b@c.example",
        "Zoe <z@b.example>",
        "a@-b.example",
        "a@b..c",
        "a@b.c\n",
    ],
)
def test_other_mail_addresses_are_rejected(text: str) -> None:
    """One plain address or nothing."""
    assert apply(step(use="email_domain"), [text]) == [...]


@given(st.lists(st.none() | st.sampled_from("abc"), max_size=20), st.integers(2, 4))
@settings(deadline=None)
def test_rare_values_are_grouped_by_the_whole_data(values: list[str | None], k: int) -> None:
    """Counts are those of the data set, not of the piece in hand."""
    rare = step(use="group_rare", k=k)
    expected = [v if v is None or values.count(v) >= k else "other" for v in values]
    assert expected == apply(rare, values)
    fitted = answer(rare.needs(("value",)), pa.record_batch({"value": pa.array(values, pa.string())}))
    assert expected[:3] == apply(rare, values[:3], fitted=fitted)


def test_rare_typed_values_become_text() -> None:
    """Floats, dates and booleans are spelled out."""
    assert apply(step(use="group_rare", k=2), [1.5, 1.5, 2.0], pa.float64()) == ["1.5", "1.5", "other"]
    assert apply(step(use="group_rare", k=2), [date(2024, 5, 1)] * 2, pa.date32()) == ["2024-05-01"] * 2
    assert apply(step(use="group_rare", k=2), [True, True, False], pa.bool_()) == ["true", "true", "other"]


def recode(folder: Path, text: str, level: int = 1) -> ColumnTransform:
    file = folder / "hierarchy.csv"
    file.write_text(text, encoding="utf-8")
    return step(use="recode", hierarchy=str(file), level=level)


def test_hierarchies_are_read_as_arx_writes_them(tmp_path: Path) -> None:
    """Separated by semicolons or commas, quoted, with or without a byte order mark."""
    assert apply(recode(tmp_path, "1;A;*\n2;B;*\n"), ["1", "2", "3"]) == ["A", "B", ...]
    assert apply(recode(tmp_path, '\ufeff"1,5",A,*\r\n2,B,*\r\n', 2), ["1,5", "2"]) == ["*", "*"]
    assert apply(recode(tmp_path, "1;A\n"), [1], pa.int64()) == ["A"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("secret\n", "no level"),
        ("a;A;*\nsecret;A\n", "line 2"),
        ("secret;A;*\nsecret;B;*\n", "lines 1 and 2"),
        ("a;A;secret\nb;A;Y\n", "share level 1 but not level 2"),
        ('a;"secret\n', "CSV"),
    ],
)
def test_contradictory_hierarchies_are_refused(tmp_path: Path, text: str, problem: str) -> None:
    """With the line, without the value."""
    with pytest.raises(ValidationError, match=problem) as caught:
        recode(tmp_path, text)
    assert "secret" not in str(caught.value)


def test_levels_must_exist(tmp_path: Path) -> None:
    """A level that is too high, and a file that is not there, are found before the data."""
    with pytest.raises(ValidationError, match="2 levels above"):
        recode(tmp_path, "1;A;*\n", level=3)
    with pytest.raises(ValidationError, match="cannot be read"):
        step(use="recode", hierarchy=str(tmp_path / "none.csv"))
    with pytest.raises(ValidationError, match="line 2"):
        step(use="recode", hierarchy={"Europe": {"Germany": ["Berlin"]}, "Asia": ["Tokyo"]})
