"""The safe way to fetch an address that a user has given. Every such fetch goes through `Fetcher`.

Never here: what is done with the content.
"""

from engine.knowledge.fetching.answers import Fetched
from engine.knowledge.fetching.fetcher import Fetcher, FetchSession
from engine.knowledge.fetching.locations import Location, locate
from engine.knowledge.fetching.statuses import SlowDown

__all__ = ["FetchSession", "Fetched", "Fetcher", "Location", "SlowDown", "locate"]
