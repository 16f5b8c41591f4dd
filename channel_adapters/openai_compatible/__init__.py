"""The OpenAI-compatible endpoint: `model` is the bot's id, and the live version answers.

Never here: what an answer says; the engine's answerer decides that for every channel alike.
"""

from channel_adapters.openai_compatible.routes import router

__all__ = ["router"]
