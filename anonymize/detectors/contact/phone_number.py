"""Telephone numbers."""

from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, Verdict, words
from anonymize.kernels.arrays import to_numpy

_COUNTRY = (
    "(?:1|7|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689][0-9]|3[578][0-9]|42[013]|5[09][0-9]"
    "|6[789][0-9]|8[058][0-9]|9[679][0-9])"
)
_CHINA = r"(?:\(?\+86\)?[ -]?|\(?\b(?:00)?86\)?[ -]?|\b)"


class PhoneNumber(Detector):
    """Telephone numbers: Chinese mobile and fixed lines, North American ones, and any with `+` and a country code.

    Other national ways of writing count only with context.
    """

    use: Literal["phone_number"] = "phone_number"

    entity = "PHONE_NUMBER"
    patterns = (
        Pattern(rf"{_CHINA}1[3-9][0-9](?:[0-9]{{8}}|[ -][0-9]{{4}}[ -][0-9]{{4}})\b", bare=0.88, words=False),
        Pattern(
            r"(?:\(0[1-9][0-9]{1,2}\) ?|\b0[1-9][0-9]{1,2}[ -])[2-9][0-9]{6,7}(?:-[0-9]{1,5})?\b",
            bare=0.6,
            words=False,
        ),
        Pattern(r"0[1-9][0-9]{1,2}[2-9][0-9]{6,7}", bare=0.1, supported=0.8),
        Pattern(r"[48]00[ -]?[0-9]{3}[ -]?[0-9]{4}", bare=0.3, supported=0.8),
        Pattern(
            rf"\+{_COUNTRY}(?:[ .-]?\(?[0-9]{{1,5}}\)?){{2,5}}\b",
            bare=0.75,
            words=False,
            trigger="[0-9].*[0-9]",
        ),
        Pattern(
            rf"\b00{_COUNTRY}(?:[ .-]?\(?[0-9]{{1,5}}\)?){{2,5}}\b",
            before="(?:^|[^0-9 ]) ?",  # not the second group of a longer number
            bare=0.75,
            words=False,
        ),
        Pattern(
            r"(?:\+?\b1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|\b[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}\b",
            bare=0.6,
            words=False,
        ),
        Pattern(
            r"(?:\(?\+?\b|\()[0-9]{1,5}\)?(?:[ ./-]{1,2}\(?[0-9]{2,8}\)?){1,4}\b",
            bare=0.05,
            supported=0.75,
            words=False,
        ),
        Pattern(r"[0-9]{8,12}", bare=0.05, supported=0.7),
    )
    standard = "ITU-T E.164; MIIT numbering plan (2017); NANP"
    laws = ("HIPAA 164.514(b)(2)(i)(D)", "GB/T 35273-2020 app. A")
    chance = 0.2
    contexts = words(
        en="phone, phone number, telephone, tel, mobile, cell, call, fax, dial, sms, text me, whatsapp,"
        " contact number",
        zh="手机, 手机号, 电话, 联系方式, 座机, 致电, 拨打, 来电, 传真, 打给",
        ja="電話, 携帯, 連絡先, TEL, ファックス",
        ko="전화, 휴대폰, 연락처, 핸드폰",
        de="Telefon, Handy, Mobil, Rufnummer",
        fr="téléphone, portable, tél",
        es="teléfono, móvil, celular",
        pt="telefone, celular",
        it="telefono, cellulare",
    )
    against = words(
        en="order, invoice, sku, tracking, version, isbn, transaction, id, account, card, ref, reference,"
        " case, ticket, serial,"
        " ssn, amount, price, date, nhs, npi, routing",
        zh="订单, 流水, 版本, 编号, 单号, 卡号, 账号, 金额, 身份证, 证号, 序列号, 学号, 工号, 社保, 公积金, QQ号",
    )
    headers = words(
        en="phone, phone number, phone no, mobile, mobile no, mobile number, cell, cell phone, cellphone,"
        " tel, telephone,"
        " fax, msisdn, contact number, contact no, work phone, home phone,"
        " phone nr, phone num, tel no, tel nr, mobile nr, telefon nr, handy nr,"
        " ph, ph no, mob, mob no, cell no, cell number",
        zh="手机, 手机号, 手机号码, 联系电话, 电话, 电话号码, 座机, 联系方式, 移动电话, 传真",
        pinyin="sjh, sjhm, lxdh, dh, dhhm, shouji, dianhua, shoujihao",
        ja="電話番号, 携帯, 携帯番号, 連絡先, 電話",
        ko="전화번호, 휴대폰, 휴대폰번호, 연락처",
        de="telefon, telefonnummer, handy, mobilnr, handynummer",
        fr="téléphone, portable, numéro de téléphone",
        es="teléfono, móvil, telefono, movil, celular",
        pt="telefone, celular",
        it="telefono, cellulare",
        nl="telefoon, telefoonnummer, mobiel, gsm",
        pl="telefon, numer telefonu, komórka",
        sv="telefonnummer, mobilnummer",
        cs="telefonní číslo",
    )

    def check(self, candidates: pa.StringArray) -> Verdict:
        length = to_numpy(pc.binary_length(candidates))
        passed: Verdict = (length >= 7) & (length <= 15)
        return passed


EXAMPLES = [
    Example(PhoneNumber(), "我的手机号13812345678，或+86 139-1234-5678", ["13812345678", "+86 139-1234-5678"]),
    Example(PhoneNumber(), "电话：０１０－６２３４５６７８ 转", ["０１０－６２３４５６７８"]),
    Example(PhoneNumber(), "Call (415) 555-2671 or +44 20 7946 0958.", ["(415) 555-2671", "+44 20 7946 0958"]),
    Example(PhoneNumber(), "Telefon 030 901820", ["030 901820"]),
    Example(PhoneNumber(), "订单号13812345678", []),
    Example(PhoneNumber(), "tel:0044 20 7946 0018, 电话0044 2079460018", ["0044 20 7946 0018", "0044 2079460018"]),
    Example(PhoneNumber(), "token 483642424c4864b4e040aaa008405631 or x0044207946", []),
    Example(PhoneNumber(), "version 1.13812345678, total +100 000, 2024-01-02 12:30:45, 110101199003074477", []),
]
