"""Japanese names."""

from typing import Literal

import pyarrow as pa

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy
from anonymize.kernels.detection.lists import any_of, entries
from anonymize.kernels.detection.matching import matches

_SURNAME = any_of(entries("surnames_ja"))
_KANJI = r"[\x{4e00}-\x{9fff}々ヶヵ]"
_GIVEN = rf"(?:{_KANJI}{{1,3}}|[\x{{3041}}-\x{{3096}}]{{2,5}}|[\x{{30a1}}-\x{{30fa}}ー]{{2,6}})"
_KANA = r"[\x{30a1}-\x{30fa}ー]{2,7}"
_WHOLE = rf"(?:{_KANJI}{{1,5}}[ \x{{3000}}]?{_GIVEN}|{_KANJI}{{2,5}}|{_KANA}[ \x{{3000}}]?{_KANA})"
_LABEL = "(?:氏名|お名前|名前|フリガナ|ふりがな|患者名|担当者|担当|申込者|契約者|受取人|差出人|世帯主|保護者)"


class PersonJa(Detector):
    """Japanese names: a common surname that begins the cell; or what stands behind a label, or before 様 or さん.

    In running text without these, and with a rare surname, a name is not told from other words.
    """

    use: Literal["person_ja"] = "person_ja"

    entity = "PERSON"
    family = "text"
    patterns = (
        Pattern(
            _WHOLE,
            before=rf"{_LABEL}[:：=は]{{1,2}}[ \x{{3000}}]?",
            after=r"$|[^\x{4e00}-\x{9fff}]",
            bare=0.85,
            trigger=_LABEL,
        ),
        Pattern(rf"{_SURNAME}[ \x{{3000}}]?{_GIVEN}", before="^", after="$", bare=0.3, supported=0.9),
        Pattern(
            rf"{_SURNAME}(?:[ \x{{3000}}]?{_GIVEN})?",
            after="(?:様|さん|さま|先生|氏は|君は)",
            bare=0.8,
            trigger="様|さ[んま]|先生|氏は|君は",
        ),
    )
    standard = "JIS X 0208; lists of common surnames"
    locales = ("JP",)
    laws = ("APPI Art. 2", "HIPAA 164.514(b)(2)(i)(A)")
    chance = 0.05
    closed = False
    contexts = words(ja="氏名, 名前, フリガナ, 患者, 担当者, 契約者, 受取人")
    against = words(ja="県, 市, 区, 駅, 会社, 商品, 部署, 病院")
    headers = words(
        ja="氏名, 名前, 姓, 名, お名前, フリガナ, ふりがな, カナ, 氏名カナ, 漢字氏名, 顧客名, 患者名,"
        " 担当者名, 契約者名, 受取人, 世帯主",
        en="kanji name, kana name, name kana, name kanji, furigana, shimei, namae, name ja,"
        " last name kana, first name kana",
    )
    not_headers = words(
        ja="会社名, 商品名, 店名, 部署名, 品名, 都道府県名, 市区町村名, 件名, 地名, 病名, 薬品名, 学校名"
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        return ~to_numpy(matches(candidates, _NO_NAME))


_NO_NAME = "(?:[都道府県市区町村郡駅線丁]|会社|銀行|大学|病院|商店|工業|製作所|支店|事務所|センター)$"


EXAMPLES = [
    Example(PersonJa(), "氏名：山田太郎、担当者：髙梨 美咲", ["山田太郎", "髙梨 美咲"]),
    Example(PersonJa(), "佐藤 花子", []),
    Example(PersonJa(), "田中様、高橋一郎さんから電話", ["田中", "高橋一郎"]),
    Example(PersonJa(), "福島県、山口市の商品について", []),
]
