"""The shop assistant as a LlamaIndex chat engine, for code that is written against LlamaIndex."""

from __future__ import annotations

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.chat_engine.types import AgentChatResponse

from engine.answering.answerer import Answerer
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask, Reply
from engine.llama.retriever import FOUND, VersionRetriever

__all__ = ["ShopChatEngine"]


class ShopChatEngine:
    """Chats with one version of one bot; the conversation is the caller's list of messages."""

    def __init__(self, answerer: Answerer, bot: Bot, version: BotVersion, retriever: VersionRetriever) -> None:
        self.answerer, self.bot, self.version, self.retriever = answerer, bot, version, retriever

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """One answer with its source nodes, made by the same path that shoppers use."""
        history = pairs(chat_history or [])
        reply = await self.answerer.answer(
            self.bot, self.version, Ask(message, channel="llama_index", history=history), test=True
        )
        return AgentChatResponse(response=reply.text, source_nodes=await self.sources(message, reply))

    async def sources(self, message: str, reply: Reply) -> list:  # type: ignore[type-arg]
        """The nodes behind the reply's citations."""
        cited = {citation.source_id for citation in reply.citations}
        nodes = await self.retriever.aretrieve(message)
        return [found for found in nodes if found.node.metadata[FOUND].passage.source in cited]


def pairs(messages: list[ChatMessage]) -> tuple[tuple[str, str], ...]:
    """(question, answer) pairs out of a list of messages."""
    found: list[tuple[str, str]] = []
    question: str | None = None
    for message in messages:
        if message.role == MessageRole.USER:
            question = message.content or ""
        elif message.role == MessageRole.ASSISTANT and question is not None:
            found.append((question, message.content or ""))
            question = None
    return tuple(found)
