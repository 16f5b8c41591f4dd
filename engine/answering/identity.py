"""Whether a person or a machine speaks: how shoppers ask it in ten languages, and the honest answer.

Rule: "Are you a human?" is answered no, whatever a merchant or a language model would rather say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["IDENTITIES", "PATTERNS", "AskedWho", "identity", "who_is_asked"]

IDENTITIES: Mapping[str, tuple[str, str, str]] = {
    "en": (
        "No.", "Yes.", "I am {name}, an automated AI assistant of {shop}, not a person. "
        "I answer from the shop's own information.",
    ),
    "de": (
        "Nein.", "Ja.", "Ich bin {name}, ein automatischer KI-Assistent von {shop}, kein Mensch. "
        "Ich antworte aus den eigenen Angaben des Shops.",
    ),
    "fr": (
        "Non.", "Oui.", "Je suis {name}, un assistant IA automatique de {shop}, pas une personne. "
        "Je réponds à partir des informations de la boutique.",
    ),
    "es": (
        "No.", "Sí.", "Soy {name}, un asistente de IA automático de {shop}, no una persona. "
        "Respondo con la información de la propia tienda.",
    ),
    "it": (
        "No.", "Sì.", "Sono {name}, un assistente IA automatico di {shop}, non una persona. "
        "Rispondo in base alle informazioni del negozio.",
    ),
    "nl": (
        "Nee.", "Ja.", "Ik ben {name}, een automatische AI-assistent van {shop}, geen mens. "
        "Ik antwoord op basis van de informatie van de winkel zelf.",
    ),
    "pt": (
        "Não.", "Sim.", "Sou {name}, um assistente de IA automático de {shop}, não uma pessoa. "
        "Respondo com as informações da própria loja.",
    ),
    "pl": (
        "Nie.", "Tak.", "Jestem {name}, automatycznym asystentem AI sklepu {shop}, a nie człowiekiem. "
        "Odpowiadam na podstawie informacji sklepu.",
    ),
    "sv": (
        "Nej.", "Ja.", "Jag är {name}, en automatisk AI-assistent från {shop}, inte en människa. "
        "Jag svarar utifrån butikens egen information.",
    ),
    "da": (
        "Nej.", "Ja.", "Jeg er {name}, en automatisk AI-assistent fra {shop}, ikke et menneske. "
        "Jeg svarer ud fra butikkens egne oplysninger.",
    ),
}  # fmt: skip
"""What is said when a person was asked for, when a machine was, and who speaks."""

ASKING: Mapping[str, tuple[str, str, str, str]] = {
    "en": (
        r"(?:are|r) (?:you|u)|am i (?:talking|speaking|chatting|writing) (?:to|with)",
        "a an the real actual live really actually even just",
        r"humans?(?: being)?|persons?|people|real", r"(?:chat)?bots?|robots?|ai|machine|computer|program",
    ),
    "de": (
        r"bist du|sind sie|seid ihr|(?:spreche|rede|chatte|schreibe) ich(?: hier| gerade)? mit",
        "ein eine einem einer echt echte echter echten wirklich eigentlich denn richtige richtiger überhaupt",
        r"mensch(?:en)?|person", r"(?:chat)?bot|roboter|ki|maschine|computer|programm",
    ),
    "fr": (
        r"es[- ]tu|[êe]tes[- ]vous|tu es|vous [êe]tes|(?:est-ce que )?je parle (?:à|a|avec)",
        "un une vrai vraie vraiment bien être réel",
        r"humaine?|personne", r"robot|(?:chat)?bot|machine|ia|ordinateur|programme",
    ),
    "es": (
        r"eres|es usted|(?:estoy hablando|hablo|estoy chateando) con",
        "un una de verdad realmente ser",
        r"human[oa]|persona", r"robot|(?:chat)?bot|m[áa]quina|ia|programa",
    ),
    "it": (
        r"sei|[èe] lei|lei [èe]|(?:sto parlando|parlo) con",
        "un una vero vera davvero essere",
        r"uman[oa]|persona", r"robot|(?:chat)?bot|macchina|ia|programma",
    ),
    "nl": (
        r"ben (?:je|jij|u)|bent u|(?:spreek|praat|chat) ik met",
        "een echt echte eigenlijk wel nu",
        r"mens|persoon", r"robot|(?:chat)?bot|machine|ai|computer",
    ),
    "pt": (
        r"[ée]s|voc[êe] [ée]|(?:estou a falar|estou falando|falo) com",
        "um uma mesmo realmente ser",
        r"human[oa]|pessoa", r"rob[ôo]|(?:chat)?bot|m[áa]quina|ia|programa",
    ),
    "pl": (
        r"(?:czy )?jeste[śs]|(?:czy )?rozmawiam z",
        "prawdziwym żywym prawdziwą naprawdę",
        r"cz[łl]owiekiem|osob[ąa]", r"robotem|(?:chat)?botem|maszyn[ąa]|ai|programem",
    ),
    "sv": (
        r"[äa]r du|(?:pratar|talar|chattar) jag med",
        "en ett riktig verklig verkligen",
        r"m[äa]nniska|person", r"robot|(?:chat)?bot|maskin|ai|dator",
    ),
    "da": (
        r"er du|(?:taler|snakker|chatter) jeg med",
        "et en rigtig rigtigt virkelig",
        r"menneske|person", r"robot|(?:chat)?bot|maskine|ai|computer",
    ),
}  # fmt: skip
"""How it is asked, words that may stand between, a person, and a machine."""
LONGEST = 12
"""Words. A longer message asks something else besides."""


AFTER = (
    "right now|now|here|then|please|actually|or not|hier|jetzt|bitte|oder nicht|ici|maintenant|réelle?|ou pas"
    "|aquí|ahora|real|de verdad|o no|qui|adesso|reale|ver[oa]|nu|aqui|agora|ou não|tutaj|czy nie|här|her"
)
"""What may stand behind it without changing what is asked."""


def asking(how: str, between: str, human: str, machine: str) -> re.Pattern[str]:
    """A pattern of the question. What it asks about ends the phrase, so that `are you a robot shop` is none."""
    filler = f"(?:(?:{'|'.join(between.split())}) )"
    kinds = f"(?:(?P<human>{human})|(?P<machine>{machine}))"
    other = f"(?P<other>,? (?:or|oder|ou|o|oppure|of|czy|lub|eller) {filler}{{0,3}}(?:{human}|{machine}))?"
    return re.compile(rf"(?<![\w-])(?:{how}) {filler}{{0,4}}{kinds}{other}(?: (?:{AFTER})){{0,2}} ?(?:[?!.,]|$)")


PATTERNS = {language: asking(*parts) for language, parts in ASKING.items()}


@dataclass(frozen=True, slots=True)
class AskedWho:
    """A question about who speaks."""

    language: str
    about: Literal["human", "machine", "either"]


def who_is_asked(text: str) -> AskedWho | None:
    """Whether a message asks if a person or a machine speaks, in which language, and of which it asks."""
    plain = " ".join(text.lower().replace("’", " ").replace("'", " ").split())
    if len(plain.split()) > LONGEST:
        return None
    for language, pattern in PATTERNS.items():
        if (found := pattern.search(plain)) is not None:
            if found["other"]:
                return AskedWho(language, "either")
            return AskedWho(language, "human" if found["human"] else "machine")
    return None


def identity(asked: AskedWho, *, name: str, shop: str) -> str:
    """The honest answer: no to whether a person speaks, yes to whether a machine does, and who it is."""
    no, yes, words = IDENTITIES.get(asked.language, IDENTITIES["en"])
    first = {"human": f"{no} ", "machine": f"{yes} ", "either": ""}[asked.about]
    return first + words.format(name=name, shop=shop)
