"""What shops call what shoppers say: "my money back" is a refund, "where is my stuff" the status of an order.

A question is looked up a second time with the shop's words beside it; it is read and answered as it was asked. The
words are those of shops in general; English only.
"""

from __future__ import annotations

import re

__all__ = ["in_shop_words"]

THING = r"(?:order|package|parcel|box|stuff|delivery|shipment|goods|purchase|things?)"
SAYINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (rf"\bwhere(?:'s| is| are| did)?\b.{{0,20}}\bmy\b.{{0,15}}\b{THING}\b|\bwhere my\b.{{0,15}}\b{THING}\b"
         rf"|\b(?:follow|trace|find) my {THING}\b"
         rf"|\b{THING}\b.{{0,20}}\b(?:not here|not come|hasn'?t (?:come|arrived|turned up))\b",
         "track the status of an order"),
        (r"\b(?:send|give|bring|ship|mail|take)(?:ing)?\b.{0,30}\bback\b|\bchange(?:d)? my mind\b", "return an item"),
        (r"\bmoney back\b|\breimburse\w*|\bget my (?:money|cash)\b|\bpaid back\b", "refund"),
        (r"\bswap\b|\btrade\b.{0,20}\bfor\b", "exchange an item"),
        (r"\b(?:bill|receipt)\b", "invoice"),
        (r"\b(?:dead|broken|bust|faulty|stopped working|(?:won'?t|doesn'?t) (?:turn on|start|work))\b",
         "defective, warranty"),
        (r"\b(?:promo|coupon|voucher|code)\b.{0,40}\b(?:refused|invalid|rejected|not accepted|doesn'?t work)\b",
         "discount code is not valid"),
        (r"\b(?:stop|no more|too many|get rid of)\b.{0,30}\b(?:e-?mails?|mails?|spam|newsletters?)\b"
         r"|\bspam(?:ming)? me\b",
         "unsubscribe from the newsletter"),
        (r"\b(?:resell|re-sell|wholesale|stockist|sell your\b)", "become a reseller or distributor"),
        (r"\b(?:second|extra|2nd) (?:login|log-?in|sign-?in) step\b|\bauthenticator\b|\b2fa\b|\bcode on my phone\b",
         "two-step verification, recovery code"),
        (r"\b(?:tell|let|ping|message|notify|mail) me when\b|\b(?:back|again) in stock\b", "notify me when available, back in stock"),
        (r"\b(?:close|kill|get rid of|wipe)\b.{0,15}\b(?:account|login|profile|data)\b", "delete the account"),
        (r"\b(?:add|put|take out|remove|change)\b.{0,40}\border\b", "change or cancel an order that was placed"),
        (r"\b(?:talk|speak|write|get through) to (?:you|someone|somebody|a person|a human)\b", "contact us"),
        (r"\bpay(?:ing)? (?:later|in parts|in bits|monthly)\b|\binstal?ments?\b", "pay in instalments"),
        (r"\b(?:tax|vat)[ -](?:free|exempt)\b|\bwithout (?:sales )?(?:tax|vat)\b", "tax exemption"),
    )
)  # fmt: skip


def in_shop_words(question: str) -> str:
    """What shops call the matter of a question; empty where it is called so already, or nothing is known of it."""
    said = question.casefold()
    found = [words for pattern, words in SAYINGS if pattern.search(question) and words not in said]
    return ", ".join(found)
