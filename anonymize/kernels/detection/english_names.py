"""What lists of names and words say of a candidate for an English name."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from anonymize.core.detector import Pattern, words
from anonymize.kernels.arrays import from_numpy, to_numpy
from anonymize.kernels.detection.english_words import On, lists_of

UPPER, LOWER = r"[A-Z\x{c0}-\x{de}\x{100}-\x{17f}]", r"[a-z\x{df}-\x{17f}]"
CAPITALIZED = (
    rf"(?:(?:{UPPER}['’]|Mac|Mc|De|Di|Le|La|Van|Fitz)?{UPPER}{LOWER}{{1,20}}"
    rf"(?:-{UPPER}{LOWER}{{1,20}})?|(?:{UPPER}['’])?{UPPER}{{2,20}}(?:-{UPPER}{{2,20}})?)"
)
"""A word as names are written: `Mary`, `O'Brien`, `McDonald`, `Smith-Jones`, `SMITH`."""

INITIAL = rf"{UPPER}\.?"
PARTICLES = r"(?:(?:van der|van den|van de|van|von|de la|de|del|della|di|da|dos|du|al|el|bin|bint|ibn|le|la|ter) )"

HEADERS = words(
    en="name, full name, fullname, fname, lname, first name, last name, given name, surname, family"
    " name, middle name, maiden name,"
    " contact, payee, customer name, patient name, employee name, person, contact name, card holder,"
    " account holder, author, cust nm, nm, first nm, last nm, consignee, addressee, recipient name,"
    " signatory, borrower, policyholder, name first, name last, name given, name family, name middle, name full",
    de="name, vorname, nachname",
    fr="nom, prénom, prenom",
    es="nombre, apellido",
    it="nome, cognome",
    pt="nome, sobrenome",
    nl="naam, voornaam, achternaam",
    pl="imię, nazwisko, imię i nazwisko",
    sv="namn, förnamn, efternamn",
    da="navn, fornavn, efternavn",
    no="etternavn",
    fi="nimi, etunimi, sukunimi",
    cs="jméno, příjmení",
    tr="ad soyad, soyad",
)
NOT_HEADERS = words(
    en="file name, product name, host name, company name, brand name, table name, item name, place"
    " name, city name, event name,"
    " domain name, app name, project name, department name, school name, drug name, shop name, street"
    " name, country name,"
    " column name, server name, station name, state name, team name, song name, movie name, class"
    " name, category name, name type"
)

Mask = NDArray[np.bool_]


class Word:
    """One word of each candidate, and the lists it is on."""

    def __init__(self, spelled: pa.StringArray) -> None:
        self.spelled = spelled
        lists = lists_of(spelled)
        self.given = (lists & On.GIVEN) != 0
        self.family = ((lists & On.FAMILY) != 0) | to_numpy(pc.match_substring_regex(spelled, "^ma?c[a-z]{4}"))
        self.alone = (lists & On.ALONE) != 0
        self.is_person = (lists & On.PERSON) != 0
        self.is_thing = (lists & On.THING) != 0
        self.ordinary: Mask = ((lists & (On.WORDS | On.OTHER)) != 0) & ~self.alone
        self.is_initial = to_numpy(pc.utf8_length(spelled)) == 1


def plain(candidates: pa.StringArray) -> pa.StringArray:
    """In lower case, without apostrophes and full stops."""
    return pc.replace_substring_regex(pc.utf8_lower(candidates), "['’.]", "")


def first_word(spelled: pa.StringArray) -> pa.StringArray:
    """Up to the first space, comma or hyphen."""
    return pc.replace_substring_regex(spelled, r"(?s)[ ,-].*$", "")


def last_word(spelled: pa.StringArray) -> pa.StringArray:
    """From the last space, comma or hyphen on."""
    return pc.replace_substring_regex(spelled, r"(?s)^.*[ ,-]", "")


def pair_scores(first: Word, last: Word) -> NDArray[np.float64]:
    """How likely two words are a given name and a surname; 0 if one says that they are something else."""
    known = first.given & last.family
    first_plain, last_plain = ~first.ordinary, ~last.ordinary
    scores = np.select(
        [
            last.is_thing,
            known & first_plain & last_plain,
            known & first_plain,
            known & last_plain,
            known,
            first.is_initial & last.family & last_plain,
            first.given & first_plain & last_plain,
            first.given & last_plain,
            last.family & first_plain & last_plain,
            last.family & first_plain & ~first.is_initial,
            first_plain & last_plain & ~first.is_initial,
        ],
        [0.0, 0.85, 0.8, 0.75, 0.4, 0.55, 0.65, 0.3, 0.5, 0.3, 0.4],
        0.0,
    )
    return np.asarray(scores, np.float64)


def name_scores(spelled: pa.StringArray) -> NDArray[np.float64]:
    """How likely plain candidates of two words or three are names."""
    bare = pc.replace_substring_regex(spelled, f"(?i) {PARTICLES}", " ")
    first, last = Word(first_word(bare)), Word(last_word(bare))
    scores = pair_scores(first, last)
    middle = pc.replace_substring_regex(bare, r"^[^ ]+ (?:([^ ]+) )?(?:[^ ]+ )?[^ ]+$", r"\1")
    longer = to_numpy(pc.not_equal(middle, ""))
    if longer.any():
        chosen = from_numpy(longer)
        scores[longer] = _of_three(*(Word(each.filter(chosen)) for each in (first.spelled, middle, last.spelled)))
    return scores


def _of_three(first: Word, middle: Word, last: Word) -> NDArray[np.float64]:
    """A little more than the better two of them have, if the third may be a name."""
    whole = pair_scores(first, last)
    best = np.maximum(whole, np.maximum(pair_scores(first, middle), pair_scores(middle, last)))
    fits = (first.given | ~first.ordinary) & (last.family | ~last.ordinary | last.given) & ~last.is_thing
    inner = ~middle.is_thing & (middle.given | middle.family | ~middle.ordinary)
    with_initial = np.where(whole > 0, np.minimum(whole + 0.15, 0.9), 0.0)
    return np.where(middle.is_initial, with_initial, np.where(fits & inner, best + 0.02, 0.0))


def single_scores(word: Word) -> NDArray[np.float64]:
    """How likely a word is a name where one is due: a given name, or what is no common word."""
    plainly = ~word.ordinary & ~word.is_initial & ~word.is_thing
    scores = np.select(
        [(word.given | word.family) & plainly, word.given & ~word.is_initial, plainly], [0.85, 0.7, 0.55]
    )
    return np.asarray(scores, np.float64)


def announced(before: str) -> tuple[Pattern, ...]:
    """One capitalized word and two, behind what announces them."""
    two = rf"{CAPITALIZED}(?: {INITIAL}\b\.?)? {PARTICLES}?{CAPITALIZED}"
    return tuple(Pattern(body, before=LEFT + before, after=RIGHT) for body in (CAPITALIZED, two))


LEFT, RIGHT = r"(?:^|[^A-Za-z0-9_])", r"$|[^A-Za-z0-9_@\x{c0}-\x{24f}'’-]"
