"""How fake values are put together, by kind and locale.

In a recipe `{city}` is an item of that list (see `fake_pools`), `{1-200}` an integer of that range, `#` a digit,
`?` a capital letter; everything else stands for itself. Numbers lie in ranges set aside for fiction, tests or
documentation, or never assigned, wherever such a range is known; the comments say which. No recipe may begin as a
spreadsheet formula does.
"""

DEFAULT = {
    "person": "{first} {last}",
    "first_name": "{first}",
    "last_name": "{last}",
    "username": "{login_first}{login_last}#####",
    "email": "{login_first}.{login_last}####@example.{tld}",  # RFC 2606
    "url": "https://www.example.{tld}/{login_last}######",  # RFC 2606
    "ip": "198.{18-19}.{0-255}.{1-254}",  # set aside for benchmarks, never routed: RFC 2544
    "phone": "000 #### ####",  # no numbering plan (ITU-T E.164) has numbers that begin so
    "street": "{1-200} {street}",
    "city": "{city}",
    "postcode": "#####",
    "address": "{1-200} {street}, {city} #####",
    "company": "{company}",
    "job": "{job}",
    "plate": "???-####",
    "ssn": "666-{10-99}-####",  # an area number that the SSA never assigns
    "national_id": "ID-########",
}

_CHINESE = {
    "person": "{last}{given}{given}",
    "first_name": "{given}{given}",
    "street": "{street}{1-200}号",
    "address": "{city}{street}{1-200}号",
}

BY_LOCALE = {
    "en_US": {
        "phone": "({201-989}) 555-01##",  # reserved for fiction in every area (NANPA)
        "national_id": "666-{10-99}-####",
    },
    "en_GB": {
        "phone": "07700 900###",  # Ofcom's mobile numbers for drama
        "postcode": "ZZ{10-99} #??",  # no postcode area is called ZZ
        "address": "{1-200} {street}, {city} ZZ{10-99} #??",
        "plate": "??## ???",
        "national_id": "QQ######C",  # HMRC never issues the prefix QQ
    },
    "de_DE": {
        "phone": "030 23125###",  # the Bundesnetzagentur's numbers for drama
        "street": "{street} {1-200}",
        "address": "{street} {1-200}, ##### {city}",
        "plate": "XX-?? ####",  # no district is abbreviated XX
    },
    "fr_FR": {
        "phone": "06 39 98 ## ##",  # Arcep's mobile numbers for fiction
        "address": "{1-200} {street}, ##### {city}",
        "plate": "??-###-??",
    },
    "es_ES": {
        "phone": "0## ### ###",  # no Spanish number begins with 0
        "street": "{street} {1-200}",
        "address": "{street} {1-200}, ##### {city}",
        "plate": "#### A??",  # plates have no vowels
    },
    "ja_JP": {
        "person": "{last} {first}",
        "phone": "000-####-####",
        "street": "{street}{1-9}丁目{1-30}番{1-30}号",
        "postcode": "###-####",
        "address": "{city}{street}{1-9}丁目{1-30}番{1-30}号",
        "plate": "品川 3## お ##-##",  # the syllable お is never used
    },
    "zh_CN": _CHINESE
    | {
        "phone": "12#########",  # mobile numbers begin with 13 to 19
        "postcode": "######",
        "plate": "测?·#####",  # no province is abbreviated so
    },
    "zh_TW": _CHINESE
    | {
        "phone": "000-######",
        "street": "{street}路{1-200}號",
        "postcode": "###",
        "address": "{city}{street}路{1-200}號",
        "national_id": "?0########",  # the first digit of an issued number is never 0
    },
}


def recipe(kind: str, locale: str) -> str:
    """The recipe of a kind in a locale."""
    return BY_LOCALE.get(locale, {}).get(kind, DEFAULT[kind])
