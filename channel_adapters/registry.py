"""All channels that are linked with a place, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from channel_adapters.calling import VendorCalls
from channel_adapters.channel import Channel, LateChannel, OpenedChannel, StreamingChannel, Surroundings, TeamChannel
from channel_adapters.email.channel import EmailChannel
from channel_adapters.meta.instagram import InstagramChannel
from channel_adapters.meta.messenger import MessengerChannel
from channel_adapters.meta.whatsapp import WhatsAppChannel
from channel_adapters.microsoft.channel import MicrosoftChannel
from channel_adapters.slack.channel import SlackChannel
from channel_adapters.webhook.channel import WebhookChannel
from engine.channels.late_words import LateWordsByKind
from engine.channels.memory import LinkMemory
from engine.channels.opening import OpeningsByKind
from engine.channels.streams import StreamsByKind
from engine.channels.team_room import TeamRoomsByKind
from engine.settings import Settings

__all__ = ["CHANNELS", "late_words_of", "make_channels", "openings_of", "streams_of", "team_rooms_of", "vendor_calls"]

CHANNELS: tuple[tuple[Callable[[Surroundings], Channel], str, str], ...] = (
    (MessengerChannel, "messenger", ""),
    (InstagramChannel, "instagram", ""),
    (WhatsAppChannel, "whatsapp", ""),
    (SlackChannel, "slack", "https://slack.com"),
    (MicrosoftChannel, "teams", ""),
    (EmailChannel, "email", ""),
    (WebhookChannel, "webhook", ""),
)
"""How each is made, its kind, and the address of its vendor's interface; settings may name another."""


def vendor_calls(settings: Settings) -> VendorCalls:
    """Calls that may lead to the public web, and to what the operator named."""
    named = [urlsplit(address).netloc for address in settings.channel_addresses.values()]
    own = urlsplit(settings.server_address).netloc  # the doctor looks at our own door
    return VendorCalls((own, *named, *settings.channel_private_hosts))


def make_channels(settings: Settings, calls: VendorCalls, memory: LinkMemory) -> Mapping[str, Channel]:
    """Every channel by its kind."""
    server = settings.server_address
    local = urlsplit(server).hostname in {"127.0.0.1", "localhost", "::1"}
    addresses = settings.channel_addresses
    return {
        kind: make(Surroundings(calls, addresses.get(kind, vendor), memory, server, on_this_machine=local))
        for make, kind, vendor in CHANNELS
    }


def streams_of(channels: Mapping[str, Channel]) -> StreamsByKind:
    """The streams of those channels whose vendors have them."""
    return {kind: channel.streams for kind, channel in channels.items() if isinstance(channel, StreamingChannel)}


def late_words_of(channels: Mapping[str, Channel]) -> LateWordsByKind:
    """The approved forms of those channels whose vendors have them."""
    return {kind: channel.late_words for kind, channel in channels.items() if isinstance(channel, LateChannel)}


def openings_of(channels: Mapping[str, Channel]) -> OpeningsByKind:
    """How those channels offer questions whose vendors show them."""
    return {kind: channel.openings for kind, channel in channels.items() if isinstance(channel, OpenedChannel)}


def team_rooms_of(channels: Mapping[str, Channel]) -> TeamRoomsByKind:
    """The rooms of those channels in which the people of a shop may be."""
    return {kind: channel.team_room for kind, channel in channels.items() if isinstance(channel, TeamChannel)}
