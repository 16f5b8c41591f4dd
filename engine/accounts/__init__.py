"""Accounts: merchants, members, passwords, sessions, access tokens, and keys of exported endpoints."""
