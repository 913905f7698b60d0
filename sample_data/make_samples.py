"""Writes the sample files: synthetic people in every shape that has ever broken a reader.

Run `python sample_data/make_samples.py [FOLDER]`; the same bytes come out every time. Nobody in here exists:
telephone numbers are 555-01xx or start with 154 (not allocated in China), mail goes to example.com, IP addresses
are those for documentation (RFC 5737, RFC 3849), cards are published test numbers or made up with a valid Luhn
digit, social security numbers lie in areas never issued, Chinese resident numbers name a county that is none.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
SEED = 20260101


def words(text: str) -> list[str]:
    return text.split()


FIRST = words("Ada Ben Chloé Dara Emeka Farid Grace Hana Iván Jürgen Kayla Lars Mei Noor Olga Priya Søren Zoë")
LAST = words(
    "Abbott O’Neil Brandt Castillo Dubois Eriksen Fontaine Garcia-Lopez Hughes Ito Jansen Kovač Lindqvist"
)
DOMAINS = ("example.com", "example.org", "mail.example.net")
PLACES = [
    ("Keene", "NH", "036"),
    ("Portland", "OR", "972"),
    ("Jackson", "WY", "830"),
    ("Salem", "MA", "019"),
    ("Burlington", "VT", "054"),
    ("San José", "CA", "951"),
    ("Bondville", "VT", "059"),
]
TEST_CARDS = words(
    "4111111111111111 4012888888881881 5555555555554444 5105105105105100 378282246310005 6011111111111117 "
    "30569309025904 3530111333300000 2223003122003222"
)
NOTES = [
    "called twice",
    "prefers e-mail, not phone",
    'said "call me later"',
    "first line\nsecond line",
    "café ☕, 10 % off 🎉",
    "ends with a backslash \\",
    " spaces around ",
    "ｗｉｄｅ　letters 東京",
    "N/A",
    "",
    None,
]
SURNAMES = words("王 李 张 刘 陈 杨 赵 黄 周 吴 欧阳 司马 上官 㙍")
GIVEN = words("伟 芳 娜 敏 静 丽 强 磊 洋 艳 子涵 梓轩 欣怡 浩然 诗琪 𠮷")
STREETS = [
    "广东省深圳市南山区科苑路",
    "北京市海淀区学院路",
    "上海市浦东新区世纪大道",
    "四川省成都市武侯区天府大道",
    "内蒙古自治区呼和浩特市新城区中山路",
    "黑龙江省哈尔滨市道里区友谊路",
]
ANSWERS = ["Thanks, I have noted that.", "好的，已记录。", "Done ✅"]
DIAGNOSES = words("E11.9 I10 J45.909 M54.5 F32.9 B20 C50.911")


class Quoted(str):
    """A CSV cell that stands in quotes although it need not."""

    __slots__ = ()


class Json(str):
    """A piece of JSON text that goes out exactly as it is."""

    __slots__ = ()


def csv_cell(value: str | None) -> str:
    """Null is an empty cell, the empty string is `""`."""
    if value is None:
        return ""
    if value == "" or isinstance(value, Quoted) or any(mark in value for mark in ',"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


def csv_text(header: str, rows: Iterable[Sequence[str | None]], end: str = "\n") -> str:
    return header + end + "".join(",".join(map(csv_cell, row)) + end for row in rows)


def json_text(value: Any, ascii_only: bool) -> str:
    """JSON like json.dumps, except that `Json` pieces keep their spelling."""
    if isinstance(value, Json):
        return value
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}: {json_text(item, ascii_only)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(json_text(item, ascii_only) for item in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


def luhn(body: str) -> str:
    """The number with its Luhn digit (ISO/IEC 7812-1) appended."""
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(reversed(body))]
    return body + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def resident_number(rng: Random, born: date) -> str:
    """A Chinese resident number (GB 11643-1999) of county 99, which no city has, with its MOD 11-2 digit."""
    body = f"{rng.choice(('11', '31', '44', '51'))}0199{born:%Y%m%d}{rng.randrange(1, 1000):03}"
    total = sum(int(digit) * (2 ** (17 - index) % 11) for index, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def born(rng: Random, oldest: int = 1930) -> date:
    return date(oldest, 1, 1) + timedelta(days=rng.randrange(int((2006 - oldest) * 365.25)))


def us_phone(rng: Random) -> str:
    area, line = rng.choice((212, 312, 415, 802)), f"01{rng.randrange(100):02}"
    shape = rng.choice(("({0}) 555-{1}", "{0}-555-{1}", "+1 {0} 555 {1}", "{0}.555.{1}"))
    return shape.format(area, line)


def ssn(rng: Random) -> str:
    """Area 666, or 9xx with a group that is no ITIN either: never issued to anyone."""
    area = rng.choice((666, rng.randrange(900, 1000)))
    return f"{area}-{rng.randrange(1, 50):02}-{rng.randrange(1, 10000):04}"


def address_of_documentation(rng: Random) -> str:
    if rng.random() < 0.2:
        return f"2001:db8:{rng.randrange(65536):x}::{rng.randrange(65536):x}"
    return f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randrange(1, 255)}"


def card(rng: Random) -> str:
    made_up = luhn(f"400000{rng.randrange(10**9):09}")
    return made_up if rng.random() < 0.6 else rng.choice(TEST_CARDS)


def english_name(rng: Random) -> tuple[str, str]:
    """A name and the mail address that goes with it."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    plain = "".join(letter for letter in f"{first}.{last}".lower() if letter.isascii())
    return f"{first} {last}", f"{plain}{rng.randrange(100)}@{rng.choice(DOMAINS)}"


def people(rng: Random) -> str:
    header = (
        "id,full_name,sex,email,phone,ssn,credit_card,birth_date,zip,city,state,salary,balance,score,ip,consent,level,"
        "notes"
    )
    return csv_text(header, [_person(rng, number) for number in range(1, 201)])


def _person(rng: Random, number: int) -> list[str | None]:
    name, email = english_name(rng)
    city, state, area = rng.choice(PLACES)
    if number % 9 == 0:
        first, _, last = name.partition(" ")
        name = f"{last}, {first}"
    if number % 40 == 0:
        name = f'{name} "Ace" Smith'
    return [
        f"{number:05}",  # leading zeros
        Quoted(name) if number % 7 == 0 else name,
        rng.choice("FMX"),
        rng.choice((email, email, email, email.upper(), "", None)),
        rng.choice((us_phone(rng), us_phone(rng), None)),
        ssn(rng) if number % 11 else None,
        card(rng) if number % 3 else None,
        born(rng).isoformat(),
        f"{area}{rng.randrange(100):02}",
        city,
        state,
        str(rng.randrange(28_000, 190_000)),
        rng.choice(("1.10", "0.00", "-12.50", "1e5", "00123", f"{rng.randrange(10_000)}.{rng.randrange(100):02}")),
        rng.choice(("1e5", "1.0", "3", "0.1000", Quoted("7"), None)),
        address_of_documentation(rng),
        rng.choice(("yes", "yes", "yes", "no")),
        str(rng.randrange(1, 6)),
        rng.choice(NOTES) if number % 5 else f"reach {name} at {email} or {us_phone(rng)}",
    ]


def people_zh(rng: Random) -> str:
    header = "用户编号,姓名,性别,身份证号,手机号,邮箱,地址,银行卡号,出生日期,年龄,月收入,注册时间,备注"
    return csv_text(header, [_person_zh(rng, number) for number in range(1, 151)])


def _person_zh(rng: Random, number: int) -> list[str | None]:
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    day = born(rng, 1940)
    mobile = f"154{rng.randrange(10**8):08}"
    resident = resident_number(rng, day)
    written = rng.choice((f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}"))
    contact = f"联系人{name}，电话{mobile}"
    notes = ("客户要求“尽快”回电", contact, '备注含"引号"和,逗号', "第一行\n第二行", "　全角空格　", "", None)
    return [
        f"{number:06}",
        name,
        rng.choice("男女"),
        resident.lower() if number % 13 == 0 else resident,
        mobile if number % 6 else f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
        rng.choice((f"user{number}@example.com", f"{number}@example.org", "", None)),
        f"{rng.choice(STREETS)}{rng.randrange(1, 999)}号{rng.randrange(1, 30)}单元",
        luhn(f"620000{rng.randrange(10**12):012}"),
        written,
        str(2026 - day.year),
        f"{rng.randrange(3000, 60000)}.{rng.randrange(100):02}",
        f"{datetime(2025, 1, 1) + timedelta(minutes=rng.randrange(500_000)):%Y-%m-%d %H:%M:%S}",
        rng.choice(notes),
    ]


def visits(rng: Random) -> str:
    header = "patient_id,name,sex,birth_date,age,zip,visit_date,discharge_date,diagnosis,doctor,cost,notes"
    rows: list[list[str | None]] = []
    for patient in range(1, 91):
        name, _ = english_name(rng)
        day, (_, _, area) = born(rng, 1925), rng.choice(PLACES)
        fixed = [f"MRN{patient:06}", name, rng.choice("FM"), day.isoformat()]
        post = f"{area}{rng.randrange(100):02}"
        rows += [[*fixed, *_visit(rng, name, day, post)] for _ in range(rng.randrange(1, 6))]
    rng.shuffle(rows)
    return csv_text(header, rows)


def _visit(rng: Random, name: str, birth: date, post: str) -> list[str | None]:
    start = date(2024, 1, 1) + timedelta(days=rng.randrange(700))
    end = start + timedelta(days=rng.randrange(12))
    doctor = f"Dr. {rng.choice(LAST)}"
    told = f"{name.partition(' ')[0]} reports pain, see {doctor}"
    note = rng.choice((told, "follow-up\nin two weeks", 'says "better"', None))
    return [
        str((start - birth).days // 365),
        post,
        start.isoformat(),
        end.isoformat() if rng.random() < 0.8 else None,
        rng.choice(DIAGNOSES),
        doctor,
        rng.choice(("120.00", "1.10", f"{rng.randrange(50, 9000)}.00")),
        note,
    ]


def payments(rng: Random) -> str:
    """Bank style: CRLF line ends, no line end after the last row."""
    header = "payment_id,card_number,cardholder,cvv,expiry,amount,currency,ip,merchant,status,created_at"
    rows: list[list[str | None]] = []
    for number in range(1, 201):
        pan = card(rng)
        spaced = " ".join(pan[start : start + 4] for start in range(0, len(pan), 4))
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(5_000_000))
        rows.append(
            [
                f"P{number:07}",
                rng.choice((pan, pan, pan, spaced, Quoted(pan))),
                english_name(rng)[0].upper(),
                rng.choice((f"{rng.randrange(1000):03}", None)),
                f"{rng.randrange(1, 13):02}/{rng.randrange(26, 33)}",
                rng.choice(("1.10", "1e5", "0.50", "-20.00", f"{rng.randrange(9000)}.{rng.randrange(100):02}")),
                rng.choice(("USD", "EUR", "CNY", "JPY")),
                address_of_documentation(rng),
                rng.choice(("Corner Shop", "Bücher & Co, Inc.", "书店", "Kiosk 24")),
                rng.choice(("paid", "refunded", "failed")),
                moment.isoformat().replace("+00:00", rng.choice(("Z", "+00:00"))),
            ]
        )
    return csv_text(header, rows, "\r\n").removesuffix("\r\n")


def chat(rng: Random) -> str:
    return "".join(_conversation(rng, number) + "\n" for number in range(1, 101))


def _conversation(rng: Random, number: int) -> str:
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": _said(rng)},
        {"role": "assistant", "content": rng.choice(ANSWERS)},
    ]
    if number % 4 == 0:
        messages.insert(0, {"role": "system", "content": "You are a helpful support agent.\nBe brief."})
    if number % 10 == 0:
        messages.append({"role": "user", "content": None})
    meta: dict[str, Any] = {
        "created_at": f"{datetime(2026, 2, 1) + timedelta(minutes=number * 37):%Y-%m-%dT%H:%M:%SZ}",
        "model": "demo-1",
        "seed": Json(str(rng.randrange(10**29, 10**30))),
        "cost": Json(rng.choice(("1.10", "0.0", "1e-3", "12"))),
        "ip": address_of_documentation(rng),
    }
    if number % 3:  # the rest lacks the key: missing beside null
        meta["session_id"] = None if number % 5 == 0 else f"sess-{rng.randrange(16**8):08x}"
    record = {
        "messages": messages,
        "user_id": f"u{number % 37:04}",
        "language": rng.choice(("en", "zh", "de")),
        "rating": rng.choice((None, 1, 3, 5)),
        "meta": meta,
    }
    return json_text(record, ascii_only=number % 2 == 0)


def _said(rng: Random) -> str:
    name, email = english_name(rng)
    pan, day = card(rng), born(rng, 1950)
    return rng.choice(
        (
            f"Hi, I am {name}, my e-mail is {email}. Call {us_phone(rng)}, please.",
            f"my card {pan[:4]}-{pan[4:8]}-{pan[8:12]}-{pan[12:]} was charged twice; SSN {ssn(rng)}",
            f"我的手机号是154{rng.randrange(10**8):08}，身份证{resident_number(rng, day)}，请尽快联系。",
            f"Réservation impossible depuis {address_of_documentation(rng)}, écrivez à {email}",
            f"clone https://{name.split()[0].lower()}:hunter2@git.example.com/app.git fails",
            "The build of version 1.2.3 fails on 2026-02-01; order 1234 is late.",
            'She wrote: "tab\there", then C:\\temp\\log.txt 🙂',
            f"卡号{pan}，密码是什么？",
            "",
        )
    )


def contacts(rng: Random) -> pa.Table:
    people = [_contact(rng, number) for number in range(200)]
    phone = pa.struct([("kind", pa.string()), ("number", pa.string())])
    contact = pa.struct(
        [
            ("name", pa.string()),
            ("email", pa.string()),
            ("city", pa.string()),
            ("phones", pa.list_(phone)),
        ]
    )
    schema = pa.schema(
        [
            pa.field("id", pa.int64(), nullable=False, metadata={"comment": "customer number"}),
            pa.field("contact", contact),
            pa.field("tags", pa.list_(pa.string())),
            pa.field("country", pa.dictionary(pa.int8(), pa.string())),
            pa.field("birth_date", pa.date32()),
            pa.field("signed_up", pa.timestamp("us", tz="Europe/Berlin")),
            pa.field("balance", pa.decimal128(18, 2)),
            pa.field("score", pa.float32()),
            pa.field("active", pa.bool_()),
            pa.field("photo_hash", pa.binary()),
        ],
        metadata={"owner": "sample_data", "purpose": "nested columns"},
    )
    return pa.Table.from_pylist(people, schema=schema)


def _contact(rng: Random, number: int) -> dict[str, Any]:
    name, email = english_name(rng)
    kinds = ("home", "work", None)
    phones = [{"kind": rng.choice(kinds), "number": us_phone(rng)} for _ in range(rng.randrange(4))]
    person: dict[str, Any] = {"name": name, "email": rng.choice((email, "", None)), "phones": phones}
    person["city"] = rng.choice(PLACES)[0]
    if number % 12 == 0:
        person["phones"] = None
    return {
        "id": 10**12 + number,
        "contact": person if number % 25 else None,
        "tags": rng.choice((None, [], ["vip"], ["new", "café", None])),
        "country": rng.choice(("US", "FR", "中国", None)),
        "birth_date": born(rng) if number % 8 else None,
        "signed_up": datetime(2024, 6, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(50_000_000)),
        "balance": Decimal(rng.randrange(-10_000, 10**8)).scaleb(-2),
        "score": rng.choice((0.5, 1.25, None)),
        "active": rng.choice((True, False, None)),
        "photo_hash": rng.choice((b"", rng.randbytes(8), None)),
    }


def main(folder: Path) -> None:
    texts = {"people.csv": people, "visits.csv": visits, "payments.csv": payments, "chat.jsonl": chat}
    for name, make in texts.items():
        (folder / name).write_bytes(make(Random(f"{SEED} {name}")).encode())
    chinese = people_zh(Random(f"{SEED} people_zh"))
    (folder / "people_zh.csv").write_bytes(chinese.encode())
    (folder / "people_zh_gb18030.csv").write_bytes(chinese.encode("gb18030"))
    table = contacts(Random(f"{SEED} contacts.parquet"))
    with (folder / "contacts.parquet").open("wb") as file:
        pq.write_table(table, file, row_group_size=80, compression="zstd")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
