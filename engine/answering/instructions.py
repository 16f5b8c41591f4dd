"""Sentences of pages, files and rows that speak to the assistant instead of the shopper are no evidence.

A language model must not read them, and the extractive composer must not quote them. Content stays data whether
this recognises an instruction or not; what it recognises is only kept from being shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from engine.answering.checking.addresses import IMAGE
from engine.answering.checking.grounds import SENTENCE
from engine.domain.knowledge import Product
from engine.ports import ScoredPassage

__all__ = ["addresses_the_assistant", "without_instructions"]

RULES = r"(?:instructions?|rules?|prompts?|guidelines?|directions?|restrictions?|messages?|context|polic(?:y|ies))"
WHOM = r"(?:ai|llm|chatbot|bot|assistant|language model|model)s?"
VERBS = (
    r"(?:please|you|when|always|never|say|tell|reply|respond|answer|note|ignore|ask|cite|repeat|decode|print|write|output"
    r"|show|send|call|confirm|forget|do|use|add|include|give|reveal)"
)
PATTERNS = (
    # setting rules aside
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|your|the"
    r"|these)\b"
    rf".{{0,30}}\b{RULES}\b",
    r"\b(?:new|updated|system|hidden|secret|admin|developer|override) (?:instructions?|prompts?|messages?"
    r"|directives?)\s*[:,]",
    r"\b(?:system|initial|hidden|developer) prompt\b",
    # another part to play
    r"\b(?:you are|you're|act as|pretend to be|roleplay as) (?:now |from now on )?(?:an? |the )?(?:unrestricted"
    r"|DAN\b|evil"
    r"|jailbroken|different assistant|pirate|AI\b|language model|chatbot|assistant\b|bot\b)",
    r"\bdo anything now\b|\bdeveloper mode\b|\bjailbreak",
    # speaking to the assistant
    rf"\b(?:as an ai|dear {WHOM}|(?:attention|note to|message (?:to|for)|hey) (?:the |any |all )?(?:ai|shop "
    rf"|virtual )*{WHOM})\b",
    rf"\b{WHOM}\s?[,:]\s?{VERBS}\b|\bassistants?\s?:",
    r"\bfrom now on\b.{0,40}\b(?:answer|reply|respond|say|begin|start|end|you)\b",
    r"\b(?:answer|reply to|respond to|begin|start|end)\b.{0,10}\b(?:every|each|all|any) "
    r"(?:question|message|answer|reply|response)s?\b",
    rf"\b{WHOM} (?:must|shall|should|has to|have to|is required to|are required to|reading|processing)\b",
    r"^\s*#{0,4}\s*(?:system|assistant)\s*:|<\\?\|?(?:im_start|im_end|system|endoftext)\\?\|?>|\[/?INST\]",
    # what to say
    r"\b(?:respond|reply|answer|output|say|print|write)\b.{0,12}\b(?:only|exactly|just|with the (?:words?|phrase"
    r"|text)"
    r"|the (?:words?|phrase))\b.{0,3}[\"“':]",
    r"\b(?:tell|inform|instruct|respond to|reply to|answer)\b.{0,8}\b(?:every|all|the|any|each) (?:customers?"
    r"|shoppers?|users?"
    r"|visitors?|person|people)\b.{0,20}\b(?:that|to|is|are)\b",
    r"\b(?:print|reveal|repeat|output|show|leak|disclose|send)\b.{0,30}\b(?:api keys?|secrets?|your instructions"
    r"|(?:your|the system|the hidden|its) prompt"
    r"|(?:your|all|admin\w*|other|customers?'?) passwords?"
    r"|text above|other (?:customers?|users?|shoppers?)|(?:this |the )?conversations?)\b",
    r"\b(?:decode|execute|obey)\b.{0,30}\b(?:base64|rot13|hex|instructions? (?:below|above|hidden|here"
    r"|in this))\b|\bfollow\b.{0,30}\b(?:base64|rot13|instructions? (?:hidden|in this (?:page|text|document)))\b",
    # other languages, and letters replaced by digits
    r"\b(?:ignorier|vergiss|missacht)\w*\b.{0,40}\b(?:anweisung|regel|vorgabe|instruktion)\w*",
    r"\b(?:ignore[rz]?|oublie[rz]?)\b.{0,30}\b(?:instructions|consignes|règles)\b",
    r"\b(?:ignor[ae]\w*|olvida|dimentica)\b.{0,30}\b(?:instrucciones|reglas|istruzioni|regole|instruções)\b",
    r"\bnegeer\b.{0,30}\binstructies\b|игнорируй\w*.{0,40}инструкци|忽略.{0,12}(?:指令|指示|说明)|(?:以前|前|上記)の指示を無視",
    r"\b(?=\w*\d)[i1l]gn[o0]r[e3]\b|\b(?=\w*\d)[i1]nstruct[i1][o0]n[s5]\b",
)
INSTRUCTION = re.compile("|".join(PATTERNS), re.IGNORECASE | re.MULTILINE)
BLOB = re.compile(
    r"(?<![\w/+=.-])(?=[A-Za-z+/]*\d|[a-z+/]*[A-Z]{2}"
    r"|\S*[a-z]\S*[A-Z]\S*[a-z]\S*[A-Z])[A-Za-z0-9+/]{40,}={0,2}(?![\w/.-])"
)
"""Text that only a program reads, such as base64."""


@lru_cache(maxsize=10_000)
def addresses_the_assistant(text: str) -> bool:
    """Whether a sentence gives the assistant an instruction, openly or encoded."""
    return bool(INSTRUCTION.search(text) or BLOB.search(text))


def cleaned(text: str) -> tuple[str, int]:
    """(the text without such sentences and without pictures' markup, how many lines had one).

    A line is kept up to the first such sentence: what follows in it usually belongs to it.
    """
    text = IMAGE.sub("", text)
    if not addresses_the_assistant(text):
        return text, 0
    kept, removed = [], 0
    for line in text.split("\n"):
        if not addresses_the_assistant(line):
            kept.append(line)
            continue
        removed += 1
        kept.append(before_instruction(line))
    if not removed:  # it runs over the end of a line
        return "", 1
    return "\n".join(line for line in kept if line.strip()).strip(), removed


def before_instruction(line: str) -> str:
    """The sentences of a line before the first one that speaks to the assistant."""
    kept, place = "", 0
    for end in [found.end() for found in SENTENCE.finditer(line)] + [len(line)]:
        sentence = line[place:end]
        if addresses_the_assistant(sentence) or addresses_the_assistant(line[:end]):
            break
        kept, place = kept + sentence, end
    return kept.strip()


def without_instructions(
    evidence: Sequence[ScoredPassage], products: Sequence[Product]
) -> tuple[tuple[ScoredPassage, ...], tuple[Product, ...], int]:
    """(passages and rows without sentences to the assistant, how many such sentences there were)."""
    kept: list[ScoredPassage] = []
    count = 0
    for item in evidence:
        passage = item.passage
        title, first = cleaned(passage.title)
        text, second = cleaned(passage.text)
        headings = tuple(heading for heading in passage.headings if not addresses_the_assistant(heading))
        count += first + second + len(passage.headings) - len(headings)
        question = passage.question if passage.question and not addresses_the_assistant(passage.question) else None
        changed = (
            title != passage.title
            or text != passage.text
            or headings != passage.headings
            or question != passage.question
        )
        if text:
            new = replace(passage, title=title or "…", text=text, headings=headings, question=question)
            kept.append(replace(item, passage=new) if changed else item)
    rows = []
    for product in products:
        row, removed = clean_row(product)
        count += removed
        rows.append(row)
    return tuple(kept), tuple(rows), count


def clean_row(product: Product) -> tuple[Product, int]:
    """A row without such sentences in its title, description and facts."""
    title, first = cleaned(product.title)
    description, second = cleaned(product.description)
    facts = {
        name: value
        for name, value in product.attributes.items()
        if not addresses_the_assistant(f"{name}: {value}") and not addresses_the_assistant(value)
    }
    removed = first + second + len(product.attributes) - len(facts)
    if (title, description, facts) == (product.title, product.description, product.attributes):
        return product, 0
    return replace(product, title=title or "…", description=description, attributes=facts), removed
