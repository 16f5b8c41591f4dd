"""The endpoint for software agents: `/mcp/{bot}/`, the Model Context Protocol over streamable HTTP, read-only.

Never here: what is found; the engine's shop window decides that.
"""

from channel_adapters.agents.server import AgentServer

__all__ = ["AgentServer"]
