"""LlamaIndex behind our ports: splitting, retrieval, language models and the chat engine.

The only room that imports `llama_index`.
"""
