"""Medical record numbers."""

from typing import Literal

from anonymize.core.component import Example
from anonymize.core.detector import Detector, Pattern, words
from anonymize.kernels.detection.wording import other_numbers


class MedicalRecordNumber(Detector):
    """Medical record numbers: five to twelve digits, perhaps behind letters, that a word nearby calls one.

    Each hospital numbers its own way. The prefix MRN counts as context.
    """

    use: Literal["medical_record_number"] = "medical_record_number"

    entity = "MEDICAL_RECORD_NUMBER"
    patterns = (
        Pattern("(?i:mrn)-?[0-9]{4,12}", bare=0.9),
        Pattern("[0-9]{5,12}|[A-Za-z]{1,3}-?[0-9]{5,10}", bare=0.03, supported=0.85),
        Pattern("[0-9]{2,4}(?:-[0-9]{2,4}){1,3}", bare=0.02, supported=0.75),
    )
    standard = "HL7 v2 PID-3, type MR"
    laws = ("HIPAA 164.514(b)(2)(i)(H)", "PIPL Art. 28", "GDPR Art. 9")
    chance = 0.95
    contexts = words(
        en="mrn, medical record, medical record number, med rec, record number, patient id, patient no,"
        " patient number, chart, chart no, hospital no, hospital number",
        zh="病历号, 病案号, 住院号, 门诊号, 就诊卡号, 患者编号",
        ja="カルテ番号, 患者番号, 診察券番号",
        ko="병록번호, 환자번호, 등록번호",
        de="Patientennummer, Patienten-ID, Fallnummer, Aktenzeichen",
        fr="numéro de dossier, dossier médical, IPP",
        es="historia clínica, número de historia, NHC",
        it="cartella clinica",
        pt="prontuário",
    )
    against = other_numbers(without="编号, lot")
    headers = words(
        en="mrn, medical record number, medical record no, med rec no, patient id, patient no, patient number,"
        " patient identifier, chart no, chart number, hospital number",
        zh="病历号, 病案号, 住院号, 门诊号, 就诊卡号, 患者编号, 患者ID",
        pinyin="blh, bah, zyh, mzh",
        ja="カルテ番号, 患者番号, 患者id",
        ko="환자번호, 병록번호",
        de="patientennummer, patienten id, fallnummer",
        fr="numéro de dossier, ipp",
        es="historia clínica, nhc",
        pt="prontuário",
    )


EXAMPLES = [
    Example(MedicalRecordNumber(), "Patient (MRN: 00482913), MRN-558211", ["00482913", "MRN-558211"]),
    Example(MedicalRecordNumber(), "住院号2023004512", ["2023004512"]),
    Example(MedicalRecordNumber(), "invoice 00482913, 00482913 and 12-34", []),
]
