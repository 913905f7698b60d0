"""Postal addresses in Japanese."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.lists import any_of, entries

_PREFECTURE = any_of(entries("prefectures_ja"))
_INNER = r"[\x{3041}-\x{3096}\x{30a1}-\x{30fa}ー\x{4e00}-\x{9fff}々ヶヵ]"
_BLOCK = r"[0-9一二三四五六七八九十]{1,4}(?:丁目|番地|番|号|地割|-|の)?"
_BUILDING = r"(?:[ \x{3000}]?[A-Za-z\x{30a1}-\x{30fa}ー・\x{4e00}-\x{9fff}]{2,20}[0-9]{1,4}(?:号室|号|階|F)?)?"


class AddressJa(Detector):
    """Japanese postal addresses: prefecture or city, town, block numbers, building and room; a town alone is
    none."""

    use: Literal["address_ja"] = "address_ja"

    entity = "ADDRESS"
    family = "text"
    patterns = (
        Pattern(
            rf"{_PREFECTURE}[ \x{{3000}}]?{_INNER}{{1,16}}[ \x{{3000}}]?(?:{_BLOCK}){{1,5}}{_BUILDING}",
            bare=0.85,
            trigger="[都道府県]",
        ),
        Pattern(
            rf"{_PREFECTURE}[ \x{{3000}}]?{_INNER}{{1,6}}[市区町村郡]{_INNER}{{0,8}}",
            bare=0.35,
            trigger="[都道府県].*[市区町村郡]",
        ),
        Pattern(
            rf"{_INNER}{{2,6}}[市区]{_INNER}{{1,10}}(?:[0-9一二三四五六七八九十]{{1,3}}(?:丁目|番地?)|[0-9]{{1,3}}-[0-9]{{1,3}}-)(?:{_BLOCK}){{1,4}}{_BUILDING}",
            bare=0.7,
            trigger="[市区].*[0-9]",
        ),
    )
    standard = "JIS X 0401, JIS X 0402"
    locales = ("JP",)
    laws = ("APPI Art. 2", "HIPAA 164.514(b)(2)(i)(B)")
    chance = 0.02
    closed = False
    is_long = True
    most_digits = 0.5
    contexts = words(ja="住所, 所在地, 居住, 送付先, 届け先, 本籍, 〒")
    headers = words(
        ja="住所, 現住所, 所在地, 自宅住所, 居住地, 本籍, 本籍地, 届け先住所, 送付先住所, 勤務先住所,"
        " 住所1, 住所2",
        en="jusho, address ja, address kanji",
    )
    not_headers = words(ja="住所コード, メールアドレス, IPアドレス")


EXAMPLES = [
    Example(AddressJa(), "住所：東京都千代田区丸の内1丁目9番1号に届ける", ["東京都千代田区丸の内1丁目9番1号"]),
    Example(
        AddressJa(),
        "大阪府大阪市北区梅田3-1-3 グランドビル502号室",
        ["大阪府大阪市北区梅田3-1-3 グランドビル502号室"],
    ),
    Example(AddressJa(), "横浜市西区みなとみらい2-3-1", ["横浜市西区みなとみらい2-3-1"]),
    Example(AddressJa(), "東京都の人口、京都市は古い", []),
]
