"""Whether a web address, an e-mail address or a telephone number may stand where it does.

It must be in the evidence, and there for the same matter: another page's address bears nothing out.
"""

from __future__ import annotations

from engine.answering.checking.addresses import normal_address
from engine.answering.checking.grounds import Grounds, near_words
from engine.answering.checking.reading import Reading
from engine.answering.checking.values import Claim
from engine.answering.checking.words import word_places

__all__ = ["address_holds", "stands_near"]

ADDRESS_CLEARLY = 0.9
"""As `CLEARLY`, for addresses that sentences of the evidence state."""
ADDRESS_FITS = 0.6
"""An address may stand in a passage that fits so much of what the best fitting one with an address does."""


def address_holds(claim: Claim, reading: Reading, grounds: Grounds) -> bool:
    """Whether an address stands in the evidence, and where the sentence fits: not another page's or product's."""
    value, subject = next(iter(claim.values)), reading.subjects[claim]
    if value not in grounds.urls:
        return value in grounds.own_hosts
    for product in subject.products if subject.named else ():
        own = {normal_address(url) for url in (product.url, *(v.url for v in product.variants)) if url}
        if value in own:
            return True
        if own and any(url.rpartition("/")[0] == value.rpartition("/")[0] for url in own):
            return False
    return stands_near(claim, reading, grounds)


def stands_near(claim: Claim, reading: Reading, grounds: Grounds) -> bool:
    """Whether a passage or row that speaks of the sentence's matter has this address, or opens at it."""
    value = next(iter(claim.values))
    same = [ground for ground in grounds.all if reading.words and reading.words <= ground.own]
    stated = [s.claim.values for ground in same for s in ground.stated if s.claim.kind in {"url", "email", "phone"}]
    if stated:  # the sentence repeats one of the evidence
        return any(value in values for values in stated)
    near = near_words(word_places(reading.bare), claim)
    stating = grounds.holders(claim, near, reading.words)
    if any(value in stated.claim.values for _, _, stated in stating):
        right = max(score for score, _, stated in stating if value in stated.claim.values)
        beside = any(near & stated.near for _, _, stated in stating if value in stated.claim.values)
        others = any(value not in stated.claim.values for _, _, stated in stating)
        return right >= ADDRESS_CLEARLY * stating[0][0] and (beside or not others or not near)
    fits = [(score, known) for score, known in grounds.address_books(reading.words) if known]
    best = max((score for score, _ in fits), default=0.0)
    having = [score for score, known in fits if value in known]
    return max(having, default=-1.0) >= ADDRESS_FITS * best
