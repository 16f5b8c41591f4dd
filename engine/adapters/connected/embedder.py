"""`Embedder` behind an OpenAI-compatible address, or an Azure OpenAI deployment.

The wire format is OpenAI's `POST /embeddings` (https://platform.openai.com/docs/api-reference/embeddings).
"""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import numpy as np
import openai

from engine.errors import Unavailable
from engine.ports import Vector

__all__ = ["ConnectedEmbedder", "azure_openai_embedder", "openai_compatible_embedder"]

BATCH = 64
"""Texts of one request: far below OpenAI's limits of 2,048 texts and 300,000 tokens."""
MOST_CHARACTERS = 20_000
"""Longer texts are cut, to stay under OpenAI's 8,192 tokens a text in any language."""
RETRIES = 3
"""Of a training's passages, which can wait."""
QUESTION_SECONDS = 3.0
"""A shopper waits no longer for a question's vector; passages are then found by words."""


def openai_compatible_embedder(model: str, dimensions: int, url: str, key: str, timeout: float) -> ConnectedEmbedder:
    """A model behind an OpenAI-compatible address."""
    http = httpx.AsyncClient(timeout=timeout)
    client = openai.AsyncOpenAI(base_url=url, api_key=key or "none", max_retries=RETRIES, http_client=http)
    return ConnectedEmbedder(client, model, dimensions)


def azure_openai_embedder(
    deployment: str, dimensions: int, endpoint: str, key: str, api_version: str, timeout: float
) -> ConnectedEmbedder:
    """An Azure OpenAI deployment."""
    http = httpx.AsyncClient(timeout=timeout)
    client = openai.AsyncAzureOpenAI(
        azure_endpoint=endpoint, api_key=key, api_version=api_version, max_retries=RETRIES, http_client=http
    )
    return ConnectedEmbedder(client, deployment, dimensions)


class ConnectedEmbedder:
    """Asks a server for vectors, in batches; the client waits as the server's Retry-After says and tries again."""

    def __init__(self, client: openai.AsyncOpenAI, model: str, dimensions: int) -> None:
        self.client, self.model, self.length = client, model, dimensions
        self.client_of_questions = client.with_options(timeout=QUESTION_SECONDS, max_retries=0)

    @property
    def name(self) -> str:
        """The model's name and its vectors' length."""
        return f"{self.model}/{self.length}"

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self.length

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of length one per text, in order; a single text is a question, which is not waited for long.

        Raises Unavailable, naming the setting where one is wrong.
        """
        client = self.client_of_questions if len(texts) == 1 else self.client
        found: list[Vector] = []
        for start in range(0, len(texts), BATCH):
            found += await self.batch(client, [text[:MOST_CHARACTERS] or " " for text in texts[start : start + BATCH]])
        return found

    async def batch(self, client: openai.AsyncOpenAI, texts: list[str]) -> list[Vector]:
        """The vectors of one request."""
        try:
            # Without a format the client asks for base64 and decodes it: a quarter of the bytes of decimal numbers.
            answer = await client.embeddings.create(model=self.model, input=texts)
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise Unavailable(f"the embedder {self.model!r} refused STORECLERK_EMBEDDER_KEY") from error
        except openai.NotFoundError as error:
            raise Unavailable(
                f"there is no embedder {self.model!r} there; check STORECLERK_EMBEDDER_NAME and STORECLERK_EMBEDDER_URL"
            ) from error
        except openai.RateLimitError as error:
            raise Unavailable(f"the embedder {self.model!r} is over its quota") from error
        except openai.OpenAIError as error:
            raise Unavailable(f"the embedder {self.model!r} cannot be reached: {type(error).__name__}") from error
        except ValueError as error:  # what the client raises for an answer without vectors
            raise Unavailable(f"the embedder {self.model!r} answered what are no embeddings") from error
        rows = [item.embedding for item in sorted(answer.data, key=lambda item: item.index)]
        if len(rows) != len(texts):
            raise Unavailable(f"the embedder {self.model!r} answered {len(rows)} vectors for {len(texts)} texts")
        if wrong := next((len(row) for row in rows if len(row) != self.length), None):
            raise Unavailable(
                f"the embedder {self.model!r} gives {wrong} numbers a text; set STORECLERK_EMBEDDER_DIMENSIONS={wrong}"
            )
        vectors = np.asarray(rows, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or (lengths == 0).any():
            raise Unavailable(f"the embedder {self.model!r} answered a vector without direction")
        return list(vectors / lengths)

    def comparable(self, cosine: float) -> float:
        """As it is: a language model that reads the passages judges them."""
        return cosine

    async def close(self) -> None:
        """Close the connections to the server."""
        await self.client.close()
