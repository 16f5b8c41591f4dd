"""Any table or list of objects with one product, or one form of a product, a row.

Never here: what the columns mean; that is guessed in `columns` and decided by the shop owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.knowledge.catalogue.columns import Guess, guess_columns
from engine.knowledge.catalogue.entries import SINGLE_FIELDS, Entry, Field, Row
from engine.knowledge.catalogue.formats.format import Found, Plan, Raw, Refused
from engine.knowledge.catalogue.gathering import Gathering
from engine.knowledge.catalogue.nested import row_of
from engine.knowledge.catalogue.objects import JsonObjects, Numbered
from engine.knowledge.catalogue.reasons import RowRefused

__all__ = ["entries", "guesses", "objects_of", "split_links"]

LINK = re.compile(r"(?:https?:)?//\S+?(?=[,;|]?\s|[,;|](?=\s*(?:https?:)?//)|$)", re.I)


def guesses(names: Iterable[str]) -> dict[str, Guess]:
    """What each column seems to hold."""
    return guess_columns(names)


def objects_of(path: Path) -> Iterator[Raw]:
    """The objects of a JSON file as rows."""
    for found in JsonObjects(path):
        yield row_of(found) if isinstance(found, Numbered) else found


def entries(rows: Iterable[Raw], plan: Plan) -> Iterator[Found]:
    """An entry for each row, or for each group of rows when a column says which belong together."""
    grouped = "group" in plan.fields.values()
    with Gathering() as gathering:
        for row in rows:
            if not isinstance(row, Row):
                yield Refused(row[0], "", row[1])
            elif not grouped:
                yield entry_of(row, plan.fields)
            else:
                gather(row, plan.fields, gathering)
        if grouped:
            for _, members in gathering.groups():
                yield joined([entry_of(member, plan.fields) for member in members])


def gather(row: Row, fields: Mapping[str, Field], gathering: Gathering) -> None:
    """Put a row with its like: under the group it names, or under its own number, which others may name."""
    values = {fields[name]: text for name, text in row.cells.items() if fields.get(name) in {"group", "id", "sku"}}
    own = values.get("sku") or values.get("id") or f"line {row.line}"
    gathering.add(values.get("group") or own, row)
    if not values.get("group"):
        for name in ("sku", "id"):
            if values.get(name):
                gathering.call(values[name], own)


def entry_of(row: Row, fields: Mapping[str, Field]) -> Entry:
    """A row's cells under the names of our fields."""
    entry = Entry(row.line)
    for name, text in row.cells.items():
        field = fields.get(name, "")
        if field == "image":
            entry.images += split_links(text)
        elif field == "option":
            entry.options[label(name)] = text
        elif field == "attribute":
            entry.attributes[label(name)] = text
        elif field == "category":
            entry.fields["category"] = " > ".join(filter(None, (entry.fields.get("category", ""), text)))
        elif field in SINGLE_FIELDS:
            entry.fields.setdefault(field, text.split("\n")[0] if field != "description" else text)
    for part in row.parts:
        inner = entry_of(part, fields)
        inner.options |= inner.attributes if not inner.options else {}
        entry.variants.append(inner)
    return entry


def label(name: str) -> str:
    """A column's name as the name of a fact: without the object it stood in."""
    return re.sub(r"[_\s]+", " ", name.rpartition(".")[2]).strip()


def joined(members: list[Entry]) -> Found:
    """A group of rows as one product: under its own row when there is one, else under what its forms share."""
    if len(members) == 1:
        (only,) = members
        if "title" not in only.fields and "group" in only.fields:
            return Refused(only.line, only.fields.get("sku", ""), RowRefused("no_parent", only.fields["group"]))
        only.key = only.fields.get("group", "")
        return only
    parents = [entry for entry in members if is_parent(entry)]
    forms = [entry for entry in members if entry is not (parents[0] if parents else None)]
    first = parents[0] if parents else members[0]
    product = Entry(first.line, dict(first.fields), attributes=dict(first.attributes), images=list(first.images))
    product.key = first.fields.get("group") or first.fields.get("sku") or first.fields.get("id", "")
    if not parents:
        product.fields["title"] = shared_title([entry.fields.get("title", "") for entry in members])
        for name in ("sku", "gtin", "mpn", "id"):
            product.fields.pop(name, None)
    for form in forms:
        form.fields.setdefault("currency", first.fields.get("currency", ""))
        form.attributes = {}
    product.variants = forms
    return product


def is_parent(entry: Entry) -> bool:
    """Whether a row stands for the product and not for one of its forms."""
    group = entry.fields.get("group", "")
    return not group or (group in {entry.fields.get("sku"), entry.fields.get("id")} and not entry.options)


def shared_title(titles: list[str]) -> str:
    """The words that all titles begin with, or the first title."""
    stated = [title for title in titles if title]
    if not stated:
        return ""
    words = [title.split() for title in stated]
    shared = []
    for place in zip(*words, strict=False):
        if len(set(place)) > 1:
            break
        shared.append(place[0])
    common = " ".join(shared).rstrip(" -–—,:/|(")
    return common if len(common) >= 3 else stated[0]


def split_links(text: str) -> list[str]:
    """The addresses in a cell: separated by commas, bars, semicolons, spaces or lines."""
    found = LINK.findall(text)
    return found or [part.strip() for part in re.split(r"[\n|;]", text) if part.strip()]
