"""What all shapes of the API have in common."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from engine.records import Listing

__all__ = ["Items", "View", "page"]

Item = TypeVar("Item")


class View(BaseModel):
    """A shape of the API: fields are described by the text below them."""

    model_config = ConfigDict(use_attribute_docstrings=True, from_attributes=True, extra="forbid")


class Items(View, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    """The items of this page."""
    next_cursor: str | None = None
    """Where to go on; null at the end."""


def page(listing: Listing[Any], shape: Any) -> dict[str, Any]:
    """A listing as the body of an answer."""
    return {"items": [shape(item) for item in listing.items], "next_cursor": listing.cursor}
