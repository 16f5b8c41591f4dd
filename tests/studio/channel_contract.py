"""The part of the contract's engine that is about channels and the inbox."""

from fastapi import Request
from fastapi.responses import Response

from tests.studio.wire import NOW, items, problem

CHAT = {
    "kind": "chat", "label": "Team <chat>", "about": "Where teams talk.",
    "fields": [
        {"name": "room", "label": "Room", "help": "Its name.", "secret": False, "required": True, "example": "help",
         "options": [], "default": "", "made_up": ""},
        {"name": "token", "label": "Token", "help": "From the settings there.", "secret": True, "required": True,
         "example": "tok_1", "options": [], "default": "", "made_up": "tok_"},
        {"name": "look", "label": "Products as", "help": "", "secret": False, "required": True, "example": "",
         "options": [["cards", "Cards"], ["list", "A list"]], "default": "cards", "made_up": ""},
    ],
    "capabilities": {"cards": True, "buttons": False, "pictures_in": False, "voice_in": False, "typing": True,
                     "streaming": True, "window_hours": 24, "notes": "Its terms ask for honest bots."},
}  # fmt: skip
STEP = {"title": "Make the app", "text": "Press **Create**.", "values": [["Request URL", "https://x.example/hooks/1"]],
        "link": "https://chat.example/apps", "file_name": "manifest.json", "file": "{}"}  # fmt: skip
BEGUN = {"status": "unfinished", "problem": "", "settings": {}, "secrets": [], "address": "", "steps": [STEP],
         "findings": [], "checked_at": None, "last_in_at": None, "last_out_at": None, "waiting": 0,
         "dead": 0}  # fmt: skip
FINDING = {"name": "credentials", "state": "bad", "says": "The token has ended.", "cause": "expired_token",
           "next_step": "Make a new one."}  # fmt: skip
SAID = "E-mail addresses: are at most 5 e-mail addresses."
HANDOVER = {"on": False, "refusals": 2, "keywords": [], "when_upset": True, "hours": {"timezone": "UTC", "days": []},
         "notify": [], "idle_hours": 12.0, "slack_channel": "", "slack_problem": ""}  # fmt: skip


def add_channels(app, engine):
    """Add the routes."""

    @app.get("/v1/channels")
    def channels():
        return items([CHAT])

    @app.get("/v1/bots/{bot}/channels")
    def links(bot: str):
        return items(engine.links.values())

    @app.put("/v1/bots/{bot}/channels/{kind}")
    async def put(request: Request, bot: str, kind: str):
        given = (await request.json())["settings"]
        if not given:
            engine.links[kind] = BEGUN | {"kind": kind}
            return engine.links[kind]
        if given.get("room") == "bad":
            fields = [{"field": "room", "message": "is no room there"}]
            detail = "Some of this cannot be used. Room: is no room there."
            return problem(422, "invalid_input", detail, errors=fields)
        engine.links[kind] = {
            "kind": kind, "status": "on", "problem": "", "settings": {"room": given["room"]}, "secrets": ["token"],
            "address": "T1", "steps": [STEP], "findings": [], "checked_at": None, "last_in_at": NOW,
            "last_out_at": None, "waiting": 1, "dead": len(engine.letters), "given": given,
        }  # fmt: skip
        return engine.links[kind]

    @app.post("/v1/bots/{bot}/channels/{kind}/check")
    def check(bot: str, kind: str):
        engine.links[kind] |= {"findings": [FINDING], "checked_at": NOW, "status": "broken", "problem": FINDING["says"]}
        return engine.links[kind]

    @app.post("/v1/bots/{bot}/channels/{kind}/{what}")
    def switch(bot: str, kind: str, what: str):
        engine.links[kind]["status"] = "paused" if what == "pause" else "on"
        return engine.links[kind]

    @app.delete("/v1/bots/{bot}/channels/{kind}")
    def end(bot: str, kind: str):
        engine.links.pop(kind)
        return Response(status_code=204)

    @app.get("/v1/bots/{bot}/dead_letters")
    def letters(bot: str):
        return items(engine.letters.values())

    @app.post("/v1/bots/{bot}/dead_letters/{ident}/replay", status_code=202)
    def replay(bot: str, ident: str):
        engine.replayed.append(ident)
        return engine.letters.pop(ident)

    @app.api_route("/v1/bots/{bot}/handover", methods=["GET", "PATCH"])
    async def handover(request: Request, bot: str):
        if request.method == "PATCH":
            changes = await request.json()
            if changes.get("notify") == ["nobody"]:
                fields = [{"field": "notify", "message": "are at most 5 e-mail addresses"}]
                return problem(422, "invalid_input", f"Hand-over cannot be set like this. {SAID}", errors=fields)
            engine.handover |= changes
        return engine.handover

    @app.get("/v1/bots/{bot}/inbox")
    def inbox(bot: str, owner: str):
        return items(talk for talk in engine.talks.values() if talk["owner"] == owner)

    @app.post("/v1/bots/{bot}/conversations/{ident}/claim")
    def claim(bot: str, ident: str):
        engine.talks[ident] |= {"owner": "person", "member": "owner@shop.example"}
        return engine.talks[ident]

    @app.post("/v1/bots/{bot}/conversations/{ident}/hand_back")
    def hand_back(bot: str, ident: str):
        engine.talks[ident] |= {"owner": "bot", "member": ""}
        return engine.talks[ident]

    @app.get("/v1/bots/{bot}/conversations/{ident}/messages")
    def messages(bot: str, ident: str):
        return items(engine.said)

    @app.post("/v1/bots/{bot}/conversations/{ident}/messages", status_code=201)
    async def say(request: Request, bot: str, ident: str):
        engine.said.append(
            {"id": f"p{len(engine.said)}", "member": "owner@shop.example", "text": (await request.json())["text"],
             "at": NOW, "delivery": "sent", "failure": ""}
        )  # fmt: skip
        return engine.said[-1]


def waiting(ident, **more):
    """A conversation that waits for a person."""
    return {"id": ident, "channel": "chat", "owner": "waiting", "member": "", "reason": "upset", "asked_at": NOW,
            "last_at": NOW, "first_question": "Where <b>is</b> it?", "last_outcome": "handed_off"} | more  # fmt: skip
