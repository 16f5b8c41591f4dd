"""Every kind of reply through every channel: as it was looked at and found good, and as its platform takes it."""

import json
from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from lxml import html
from microsoft_agents.activity import Activity, HeroCard
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from syrupy.extensions.json import JSONSnapshotExtension

from channel_adapters.channel import Surroundings
from channel_adapters.email.composing import Envelope, answer_mail
from channel_adapters.openai_compatible.completions import Completion
from channel_adapters.registry import CHANNELS
from engine.answering.answerer import Done, Token
from engine.api.events import reply_body
from engine.channels.gateway import OpenLink
from engine.domain.conversation import Citation
from engine.domain.money import Money
from tests.channel_adapters.platforms import bot_service, graph, slack
from tests.channel_adapters.replies import NOW, product, reply

LONG = "\n\n".join(
    f"**Part {part}.** "
    + " ".join(f"Sentence {number} of part {part} tells one more thing." for number in range(1, 40))
    for part in range(1, 8)
)
SOURCES = (
    Citation("Delivery & returns", "https://shop.example/delivery", "We deliver within 3 days.", "s", NOW, None),
    Citation("Handbook", "https://shop.example/handbook.pdf", "Keep it dry.", "s", NOW, 7),
    Citation("", "javascript:alert(1)", "Words of a hostile page.", "s", NOW, None),
)
SHAPES = {
    "plain": reply("Yes, we deliver to Belgium within 3 days.", citations=SOURCES[:1]),
    "long text": reply(LONG),
    "code": reply("Type this:\n\n```\nif price < 20 & stock > 0:\n    buy('mug')\n```\n\nThen press `Enter`."),
    "table": reply("| Size | Price |\n|---|---|\n| S | €19.00 |\n| L | €24.00 |\n\nAll sizes are in stock."),
    "twelve products": reply(
        "These fit:",
        products=tuple(
            product(id=str(number), title=f"Mug {number}", price=Money(Decimal(f"{number}.50"), "EUR"), was_price=None)
            for number in range(1, 13)
        ),
    ),
    "no picture": reply("This one:", products=(product(image_url="", variant="Blue / L"),)),
    "bare product": reply(
        "This one:",
        products=(
            product(price=None, was_price=None, availability="unknown", url="", image_url="", title="Mug"),
        ),
    ),
    "emoji": reply("Of course! 🧵👩‍👩‍👧 🇧🇪 ❤️‍🔥", products=(product(title="Mug 🦊" * 30),)),
    "right to left": reply("כן, אנחנו שולחים לישראל (€19.00).", products=(product(title="ספל كوب"),)),
    "broadcast": reply(
        "<!channel> <@U123> @everyone <at>all</at> &lt;!here&gt;", products=(product(title="<!channel> & <at>x</at>"),)
    ),
    "links": reply(
        "See [the page](https://shop.example/a?b=1&c=2), https://shop.example/plain and ![one](https://evil.example/p.png)."
    ),
    "hostile addresses": reply(
        "[a](javascript:alert(1)) [b](data:text/html,x) [c](https://u:p@evil.example/) [d](//evil.example)",
        products=(product(url="javascript:alert(1)", image_url="data:image/png;base64,AA"),),
        citations=SOURCES,
    ),
    "refused": replace(reply("I do not know this.", notice="I am the AI assistant of Shop."), outcome="refused"),
}  # fmt: skip
SUGGESTIONS = ("Do you ship to Belgium?", "How long can I return what I bought, and who pays for the way back?")
KINDS = [kind for _, kind, _ in CHANNELS]


def rendered(kind, shape):
    make = next(make for make, known, _ in CHANNELS if known == kind)
    # Rendering calls nobody: neither calls nor a memory are there to be used.
    channel = make(Surroundings(calls=None, vendor="https://vendor.example", memory=SimpleNamespace(now=None)))
    settings = {"products": "cards"} if kind == "slack" else {}
    link = OpenLink("link_1", "merchant_1", "bot_1", kind, settings, {}, "place")
    suggestions = SUGGESTIONS if SHAPES[shape].outcome == "refused" else ()
    return [dict(payload) for payload in channel.render(link, SHAPES[shape], suggestions)]


def slack_problems(payloads):
    return [
        problem
        for payload in payloads
        for blocks in (payload["blocks"], payload.get("plainer", payload["blocks"]))
        for problem in slack.message_problems({"text": payload["text"], "blocks": blocks})
    ]


def page_problems(payloads):
    platform = graph.Graph()
    for payload in payloads:
        platform.page({"recipient": {"id": "x"}, "messaging_type": "RESPONSE", "message": payload})
    return platform.broken_rules


def account_problems(payloads):
    too_long = [payload for payload in payloads if len(payload.get("text", "").encode()) > 1_000]
    return page_problems(payloads) + [f"a text of more than 1,000 bytes: {one}" for one in too_long]


def number_problems(payloads):
    platform = graph.Graph()
    for payload in payloads:
        platform.whatsapp({"recipient_type": "individual", "to": "1", **payload})
    return platform.broken_rules


def bot_service_problems(payloads):
    service = bot_service.BotService()
    for payload in payloads:
        Activity.model_validate(payload)
        for card in payload.get("attachments", ()):
            HeroCard.model_validate(card["content"])
        service.rules({**payload, "conversation": {"id": "c"}, "replyToId": "r"}, "c")
    return service.broken_rules


def mail_problems(payloads):
    """What no mail program is to meet in an answer: pictures, scripts, addresses that are none of the web's."""
    if len(payloads) != 1:
        return ["one mail holds the whole reply"]
    made = answer_mail(ENVELOPE, PLACE, payloads[0], automatic=True)
    read = message_from_bytes(made.as_bytes(), policy=policy.default)
    page = html.fromstring(read.get_body(("html",)).get_content())
    problems = [f"<{one.tag}>" for one in page.iter() if one.tag not in TAGS]
    problems += [address for address in page.xpath("//@href") if not address.startswith("https://")]
    words = [read.get_body(("plain",)).get_content(), page.text_content()]
    return problems + [f"no words: {text!r}" for text in words if not text.strip()]


TAGS = {"div", "p", "ul", "li", "a", "strong", "code", "br", "small"}
ENVELOPE = Envelope("Fern", "hello@shop.example", "anna@people.example", "<answer.1.2@shop.example>", NOW)
PLACE = {"subject": "A question", "message": "<1@people.example>", "references": "<1@people.example>"}
PROBLEMS = {
    "email": mail_problems,
    "slack": slack_problems,
    "messenger": page_problems,
    "instagram": account_problems,
    "whatsapp": number_problems,
    "teams": bot_service_problems,
    "webhook": lambda payloads: [] if len(payloads) == 1 else ["one message holds the whole reply"],
}


@pytest.fixture
def looked_at(snapshot):
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize("kind", KINDS)
def test_every_reply_looks_as_it_was_found_good(kind, looked_at):
    assert {shape: rendered(kind, shape) for shape in SHAPES} == looked_at


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_reply_is_such_as_its_platform_takes(kind, shape):
    assert PROBLEMS[kind](rendered(kind, shape)) == []


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_reply_is_such_as_the_openai_client_takes(shape):
    made = SHAPES[shape]
    completion = Completion("chatcmpl-1", 1_700_000_000, "bot_1", "asked")
    whole = ChatCompletion.model_validate(completion.whole(made), strict=True)
    assert whole.choices[0].message.content == made.text

    async def events():
        for start in range(0, len(made.text), 7):
            yield Token(made.text[start : start + 7])
        yield Done(made)

    lines = [line async for line in completion.stream(events(), include_usage=True)]
    assert lines.pop() == "data: [DONE]\n\n"
    chunks = [ChatCompletionChunk.model_validate(json.loads(line[6:]), strict=True) for line in lines]
    told = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in told) == made.text
    assert told[-1].model_extra["x_storeclerk"] == reply_body(made)
