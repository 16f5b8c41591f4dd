"""What agents may pass to the tools. Which bot is asked is never among it: the address and the key say that."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from engine.answering.shop_window import MOST_SHOWN
from engine.answering.understanding import LONGEST_MESSAGE

__all__ = ["CatalogArguments", "PolicyArguments", "ProductArguments", "described"]

Price = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": 0}),
]
Context = Annotated[
    str,
    Field(
        max_length=LONGEST_MESSAGE,
        description="What the shopper said before, if the query leans on it, as `and in blue?` does.",
    ),
]


class Arguments(BaseModel):
    """Arguments of a tool: an unknown one is an error, as a condition that is silently dropped misleads."""

    model_config = ConfigDict(extra="forbid", strict=False)


class CatalogFilters(Arguments):
    """Conditions that every product holds."""

    price_min: Price | None = Field(None, description="Lowest price, in the shop's currency.")
    price_max: Price | None = Field(None, description="Highest price, in the shop's currency.")
    in_stock: bool | None = Field(None, description="True for products that are in stock only.")


class CatalogArguments(Arguments):
    """Of `search_catalog`."""

    query: str = Field(
        max_length=LONGEST_MESSAGE,
        description="What is wanted, in plain words of any language, such as `red mugs under 20 euros`. "
        "An empty query lists the catalogue.",
    )
    context: Context = ""
    filters: CatalogFilters | None = Field(None, description="Conditions besides those in the query.")
    limit: int = Field(10, ge=1, le=MOST_SHOWN, description="Most products to answer.")
    cursor: str | None = Field(
        None,
        pattern=r"^[0-9]{1,9}$",
        description="`next_cursor` of the answer before, with the same query and filters.",
    )


class ProductArguments(Arguments):
    """Of `get_product`."""

    id: str = Field(min_length=1, max_length=300, description="`id` of a product that `search_catalog` answered.")


class PolicyArguments(Arguments):
    """Of `search_shop_policies_and_faqs`."""

    query: str = Field(
        min_length=1,
        max_length=LONGEST_MESSAGE,
        description="A question about the shop, such as `How long can I return things?`.",
    )
    context: Context = ""


def described(model: type[BaseModel]) -> dict[str, object]:
    """The JSON Schema of a model, without the words that only Python needs."""
    schema = model.model_json_schema()
    schema.pop("title", None)
    schema.pop("description", None)
    return schema
