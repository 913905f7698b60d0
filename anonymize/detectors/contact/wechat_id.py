"""WeChat accounts."""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy

_ASCII_LABEL = "(?:^|[^0-9A-Za-z_@.])(?i:wechat|weixin|wx|vx)(?:号|账号|ID|id)?"
_LABEL = f"(?:微信(?:号码?|账号|ID|id)?[呗哈吧啊呀]?|威信|薇信|[Vv]信|加[Vv]|{_ASCII_LABEL})"
_NAME = "[A-Za-z][0-9A-Za-z_-]{5,19}"
_WITH_DIGIT = "[A-Za-z][A-Za-z_-]{1,14}[0-9][0-9A-Za-z_-]{0,17}|[A-Za-z][0-9][0-9A-Za-z_-]{4,18}"
_LABELLED = "微信|威信|薇信|[Vv]信|加[Vv]|(?i:wechat|weixin|wx|vx)"


class WechatId(Detector):
    """WeChat accounts: beside a label, and the `wxid_` that WeChat itself gives. Telephone numbers are left to
    their detector."""

    use: Literal["wechat_id"] = "wechat_id"

    entity = "WECHAT_ID"
    family = "text"
    patterns = (
        Pattern("wxid_[0-9a-z]{8,24}", bare=0.9, trigger="wxid_", words=True),
        Pattern(
            rf"(?:{_NAME})\b",
            before=rf"{_LABEL}(?: ?[:：=] ?| ?[是为] ?)",
            bare=0.85,
            trigger=_LABELLED,
            words=False,
        ),
        Pattern(rf"(?:{_WITH_DIGIT})\b", before=rf"{_LABEL} ?", bare=0.7, trigger=_LABELLED, words=False),
        Pattern(_NAME, before="^", after="$", bare=0.0, supported=0.85, trigger=f"^{_NAME}$"),
    )
    standard = "Tencent, rules for WeChat IDs"
    locales = ("CN", "HK", "MO", "TW")
    tier = 2
    laws = ("GB/T 35273-2020 app. A", "HIPAA 164.514(b)(2)(i)(R)")
    chance = 0.5
    contexts = words(zh="微信号, 加微信, 加我微信, 微信")
    against = words(zh="小程序, 公众号, 微信支付, 版本", en="payment, version, app, sdk, api, mini program")
    headers = words(
        zh="微信, 微信号, 微信账号, 微信号码",
        pinyin="wxh, weixin, weixinhao",
        en="wechat, wechat id, wechat no, wechat account, wx id, weixin id",
    )
    not_headers = words(en="wechat pay, wechat name, wechat nickname", zh="微信昵称, 微信支付")

    def check(self, candidates: pa.StringArray) -> Verdict:
        return to_numpy(pc.greater_equal(pc.binary_length(candidates), 6))


EXAMPLES = [
    Example(WechatId(), "微信号：zhangsan_1990，加我", ["zhangsan_1990"]),
    Example(WechatId(), "我微信是LiNa-88888，wxid_a1b2c3d4e5f6g7", ["LiNa-88888", "wxid_a1b2c3d4e5f6g7"]),
    Example(WechatId(), "加vx lina_8888吧", ["lina_8888"]),
    Example(WechatId(), "微信支付成功，wechat payment failed, WeChat Android 8.0", []),
]
