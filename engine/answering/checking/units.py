"""Units as shops write them in five languages, and the one form in which they are compared."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["CURRENCIES", "NUMBER_WORDS", "QUALIFIERS", "UNITS", "currency_of", "number_word"]

CURRENCIES: dict[str, tuple[str, ...]] = {
    "EUR": ("€", "EUR", "euro", "euros", "Euro", "Euros"),
    "USD": ("US$", "$", "USD", "dollar", "dollars", "Dollar"),
    "GBP": ("£", "GBP", "pounds sterling"),
    "JPY": ("¥", "JPY", "yen"), "INR": ("₹", "INR", "rupees"),
    "CHF": ("CHF", "Fr.", "francs", "Franken"), "SEK": ("SEK",), "NOK": ("NOK",), "DKK": ("DKK",),
    "PLN": ("PLN", "zł"), "CZK": ("CZK", "Kč"), "CAD": ("CA$", "C$", "CAD"), "AUD": ("A$", "AU$", "AUD"),
    "NZD": ("NZ$", "NZD"), "HUF": ("HUF", "Ft"), "RON": ("RON", "lei"), "CNY": ("CNY", "RMB"), "BRL": ("R$", "BRL"),
}  # fmt: skip

TIME = ("time", Decimal(1))
UNITS: dict[tuple[str, Decimal], tuple[str, ...]] = {
    TIME: ("second", "seconds", "sec", "secs", "Sekunde", "Sekunden", "seconde", "secondes", "segundos", "secondi"),
    ("time", Decimal("0.001")): ("ms", "millisecond", "milliseconds"),
    ("time", Decimal(60)): ("minute", "minutes", "min", "mins", "Minute", "Minuten", "minutos", "minuti"),
    ("time", Decimal(3600)): (
        "hour", "hours", "hr", "hrs", "h", "Stunde", "Stunden", "heure", "heures", "hora", "horas", "ore",
    ),
    ("time", Decimal(86400)): (
        "day", "days", "Tag", "Tage", "Tagen", "Werktage", "Werktagen", "Arbeitstage", "Arbeitstagen",
        "Geschäftstage", "Geschäftstagen", "Kalendertage", "Kalendertagen", "jour", "jours", "día", "días", "dia",
        "dias", "giorno", "giorni", "dagen",
    ),
    ("time", Decimal(604800)): (
        "week", "weeks", "Woche", "Wochen", "semaine", "semaines", "semana", "semanas", "settimana", "settimane",
    ),
    ("months", Decimal(1)): ("month", "months", "Monat", "Monate", "Monaten", "mois", "mes", "meses", "mese", "mesi"),
    ("months", Decimal(12)): (
        "year", "years", "yr", "yrs", "Jahr", "Jahre", "Jahren", "an", "ans", "année", "années", "año", "años",
        "anno", "anni",
    ),
    ("mass", Decimal(1)): ("g", "gram", "grams", "gr", "Gramm", "grammes", "gramos", "grammi"),
    ("mass", Decimal("0.001")): ("mg",),
    ("mass", Decimal(1000)): ("kg", "kilo", "kilos", "kilogram", "kilograms", "Kilogramm"),
    ("ounce", Decimal(1)): ("oz", "ounce", "ounces"), ("pound", Decimal(1)): ("lb", "lbs", "pound", "pounds"),
    ("length", Decimal(1)): ("mm", "millimetre", "millimetres", "millimeter", "millimeters"),
    ("length", Decimal(10)): ("cm", "centimetre", "centimetres", "centimeter", "centimeters", "Zentimeter"),
    ("length", Decimal(1000)): ("m", "metre", "metres", "meter", "meters", "mètre", "mètres", "metros", "metri"),
    ("length", Decimal(1000000)): ("km", "kilometre", "kilometres", "kilometer", "kilometers"),
    ("inch", Decimal(1)): ("inch", "inches", "″", '"', "”", "Zoll"), ("inch", Decimal(12)): ("ft", "foot", "feet"),
    ("mile", Decimal(1)): ("mile", "miles"),
    ("volume", Decimal(1)): ("ml", "mL", "millilitre", "millilitres", "milliliter", "milliliters"),
    ("volume", Decimal(10)): ("cl",),
    ("volume", Decimal(1000)): ("l", "L", "litre", "litres", "liter", "liters", "Liter", "litros", "litri"),
    ("volt", Decimal(1)): ("V", "volt", "volts", "VDC", "VAC"), ("volt", Decimal("0.001")): ("mV",),
    ("ampere", Decimal(1)): ("A", "amp", "amps", "ampere"), ("ampere", Decimal("0.001")): ("mA",),
    ("charge", Decimal(1)): ("mAh",), ("charge", Decimal(1000)): ("Ah",),
    ("watt", Decimal(1)): ("W", "watt", "watts"), ("watt", Decimal(1000)): ("kW",),
    ("microfarad", Decimal(1)): ("µF", "μF", "uF"),
    ("ohm", Decimal(1)): ("Ω", "ohm", "ohms"), ("ohm", Decimal(1000)): ("kΩ", "KΩ", "kohm"),
    ("hertz", Decimal(1)): ("Hz",), ("hertz", Decimal(1000)): ("kHz",), ("hertz", Decimal(1000000)): ("MHz",),
    ("hertz", Decimal(1000000000)): ("GHz",), ("bit", Decimal(1)): ("bit", "bits"),
    ("byte", Decimal(1)): ("byte", "bytes"), ("byte", Decimal(1024)): ("KB", "kB"),
    ("byte", Decimal(1048576)): ("MB",), ("byte", Decimal(1073741824)): ("GB",), ("byte", Decimal(2**40)): ("TB",),
    ("degree", Decimal(1)): ("°C", "°F", "°", "degrees", "degree", "Grad", "degrés", "grados", "gradi"),
    ("pixel", Decimal(1)): ("px", "pixel", "pixels"), ("megapixel", Decimal(1)): ("MP", "megapixel", "megapixels"),
    ("percent", Decimal(1)): ("%", "percent", "per cent", "Prozent", "pour cent", "por ciento", "per cento"),
    ("piece", Decimal(1)): ("pcs", "pc", "PCS", "piece", "pieces", "Stück", "pièces", "piezas", "pezzi"),
}  # fmt: skip
"""(what is measured, how many of its smallest unit one is) to the ways it is written."""

QUALIFIERS = (
    r"(?:business|working|calendar|full|consecutive|further|additional|extra|more|whole|volle[nr]?|weitere[nr]?)"
)
NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12,
    "vierzehn": 14, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60,
    "neunzig": 90, "hundert": 100,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "douze": 12,
    "quatorze": 14, "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "soixante": 60, "cent": 100,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "doce": 12, "catorce": 14, "quince": 15, "veinte": 20, "treinta": 30, "cuarenta": 40, "sesenta": 60,
    "noventa": 90, "cien": 100, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sette": 7, "otto": 8, "nove": 9,
    "dieci": 10, "dodici": 12, "quattordici": 14, "venti": 20, "trenta": 30, "quaranta": 40, "sessanta": 60,
}  # fmt: skip
"""Numbers in words; only those before a unit are read as numbers."""
SIGNS = {sign.casefold(): code for code, signs in CURRENCIES.items() for sign in signs}


def currency_of(sign: str) -> str:
    """ISO 4217 code of a sign, code or word."""
    return SIGNS[sign.casefold()]


def number_word(text: str) -> Decimal:
    """`thirty` is 30, `twenty-five` 25."""
    parts = re.split(r"[\s-]+", text.casefold())
    if len(parts) == 2 and parts[1] == "hundred":
        return Decimal(NUMBER_WORDS[parts[0]] * NUMBER_WORDS[parts[1]])
    return Decimal(sum(NUMBER_WORDS[part] for part in parts))
