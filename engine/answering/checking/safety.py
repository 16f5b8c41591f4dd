"""What never leaves, whatever the evidence says: our own prompt, secrets, claims to be human, requests for secrets."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["PromptLeaks", "unsafe"]

RUN = 6
"""So many words in a row out of the system prompt are a leak, unless the evidence says them too."""
WORD = re.compile(r"\w+")
HUMAN = re.compile(
    r"\bI(?:['’]m| am) (?:not (?:a|an) (?:bot|robot|machine|AI|computer|chatbot|assistant)\b|(?:a |an )?(?:real "
    r"|actual |living )?"
    r"(?:human|person|man|woman|real employee)\b|(?:really |actually )?human\b)"
    r"|\bich bin (?:ein(?:e)? )?(?:echter? )?(?:mensch|kein (?:bot|roboter|computer))|\bich bin kein (?:bot|roboter)"
    r"|\bje (?:suis|ne suis pas) (?:un |une )?(?:vrai(?:e)? )?(?:humain|humaine|personne|robot|bot|machine)\b"
    r"|\bsoy (?:un |una )?(?:ser )?(?:human[oa]|persona)\b|\bno soy un (?:bot|robot)"
    r"|\bsono (?:un )?(?:essere )?(?:uman[oa]|una persona)\b|\bnon sono un (?:bot|robot)"
    r"|\bik ben (?:een )?(?:mens|geen (?:bot|robot))",
    re.IGNORECASE,
)
PRIVATE = (
    r"(?:credit card|debit card|card (?:number|details)|cvv|cvc|security code|pass ?word|pass ?code|\bpin\b|iban"
    r"|bank account"
    r"|social security|one-time code|verification code|kreditkarten\w*|passwort|kennwort|carte (?:bancaire|de crédit)"
    r"|mot de passe|tarjeta de crédito|contraseña|carta di credito|codice di sicurezza)"
)
ASKS_FOR_SECRET = re.compile(
    r"\b(?:send|tell|give|share|provide|reply with|respond with|type|enter|post|message|e-?mail|confirm|need"
    r"|require|want"
    r"|nennen|senden|schicken|geben|teilen|envoyez|donnez|indiquez|saisissez|envíe|envía|dime|indique"
    r"|proporcione|invia"
    rf"|inviami|fornisci|dimmi)\b(?:\W+\w+){{0,8}}?\W+{PRIVATE}"
    rf"|\bwhat(?:['’]s| is) (?:your|the) (?:\w+ ){{0,2}}?{PRIVATE}",
    re.IGNORECASE,
)
HERE = re.compile(
    r"\b(?:me|us|here|chat|reply|message|mir|uns|hier|moi|nous|ici|me|nos|aquí|mi|ci|qui|what(?:['’]s| is))\b"
    r"|i need|we need",
    re.IGNORECASE,
)
KEYS = re.compile(
    r"\b(?:sk|pk|rk)_[A-Za-z0-9_]{8,}|\bsk-[A-Za-z0-9_-]{8,}|\bwhsec_\w{8,}|\bxox[abp]-[\w-]{8,}"
    r"|\beyJ[\w-]{8,}\.[\w-]+"
    r"|\bEAA[A-Za-z0-9]{12,}|-----BEGIN [A-Z ]*KEY-----"
)


class PromptLeaks:
    """Knows our prompt and the code that fences the evidence, and recognises them in an answer."""

    def __init__(self, prompt: str, secrets: Sequence[str], evidence: str) -> None:
        known = set(runs(evidence))
        self.runs = frozenset(run for run in runs(prompt) if run not in known)
        self.secrets = tuple(secret.casefold() for secret in secrets if secret)

    def leaks(self, text: str) -> bool:
        """Whether a text repeats the prompt, or holds one of the secrets."""
        lower = text.casefold()
        return any(secret in lower for secret in self.secrets) or any(run in self.runs for run in runs(text))


def runs(text: str) -> list[tuple[str, ...]]:
    """Every few words in a row."""
    words = WORD.findall(text.casefold())
    return [tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)]


def unsafe(text: str, leaks: PromptLeaks) -> str:
    """Why a sentence must not leave; empty when it may."""
    if leaks.leaks(text) or KEYS.search(text):
        return "setup"
    if HUMAN.search(text):
        return "human"
    asks = ASKS_FOR_SECRET.search(text)
    if asks and HERE.search(text):
        return "secret"
    return ""
