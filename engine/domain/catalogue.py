"""What a product says and what it costs: the part of a row that is learned, and the part that may be refreshed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from engine.domain.knowledge import Product, Variant

__all__ = [
    "data_digest",
    "no_longer_listed",
    "option_name",
    "option_value",
    "value_forms",
    "with_data_of",
    "words_digest",
]

OPTION_NAMES = {
    "colour": ("color", "colour", "farbe", "couleur", "colore", "kleur", "cor", "coloris", "farbton"),
    "size": ("size", "größe", "groesse", "grösse", "taille", "talla", "taglia", "maat", "tamaño", "pointure"),
    "material": ("material", "matière", "matiere", "materiale", "materiaal", "fabric", "stoff"),
}
"""Names that shops in several languages give to the options shoppers filter by."""


COLOURS = {
    "red": "rot rote roter rotes roten rouge rouges rojo roja rojos rojas rosso rossa rossi rosse",
    "blue": "blau blaue blauer blaues blauen bleu bleue bleus bleues azul azules blu",
    "green": "grün grüne grüner grünes grünen vert verte verts vertes verde verdes verdi",
    "black": "schwarz schwarze schwarzer schwarzes schwarzen noir noire noirs noires negro negra negros negras nero "
    "nera neri nere",
    "white": "weiß weiss weiße weißer weißes weißen blanc blanche blancs blanches blanco blanca blancos blancas bianco "
    "bianca bianchi bianche",
    "yellow": "gelb gelbe gelber gelbes gelben jaune jaunes amarillo amarilla amarillos amarillas giallo gialla gialli",
    "gray": "grey grau graue grauer graues grauen gris grise grises grigio grigia grigi",
    "brown": "braun braune brauner braunes braunen marron brun brune marrón marrones marrone",
    "pink": "rosa rosane rose roses",
    "purple": "lila violett violet violette violets morado morada viola",
    "orange": "orangen orangene naranja arancione",
    "silver": "silber silbern argenté argent plateado argento",
    "gold": "golden gold goldene doré dorado oro",
    "beige": "crème",
    "navy": "marineblau marine",
    "turquoise": "türkis turquesa turchese",
}
"""Colours as five languages name and inflect them."""
MATERIALS = {
    "leather": "leder cuir cuero piel pelle", "cotton": "baumwolle coton algodón cotone",
    "wood": "wooden holz bois madera legno", "wool": "wolle woollen laine lana", "linen": "leinen lin lino",
    "silk": "seide soie seda seta", "plastic": "plastik kunststoff plastique plástico plastica",
    "steel": "stahl acier acero acciaio", "glass": "glas verre vidrio vetro", "metal": "metall métal",
}  # fmt: skip
"""Materials in five languages."""
ALIASES = {
    name: {form: value for value, forms in table.items() for form in forms.split()}
    for name, table in (("colour", COLOURS), ("material", MATERIALS))
}

SIZES = {
    "extra small": "xs", "x-small": "xs", "small": "s", "klein": "s", "petit": "s", "medium": "m", "mittel": "m",
    "moyen": "m", "large": "l", "gross": "l", "groß": "l", "grand": "l", "extra large": "xl", "x-large": "xl",
    "xx-large": "xxl", "2xl": "xxl", "xxx-large": "xxxl", "3xl": "xxxl",
}  # fmt: skip
"""Sizes in words, as shoppers and shops write them, and their letters."""


def option_value(name: str, value: str) -> str:
    """A value as it is compared: without case and superfluous spaces, sizes by their letters, colours in English."""
    plain = " ".join(value.casefold().split())
    if name == "size":
        return SIZES.get(plain, plain)
    aliases = ALIASES.get(name)
    return " ".join(aliases.get(word, word) for word in plain.split()) if aliases else plain


def value_forms(name: str, value: str) -> tuple[str, ...]:
    """A value with its names in other languages, as titles may have them."""
    known = option_value(name, value)
    return (known, *(form for form, meant in ALIASES.get(name, {}).items() if meant == known))


def option_name(name: str) -> str:
    """One name for the same option in several languages; any other name in lower case."""
    plain = " ".join(name.casefold().split()).removeprefix("pa_").removeprefix("attribute_")
    return next((option for option, names in OPTION_NAMES.items() if plain in names), plain)


def words_digest(product: Product) -> str:
    """SHA-256 over what is learned of a product: a change of it needs a new version."""
    variants = [
        (variant.id, variant.title, variant.sku, sorted(variant.options.items())) for variant in product.variants
    ]
    words = [
        product.id, product.title, product.description, product.brand, product.sku, product.gtin, product.mpn,
        product.category, sorted(product.attributes.items()), variants,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


def data_of(item: Product | Variant) -> tuple[object, ...]:
    """What may change inside a live version."""
    return (str(item.price), str(item.was_price), item.availability, item.url, item.image_url)


def data_digest(product: Product) -> str:
    """SHA-256 over what may change inside a live version."""
    data = [product.id, data_of(product), product.images, [(v.id, data_of(v)) for v in product.variants]]
    return hashlib.sha256(json.dumps(data, ensure_ascii=False).encode()).hexdigest()


def with_data_of(known: Product, fresh: Product) -> Product:
    """`known` with the prices, stock, addresses and pictures of `fresh`; a variant it lost is out of stock."""
    variants = {variant.id: variant for variant in fresh.variants}
    return replace(
        known,
        price=fresh.price,
        was_price=fresh.was_price,
        availability=fresh.availability,
        url=fresh.url,
        image_url=fresh.image_url,
        images=fresh.images,
        as_of=fresh.as_of,
        variants=tuple(refreshed_variant(variant, variants.get(variant.id)) for variant in known.variants),
    )


def refreshed_variant(known: Variant, fresh: Variant | None) -> Variant:
    """A variant with fresh data, or out of stock when it is listed no more."""
    if fresh is None:
        return replace(known, availability="out_of_stock")
    return replace(
        known,
        price=fresh.price,
        was_price=fresh.was_price,
        availability=fresh.availability,
        url=fresh.url,
        image_url=fresh.image_url,
    )


def no_longer_listed(product: Product, as_of: datetime) -> Product:
    """A product that its source lists no more: it must not be offered."""
    variants = tuple(replace(variant, availability="out_of_stock") for variant in product.variants)
    return replace(product, availability="out_of_stock", variants=variants, as_of=as_of)
