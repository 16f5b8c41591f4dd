"""Writes the demo shop's pages: `python -m engine.demo_shop.build`. The result is kept beside this file in `site/`.

Never here: serving them. Every link is relative, so that the shop works below any address.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from engine.demo_shop.catalogue import CATEGORIES, GOODS, Form, Good
from engine.demo_shop.drawings import MARK, drawing
from engine.demo_shop.texts import PAGES, QUESTIONS

__all__ = ["main", "site_files"]

HERE = Path(__file__).parent
SHOP = "Fernleaf & Kiln"
FAVOURITES = {"morning-fern-green-tea", "fernleaf-mug", "kiln-teapot", "glazed-tea-tray"}
STOCK_WORDS = {"InStock": "In stock", "OutOfStock": "Out of stock", "PreOrder": "Pre-order"}
MENU = (
    ("tea.html", "Tea"),
    ("ceramics.html", "Ceramics"),
    ("accessories.html", "Accessories and gifts"),
    ("faq.html", "Questions"),
    ("about.html", "About"),
    ("contact.html", "Contact"),
)


def page(title: str, body: str, *, up: str = "", description: str = "", data: dict[str, Any] | None = None) -> str:
    """A whole page around `body`; `up` leads from it to the shop's first page."""
    menu = "".join(f'<li><a href="{up}{link}">{escape(name)}</a></li>' for link, name in MENU)
    legal = "".join(f'<li><a href="{up}{text.slug}.html">{escape(text.title)}</a></li>' for text in PAGES)
    script = f'\n<script type="application/ld+json">\n{json.dumps(data, indent=1)}\n</script>' if data else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} | {escape(SHOP)}</title>
<meta name="description" content="{escape(description or title)}">
<meta property="og:site_name" content="{escape(SHOP)}">
<link rel="icon" href="{up}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{up}style.css">{script}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><a class="brand" href="{up}index.html"><img src="{up}icon.svg" alt="">{escape(SHOP)}</a>
<nav aria-label="Shop"><ul>{menu}</ul></nav></header>
<main id="content">
{body.strip()}
</main>
<footer><nav aria-label="Service"><ul>{legal}</ul></nav><p>Fernleaf &amp; Kiln BV, Korenlei 48, 9000 Ghent, Belgium.
A made-up shop: nothing here can be bought.</p></footer>
<!-- assistant -->
</body>
</html>
"""


def euro(amount: str) -> str:
    """A price as the shop writes it."""
    return f"€{amount}"


def card(good: Good, up: str = "") -> str:
    """A good in a list."""
    start = "from " if good.forms and len({form.price for form in good.forms}) > 1 else ""
    was = f'<span class="was">instead of <s>{euro(good.was)}</s></span>' if good.was else ""
    return (
        f'<li class="card"><a href="{up}products/{good.slug}.html" tabindex="-1" aria-hidden="true">'
        f'<img src="{up}images/{good.slug}.svg" alt="" width="400" height="400"></a>'
        f'<div><h3><a href="{up}products/{good.slug}.html">{escape(good.name)}</a></h3>'
        f'<p>{escape(good.lead)}</p><p><span class="price">{start}{euro(good.price)}</span>{was}</p>'
        f'<span class="stock {good.stock}">{STOCK_WORDS[good.stock]}</span></div></li>'
    )


def forms_table(good: Good) -> str:
    """The forms of a good with price and stock."""
    heading = {"size": "Size", "color": "Colour", "value": "Value"}[good.vary]
    rows = "".join(
        f"<tr><td>{escape(form.name)}</td><td>{euro(form.price)}</td><td>{STOCK_WORDS[form.stock]}</td></tr>"
        for form in good.forms
    )
    head = f"<tr><th>{heading}</th><th>Price</th><th>Availability</th></tr>"
    return f'<h2>Choose</h2><div class="scroll"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def product_page(good: Good) -> str:
    """The page of one good."""
    was = f'<span class="was">instead of <s>{euro(good.was)}</s></span>' if good.was else ""
    facts = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in good.facts)
    details = "".join(f"<li>{escape(detail)}</li>" for detail in good.details)
    body = f"""
<div class="product">
<div><img src="../images/{good.slug}.svg" alt="Drawing of {escape(good.name)}" width="400" height="400"></div>
<div><h1>{escape(good.name)}</h1>
<p class="lead">{escape(good.lead)}</p>
<p><span class="price">{euro(good.price)}</span>{was}</p>
<p><span class="stock {good.stock}">{escape(good.note or STOCK_WORDS[good.stock])}</span></p>
<ul>{details}</ul>
{forms_table(good) if good.forms else ""}
<h2>Facts</h2>
<div class="scroll"><table><tbody>{facts}</tbody></table></div>
<p>Prices include VAT. See <a href="../delivery.html">delivery</a> and <a href="../returns.html">returns</a>.</p></div>
</div>"""
    return page(good.name, body, up="../", description=good.lead, data=product_data(good))


def offer(price: str, stock: str, was: str = "") -> dict[str, Any]:
    """schema.org's offer."""
    data: dict[str, Any] = {
        "@type": "Offer", "price": price, "priceCurrency": "EUR", "availability": f"https://schema.org/{stock}"
    }  # fmt: skip
    if was:
        data["priceSpecification"] = {
            "@type": "UnitPriceSpecification", "priceType": "https://schema.org/ListPrice", "price": was,
            "priceCurrency": "EUR",
        }  # fmt: skip
    return data


def form_data(good: Good, form: Form) -> dict[str, Any]:
    """One form of a good as schema.org's product."""
    own: dict[str, Any] = {good.vary: form.name} if good.vary in {"size", "color"} else {}
    return {
        "@type": "Product", "name": f"{good.name}, {form.name}", "sku": form.sku, **own,
        "offers": offer(form.price, form.stock),
    }  # fmt: skip


def product_data(good: Good) -> dict[str, Any]:
    """A good as schema.org's product, or group of products."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ProductGroup" if good.forms else "Product",
        "name": good.name,
        "description": " ".join((good.lead, *good.details)),
        "image": f"../images/{good.slug}.svg",
        "brand": {"@type": "Brand", "name": SHOP},
        "category": CATEGORIES[good.category][0],
        "additionalProperty": [{"@type": "PropertyValue", "name": name, "value": value} for name, value in good.facts],
    }
    if good.gtin:
        data["gtin13"] = good.gtin
    if not good.forms:
        return {**data, "sku": good.sku, "offers": offer(good.price, good.stock, good.was)}
    varies = [f"https://schema.org/{good.vary}"] if good.vary in {"size", "color"} else []
    members = [form_data(good, form) for form in good.forms]
    return {**data, "productGroupID": good.sku, "variesBy": varies, "hasVariant": members}


def faq_page() -> str:
    """Questions and answers, visible and as data."""
    body = "<h1>Questions and answers</h1>" + "".join(
        f"<h2>{escape(question)}</h2><p>{escape(answer)}</p>" for question, answer in QUESTIONS
    )
    entries = [
        {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
        for question, answer in QUESTIONS
    ]
    data = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": entries}
    return page("Questions and answers", body, data=data)


def home_page() -> str:
    """The first page."""
    chosen = "".join(card(good) for good in GOODS if good.slug in FAVOURITES)
    body = f"""<h1>Tea and the pots to go with it</h1>
<p class="lead">Fernleaf &amp; Kiln is a small shop in Ghent. We bring loose-leaf tea from growers we know, and make the
mugs, cups and pots for it ourselves.</p>
<h2>Favourites</h2><ul class="grid">{chosen}</ul>
<h2>Good to know</h2>
<p>Delivery in Belgium costs €4.50 and is free from €50. You may return what you bought within 30 days.
<a href="delivery.html">Delivery</a> and <a href="returns.html">returns</a> say more.</p>"""
    return page("Tea and ceramics from Ghent", body)


def site_files() -> dict[str, str]:
    """Every text file of the site by its path. `{base}` stands for the address it is served below."""
    files = {"index.html": home_page(), "faq.html": faq_page(), "style.css": (HERE / "style.css").read_text("utf-8")}
    for slug, (title, lead) in CATEGORIES.items():
        cards = "".join(card(good) for good in GOODS if good.category == slug)
        body = f'<h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p><ul class="grid">{cards}</ul>'
        files[f"{slug}.html"] = page(title, body, description=lead)
    for number, good in enumerate(GOODS):
        files[f"products/{good.slug}.html"] = product_page(good)
        files[f"images/{good.slug}.svg"] = drawing(good.drawing, number)
    for text in PAGES:
        body = text.body.replace("<table>", '<div class="scroll"><table>').replace("</table>", "</table></div>")
        files[f"{text.slug}.html"] = page(text.title, f"<h1>{escape(text.title)}</h1>{body}")
    links = "".join(f"<url><loc>{{base}}{name}</loc></url>\n" for name in sorted(files) if name.endswith(".html"))
    files["sitemap.xml"] = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{links}</urlset>\n"
    )
    files["robots.txt"] = "User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n"
    files["icon.svg"] = MARK
    return files


def main() -> None:
    """Write the site, and its icon as pixels."""
    for name, text in site_files().items():
        path = HERE / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    import resvg_py  # noqa: PLC0415 - drawing the icon's pixels is part of building only

    (HERE / "site" / "icon.png").write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=MARK, width=512, height=512)))


if __name__ == "__main__":
    main()
