"""The words of the demo shop's pages about itself: policies, help, contact.

Never here: goods, and how a page looks.
"""
# ruff: noqa: E501 - prose and shapes

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PAGES", "QUESTIONS", "TextPage"]


@dataclass(frozen=True, slots=True)
class TextPage:
    """One page of words."""

    slug: str
    title: str
    body: str


QUESTIONS: tuple[tuple[str, str], ...] = (
    ("Do you have a shop that I can visit?",
     "Yes. Our shop and workshop are at Korenlei 48 in Ghent, open Tuesday to Saturday from 10:00 to 18:00."),
    ("Can I collect my order myself?",
     "Yes, free of charge. Choose collection at the checkout; we send you an e-mail as soon as your order is ready, "
     "mostly within two hours while the shop is open."),
    ("Is your tea organic?",
     "Harbour Breakfast and Chamomile Meadow are certified organic (BE-BIO-01). Our other teas come from small growers "
     "who do not use pesticides but have no certificate."),
    ("How long does loose tea keep?",
     "Keep it in a closed tin, dark and dry. Green tea tastes best within 9 months, black tea and rooibos within 2 years."),
    ("Can I change or cancel my order?",
     "You can until we pack it. Write or call us with your order number; orders placed before 14:00 on a working day "
     "are packed the same afternoon."),
    ("Do you wrap gifts?",
     "Yes. Gift wrapping costs 3.50 euro an order and includes a card with your own words, up to 200 characters."),
    ("Do you sell to cafés and restaurants?",
     "Yes. From an order value of 250 euro we give 20 % off tea and 15 % off ceramics. Write to wholesale@fernleaf.example."),
    ("Are your mugs safe in the dishwasher?",
     "Yes, all stoneware is, except the Moonrise Matcha Bowl, which should be washed by hand."),
    ("Do you offer workshops?",
     "Every first Saturday of the month you can throw your own cup. A place costs 55 euro, clay, firing and tea included."),
)  # fmt: skip

DELIVERY = """
<p>Orders placed before 14:00 on a working day leave our workshop the same day. We send with bpost and DHL, and you get
a link to follow your parcel by e-mail.</p>
<h2>Costs and times</h2>
<table>
<thead><tr><th>Country</th><th>Delivery time</th><th>Cost</th><th>Free from</th></tr></thead>
<tbody>
<tr><td>Belgium</td><td>1 to 2 working days</td><td>4.50 EUR</td><td>50 EUR</td></tr>
<tr><td>Netherlands, Luxembourg</td><td>2 to 3 working days</td><td>5.90 EUR</td><td>60 EUR</td></tr>
<tr><td>Germany, France</td><td>2 to 4 working days</td><td>6.90 EUR</td><td>75 EUR</td></tr>
<tr><td>Austria, Italy, Spain, Ireland</td><td>3 to 6 working days</td><td>9.90 EUR</td><td>100 EUR</td></tr>
<tr><td>Other countries of the EU</td><td>4 to 8 working days</td><td>12.90 EUR</td><td>120 EUR</td></tr>
</tbody>
</table>
<h2>Where we do not deliver</h2>
<p>We do not deliver outside the European Union at the moment, nor to Switzerland and the United Kingdom.</p>
<h2>If something arrives broken</h2>
<p>Send us a photo within 7 days to <a href="mailto:hello@fernleaf.example">hello@fernleaf.example</a>. We send a new
piece at once and ask nothing for it. You need not send the broken one back.</p>
<h2>Collecting in the shop</h2>
<p>Collecting your order in our shop in Ghent is free. We keep it for you for 14 days.</p>
"""
RETURNS = """
<p>You may return what you bought within <strong>30 days</strong> of receiving it, without giving a reason. That is more
than the 14 days which the law gives you.</p>
<h2>How to return something</h2>
<ol>
<li>Write to <a href="mailto:returns@fernleaf.example">returns@fernleaf.example</a> with your order number.</li>
<li>We send you a label within one working day. Returns from Belgium are free; from other countries the label costs 5.90
EUR, which we take off the refund.</li>
<li>Pack the pieces well and bring the parcel to the post office.</li>
</ol>
<h2>When you get your money back</h2>
<p>Within 5 working days of receiving your parcel, by the way you paid. We also refund the cost of standard delivery when
you return the whole order within 14 days.</p>
<h2>What cannot be returned</h2>
<ul>
<li>Opened tins and bags of tea, for reasons of hygiene. Unopened ones can.</li>
<li>Pieces made to your order, for example with a name.</li>
<li>Gift cards that have been used.</li>
</ul>
"""
PAYMENT = """
<p>All prices include VAT. You can pay with:</p>
<ul>
<li>Bancontact, iDEAL and Wero</li>
<li>Visa, Mastercard and American Express</li>
<li>PayPal</li>
<li>bank transfer: we send the order when the money has arrived, mostly after 1 to 2 working days</li>
<li>our <a href="products/gift-card.html">gift card</a></li>
</ul>
<h2>Paying later</h2>
<p>We do not offer payment by instalments or on delivery. Companies in Belgium may ask for payment on invoice within 14
days, from their second order on.</p>
<h2>When your card is charged</h2>
<p>When we send the parcel. Pre-orders are charged when they are sent, not when you order.</p>
"""
WARRANTY = """
<p>Every piece has the legal warranty of two years. For our own ceramics we go further: if a handle comes off or the glaze
crazes in normal use within <strong>five years</strong>, we mend or replace the piece.</p>
<h2>What is covered</h2>
<ul><li>faults of material and making</li><li>glaze that cracks or comes off, except on crackled glazes, where it is
meant to</li><li>kettles: leaks and a thermometer that shows wrong values</li></ul>
<h2>What is not covered</h2>
<p>Breakage from a fall, and damage from heat shock, such as boiling water in a cup that comes out of the freezer.</p>
<h2>How to claim</h2>
<p>Send a photo and your order number to <a href="mailto:care@fernleaf.example">care@fernleaf.example</a>. We answer
within two working days.</p>
"""
PRIVACY = """
<p>Fernleaf &amp; Kiln BV, Korenlei 48, 9000 Ghent, is responsible for your data. We keep as little as we can.</p>
<h2>What we keep, and how long</h2>
<ul><li>Your orders and invoices: 7 years, as tax law asks.</li><li>Your account: until you delete it.</li>
<li>Messages to us: 12 months.</li></ul>
<h2>Whom we give it to</h2>
<p>To the carrier who brings your parcel and the company that handles your payment. To nobody else, and never for
advertising.</p>
<h2>Your rights</h2>
<p>You can see, correct and delete your data at any time. Write to
<a href="mailto:privacy@fernleaf.example">privacy@fernleaf.example</a>.</p>
"""
BREWING = """
<p>Good tea needs fresh water, the right temperature and a little patience.</p>
<table>
<thead><tr><th>Tea</th><th>Temperature</th><th>Time</th></tr></thead>
<tbody><tr><td>Green tea</td><td>75 °C</td><td>2 minutes</td></tr><tr><td>Black tea</td><td>95 to 98 °C</td><td>3 to 4
minutes</td></tr><tr><td>Oolong</td><td>90 °C</td><td>3 minutes</td></tr><tr><td>Rooibos</td><td>100 °C</td><td>7
minutes</td></tr><tr><td>Herbs</td><td>100 °C</td><td>6 minutes</td></tr></tbody>
</table>
<h2>No thermometer?</h2>
<p>Let boiling water stand for five minutes with the lid off, and it is right for green tea.</p>
<h2>If the tea tastes bitter</h2>
<p>Use cooler water first, then a shorter time. Green tea turns bitter above 80 °C.</p>
"""
CARE = """
<p>Our stoneware is made for every day. A few habits keep it beautiful for decades.</p>
<h2>Dishwasher and microwave</h2>
<p>Mugs, cups and trays may go into both. The Kiln Teapot may go into the dishwasher but not into the microwave. Wash the
Moonrise Matcha Bowl by hand.</p>
<h2>Tea stains</h2>
<p>Fill the piece with warm water and a spoonful of baking soda, leave it for an hour and wipe it. Never use steel
wool.</p>
<h2>A new teapot</h2>
<p>Rinse it with hot water before the first use. Porous spots under the foot are not a fault: stoneware breathes
there.</p>
"""
ABOUT = """
<p>Fernleaf &amp; Kiln began in 2014 with a wheel in a garage and a suitcase of tea. Marit Claes throws the pots; Jonas
Peeters travels to the growers. Today eight people work in our house at the Korenlei in Ghent.</p>
<h2>How we work</h2>
<p>Our clay comes from the Westerwald, our glazes are free of lead, and the kiln runs on green electricity. Parcels are
packed with paper and wood wool: no plastic leaves the house.</p>
<h2>One per cent for ferns</h2>
<p>We give one per cent of our turnover to the protection of peat bogs in Flanders.</p>
"""
CONTACT = """
<p>We are glad to hear from you, in English, Dutch, French or German.</p>
<ul>
<li>Phone: <a href="tel:+3292000148">+32 9 200 01 48</a>, Monday to Friday from 9:00 to 17:00</li>
<li>E-mail: <a href="mailto:hello@fernleaf.example">hello@fernleaf.example</a>; we answer within one working day</li>
<li>Shop: Korenlei 48, 9000 Ghent, Belgium</li>
</ul>
<h2>Opening hours of the shop</h2>
<table><thead><tr><th>Day</th><th>Hours</th></tr></thead><tbody>
<tr><td>Tuesday to Friday</td><td>10:00 to 18:00</td></tr><tr><td>Saturday</td><td>10:00 to 18:00</td></tr>
<tr><td>Sunday and Monday</td><td>closed</td></tr></tbody></table>
"""

PAGES: tuple[TextPage, ...] = (
    TextPage("delivery", "Delivery", DELIVERY),
    TextPage("returns", "Returns and refunds", RETURNS),
    TextPage("payment", "Payment", PAYMENT),
    TextPage("warranty", "Warranty", WARRANTY),
    TextPage("privacy", "Privacy", PRIVACY),
    TextPage("brewing-guide", "Brewing guide", BREWING),
    TextPage("ceramic-care", "Caring for ceramics", CARE),
    TextPage("about", "About us", ABOUT),
    TextPage("contact", "Contact", CONTACT),
)
