"""Attributes of people that only the name of a column tells: their values look like any other."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from anonymize.core.detector import Words, words
from anonymize.core.roles import Role
from anonymize.kernels.detection.headers import Phrases, named_exactly, named_so


@dataclass(frozen=True)
class Attribute:
    """Something about a person, and the part it plays."""

    name: str
    role: Role
    headers: Words
    laws: tuple[str, ...] = ()
    exact: bool = False
    """Whether the whole name must agree: words that say other things at the end of longer names."""


HEALTH = ("GDPR Art. 9", "PIPL Art. 28", "HIPAA 160.103")
MONEY = ("PIPL Art. 28", "GB/T 35273-2020 app. B")
BIOMETRIC = ("HIPAA 164.514(b)(2)(i)(P)", "GDPR Art. 9", "PIPL Art. 28")

ATTRIBUTES = (
    Attribute(
        "HEALTH",
        Role.SENSITIVE,
        words(
            en="diagnosis, disease, condition, icd, icd code, icd 10, medication, drug, prescription, treatment,"
            " procedure, symptom, allergy, blood type, blood group, disability, hiv status, test result,"
            " lab result, diagnosis code, diagnosis name, drug name, medication name, pregnancy, mental health,"
            " cause of death, medical history, comorbidity, vaccination",
            zh="诊断, 疾病, 病史, 病情, 用药, 药品, 处方, 症状, 过敏史, 血型, 残疾, 检查结果, 化验结果, 手术,"
            " 病名",
            pinyin="zd, zdmc, jbmc",
            ja="診断, 病名, 病歴, 処方, 血液型, 既往歴",
            ko="진단, 병명, 질병, 혈액형, 처방",
            de="diagnose, krankheit, medikament, behandlung, blutgruppe, behinderung, befund",
            fr="diagnostic, maladie, médicament, traitement, groupe sanguin, pathologie, antécédents",
            es="diagnóstico, diagnostico, enfermedad, medicamento, tratamiento, grupo sanguíneo",
            it="diagnosi, malattia, farmaco, terapia, gruppo sanguigno",
            pt="diagnóstico, doença, medicamento, tratamento, tipo sanguíneo",
        ),
        HEALTH,
    ),
    Attribute(
        "INCOME",
        Role.SENSITIVE,
        words(
            en="salary, income, wage, wages, pay, annual income, monthly income, net worth, credit score, debt,"
            " bonus, compensation, credit limit, pension",
            zh="收入, 工资, 薪资, 薪水, 薪酬, 月薪, 年薪, 年收入, 月收入, 信用分, 授信额度, 负债, 存款",
            pinyin="gz, ysr, nsr",
            ja="年収, 収入, 給与, 給料, 月収",
            ko="급여, 연봉, 소득, 월급",
            de="gehalt, einkommen, lohn, jahreseinkommen, schulden",
            fr="salaire, revenu, revenus, rémunération",
            es="salario, sueldo, ingresos, renta",
            it="stipendio, reddito, retribuzione",
            pt="salário, renda, rendimento",
        ),
        MONEY,
    ),
    Attribute(
        "CRIMINAL_RECORD",
        Role.SENSITIVE,
        words(
            en="criminal record, conviction, offence, offense, arrest, felony, sentence length",
            zh="犯罪记录, 前科, 违法记录",
            de="vorstrafe, vorstrafen, straftat",
            fr="casier judiciaire, condamnation, infraction",
            es="antecedentes penales, delito, condena",
        ),
        ("GDPR Art. 10", "PIPL Art. 28"),
    ),
    Attribute(
        "SEXUAL_ORIENTATION",
        Role.SENSITIVE,
        words(
            en="sexual orientation, orientation, sex life",
            zh="性取向",
            de="sexuelle orientierung",
            fr="orientation sexuelle",
            es="orientación sexual",
        ),
        ("GDPR Art. 9", "GB/T 35273-2020 app. B"),
    ),
    Attribute(
        "BIOMETRIC",
        Role.DIRECT_IDENTIFIER,
        words(
            en="fingerprint, iris, face id, face embedding, face vector, voiceprint, biometric, biometrics,"
            " retina, dna, genome, photo, portrait, avatar, selfie, signature image, mugshot, photograph, picture",
            zh="指纹, 虹膜, 人脸, 声纹, 照片, 头像, 人脸特征, 基因, 掌纹",
            ja="指紋, 虹彩, 顔写真, 写真",
            ko="지문, 홍채, 사진",
            de="fingerabdruck, foto, lichtbild, passbild",
            fr="empreinte digitale, photo, photographie",
            es="huella dactilar, foto, fotografía",
            it="impronta digitale, foto",
            pt="impressão digital, foto",
        ),
        (*BIOMETRIC, "HIPAA 164.514(b)(2)(i)(Q)"),
    ),
    Attribute(
        "REGION",
        Role.QUASI_IDENTIFIER,
        words(
            en="state, province, region, country, us state, home state, country of residence, country of birth,"
            " birth country, country code, state code",
            zh="省, 省份, 所在省, 国家, 地区, 籍贯省份",
            ja="都道府県, 国",
            ko="시도, 국가",
            de="bundesland, land, staat, region",
            fr="pays, région, département",
            es="país, provincia, comunidad autónoma, pais",
            it="paese, provincia, regione",
            pt="país, estado, distrito, uf",
        ),
        ("GDPR Art. 4(1)",),
    ),
    Attribute(
        "OCCUPATION",
        Role.QUASI_IDENTIFIER,
        words(
            en="occupation, job, job title, profession, position, employer, workplace, department, industry",
            zh="职业, 职务, 职位, 工作单位, 单位, 部门, 行业, 岗位",
            pinyin="zy, zw, gzdw",
            ja="職業, 勤務先, 役職, 部署",
            ko="직업, 직장, 직책, 부서",
            de="beruf, arbeitgeber, abteilung, position",
            fr="profession, métier, employeur, emploi, service",
            es="profesión, ocupación, empleo, cargo, departamento",
            it="professione, occupazione, impiego",
            pt="profissão, ocupação, cargo",
        ),
        ("GDPR Art. 4(1)",),
    ),
    Attribute(
        "FAMILY",
        Role.QUASI_IDENTIFIER,
        words(
            en="marital status, marriage status, civil status, household size, children, number of children,"
            " dependents, family size, relationship status",
            zh="婚姻状况, 婚姻状态, 婚姻, 子女数, 家庭人口",
            pinyin="hyzk",
            ja="婚姻, 家族構成, 配偶者",
            ko="결혼여부, 혼인상태, 자녀수",
            de="familienstand, kinder",
            fr="situation familiale, état civil, enfants",
            es="estado civil, hijos",
            it="stato civile, figli",
            pt="estado civil, filhos",
        ),
        ("GDPR Art. 4(1)",),
    ),
    Attribute(
        "EDUCATION",
        Role.QUASI_IDENTIFIER,
        words(
            en="education, education level, degree, school, university, highest degree, major, education years",
            zh="学历, 文化程度, 学位, 毕业院校, 学校, 专业, 教育程度",
            pinyin="xl, whcd",
            ja="学歴, 学校, 最終学歴",
            ko="학력, 학교, 전공",
            de="bildung, schulabschluss, abschluss, ausbildung",
            fr="diplôme, niveau d études, formation, école",
            es="estudios, nivel de estudios, escolaridad, educación",
            it="istruzione, titolo di studio",
            pt="escolaridade, educação",
        ),
        ("GDPR Art. 4(1)",),
    ),
    Attribute(
        "LANGUAGE",
        Role.QUASI_IDENTIFIER,
        words(
            en="native language, mother tongue, preferred language, spoken language, language",
            zh="母语, 语言",
            ja="母語",
            ko="모국어",
            de="muttersprache, sprache",
            fr="langue maternelle, langue",
            es="lengua materna, idioma",
        ),
        ("GDPR Art. 4(1)",),
        exact=True,
    ),
    Attribute(
        "BODY",
        Role.QUASI_IDENTIFIER,
        words(
            en="body height, body weight, bmi, eye color, eye colour, hair color, hair colour",
            zh="身高, 体重",
            ja="身長, 体重",
            ko="키, 몸무게",
            de="körpergröße, gewicht",
            fr="taille, poids",
            es="estatura, peso",
        ),
        ("GDPR Art. 4(1)",),
        exact=True,
    ),
    Attribute(
        "CARD_SECURITY_CODE",
        Role.DIRECT_IDENTIFIER,
        words(
            en="cvv, cvc, cvv2, cvc2, csc, card verification value, card security code, card pin, pin block,"
            " track data, track 1, track 2",
            zh="安全码, 卡安全码, 卡片验证码",
            ja="セキュリティコード",
            de="kartenprüfnummer, kartenprüfziffer",
            fr="cryptogramme",
            es="código de seguridad",
        ),
        ("PCI DSS 3.3", "PIPL Art. 28"),
        exact=True,
    ),
    Attribute(
        "CARD_EXPIRY",
        Role.QUASI_IDENTIFIER,
        words(
            en="expiry, card expiry, card expiration, card expiry date, exp month, exp year, valid thru",
            zh="卡有效期, 信用卡有效期",
            de="karte gültig bis",
        ),
        ("PCI DSS 3.2", "PCI DSS 3.5"),
        exact=True,
    ),
)


@lru_cache(maxsize=4096)
def attribute_of(name: str) -> Attribute | None:
    """What a column is about, if its name says so."""
    return next(_fitting(name), None)


def _fitting(name: str) -> Iterator[Attribute]:
    for attribute, headers in _HEADERS:
        if named_exactly(name, headers):
            yield attribute
    for attribute, headers in _HEADERS:
        if not attribute.exact and named_so(name, headers):
            yield attribute


_HEADERS = [(attribute, Phrases(attribute.headers)) for attribute in ATTRIBUTES]
