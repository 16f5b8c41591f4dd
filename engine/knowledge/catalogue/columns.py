"""What a column of a plain table holds, guessed from its name in five languages.

Never here: the well-known exports; their formats know their columns. A guess is shown to the shop owner, who decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.knowledge.catalogue.entries import SINGLE_FIELDS, Field
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.privacy import private_column

__all__ = ["SYNONYMS", "Guess", "chosen_fields", "guess_columns", "stated_currency"]

SYNONYMS: dict[Field, tuple[str, ...]] = {
    "title": (
        "title", "name", "product name", "product title", "item name", "product", "item", "Titel", "Bezeichnung",
        "Produktname", "Produkttitel", "Artikelbezeichnung", "Artikelname", "Produktbezeichnung", "Produkt", "Artikel",
        "nom", "titre", "nom du produit", "produit", "désignation", "libellé", "nombre", "título",
        "nombre del producto", "producto", "nome", "titolo", "nome prodotto", "prodotto", "denominación", "articolo",
        "nome articolo", "nombre producto", "nom produit", "artículo", "article",
    ),
    "sku": (
        "sku", "item number", "article number", "product code", "item no", "stock keeping unit", "part number",
        "product number", "item code", "model number", "Artikelnummer", "Artikel-Nr", "Art.-Nr.", "ArtNr", "Artikelnr",
        "Bestellnummer", "Produktnummer", "référence", "ref", "réf", "code article", "référence produit", "referencia",
        "código", "código de artículo", "código producto", "codice", "codice articolo", "codice prodotto",
        "riferimento", "UGS", "variant sku", "item sku",
    ),
    "id": ("id", "product id", "item id", "Produkt-ID", "Artikel-ID", "id produit", "id producto", "id prodotto",
           "identifier", "identifiant", "identificador", "identificativo", "handle", "slug"),
    "group": ("item group id", "parent", "parent sku", "parent id", "group", "group id", "master sku", "parent product",
              "Elternartikel", "Vaterartikel", "Hauptartikel", "Eltern-SKU", "parent handle", "produit parent",
              "producto padre", "prodotto padre", "Übergeordnetes Produkt", "variant group", "style number"),
    "gtin": ("gtin", "ean", "upc", "isbn", "ean13", "gtin13", "ean code", "barcode", "EAN/GTIN", "Strichcode",
             "code barres", "code ean", "código de barras", "codice a barre", "codice ean", "jan", "variant barcode",
             "GTIN, UPC, EAN, or ISBN", "gtin ean", "ean upc", "código ean"),
    "mpn": ("mpn", "manufacturer part number", "Herstellernummer", "Hersteller-Artikelnummer",
    "Herstellerartikelnummer",
            "référence fabricant", "referencia del fabricante", "codice produttore", "manufacturer sku", "HAN"),
    "description": ("description", "long description", "product description", "body", "body html", "details", "text",
                    "Beschreibung", "Produktbeschreibung", "Langbeschreibung", "Artikelbeschreibung", "Langtext",
                    "description du produit", "description longue", "descriptif", "descripción",
                    "descripción del producto", "descrizione", "descrizione prodotto", "descrizione lunga",
                    "descripción larga", "full description"),
    "summary": ("short description", "summary", "subtitle", "Kurzbeschreibung", "Kurztext", "description courte",
                "résumé", "descripción corta", "resumen", "descrizione breve", "riassunto", "teaser"),
    "url": ("url", "link", "product url", "product link", "permalink", "web page", "page url", "Produktlink",
            "Produkt-URL", "Deeplink", "lien", "lien produit", "url du produit", "enlace", "url del producto",
            "enlace del producto", "collegamento", "link prodotto", "url prodotto", "address", "Webadresse"),
    "price": ("price", "sales price", "selling price", "retail price", "unit price", "gross price", "price gross",
              "regular price", "variant price", "current price", "price incl vat", "price incl tax", "Preis",
              "Verkaufspreis", "VK", "VK-Preis", "Bruttopreis", "Preis brutto", "VK brutto", "Einzelpreis", "Endpreis",
              "prix", "prix de vente", "prix TTC", "prix unitaire", "prix public", "tarif", "precio",
              "precio de venta", "precio unitario", "precio con IVA", "PVP", "prezzo", "prezzo di vendita",
              "prezzo unitario", "prezzo ivato", "prezzo al pubblico", "Preis inkl. MwSt", "consumer price",
              "price amount", "price value"),
    "price_cents": ("price in cents", "price cents", "cents", "price minor", "unit amount", "Preis in Cent",
                    "Preis Cent", "prix en centimes", "prix centimes", "precio en céntimos", "precio céntimos",
                    "precio en centavos", "prezzo in centesimi", "prezzo centesimi", "price in pence", "minor units",
                    "price minor units", "price in hundredths"),
    "was_price": ("was price", "compare at price", "list price", "old price", "rrp", "msrp", "srp", "original price",
                  "price before", "variant compare at price", "previous price", "UVP", "alter Preis", "Streichpreis",
                  "Listenpreis", "vorheriger Preis", "statt Preis", "Originalpreis", "ancien prix", "prix barré",
                  "prix conseillé", "prix initial", "precio anterior", "precio tachado", "precio original",
                  "precio recomendado", "prezzo precedente", "prezzo barrato", "prezzo originale",
                  "prezzo di listino", "prezzo consigliato", "strikethrough price"),
    "sale_price": ("sale price", "special price", "discount price", "discounted price", "offer price", "promo price",
                   "Angebotspreis", "Aktionspreis", "Sonderpreis", "reduzierter Preis", "prix promo",
                   "prix promotionnel", "prix soldé", "precio de oferta", "precio oferta", "precio rebajado",
                   "prezzo scontato", "prezzo in offerta", "prezzo promozionale", "prezzo offerta"),
    "sale_dates": ("sale price effective date",),
    "currency": ("currency", "currency code", "price currency", "price currency code", "Währung", "devise",
    "monnaie", "moneda", "divisa",
                 "valuta"),
    "availability": ("availability", "stock status", "in stock", "available", "availability status", "is in stock",
                     "Verfügbarkeit", "Lagerstatus", "lieferbar", "verfügbar", "auf Lager", "vorrätig", "disponibilité",
                     "en stock", "disponible", "statut stock", "disponibilidad", "en existencias", "disponibilità",
                     "disponibile", "stato magazzino"),
    "stock": ("stock", "quantity", "qty", "stock quantity", "inventory", "inventory quantity", "stock on hand",
              "on hand", "stock level", "units in stock", "variant inventory qty", "Bestand", "Lagerbestand", "Lager",
              "Menge",
              "Anzahl", "Stückzahl", "quantité", "stock disponible", "qté", "quantité en stock", "existencias",
              "cantidad", "inventario", "giacenza", "quantità", "scorte", "quantità disponibile", "qta"),
    "brand": ("brand", "brand name", "manufacturer", "maker", "make", "label", "Marke", "Hersteller", "Markenname",
              "marque", "fabricant", "marca", "fabricante", "marchio", "produttore"),
    "category": ("category", "categories", "product type", "type", "product category", "department", "collection",
                 "google product category", "Kategorie", "Kategorien", "Warengruppe", "Produktgruppe", "Produktart",
                 "Rubrik", "Produkttyp", "catégorie", "catégories", "rayon", "type de produit", "categoría",
                 "categorías", "tipo de producto", "familia", "categoria", "categorie", "tipo di prodotto", "reparto"),
    "image": ("image", "images", "image url", "image link", "picture", "photo", "image src", "main image", "thumbnail",
              "additional image link", "image urls", "image 1", "image 2", "image 3", "Bild", "Bilder", "Bild-URL",
              "Bildlink", "Foto", "Produktbild", "Abbildung", "photos", "url image", "lien image", "url de l'image",
              "imagen", "imágenes", "url imagen", "fotos", "immagine", "immagini", "url immagine", "pictures"),
    "option": ("size", "color", "colour", "Größe", "Farbe", "taille", "couleur", "talla", "tamaño", "taglia", "colore",
               "misura", "colori", "variant", "Variante"),
}  # fmt: skip
KNOWN: dict[str, Field] = {normal_name(name): field for field, names in SYNONYMS.items() for name in names}
CURRENCIES = {
    "€": "EUR", "£": "GBP", "eur": "EUR", "euro": "EUR", "usd": "USD", "gbp": "GBP", "chf": "CHF", "cad": "CAD",
    "aud": "AUD", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "nzd": "NZD", "jpy": "JPY",
    "mxn": "MXN", "brl": "BRL", "inr": "INR", "huf": "HUF", "ron": "RON", "try": "TRY",
}  # fmt: skip
PRICE_WORDS = re.compile(r"\b(price|preis|prix|precio|prezzo|tarif|tarifa)\b|preis\b|\b(net|netto|brutto|ht|ttc)\b")
HOUSEKEEPING = re.compile(
    r"\b(meta|seo|tax|vat|mwst|steuer\w*|tva|iva|created|updated|modified|position|sort|published|visible|visibility|status"
    r"|download|tracking|template|theme|shipping class|url key|index|row|uuid|timestamp|option\d?|enabled|active|aktiv"
    r"|publie|publicado|pubblicato|erstellt|geandert|gtin exists|identifier exists)\b"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to hold."""

    field: Field
    private: str = ""
    """Why it is the shop's own business, or nothing."""
    certain: bool = False
    """Whether a private column is so beyond doubt."""


def guess_columns(names: Iterable[str]) -> dict[str, Guess]:
    """A guess for every column. A field that only one column can hold goes to the one that names it best."""
    guesses: dict[str, Guess] = {}
    best: dict[Field, tuple[int, str]] = {}
    for name in names:
        mark = private_column(name)
        if mark is not None:
            guesses[name] = Guess("", mark.reason, mark.certain)
            continue
        found, rank = guess_field(name)
        guesses[name] = Guess(found)
        if found in SINGLE_FIELDS and (found not in best or rank < best[found][0]):
            best[found] = (rank, name)
    for name, guess in guesses.items():
        if guess.field in SINGLE_FIELDS and best[guess.field][1] != name:
            guesses[name] = Guess("")
    return guesses


def guess_field(name: str) -> tuple[Field, int]:
    """(field, rank): the lower the rank, the better the name fits."""
    words = normal_name(name)
    for form in (words, without_currency(words), re.sub(r"^(product|variant|item|artikel|produkt) ", "", words)):
        if form in KNOWN:
            names = [normal_name(synonym) for synonym in SYNONYMS[KNOWN[form]]]
            return KNOWN[form], names.index(form) + (0 if form == words else 100)
    if re.match(r"options? \w", words) and "." in name:  # members of an `options` object
        return "option", 50
    if re.match(r"(attributes?|properties|specs?|specifications?|features) \w", words) and "." in name:
        return "attribute", 50
    tail = re.sub(r" ([a-z]{2}|[a-z]{2} [a-z]{2})$", "", words)  # `name_de`, `title (en-GB)`
    if tail != words and tail in KNOWN and KNOWN[tail] in {"title", "description", "summary", "category"}:
        return KNOWN[tail], 200
    if not words or len(words) > 40 or words.isdigit() or PRICE_WORDS.search(words) or HOUSEKEEPING.search(words):
        return "", 999
    return "attribute", 999


def without_currency(words: str) -> str:
    """A name without the currency in it."""
    left = [word for word in words.split() if word not in CURRENCIES and word != "in"]
    return " ".join(left)


def stated_currency(name: str) -> str:
    """The currency that a column's name states, as in `Preis (EUR)`, or nothing."""
    for sign, code in CURRENCIES.items():
        if (sign in name) if not sign.isalpha() else (sign in normal_name(name).split()):
            return code
    return ""


def chosen_fields(guesses: Mapping[str, Guess], mapping: Mapping[str, str]) -> dict[str, Field]:
    """Column to field, the shop owner's choices before our guesses; what is surely private is never chosen."""
    fields: dict[str, Field] = {}
    taken = {field for name, field in mapping.items() if name in guesses}
    for name, guess in guesses.items():
        field: Field = mapping.get(name, guess.field)  # type: ignore[assignment]
        if name not in mapping and field in SINGLE_FIELDS and field in taken:
            field = ""
        if {field, mapping.get(name)} == {"price", None} and "price_cents" in taken:
            field = ""
        fields[name] = "" if guess.certain else field
    return fields
