"""Adapters to services that a merchant connects by an address and a key, whoever runs them."""
