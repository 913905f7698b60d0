"""The parts of Chinese names, as patterns: what they begin with, what they go on with, what stands around them."""

from anonymize.kernels.detection.lists import HAN, any_of, entries, han_except

_SURNAMES = entries("surnames_zh")
_FUNCTION_WORDS = "和从全都时有那来但由因应相别位利国司公"
_WORD_BEGINNINGS = _FUNCTION_WORDS + "于管项常向安水方高金路成平马白任查计何明关乐强信万支官单海"
_WORD_BEGINNINGS += "车门米麦边房花羊牛沙池古区居盘楼盖豆印战储富干容党解满麻桑母阿阴阳冷皮衣展丰巴井原初元"

SURNAME = any_of(_SURNAMES)
COMPOUND = any_of([name for name in _SURNAMES if len(name) > 1])
NO_FUNCTION_WORD = any_of([name for name in _SURNAMES if name not in _FUNCTION_WORDS])
"""Surnames that are no particles."""
SURE = any_of([name for name in _SURNAMES if name not in _WORD_BEGINNINGS])
"""Surnames with which few words begin."""

GIVEN = han_except(
    "的了是在和与及或不有为我你他她它这那个们吗呢吧啊哦把被将从向对于以而但就都也很还又再要会能可说去到给让请您"
    "号码位名称电话手机地址分秒人男女者因患病院接打收寄"
)
"""A character that a given name may have."""
LIKELY_GIVEN = f"[{''.join(entries('given_zh'))}]"
"""A character that many given names have."""

LABEL = any_of(entries("labels_zh"))
TITLE = any_of(entries("titles_zh"))
END = rf"$|[^{HAN}]|{any_of(entries('after_names_zh'))}"
"""What may follow a name."""
