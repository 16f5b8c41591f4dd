"""The tools in one table, and how a call goes: arguments checked, one look into the shop, a bounded answer.

Names follow what shops' storefront servers have established for agents.
Never here: who may call; see `server`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from mcp.types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import BaseModel, ValidationError

from channel_adapters.agents.arguments import CatalogArguments, PolicyArguments, ProductArguments, described
from channel_adapters.agents.results import (
    CatalogResult,
    PolicyResult,
    ProductDetail,
    catalog_result,
    policy_result,
    product_detail,
)
from engine.answering.shop_window import ProductRequest, ShopWindow
from engine.domain.bot import BotVersion
from engine.errors import StoreclerkError, Unavailable

__all__ = ["TOOLS", "call", "listing"]

log = structlog.get_logger("storeclerk.agents")


@dataclass(frozen=True, slots=True)
class ShopTool:
    """One tool; all of them only read."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    result: type[BaseModel]
    run: Callable[[ShopWindow, BotVersion, Any], Awaitable[BaseModel]]


async def search_catalog(window: ShopWindow, version: BotVersion, given: CatalogArguments) -> CatalogResult:
    """Products for a wish."""
    filters = given.filters
    request = ProductRequest(
        given.query,
        given.context,
        least_price=None if filters is None else filters.price_min,
        most_price=None if filters is None else filters.price_max,
        in_stock=filters is not None and filters.in_stock is True,
        limit=given.limit,
        cursor=given.cursor,
    )
    return catalog_result(await window.products(version, request))


async def get_product(window: ShopWindow, version: BotVersion, given: ProductArguments) -> ProductDetail:
    """One product."""
    return product_detail(await window.product(version, given.id))


async def search_policies(window: ShopWindow, version: BotVersion, given: PolicyArguments) -> PolicyResult:
    """What the shop says."""
    return policy_result(await window.answers(version, given.query, given.context))


CATALOG = ShopTool(
    "search_catalog",
    "Search the catalogue",
    "Find products of this shop by plain words and conditions. Prices and stock are those of the shop at `as_of`.",
    CatalogArguments,
    CatalogResult,
    search_catalog,
)
TOOLS: tuple[ShopTool, ...] = (
    CATALOG,
    ShopTool(
        "search_shop_catalog", "Search the catalogue", "The same as `search_catalog`, under its earlier name.",
        CATALOG.arguments, CATALOG.result, CATALOG.run,
    ),
    ShopTool(
        "get_product",
        "Show a product",
        "All that this shop says of one product: description, prices, stock, facts and variants.",
        ProductArguments,
        ProductDetail,
        get_product,
    ),
    ShopTool(
        "search_shop_policies_and_faqs",
        "Search policies and help",
        "What this shop says on delivery, returns, payment and other questions, in its own words. "
        "An empty answer means that the shop does not say; do not guess then.",
        PolicyArguments,
        PolicyResult,
        search_policies,
    ),
)  # fmt: skip
BY_NAME = {tool.name: tool for tool in TOOLS}


def listing() -> list[Tool]:
    """The tools as they are announced: the same for every shop."""
    hints = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    return [
        Tool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema=described(tool.arguments),
            output_schema=described(tool.result),
            annotations=hints,
        )
        for tool in TOOLS
    ]


def failed(words: str) -> CallToolResult:
    """A call that did not work, in words that an agent can act on."""
    return CallToolResult(content=[TextContent(type="text", text=words)], is_error=True)


def wrong_arguments(error: ValidationError) -> CallToolResult:
    """Which arguments are wrong and why; what was sent is not repeated."""
    problems = [
        f"{'.'.join(str(part) for part in item['loc']) or 'arguments'}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False, include_context=False)[:5]
    ]
    return failed(f"These arguments cannot be used. {'; '.join(problems)}.")


async def call(window: ShopWindow, version: BotVersion, name: str, given: Mapping[str, Any]) -> CallToolResult:
    """One call, in the version of the caller's own bot. Never raises: what goes wrong is told without its workings."""
    tool = BY_NAME.get(name)
    if tool is None:
        return failed(f"There is no such tool. There are: {', '.join(BY_NAME)}.")
    try:
        arguments = tool.arguments.model_validate(given)
    except ValidationError as error:
        return wrong_arguments(error)
    try:
        result = await tool.run(window, version, arguments)
    except Unavailable as error:
        log.error("tool.unavailable", tool=tool.name, bot=version.bot, code=error.code)
        return failed("The shop cannot be looked into right now. Please try again in a moment.")
    except StoreclerkError as error:
        return failed(error.message)
    except Exception as error:
        log.exception("tool.broke", tool=tool.name, bot=version.bot, error=type(error).__name__)
        return failed("The tool stopped because of a fault in the server. Please try again.")
    return CallToolResult(
        content=[TextContent(type="text", text=result.model_dump_json())],
        structured_content=result.model_dump(mode="json"),
    )
