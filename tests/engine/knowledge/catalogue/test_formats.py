"""Every format, from files of our own: each field makes the round trip."""

# ruff: noqa: E501 - files read best as they stand

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from engine.domain.money import Money
from engine.knowledge.catalogue.formats import FORMATS
from tests.engine.knowledge.catalogue.conftest import Read

GTIN = "4006381333931"


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def plain(amount: str) -> Money:
    return Money(Decimal(amount), "XXX")


WOO = """ID,Type,SKU,Name,Published,Visibility in catalog,Short description,Description,In stock?,Stock,Backorders allowed?,Weight (kg),Sale price,Regular price,Date sale price starts,Date sale price ends,Categories,Images,Parent,External URL,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Meta: _wc_cog_cost,"GTIN, UPC, EAN, or ISBN"
9,variation,mug-s,Mug - S,1,visible,,,1,,0,,,9,,,,,mug,,Size,S,1,4.44,
10,variable,mug,Mug,1,visible,Short,"<p>Green &amp; <b>glazed</b></p>",1,,0,.5,,,,,Kitchen > Mugs,"https://x.example/a.jpg, https://x.example/b.jpg",,,Size,"S, L",1,4.44,
11,variation,mug-l,Mug - L,1,visible,,,0,0,1,,8,12,,,,https://x.example/l.jpg,id:10,,Size,L,1,4.44,
12,simple,tea,Tea,1,visible,,,0,,0,,4,5,2020-01-01,2020-02-01,Tea,,,,Supplier,Acme Ltd,1,,4006381333931
13,external,pen,Pen,1,hidden,,,1,,0,,,3,,,,,,https://else.example/pen,,,,,
14,grouped,set,Set,1,visible,,,1,,0,,,,,,,,,,,,,,
15,simple,draft,Draft,0,visible,,,1,,0,,,3,,,,,,,,,,,
16,variation,lost,Lost,1,visible,,,1,,0,,,3,,,,,nobody,,Size,S,1,,
"""


def test_woocommerce(read: Read) -> None:
    products, conversion = read(WOO)
    assert conversion.form.name == "woocommerce"
    found = {product.sku: product for product in products}
    assert set(found) == {"mug", "tea", "pen", "set"}
    mug = found["mug"]
    assert (mug.title, mug.description, mug.category) == ("Mug", "Green & glazed", "Kitchen > Mugs")
    assert mug.images == ("https://x.example/a.jpg", "https://x.example/b.jpg")
    assert mug.attributes == {"Weight": ".5 kg"}
    forms = [(form.sku, form.price, form.was_price, form.availability, form.options) for form in mug.variants]
    assert forms == [
        ("mug-s", plain("9.00"), None, "in_stock", {"Size": "S"}),
        ("mug-l", plain("8.00"), plain("12.00"), "preorder", {"Size": "L"}),
    ]
    assert (mug.price, mug.availability, mug.variants[1].image_url) == (
        plain("9.00"),
        "in_stock",
        "https://x.example/l.jpg",
    )
    tea = found["tea"]
    assert (tea.price, tea.was_price, tea.availability, tea.gtin, tea.attributes) == (
        plain("5.00"),
        None,
        "out_of_stock",
        GTIN,
        {},
    )
    assert found["pen"].url == "https://else.example/pen"
    assert found["set"].price is None
    assert conversion.excluded() == ["Meta: _wc_cog_cost"]
    failures = {failure.code: failure.item for failure in conversion.all_failures()}
    assert failures == {"no_parent": "line 9: Lost", "not_for_sale": "1 products"}


def test_woocommerce_with_german_headings(read: Read) -> None:
    text = "ID;Typ;Artikelnummer;Name;Veröffentlicht;Vorrätig?;Angebotspreis;Regulärer Preis;Kategorien;Übergeordnetes Produkt\n1;simple;a;Becher;1;1;9,50;1.299,00;Küche;\n"
    (mug,), conversion = read(text.encode("cp1252"), currency="EUR")
    assert (conversion.form.name, mug.title, mug.price, mug.was_price, mug.category) == (
        "woocommerce",
        "Becher",
        eur("9.50"),
        eur("1299.00"),
        "Küche",
    )


SHOPIFY = """Handle,Title,Body (HTML),Vendor,Type,Published,Status,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Variant Image,Cost per item
mug,Mug,<p>Green</p>,Kiln,Mugs,true,active,Size,S,Colour,Green,M-S,shopify,0,deny,9.00,12.00,'4006381333931,https://x.example/1.jpg,https://x.example/s.jpg,4.44
tea,Tea,,Leaf,Tea,true,active,Title,Default Title,,,T,,0,deny,5.00,,,,,2.22
mug,,,,,,,,L,,Green,M-L,shopify,3,deny,10.00,,,https://x.example/2.jpg,,4.44
mug,,,,,,,,,,,,,,,,,,https://x.example/3.jpg,,
old,Old,,Kiln,,true,draft,Title,Default Title,,,O,,,deny,1.00,,,,,
,No handle,,,,,,,,,,,,,,,,,,,
"""


def test_shopify_csv(read: Read) -> None:
    products, conversion = read(SHOPIFY)
    mug, tea = products
    assert conversion.form.name == "shopify_csv"
    assert (mug.brand, mug.category, mug.description) == ("Kiln", "Mugs", "Green")
    assert mug.images == tuple(f"https://x.example/{n}.jpg" for n in (1, 2, 3))
    small, large = mug.variants
    assert (small.options, small.price, small.was_price, small.availability) == (
        {"Size": "S", "Colour": "Green"},
        plain("9.00"),
        plain("12.00"),
        "out_of_stock",
    )
    assert (small.gtin, small.image_url, small.sku) == (GTIN, "https://x.example/s.jpg", "M-S")
    assert (large.title, large.availability, mug.price) == ("L, Green", "in_stock", plain("10.00"))
    assert (tea.price, tea.variants, tea.sku, tea.availability) == (plain("5.00"), (), "T", "in_stock")
    assert conversion.excluded() == ["Cost per item"]
    assert [failure.code for failure in conversion.all_failures()] == ["no_parent", "not_for_sale"]


def test_shopify_json_over_several_pages(read: Read) -> None:
    def page(number: int) -> str:
        return json.dumps({"products": [{
            "id": number, "title": f"Mug {number}", "handle": f"mug-{number}", "body_html": "<p>Green</p>", "vendor": "Kiln", "product_type": "Mugs",
            "options": [{"name": "Size"}], "images": [{"src": "https://x.example/1.jpg"}],
            "variants": [{"id": number * 10 + n, "title": size, "option1": size, "sku": f"{number}{size}", "price": "9.50", "compare_at_price": "12.00", "available": size == "S", "cost": "4.44"} for n, size in enumerate("SL")],
        }]})  # fmt: skip

    products, conversion = read(
        page(1) + "\n" + page(2) + '\n{"products":[]}\n', address="https://shop.example/products.json"
    )
    assert [product.url for product in products] == [
        "https://shop.example/products/mug-1",
        "https://shop.example/products/mug-2",
    ]
    small, large = products[0].variants
    assert (small.price, small.was_price, small.availability, large.availability) == (
        plain("9.50"),
        plain("12.00"),
        "in_stock",
        "out_of_stock",
    )
    assert "cost" in conversion.excluded()
    assert "4.44" not in repr(products)


GOOGLE_ITEMS = """<item><g:id>m-s</g:id><g:title>Mug - S</g:title><title>other</title><g:description>Green</g:description><g:link>https://x.example/m?s</g:link>
<g:image_link>https://x.example/1.jpg</g:image_link><g:additional_image_link>https://x.example/2.jpg</g:additional_image_link><g:additional_image_link>https://x.example/3.jpg</g:additional_image_link>
<g:price>12.90 EUR</g:price><g:sale_price>9.90 EUR</g:sale_price><g:sale_price_effective_date>2026-10-01T00:00+0100/2026-12-01T00:00+0100</g:sale_price_effective_date>
<g:availability>in_stock</g:availability><g:brand>Kiln</g:brand><g:gtin>4006381333931</g:gtin><g:mpn>K1</g:mpn><g:item_group_id>mug</g:item_group_id><g:size>S</g:size><g:product_type>Kitchen &gt; Mugs</g:product_type>
<g:cost_of_goods_sold>4.44 EUR</g:cost_of_goods_sold><g:custom_label_0>high margin</g:custom_label_0><g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Material</g:attribute_name><g:attribute_value>Stone</g:attribute_value></g:product_detail></item>
<item><g:id>t</g:id><g:title>Tea</g:title><g:link>https://x.example/t</g:link><g:price>5.00 EUR</g:price><g:availability>preorder</g:availability><g:product_detail><g:attribute_name>Origin</g:attribute_name><g:attribute_value>Assam</g:attribute_value></g:product_detail></item>
<item><g:id>m-l</g:id><g:title>Mug - L</g:title><g:link>https://x.example/m?l</g:link><g:price>14.90 EUR</g:price><g:availability>out of stock</g:availability><g:item_group_id>mug</g:item_group_id><g:size>L</g:size></item>
"""


def test_google_merchant_rss(read: Read) -> None:
    feed = f'<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>{GOOGLE_ITEMS}</channel></rss>'
    products, conversion = read(feed)
    mug, tea = sorted(products, key=lambda product: product.title)
    assert (conversion.form.name, mug.title, mug.brand, mug.category) == ("google_xml", "Mug", "Kiln", "Kitchen > Mugs")
    assert mug.images == tuple(f"https://x.example/{n}.jpg" for n in (1, 2, 3))
    small, large = mug.variants
    assert (small.price, small.was_price, small.gtin, small.mpn, small.url) == (
        eur("9.90"),
        eur("12.90"),
        GTIN,
        "K1",
        "https://x.example/m?s",
    )
    assert (small.options, large.availability, large.price) == ({"size": "S"}, "out_of_stock", eur("14.90"))
    assert (tea.attributes, tea.availability) == ({"Origin": "Assam"}, "preorder")
    assert conversion.excluded() == ["cost_of_goods_sold", "custom_label_0"]
    assert "4.44" not in repr(products)


def test_google_merchant_atom_and_windows_encoding(read: Read) -> None:
    feed = '<?xml version="1.0" encoding="windows-1252"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title><entry><g:id>1</g:id><title>Tasse für Ägypten</title><link href="https://x.example/1"/><summary>Grün</summary><g:price>9,90 EUR</g:price></entry></feed>'
    (cup,), _ = read(feed.encode("cp1252"))
    assert (cup.title, cup.url, cup.price, cup.description) == (
        "Tasse für Ägypten",
        "https://x.example/1",
        eur("9.90"),
        "Grün",
    )


def test_google_merchant_text(read: Read) -> None:
    feed = "id\ttitle\tdescription\tlink\timage link\tavailability\tprice\tbrand\n1\tMug\tGreen\thttps://x.example/1\thttps://x.example/1.jpg\tin stock\t9.90 EUR\tKiln\n"
    (mug,), conversion = read(feed)
    assert (conversion.form.name, mug.price, mug.availability, mug.image_url, mug.brand) == (
        "google_tsv",
        eur("9.90"),
        "in_stock",
        "https://x.example/1.jpg",
        "Kiln",
    )


def test_vendure(read: Read) -> None:
    text = """name   ,slug,description,assets                   ,facets                  ,optionGroups,optionValues,sku ,price,taxCategory,stockOnHand,trackInventory,variantAssets,variantFacets
Laptop ,lap ,"Fast, ok"  ,https://x.example/1.jpg,brand:Apple|category:IT|category:Laptops|colour:grey,size|RAM,13|8GB,L1,1299.00,standard,100,,,
       ,    ,           ,                         ,                        ,            ,15|8GB      ,L2  ,1399.00,standard,0,,,
Cable  ,cab ,           ,                         ,                        ,            ,            ,C1  ,5.00,standard,0,false,,
"""
    (laptop, cable), conversion = read(text)
    assert (conversion.form.name, laptop.title, laptop.description, laptop.brand, laptop.category) == (
        "vendure",
        "Laptop",
        "Fast, ok",
        "Apple",
        "IT > Laptops",
    )
    assert [(form.options, form.price, form.availability) for form in laptop.variants] == [
        ({"size": "13", "RAM": "8GB"}, plain("1299.00"), "in_stock"),
        ({"size": "15", "RAM": "8GB"}, plain("1399.00"), "out_of_stock"),
    ]
    assert (laptop.attributes, cable.variants, cable.availability, cable.sku) == (
        {"colour": "grey"},
        (),
        "in_stock",
        "C1",
    )


GERMAN = "Artikelnummer;Bezeichnung;Beschreibung;Preis;UVP;Währung;Lagerbestand;Marke;EAN;Herstellernummer;Kategorie;Bild-URL;Link;Farbe;Material;Einkaufspreis\nM1;Becher;Schön grün;1.299,00;1.499,00;EUR;3;Kiln;4006381333931;K1;Küche;https://x.example/1.jpg;https://x.example/m;grün;Ton;4,44\nM2;Tasse;;9,50;;EUR;0;Kiln;;;;;;;;\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_plain_table_of_any_delimiter_and_encoding(read: Read, encoding: str, delimiter: str) -> None:
    (mug, cup), conversion = read(GERMAN.replace(";", delimiter).encode(encoding))
    assert (mug.sku, mug.title, mug.description, mug.brand, mug.gtin, mug.mpn) == (
        "M1",
        "Becher",
        "Schön grün",
        "Kiln",
        GTIN,
        "K1",
    )
    assert (mug.price, mug.was_price, mug.availability, mug.category) == (
        eur("1299.00"),
        eur("1499.00"),
        "in_stock",
        "Küche",
    )
    assert (mug.image_url, mug.url, mug.attributes) == (
        "https://x.example/1.jpg",
        "https://x.example/m",
        {"Farbe": "grün", "Material": "Ton"},
    )
    assert (cup.price, cup.availability) == (eur("9.50"), "out_of_stock")
    assert conversion.excluded() == ["Einkaufspreis"]


def test_workbook(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Our price list"])
    sheet.append(["SKU", "Name", "Price (EUR)", "Stock", "Supplier"])
    sheet.append(["M1", "Mug", 12.9, 3, "Acme"])
    file = io.BytesIO()
    book.save(file)
    (mug,), conversion = read(file.getvalue())
    assert (mug.sku, mug.title, mug.price, mug.availability) == ("M1", "Mug", eur("12.90"), "in_stock")
    assert conversion.excluded() == ["Supplier"]


def test_rows_of_one_group_are_forms_of_one_product(read: Read) -> None:
    text = "sku,parent_sku,name,price,size\nM-S,M,Mug,9.90,S\nT,,Tea,5.00,\nM-L,M,Mug,12.90,L\nM,,Mug,,\n"
    products, _ = read(text)
    mug = next(product for product in products if product.sku == "M")
    assert [(form.sku, form.options) for form in mug.variants] == [("M-S", {"size": "S"}), ("M-L", {"size": "L"})]
    assert len(products) == 2


def test_list_of_objects_with_variants(read: Read) -> None:
    data = {"1": {"name": "Kettle", "product_id": "1", "variants": {
        "11": {"item_id": "11", "options": {"capacity": "2L"}, "available": True, "price": 159.78},
        "12": {"item_id": "12", "options": {"capacity": "1L"}, "available": False, "price": 150, "cost": 4.44}}}}  # fmt: skip
    (kettle,), conversion = read(json.dumps(data))
    assert [(form.options, form.price, form.availability) for form in kettle.variants] == [
        ({"capacity": "2L"}, plain("159.78"), "in_stock"),
        ({"capacity": "1L"}, plain("150.00"), "out_of_stock"),
    ]
    assert conversion.excluded() == ["cost"]


@pytest.mark.parametrize("shape", ["lines", "list", "wrapped", "marked"])
def test_lists_of_objects(read: Read, shape: str) -> None:
    items = [
        {
            "id": n,
            "title": f"Mug {n}",
            "price": {"amount": "9.90", "currency": "EUR"},
            "images": ["https://x.example/1.jpg"],
            "tags": ["a", "b"],
        }
        for n in (1, 2)
    ]
    text = {
        "lines": "\n".join(map(json.dumps, items)),
        "list": json.dumps(items),
        "wrapped": json.dumps({"meta": {"page": 1}, "items": items}),
        "marked": "\ufeff" + json.dumps(items),
    }[shape]
    products, _ = read(text)
    assert [(product.title, product.price, product.image_url, product.attributes) for product in products] == [
        (f"Mug {n}", eur("9.90"), "https://x.example/1.jpg", {"tags": "a, b"}) for n in (1, 2)
    ]


def test_prices_that_may_be_cents_are_asked_about(read: Read) -> None:
    text = "\n".join(json.dumps({"id": n, "title": f"Mug {n}", "price": 1000 + n}) for n in range(5))
    products, conversion = read(text)
    assert {product.price for product in products} == {None}
    assert [failure.code for failure in conversion.all_failures()] == ["price_unit"]
    products, conversion = read(text, mapping={"price": "price_cents"}, currency="EUR")
    assert products[1].price == eur("10.01")
    assert conversion.all_failures() == []
    assert read(text, mapping={"price": "price"})[0][1].price == plain("1001.00")
    assert read('[{"title": "Mug", "price_cents": 1290, "currency": "EUR"}]')[0][0].price == eur("12.90")


def test_schema_org_feed(read: Read) -> None:
    item = {
        "@type": "Product",
        "name": "Mug",
        "sku": "M1",
        "url": "/m",
        "offers": {
            "@type": "Offer",
            "price": 12.9,
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
        },
    }
    for data in (
        {"@context": "https://schema.org", "@graph": [item]},
        [item],
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": item}]},
    ):
        (mug,), conversion = read(json.dumps(data), address="https://x.example/feed.json")
        assert (conversion.form.name, mug.title, mug.price, mug.availability, mug.url) == (
            "schema_org",
            "Mug",
            eur("12.90"),
            "in_stock",
            "https://x.example/m",
        )


def test_ids_stay_the_same_when_everything_else_changes(read: Read) -> None:
    first, _ = read(SHOPIFY)
    again, _ = read(SHOPIFY.replace("9.00", "8.00").replace("Mug,<p>", "Big mug,<p>"))
    assert [(a.id, [form.id for form in a.variants]) for a in first] == [
        (b.id, [form.id for form in b.variants]) for b in again
    ]


def test_one_bad_row_loses_no_other(read: Read) -> None:
    text = "sku,name,price\na,Mug,9.90\nb,,5.00\nc,Tea,1.299\nd,Cup,on request\ne,Pot,5 - 9\na,Mug again,9.90\nf,Lid,1,2,3\ng,Jug,7.50\n"
    products, conversion = read(text)
    assert [(product.sku, product.price) for product in products] == [
        ("a", plain("9.90")),
        ("d", None),
        ("g", plain("7.50")),
    ]
    failures = [(failure.item, failure.code) for failure in conversion.all_failures()]
    assert failures == [
        ("line 3", "no_title"),
        ("line 4: Tea", "unclear_price"),
        ("line 6: Pot", "unclear_price"),
        ("line 7: Mug again", "twice"),
        ("line 8", "broken_row"),
    ]


def test_long_lists_of_refused_rows_are_cut_and_counted(read: Read) -> None:
    _, conversion = read("sku,name,price\n" + "".join(f"s{n},,1.00\n" for n in range(400)))
    failures = conversion.all_failures()
    assert (len(failures), failures[-1].item) == (151, "250 more rows")


def test_every_format_is_written_down() -> None:
    page = (Path(__file__).parents[4] / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert [name for name in FORMATS if f"| `{name}` |" not in page] == []
