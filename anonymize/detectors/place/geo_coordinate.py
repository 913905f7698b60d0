"""Geographic coordinates."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.core.roles import Role
from anonymize.kernels.arrays import to_numpy

_LATITUDE = r"[-+]?(?:[0-8]?[0-9]\.[0-9]{3,15}|90\.0{3,15})"
_LONGITUDE = r"[-+]?(?:1[0-7][0-9]|[0-9]{1,2}|180)\.[0-9]{3,15}"
_DEGREES = r"[0-9]{1,3}[°º] ?[0-5]?[0-9](?:\.[0-9]{1,8})?['′’] ?(?:[0-5]?[0-9](?:\.[0-9]{1,6})?(?:[\"″”]|'') ?)?"


class GeoCoordinate(Detector):
    """Geographic coordinates: latitude and longitude with three decimals or more (100 m), or degrees and minutes.

    A single number counts only in a column that is called one, or beside such a word.
    """

    use: Literal["geo_coordinate"] = "geo_coordinate"

    entity = "GEO_COORDINATE"
    family = "text"
    patterns = (
        Pattern(
            rf"{_LATITUDE} ?[,;] ?{_LONGITUDE}",
            before=r"^|[^0-9.,+-]",
            after=r"$|[^0-9.]",
            trigger=r"\.[0-9]{3,15} ?[,;]",
            bare=0.6,
        ),
        Pattern(rf"{_DEGREES}[NS],? ?{_DEGREES}[EWO]", trigger="[°º]", bare=0.95),
        Pattern(rf"(?i:geo:|POINT ?\(){_LONGITUDE}[, ]{_LONGITUDE}\)?", trigger="(?i:geo:|point)", bare=0.9),
        Pattern(
            rf"{_LONGITUDE}|[-+]?[0-9]{{1,3}}\.[0-9]{{1,2}}",
            before=r"^|[:=：] ?|\s",
            after=r"$|[,;，；]|\s",
            trigger=r"\.[0-9]",
            bare=0.03,
            supported=0.85,
        ),
    )
    standard = "ISO 6709:2022; RFC 5870"
    role = Role.QUASI_IDENTIFIER
    laws = ("HIPAA 164.514(b)(2)(i)(B)", "PIPL Art. 28", "GDPR Art. 4(1)")
    chance = 0.3
    contexts = words(
        en="lat, latitude, lng, lon, long, longitude, coordinates, gps, location, geo",
        zh="经度, 纬度, 坐标, 定位, 经纬度",
        ja="緯度, 経度, 座標",
        ko="위도, 경도, 좌표",
        de="Breitengrad, Längengrad, Koordinaten",
        fr="coordonnées",
        es="latitud, longitud, coordenadas",
        pt="coordenadas",
    )
    against = words(en="price, amount, total, version, range, p, mean, std, ratio, score", zh="价格, 金额, 版本")
    headers = words(
        en="lat, latitude, lng, lon, longitude, gps, coordinates, coordinate, lat lng, lat lon, latlng, geo,"
        " geolocation,"
        " geo point, gps lat, gps lon",
        zh="经度, 纬度, 坐标, 经纬度, 定位",
        pinyin="jd, wd, jwd",
        ja="緯度, 経度, 座標",
        ko="위도, 경도, 좌표",
        de="breitengrad, längengrad, laengengrad, koordinaten",
        fr="coordonnées",
        es="latitud, longitud, coordenadas",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        """Not the same number twice, as in a range of a chart, and not 0."""
        zero = to_numpy(pc.match_substring_regex(candidates, r"^[-+]?0?0\.0+ ?[,;] ?[-+]?0?0\.0+$"))
        passed: Verdict = np.logical_not(zero)
        return passed


EXAMPLES = [
    Example(
        GeoCoordinate(),
        "seen at 48.85661, 2.35222 and 39.9042,116.4074",
        ["48.85661, 2.35222", "39.9042,116.4074"],
    ),
    Example(GeoCoordinate(), "48°51'24\"N 2°21'07\"E", ["48°51'24\"N 2°21'07\"E"]),
    Example(GeoCoordinate(), "纬度：39.904211，经度：116.407395", ["39.904211", "116.407395"]),
    Example(GeoCoordinate(), "prices 12.50, 13.25; 95.1234, 181.1234; 0.000, 0.000", []),
    Example(GeoCoordinate(), "1.234, version 2.345", []),
]
