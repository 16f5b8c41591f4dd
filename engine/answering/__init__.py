"""Ask -> Reply: understand, retrieve, compose, check, cite, record."""
