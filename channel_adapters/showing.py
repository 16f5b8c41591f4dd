"""Shows channels, links and what got no answer to a merchant, in the shapes of the API.

Never here: those shapes, and routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from channel_adapters.api_views import CapabilitiesView, ChannelView, DeadLetterView, FieldView, LinkView, StepView
from channel_adapters.channel import Addresses, Channel
from engine.api.dependencies import UseCases
from engine.domain.channel import ChannelLink, InboundMessage

__all__ = ["addresses_of", "letter", "link_view", "shown"]


def addresses_of(engine: UseCases, link: ChannelLink) -> Addresses:
    """Where this installation is reached for a link."""
    return Addresses(engine.settings.server_address, link.id, link.kind)


def shown(channel: Channel) -> ChannelView:
    """A channel's view."""
    fields = [
        FieldView(
            name=one.name,
            label=one.label,
            help=one.help,
            secret=one.secret,
            required=one.required,
            example=one.example,
            options=list(one.options),
            default=one.default,
            made_up=one.made_up,
        )
        for one in channel.fields
    ]
    can = channel.capabilities
    return ChannelView(
        kind=channel.kind,
        label=channel.label,
        about=channel.about,
        fields=fields,
        capabilities=CapabilitiesView(**{name: getattr(can, name) for name in CapabilitiesView.model_fields}),
    )


async def link_view(engine: UseCases, channel: Channel, link: ChannelLink) -> LinkView:
    """A link's view."""
    bot = await engine.records.bots.get(link.merchant, link.bot)
    addresses = replace(addresses_of(engine, link), name=bot.persona.assistant_name)
    asked = {one.name for one in channel.fields}
    steps = [
        StepView(
            title=step.title,
            text=step.text,
            values=list(step.values),
            link=step.link,
            file_name="" if step.download is None else step.download[0],
            file="" if step.download is None else step.download[1],
        )
        for step in channel.steps(addresses, link.settings)
    ]
    counted: Mapping[str, str | int | bool] = {"bot": link.bot, "link": link.id}
    return LinkView(
        kind=link.kind,
        status=link.status,
        problem=link.problem,
        settings={name: value for name, value in link.settings.items() if name in asked},
        secrets=sorted(asked & link.sealed.keys()),
        address=link.address,
        place_name=link.settings.get("place_name", ""),
        steps=steps,
        findings=list(link.findings),
        checked_at=link.checked_at,
        last_in_at=link.last_in_at,
        last_out_at=link.last_out_at,
        waiting=await engine.records.inbound.count(link.merchant, {**counted, "status": "waiting"}),
        dead=await engine.records.inbound.count(link.merchant, {**counted, "status": "dead"}),
    )


def letter(message: InboundMessage, kinds: Mapping[str, str]) -> DeadLetterView:
    """A dead letter's view."""
    return DeadLetterView(
        id=message.id,
        kind=kinds.get(message.link, ""),
        conversation_id=message.conversation,
        text=message.text,
        at=message.at,
        failure=message.failure,
    )
