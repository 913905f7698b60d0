"""Identity cards of the Chinese army."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words


class CnMilitaryId(Detector):
    """Identity cards of officers and soldiers of the Chinese army: 军字第 and six to eight digits.

    Official letters are numbered alike, so that service marks other than 军 and 士 count only with context.
    """

    use: Literal["cn_military_id"] = "cn_military_id"

    entity = "CN_MILITARY_ID"
    family = "text"
    patterns = (
        Pattern("[军士]字第? ?[0-9]{4,8}号?", bare=0.7, trigger="字第?[ 0-9]"),
        Pattern(
            "[兵文职广海空南北沈兰成济京参政后装武联火]字第? ?[0-9A-Za-z]{4,8}号?",
            bare=0.3,
            trigger="字第?[ 0-9A-Za-z]",
        ),
        Pattern("[0-9]{6,8}", bare=0.0, supported=0.8, family="code"),
    )
    standard = "Regulations on the identity documents of active servicemen (2004)"
    locales = ("CN",)
    tier = 2
    laws = ("GB/T 35273-2020 app. B", "PIPL Art. 28", "GDPR Art. 87")
    chance = 0.3
    contexts = words(
        zh="军官证, 士兵证, 军人, 军人证, 文职干部证, 军官, 士官证, 武警", en="military id, officer id"
    )
    against = words(
        zh="订单, 流水, 单号, 编号, 序列号, 电话, 手机, 文号, 发文", en="order, invoice, tracking, serial"
    )
    headers = words(
        zh="军官证, 军官证号, 军官证号码, 士兵证号, 军人证号, 军人证件号",
        pinyin="jgz, jgzh, junguanzheng",
        en="military id, military id no, officer id, soldier id",
    )


EXAMPLES = [
    Example(CnMilitaryId(), "军官证号：军字第1234567号", ["军字第1234567号"]),
    Example(CnMilitaryId(), "军官证 南字第01234567号，士兵证0123456", ["南字第01234567号", "0123456"]),
    Example(CnMilitaryId(), "发文京政字第123号，海字第1234号", []),
]
