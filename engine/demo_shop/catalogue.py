"""The goods of the demo shop. Amounts are in euro.

Never here: how a page looks.
"""
# ruff: noqa: E501 - prose and shapes

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["CATEGORIES", "GOODS", "Form", "Good"]

Stock = Literal["InStock", "OutOfStock", "PreOrder"]
Category = Literal["tea", "ceramics", "accessories"]

CATEGORIES: dict[Category, tuple[str, str]] = {
    "tea": ("Loose-leaf tea", "Small harvests from growers we know by name, packed by hand in our workshop in Ghent."),
    "ceramics": ("Ceramics", "Thrown on the wheel, glazed in our own colours and fired in the kiln behind the shop."),
    "accessories": ("Accessories and gifts", "The small things that make a pot of tea a pleasure, and gifts to send."),
}


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which a good is sold."""

    name: str
    price: str
    sku: str
    stock: Stock = "InStock"


@dataclass(frozen=True, slots=True)
class Good:
    """One thing for sale."""

    slug: str
    name: str
    category: Category
    drawing: str
    price: str
    sku: str
    lead: str
    details: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    stock: Stock = "InStock"
    was: str = ""
    vary: Literal["", "size", "color", "value"] = ""
    forms: tuple[Form, ...] = ()
    gtin: str = ""
    note: str = ""


def tea(
    slug: str, name: str, number: str, prices: tuple[tuple[str, str], ...], lead: str, brew: tuple[str, str, str],
    details: tuple[str, ...], **more: str,
) -> Good:  # fmt: skip
    """A tea sold in bags of several weights."""
    heat, minutes, spoon = brew
    sizes = tuple(Form(size, price, f"FK-{number}-{size.split()[0]}") for size, price in prices)
    facts = (
        ("Origin", more["origin"]),
        ("Caffeine", more["caffeine"]),
        ("Water temperature", heat),
        ("Steeping time", minutes),
        ("Amount", spoon),
    )
    return Good(
        slug, name, "tea", "tin", prices[0][1], f"FK-{number}", lead, details, facts, was=more.get("was", ""),
        vary="size" if len(sizes) > 1 else "", forms=sizes if len(sizes) > 1 else (), gtin=more.get("gtin", ""),
    )  # fmt: skip


def piece(
    slug: str, name: str, drawing: str, number: str, price: str, lead: str, details: tuple[str, ...],
    facts: tuple[tuple[str, str], ...], category: Category = "ceramics", **more: object,
) -> Good:  # fmt: skip
    """A single piece."""
    return Good(slug, name, category, drawing, price, f"FK-{number}", lead, details, facts, **more)  # type: ignore[arg-type]


GOODS: tuple[Good, ...] = (
    tea(
        "morning-fern-green-tea", "Morning Fern Green Tea", "101",
        (("50 g", "6.90"), ("100 g", "12.50"), ("250 g", "28.00")),
        "A bright, grassy sencha with a soft note of fresh peas. Our most popular green tea.",
        ("75 °C", "2 minutes", "1 heaped teaspoon for 250 ml"),
        ("Spring harvest from the hills of Kagoshima, steamed for forty seconds.", "Good for two infusions."),
        origin="Kagoshima, Japan", caffeine="medium", gtin="4006381333931",
    ),
    tea(
        "harbour-breakfast-black-tea", "Harbour Breakfast Black Tea", "102",
        (("50 g", "5.90"), ("100 g", "10.50"), ("250 g", "23.50")),
        "A strong, malty blend for the first cup of the day. It takes milk well.",
        ("98 °C", "3 to 4 minutes", "1 teaspoon for 250 ml"),
        ("A blend of Assam and Ceylon leaves, certified organic.",), origin="Assam, India and Sri Lanka", caffeine="high",
    ),
    tea(
        "chamomile-meadow", "Chamomile Meadow", "103", (("40 g", "5.50"), ("80 g", "9.90")),
        "Whole chamomile flowers with lemon balm and a little linden blossom, for the evening.",
        ("100 °C", "6 minutes", "1 tablespoon for 250 ml"),
        ("Contains no tea leaves and no caffeine.", "Grown without pesticides near Poperinge."),
        origin="Belgium", caffeine="none",
    ),
    tea(
        "smoked-kiln-lapsang", "Smoked Kiln Lapsang", "104", (("50 g", "7.50"),),
        "A smoky black tea, dried over pine fires. Like sitting near our kiln on a winter day.",
        ("95 °C", "3 minutes", "1 teaspoon for 250 ml"),
        ("Sold in tins of 50 g.", "Also good in a marinade for mushrooms."),
        origin="Fujian, China", caffeine="medium", was="8.90",
    ),
    tea(
        "apricot-rooibos", "Apricot Rooibos", "105", (("100 g", "8.90"),),
        "Mellow South African rooibos with pieces of dried apricot. Children like it too.",
        ("100 °C", "7 minutes", "1 heaped teaspoon for 250 ml"),
        ("Naturally free of caffeine.", "Contains apricot pieces treated with rice flour; no sulphites."),
        origin="Cederberg, South Africa", caffeine="none",
    ),
    piece(
        "seven-teas-tasting-box", "Seven Teas Tasting Box", "box", "110", "24.00",
        "Seven small tins with 10 g each: one tea for every day of the week.",
        ("Holds Morning Fern, Harbour Breakfast, Chamomile Meadow, Smoked Kiln, Apricot Rooibos, white peony and oolong.",
         "A booklet explains how to brew each of them."),
        (("Weight", "70 g"), ("Cups", "about 35")), category="tea",
    ),
    piece(
        "fernleaf-mug", "Fernleaf Mug", "mug", "201", "19.50",
        "Our everyday mug with a pressed fern leaf under the glaze. It holds 300 ml.",
        ("Every leaf is picked and pressed by hand, so no two mugs are the same.",
         "Safe in the dishwasher and in the microwave."),
        (("Volume", "300 ml"), ("Height", "9.5 cm"), ("Material", "Stoneware")), vary="color",
        forms=(Form("Moss", "19.50", "FK-201-MOSS"), Form("Sand", "19.50", "FK-201-SAND"),
               Form("Ink", "21.00", "FK-201-INK", "OutOfStock")), gtin="5012345678900",
    ),
    piece(
        "kiln-teapot", "Kiln Teapot", "teapot", "202", "64.00",
        "A round stoneware teapot for three to four cups, with a built-in strainer and a spout that does not drip.",
        ("Holds 0.9 litres.", "Safe in the dishwasher; not for the hob or the microwave, because of its cane handle."),
        (("Volume", "0.9 litres"), ("Weight", "780 g"), ("Material", "Stoneware with a cane handle")),
    ),
    piece(
        "pebble-cups", "Pebble Cups, set of two", "cup", "203", "32.00",
        "Two small cups without handles, smooth as pebbles from the Lys.",
        ("Each cup holds 120 ml.", "The next kiln load is planned for spring; leave your e-mail address to be told."),
        (("Volume", "120 ml each"), ("Material", "Porcelain")), stock="OutOfStock",
    ),
    piece(
        "matcha-bowl", "Moonrise Matcha Bowl", "bowl", "204", "38.00",
        "A wide bowl with a milky blue glaze, made for whisking matcha.",
        ("This bowl can be pre-ordered: we send it within four weeks of your order.",
         "Wash it by hand; the crackled glaze does not like the dishwasher."),
        (("Diameter", "12.5 cm"), ("Volume", "450 ml"), ("Material", "Stoneware")), stock="PreOrder",
        note="Pre-order: sent within four weeks",
    ),
    piece(
        "glazed-tea-tray", "Glazed Tea Tray", "tray", "205", "45.00",
        "A shallow tray with a drip edge, big enough for a teapot and four cups.",
        ("Measures 34 by 22 cm.", "Felt feet protect the table."),
        (("Size", "34 x 22 cm"), ("Weight", "1.4 kg"), ("Material", "Stoneware")), was="54.00",
    ),
    piece(
        "stovetop-kettle", "Stovetop Kettle", "kettle", "301", "79.00",
        "A kettle of brushed steel with a thin spout for a calm pour. It works on gas, electric and induction hobs.",
        ("Holds 1.2 litres.", "A thermometer in the lid shows the temperature, so green tea never gets scalded."),
        (("Volume", "1.2 litres"), ("Material", "Stainless steel"), ("Hobs", "gas, electric, induction")),
        category="accessories",
    ),
    piece(
        "fine-mesh-infuser", "Fine Mesh Infuser", "infuser", "302", "9.50",
        "A deep basket of steel mesh that fits nearly every mug, with a lid that is also its coaster.",
        ("Fine enough for rooibos.", "Fits cups with an opening of 6 to 9 cm, our Fernleaf Mug among them."),
        (("Diameter", "6.5 cm"), ("Material", "Stainless steel")), category="accessories",
    ),
    piece(
        "bamboo-whisk", "Bamboo Whisk", "whisk", "303", "16.00",
        "A matcha whisk with 80 prongs, carved from a single piece of bamboo.",
        ("Rinse with warm water only; never use soap.", "Lasts about one year with daily use."),
        (("Prongs", "80"), ("Material", "Bamboo"), ("Origin", "Nara, Japan")), category="accessories",
    ),
    piece(
        "gift-card", "Gift Card", "card", "401", "25.00",
        "Sent by e-mail within a few minutes, or printed on cotton paper and sent by post.",
        ("Valid for three years from the day of purchase.", "Can be used in several orders until its value is spent."),
        (("Valid", "three years"),), category="accessories", vary="value",
        forms=(Form("25 euro", "25.00", "FK-401-25"), Form("50 euro", "50.00", "FK-401-50"),
               Form("100 euro", "100.00", "FK-401-100")),
    ),
)  # fmt: skip
