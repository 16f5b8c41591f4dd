"""`PYTHON bench/storefront_shop.py FOLDER PORT PRODUCTS`: django-oscar as a shop on loopback, for `bench.storefront`.

It runs in a virtual environment of its own, where django-oscar is installed. The templates are Oscar's, but for what a
shop adds to them: schema.org data on product pages, and links to its policies. What the shop holds is written to
FOLDER/expected.json.
"""

# Django is imported when it is set up, and lists of its dotted names read best as text.
# ruff: noqa: PLC0415, SIM905

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

CATALOGUE = Path(__file__).resolve().parents[2] / "shared" / "data" / "catalog" / "toys_products.jsonl"
PRODUCT_PAGE = """{% extends "oscar/catalogue/detail.html" %}
{% load purchase_info_tags %}
{% block extrahead %}{{ block.super }}{% purchase_info_for_product request product as session %}
<link rel="canonical" href="{{ request.scheme }}://{{ request.get_host }}{{ product.get_absolute_url }}">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product",
"name": "{{ product.get_title|escapejs }}", "sku": "{{ product.upc|escapejs }}",
"offers": {"@type": "Offer", "price": "{{ session.price.incl_tax }}", "priceCurrency": "{{ session.price.currency }}",
"availability": "{% if session.availability.is_available_to_buy %}InStock{% else %}OutOfStock{% endif %}",
"url": "{{ request.scheme }}://{{ request.get_host }}{{ product.get_absolute_url }}"}}</script>{% endblock %}
"""
POLICIES = {
    "/delivery-policy/": (
        "Delivery policy",
        "<p>We deliver to Great Britain and Ireland.</p><table><tr><th>To</th><th>Cost</th></tr><tr><td>Great Britain"
        "</td><td>3.95 GBP</td></tr><tr><td>Ireland</td><td>7.50 GBP</td></tr></table>",
    ),
    "/returns-policy/": (
        "Returns policy",
        "<p>Send back what you do not like within 28 days of its arrival. We return the price within five days.</p>",
    ),
}
APPS = (
    "django.contrib.admin django.contrib.auth django.contrib.contenttypes django.contrib.sessions "
    "django.contrib.messages django.contrib.staticfiles django.contrib.sites django.contrib.flatpages "
    "oscar.config.Shop oscar.apps.analytics.apps.AnalyticsConfig oscar.apps.checkout.apps.CheckoutConfig "
    "oscar.apps.address.apps.AddressConfig oscar.apps.shipping.apps.ShippingConfig "
    "oscar.apps.catalogue.apps.CatalogueConfig oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig "
    "oscar.apps.communication.apps.CommunicationConfig oscar.apps.partner.apps.PartnerConfig "
    "oscar.apps.basket.apps.BasketConfig oscar.apps.payment.apps.PaymentConfig oscar.apps.offer.apps.OfferConfig "
    "oscar.apps.order.apps.OrderConfig oscar.apps.customer.apps.CustomerConfig oscar.apps.search.apps.SearchConfig "
    "oscar.apps.voucher.apps.VoucherConfig oscar.apps.wishlists.apps.WishlistsConfig "
    "oscar.apps.dashboard.apps.DashboardConfig oscar.apps.dashboard.reports.apps.ReportsDashboardConfig "
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig oscar.apps.dashboard.orders.apps.OrdersDashboardConfig "
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig "
    "oscar.apps.dashboard.offers.apps.OffersDashboardConfig "
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig oscar.apps.dashboard.pages.apps.PagesDashboardConfig "
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig "
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig "
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig "
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig "
    "widget_tweaks haystack treebeard sorl.thumbnail django_tables2"
).split()
MIDDLEWARE = (
    "django.contrib.sessions.middleware.SessionMiddleware django.middleware.common.CommonMiddleware "
    "django.contrib.auth.middleware.AuthenticationMiddleware django.contrib.messages.middleware.MessageMiddleware "
    "django.middleware.http.ConditionalGetMiddleware "
    "oscar.apps.basket.middleware.BasketMiddleware django.contrib.flatpages.middleware.FlatpageFallbackMiddleware"
).split()
PROCESSORS = (
    "django.template.context_processors.request django.contrib.auth.context_processors.auth "
    "django.contrib.messages.context_processors.messages oscar.apps.search.context_processors.search_form "
    "oscar.apps.checkout.context_processors.checkout "
    "oscar.apps.communication.notifications.context_processors.notifications "
    "oscar.core.context_processors.metadata"
).split()


def configure(folder: Path) -> None:
    """Django as Oscar's documentation sets it up."""
    import oscar.defaults
    from django.conf import settings

    templates = folder / "templates" / "oscar" / "catalogue"
    templates.mkdir(parents=True, exist_ok=True)
    (templates / "detail.html").write_text(PRODUCT_PAGE, "utf-8")
    links = "".join(f'<a href="{address}">{title}</a> ' for address, (title, _) in POLICIES.items())
    (templates.parent / "partials").mkdir(exist_ok=True)
    (templates.parent / "partials" / "footer.html").write_text(f"<footer>{links}</footer>", "utf-8")
    own = {name: getattr(oscar.defaults, name) for name in dir(oscar.defaults) if name.startswith("OSCAR_")}
    own |= {"OSCAR_DEFAULT_CURRENCY": "GBP", "OSCAR_SHOP_NAME": "Toys of Loopback"}
    settings.configure(
        **own, DEBUG=False, SECRET_KEY="only for a bench", ALLOWED_HOSTS=["*"], SITE_ID=1, ROOT_URLCONF=__name__,
        INSTALLED_APPS=APPS, MIDDLEWARE=MIDDLEWARE, USE_TZ=True, STATIC_URL="/static/", MEDIA_URL="/media/",
        MEDIA_ROOT=str(folder / "media"), DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "shop.sqlite",
                               "ATOMIC_REQUESTS": True,
                               "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"}}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [folder / "templates"],
                    "APP_DIRS": True, "OPTIONS": {"context_processors": PROCESSORS}}],
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
                                          "PATH": str(folder / "search")}},
        AUTHENTICATION_BACKENDS=["oscar.apps.customer.auth_backends.EmailBackend"],
    )  # fmt: skip


def fill(folder: Path, count: int, base: str) -> None:
    """Put real products, their categories and the policies in, and write down what a reader must find."""
    from django.contrib.flatpages.models import FlatPage
    from django.contrib.sites.models import Site
    from oscar.apps.catalogue.categories import create_from_breadcrumbs
    from oscar.apps.catalogue.models import Product, ProductCategory, ProductClass
    from oscar.apps.partner.models import Partner, StockRecord
    from PIL import Image

    (folder / "media").mkdir(exist_ok=True)
    Image.new("RGB", (300, 300), "white").save(folder / "media" / "image_not_found.jpg")
    site = Site.objects.get_current()
    for address, (title, text) in POLICIES.items():
        FlatPage.objects.create(url=address, title=title, content=f"<h1>{title}</h1>{text}").sites.add(site)
    kind = ProductClass.objects.create(name="Goods", track_stock=True)
    partner = Partner.objects.create(name="Own stock")
    lines = CATALOGUE.read_text("utf-8").splitlines()
    expected = {}
    for row in map(json.loads, random.Random(3).sample(lines, count)):
        # Some are sold out: what a shop says about those is where readers go wrong.
        stock = 0 if row["id"] % 7 == 0 else row["quantity"]
        price = f"{row['price'] / 100:.2f}"
        product = Product.objects.create(
            title=row["title"][:255], description=row["description"], upc=str(row["id"]), product_class=kind
        )
        StockRecord.objects.create(
            product=product, partner=partner, partner_sku=str(row["id"]), price=price, num_in_stock=stock
        )
        category = create_from_breadcrumbs(row["category"].replace("_", " "))
        ProductCategory.objects.create(product=product, category=category)
        available = "in_stock" if stock else "out_of_stock"
        address = base + product.get_absolute_url()
        expected[address] = {"title": row["title"][:255], "price": price, "availability": available}
    (folder / "expected.json").write_text(json.dumps({"products": expected, "policies": list(POLICIES)}), "utf-8")


class Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at a time, as a shop does."""

    daemon_threads = True
    request_queue_size = 64


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *_: object) -> None:
        """Quiet."""


def main(folder: Path, port: int, count: int) -> None:
    """Build the shop and serve it."""
    configure(folder)
    import django

    django.setup()
    from django.apps import apps
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path

    globals()["urlpatterns"] = [
        path("i18n/", include("django.conf.urls.i18n")),
        path("", include(apps.get_app_config("oscar").urls[0])),
    ]
    call_command("migrate", verbosity=0)
    fill(folder, count, f"http://127.0.0.1:{port}")
    call_command("update_index", verbosity=0)
    with make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet) as server:
        print("serving", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
