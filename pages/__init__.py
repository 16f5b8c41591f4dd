"""The studio's pages: each reads, renders and acts; what they need to know lives in `studio/`."""
