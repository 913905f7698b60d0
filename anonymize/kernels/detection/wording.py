"""What stands beside numbers that are no personal data, in several languages."""

from types import MappingProxyType

from anonymize.core.detector import Words, words

_OTHER_NUMBERS = words(
    en="order, order id, order no, invoice, sku, tracking, shipment, serial, serial number, version, batch, lot,"
    " transaction, part, part no, product, article, item, ticket, barcode, ean, gtin, isbn, issn, timestamp,"
    " epoch,"
    " hash, checksum, build, revision, phone, tel, telephone, mobile, fax, amount, price, quantity, pid",
    de="Rechnung, Rechnungsnummer, Bestellung, Bestellnummer, Auftrag, Auftragsnummer, Sendung, Sendungsnummer,"
    " Artikel, Artikelnummer, Seriennummer, Telefon, Handy, Betrag, Preis, Vorgang",
    fr="commande, facture, colis, suivi, article, téléphone, tél, montant, prix, numéro de série, lot",
    es="pedido, factura, envío, artículo, teléfono, tel, móvil, importe, precio, número de serie, lote",
    it="ordine, fattura, spedizione, articolo, telefono, cellulare, importo, prezzo, lotto",
    pt="pedido, fatura, nota fiscal, encomenda, artigo, telefone, celular, valor, preço, lote",
    nl="bestelling, ordernummer, factuur, factuurnummer, zending, artikel, telefoon, bedrag, prijs",
    pl="zamówienie, faktura, przesyłka, telefon, kwota, cena",
    sv="beställning, ordernummer, faktura, telefon, belopp, pris",
    da="bestilling, ordrenummer, faktura, telefon, beløb",
    no="bestilling, ordrenummer, faktura, telefon, beløp",
    fi="tilaus, tilausnumero, lasku, puhelin, summa",
    cs="objednávka, faktura, telefon, částka",
    ro="comandă, factură, telefon, sumă",
    bg="поръчка, фактура, телефон, сума",
    hr="narudžba, račun, telefon, iznos",
    el="παραγγελία, τιμολόγιο, τηλέφωνο, ποσό",
    zh="订单, 流水, 单号, 编号, 序列号, 版本, 手机, 电话",
)


def other_numbers(*languages: str, without: str = "") -> Words:
    """Words for orders, goods and telephones in English, Chinese and these languages, `without` a few of them."""
    left_out = {word.strip() for word in without.split(",")}
    return MappingProxyType(
        {
            language: tuple(word for word in _OTHER_NUMBERS[language] if word not in left_out)
            for language in ("en", "zh", *languages)
        }
    )
