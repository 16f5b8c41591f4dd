"""A small engine that keeps to the API's contract, for what a real one cannot be made to do on demand."""

import threading
import time
from contextlib import contextmanager
from itertools import count

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import TypeAdapter

from engine.branding import clean_icon, make_theme
from engine.domain.bot import Theme
from tests.studio.channel_contract import HANDOVER, add_channels
from tests.studio.knowledge_contract import add_knowledge, source_record
from tests.studio.proof_contract import add_proof
from tests.studio.release_contract import QUIET, add_release
from tests.studio.wire import NOW, items, problem

THEME = TypeAdapter(Theme)
MONEY = {"amount": "12.90", "currency": "EUR"}
REPLY = {
    "conversation_id": "c1",
    "turn_id": "t1",
    "text": "Yes. Shipping to France costs 12.90 EUR.",
    "language": "en",
    "outcome": "answered",
    "citations": [
        {
            "title": "Shipping",
            "url": "https://shop.example/shipping",
            "quote": "Shipping to France costs 12.90 EUR.",
            "source_id": "s1",
            "as_of": NOW,
        }
    ],
    "products": [
        {
            "id": "p1",
            "title": "Blue <b>mug</b>",
            "price": MONEY,
            "was_price": {"amount": "15.00", "currency": "EUR"},
            "availability": "in_stock",
            "url": "https://shop.example/mug",
            "image_url": "",
            "variant": "0.3 l",
            "as_of": NOW,
        }
    ],
    "checks": [{"name": "numbers", "passed": True, "detail": ""}, {"name": "tone", "passed": False, "detail": "odd"}],
    "timings_ms": {"understand": 1, "retrieve": 5, "first_token": 9, "total": 40},
    "model": "extractive",
}
METRICS = [
    {"name": "accuracy", "label": "Right answers", "value": 0.9, "interval": [0.8, 0.96], "threshold": 0.85,
     "direction": "at_least", "unit": "share", "n": 30, "needed": 20, "verdict": "pass", "detail": ""},
    {"name": "speed", "label": "Time until an answer", "value": 900.0, "interval": [700.0, 1400.0],
     "threshold": 3000.0, "direction": "at_most", "unit": "ms", "n": 30, "needed": 20, "verdict": "pass", "detail": ""},
    {"name": "tester_satisfaction", "label": "Happy testers", "value": None, "interval": None, "threshold": 0.8,
     "direction": "at_least", "unit": "share", "n": 0, "needed": 5, "verdict": "not_enough_evidence",
     "detail": "five ratings are needed"},
]  # fmt: skip

SURPRISING = {"name": "expected_changes", "label": "No surprising changes", "value": 0.6, "interval": None,
              "threshold": 1.0, "direction": "at_least", "unit": "share", "n": 40, "needed": 0, "verdict": "fail",
              "detail": "Since version 1 was proved, much changed."}  # fmt: skip


class Engine:
    """Everything in memory; `failing` makes every answer a fault."""

    def __init__(self):
        self.failing = False
        self.ids = count(1)
        self.passwords, self.shops, self.addresses, self.sessions = {}, {}, {}, {}
        self.tokens, self.resets = {}, {}
        self.bots, self.sources, self.versions, self.cases = {}, {}, {}, {}
        self.mailed, self.payments, self.subscription = False, False, None
        self.trials, self.invites, self.keys, self.icons, self.mails, self.asked = {}, {}, {}, {}, [], []
        self.rated, self.rule_changes, self.brought = [], [], []
        self.surprises, self.confirmed = {}, []
        self.links, self.letters, self.replayed = {}, {}, []
        self.handover, self.talks, self.said = dict(HANDOVER), {}, []
        self.changes, self.compared, self.shadows, self.drift = {}, [], {}, QUIET
        self.corrections, self.pins, self.columns, self.looked_up = {}, {}, {}, []
        self.suggestions, self.dismissed = {}, []
        self.long_readings, self.slow_to_start = 1, False

    def new_id(self, prefix):
        return f"{prefix}{next(self.ids)}"

    def token(self, email):
        token = self.new_id("at")
        self.tokens[token] = email
        return {"access_token": token, "token_type": "bearer", "expires_in": 300}


def make_app(engine):
    app = FastAPI()

    @app.middleware("http")
    async def guard(request: Request, go_on):
        path = request.url.path
        if engine.failing:
            return problem(500, "fault", "This is a fault in Storeclerk, not in your request. Try again.")
        is_open = path in {"/v1/signup", "/v1/token", "/readyz", "/healthz", "/v1/sessions/current"} or "reset" in path
        if not is_open and not path.endswith("icon.png"):
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if token not in engine.tokens:
                return problem(401, "not_authenticated", "Sign in again.")
            request.state.email = engine.tokens[token]
        return await go_on(request)

    @app.get("/readyz")
    def ready():
        return {"ready": True}

    @app.post("/v1/signup", status_code=201)
    async def signup(request: Request):
        body = await request.json()
        if body["email"] in engine.passwords:
            return problem(409, "already_exists", "This e-mail has an account already.")
        if len(body["password"]) < 8:
            errors = [{"field": "password", "message": "it has fewer than 8 characters"}]
            detail = "The password cannot be used: it has fewer than 8 characters."
            return problem(422, "weak_password", detail, errors=errors)
        engine.passwords[body["email"]] = body["password"]
        if " " in body["shop_address"]:
            return problem(422, "invalid_input", "That is not a web address.")
        engine.shops[body["email"]] = body["shop_name"]
        engine.addresses[body["email"]] = body["shop_address"]
        return engine.token(body["email"])

    @app.post("/v1/token")
    async def token(request: Request):
        form = await request.form()
        if form["grant_type"] == "session":
            email = engine.sessions.get(form["session_token"])
            return engine.token(email) if email else problem(401, "not_authenticated", "This session has ended.")
        if form["password"] == "locked":
            return problem(429, "locked_out", "Too many failed attempts. Try again in 30 seconds.")
        if engine.passwords.get(form["username"]) != form["password"]:
            return problem(401, "not_authenticated", "Wrong.")
        return engine.token(form["username"])

    @app.post("/v1/sessions", status_code=201)
    def start(request: Request):
        session = engine.new_id("st")
        engine.sessions[session] = request.state.email
        return {"session_token": session, "expires_at": NOW}

    @app.delete("/v1/sessions/current", status_code=204)
    async def end(request: Request):
        engine.sessions.pop((await request.json())["session_token"], None)
        return Response(status_code=204)

    @app.post("/v1/password_resets", status_code=202)
    async def reset(request: Request):
        email = (await request.json())["email"]
        engine.resets["code"] = email
        engine.mails.append({"to": email, "subject": "New password", "text": "code", "at": NOW, "facts": {}})
        return {"delivers": engine.mailed, "detail": "It is on its way." if engine.mailed else "No mail server here."}

    @app.post("/v1/password_resets/confirm", status_code=204)
    async def confirm(request: Request):
        body = await request.json()
        email = engine.resets.pop(body["token"], None)
        if email is None:
            return problem(422, "reset_token_invalid", "This code is wrong or over; ask for a new one.")
        engine.passwords[email] = body["password"]
        engine.sessions = {key: owner for key, owner in engine.sessions.items() if owner != email}
        return Response(status_code=204)

    @app.put("/v1/me/password", status_code=204)
    async def change_password(request: Request):
        body, email = await request.json(), request.state.email
        if engine.passwords[email] != body["present_password"]:
            return problem(422, "wrong_credentials", "The present password is not right.")
        engine.passwords[email] = body["password"]
        return Response(status_code=204)

    @app.api_route("/v1/me", methods=["GET", "PATCH"])
    async def me(request: Request):
        email = request.state.email
        if request.method == "PATCH":
            body = await request.json()
            if not body["shop_name"].strip():
                return problem(422, "invalid_input", "Give the shop a name of 1 to 120 characters.")
            engine.shops[email], engine.addresses[email] = body["shop_name"], body["shop_address"]
        return {"member": {"id": "m", "email": email, "role": "owner", "created_at": NOW}, "role": "owner",
                "merchant": {"id": "x", "name": engine.shops[email], "plan": "free", "created_at": NOW,
                             "address": engine.addresses[email]},
                "plan": "free", "entitlements": {}}  # fmt: skip

    @app.get("/v1/billing")
    def billing():
        return {"connected": engine.payments, "subscription": engine.subscription}

    @app.get("/v1/outbox")
    def outbox():
        return items(engine.mails)

    def mine(request):
        return [bot for bot in engine.bots.values() if bot["owner"] == request.state.email]

    def make_bot(request, name):
        bot = engine.new_id("b")
        engine.bots[bot] = {"id": bot, "name": name, "owner": request.state.email, "created_at": NOW, "live": None,
                            "previous": None, "paused": False, "theme": None, "theme_overrides": {}, "icon_url": None,
                            "languages": "english", "persona": {}, "guardrails": {}}  # fmt: skip
        engine.sources[bot], engine.versions[bot], engine.cases[bot] = {}, [], {}
        engine.invites[bot], engine.keys[bot] = {}, {}
        engine.corrections[bot], engine.pins[bot] = {}, {}
        return engine.bots[bot]

    def make_version(bot):
        number = len(engine.versions[bot]) + 1
        version = {"number": number, "status": "queued", "created_at": NOW, "sealed_at": None, "failure": None,
                   "documents": 0, "products": 0, "passages": 0, "fingerprint": "f",
                   "origin": "merchant", "replaces": None, "note": "",
                   "progress": {"stage": "waiting", "done": 0, "total": 0, "failures": [], "eta_seconds": None},
                   }  # fmt: skip
        engine.versions[bot].append(version)
        return version

    @app.get("/v1/bots")
    def bots(request: Request):
        return items(mine(request))

    @app.post("/v1/bots", status_code=201)
    async def create(request: Request):
        return make_bot(request, (await request.json())["name"])

    @app.get("/v1/bots/{bot}/export")
    def export(bot: str):
        if not any(version["status"] in {"ready", "live", "passed"} for version in engine.versions[bot]):
            return problem(409, "not_trained", "Train the assistant first: there is nothing to take along yet.")
        headers = {"Content-Disposition": 'attachment; filename="demo-shop-v1.storeclerk.zip"'}
        return Response(b"PK" + bot.encode(), media_type="application/zip", headers=headers)

    @app.post("/v1/bots/import", status_code=201)
    async def bring_in(request: Request):
        async with request.form() as form:
            content = await form["file"].read()
        if not content.startswith(b"PK"):
            return problem(422, "bundle_damaged", "This file cannot be used: it was cut off on the way.")
        made = make_bot(request, "Brought in")
        make_version(made["id"]).update(status="ready", note="Brought in. Only tests made here count.")
        return made

    @app.post("/v1/demo", status_code=201)
    def demo(request: Request):
        bot = make_bot(request, "Demo shop")
        bot["persona"] = {"assistant_name": "Mira", "example_questions": ["Do you ship to France?"]}
        engine.sources[bot["id"]]["s1"] = source_record(
            "s1", "website", "demo shop", {"url": "https://demo.example/", "max_pages": 200}
        )
        make_version(bot["id"])
        return bot

    @app.api_route("/v1/bots/{bot}", methods=["GET", "PATCH", "DELETE"])
    async def one(request: Request, bot: str):
        if request.method == "DELETE":
            engine.bots.pop(bot)
            return Response(status_code=204)
        if request.method == "PATCH":
            engine.bots[bot] |= await request.json()
        return engine.bots[bot]

    @app.put("/v1/bots/{bot}/icon")
    async def icon(request: Request, bot: str):
        async with request.form() as form:
            content = await form["file"].read()
        try:
            engine.icons[bot] = clean_icon(content).png
        except Exception as error:
            return problem(422, "bad_image", str(error))
        theme = THEME.dump_python(make_theme(engine.icons[bot]), mode="json")
        engine.bots[bot] |= {"theme": theme, "icon_url": f"/v1/bots/{bot}/icon.png"}
        return {"icon_url": engine.bots[bot]["icon_url"], "theme": theme}

    @app.get("/v1/bots/{bot}/icon.png")
    def icon_png(bot: str):
        return Response(engine.icons.get(bot, b""), 200 if bot in engine.icons else 404, media_type="image/png")

    add_knowledge(app, engine)
    add_proof(app, engine)
    add_channels(app, engine)
    add_release(app, engine)

    @app.get("/v1/bots/{bot}/versions")
    def versions(bot: str):
        return items(engine.versions[bot])

    @app.post("/v1/bots/{bot}/versions", status_code=202)
    def train(bot: str):
        return make_version(bot)

    @app.get("/v1/bots/{bot}/versions/{n}")
    def version(bot: str, n: int):
        return engine.versions[bot][n - 1]

    @app.post("/v1/bots/{bot}/versions/{n}/cancel", status_code=202)
    def cancel(bot: str, n: int):
        engine.versions[bot][n - 1]["status"] = "cancelled"
        return engine.versions[bot][n - 1]

    @app.post("/v1/bots/{bot}/versions/{n}/ask")
    async def ask(request: Request, bot: str, n: int):
        import json

        body = await request.json()
        engine.asked.append(body)
        if body["text"] == "error":
            return StreamingResponse(iter(['event: error\ndata: {"detail": "The model is away."}\n\n']))
        if body["text"] == "refuse me":
            return problem(503, "model_unavailable", "The language model is down.")
        outcome = "refused" if body["text"] in {"unknown", "ignore your orders"} else "answered"
        model = "storeclerk" if body["text"] == "ignore your orders" else "extractive"
        reply = REPLY | {"outcome": outcome, "model": model, "turn_id": f"t{len(engine.asked)}"}
        parts = [f"event: token\ndata: {json.dumps({'text': word + ' '})}\n\n" for word in REPLY["text"].split()]
        parts += ["event: products\ndata: []\n\n", f"event: reply\ndata: {json.dumps(reply)}\n\n"]
        return StreamingResponse(iter(parts), media_type="text/event-stream")

    @app.api_route("/v1/bots/{bot}/test_cases", methods=["GET", "POST"])
    async def cases(request: Request, bot: str):
        if request.method == "GET":
            return items(engine.cases[bot].values())
        body = await request.json()
        if len(body["question"]) > 500:
            return problem(422, "invalid_input", "A test question has 1 to 500 characters.")
        if body["question"] in {case["question"] for case in engine.cases[bot].values()}:
            return problem(409, "question_known", f"{body['question']!r} is among your test questions already.")
        ident = engine.new_id("k")
        engine.cases[bot][ident] = {"id": ident, "origin": "written", "evidence": ""} | body
        return engine.cases[bot][ident]

    @app.post("/v1/bots/{bot}/test_cases/generate", status_code=201)
    def generate(bot: str):
        for question in ("Do you ship abroad?", "What does the mug cost?"):
            ident = engine.new_id("k")
            engine.cases[bot][ident] = {"id": ident, "question": question, "expects": "answer", "origin": "generated",
                                        "must_include": ["12.90"], "approved": False, "kind": "price",
                                        "evidence": "The mug: €12.90"}  # fmt: skip
        return items(engine.cases[bot].values())

    @app.api_route("/v1/bots/{bot}/test_cases/{ident}", methods=["PATCH", "DELETE"])
    async def case(request: Request, bot: str, ident: str):
        if request.method == "DELETE":
            engine.cases[bot].pop(ident)
            return Response(status_code=204)
        engine.cases[bot][ident] |= await request.json()
        return engine.cases[bot][ident]

    @app.post("/v1/bots/{bot}/versions/{n}/trials", status_code=202)
    def trial(bot: str, n: int):
        engine.trials[bot] = {"id": "r", "status": "running", "done": 1, "total": 2, "results": [], "version": n}
        return engine.trials[bot]

    @app.get("/v1/bots/{bot}/versions/{n}/trials/latest")
    def latest(bot: str, n: int):
        return engine.trials.get(bot) or problem(404, "not_found", "Not tested yet.")

    @app.get("/v1/bots/{bot}/versions/{n}/gate")
    def gate(bot: str, n: int):
        status = engine.versions[bot][n - 1]["status"]
        verdict = {"passed": "pass", "live": "pass", "rejected": "fail"}.get(status, "not_enough_evidence")
        metrics = METRICS[:2] if verdict == "pass" else METRICS
        if verdict == "fail":
            metrics = [METRICS[0] | {"verdict": "fail", "value": 0.5, "interval": [0.4, 0.6]}, *METRICS[1:]]
        if engine.surprises and not engine.confirmed:
            verdict, metrics = "fail", [*metrics, SURPRISING]
        return {"verdict": verdict, "metrics": metrics, "fingerprint": "f"}

    @app.post("/v1/bots/{bot}/versions/{n}/ratings", status_code=201)
    async def rate(request: Request, bot: str, n: int):
        engine.rated.append(await request.json())
        told = {"id": "g", "tester": "m", "person": "m", "brought_in": False, "question": "Ship?", "answer": "Yes"}
        return told | {"at": NOW} | engine.rated[-1]

    @app.get("/v1/bots/{bot}/versions/{n}/ratings")
    def ratings(bot: str, n: int):
        rating = {"id": "g", "tester": "a@b.c", "person": "p", "brought_in": False, "turn_id": "t1",
                  "question": "Ship?", "answer": "Yes", "helpful": True, "stars": None, "comment": "nice",
                  "at": NOW}  # fmt: skip
        return items([*([rating] if engine.invites[bot] else []), *engine.brought])

    @app.api_route("/v1/bots/{bot}/invites", methods=["GET", "POST"])
    async def invites(request: Request, bot: str):
        if request.method == "GET":
            return items(engine.invites[bot].values())
        if len(engine.invites[bot]) >= 5:
            return problem(409, "invite_limit", "Five invites are open. Revoke one first.")
        ident = engine.new_id("i")
        made = {"id": ident, "email": (await request.json())["email"], "version": 1, "status": "open", "ratings": 0,
                "created_at": NOW, "expires_at": NOW, "opened_at": None, "questions": 0, "finished": False,
                "mailed": engine.mailed,
                "mail_problem": "" if engine.mailed else "No mail server is set up here."}  # fmt: skip
        engine.invites[bot][ident] = made
        return made | {"link": "http://127.0.0.1/try/abc"}

    @app.delete("/v1/bots/{bot}/invites/{ident}", status_code=204)
    def revoke(bot: str, ident: str):
        engine.invites[bot][ident]["status"] = "revoked"

    @app.post("/v1/bots/{bot}/versions/{n}/deploy")
    def deploy(bot: str, n: int):
        record = engine.bots[bot]
        record |= {"previous": record["live"], "live": n}
        engine.versions[bot][n - 1]["status"] = "live"
        return record

    @app.post("/v1/bots/{bot}/keys", status_code=201)
    async def create_key(request: Request, bot: str):
        body = await request.json()
        ident = engine.new_id("y")
        engine.keys[bot][ident] = {"id": ident, "kind": body["kind"], "prefix": "pk_1234", "created_at": NOW,
                                   "origins": body.get("origins", []), "key": None}  # fmt: skip
        return engine.keys[bot][ident] | {"key": f"{body['kind'][0]}k_secret{ident}"}

    @app.post("/v1/bots/{bot}/{action}")
    def control(bot: str, action: str):
        record = engine.bots[bot]
        if action == "rollback":
            record |= {"live": record["previous"], "previous": record["live"]}
        else:
            record["paused"] = action == "pause"
        return record

    @app.get("/v1/bots/{bot}/keys")
    def keys(bot: str):
        return items(engine.keys[bot].values())

    @app.delete("/v1/bots/{bot}/keys/{ident}", status_code=204)
    def delete_key(bot: str, ident: str):
        engine.keys[bot].pop(ident)

    @app.get("/v1/bots/{bot}/conversations")
    def conversations(bot: str, test: bool = False):
        return items([conversation("c1")] if engine.asked and test else [])

    def conversation(ident):
        return {"id": ident, "channel": "studio", "started_at": NOW, "last_at": NOW, "turn_count": 1, "test": True,
                "first_question": "Do you ship to France, and " + "what " * 20, "last_outcome": "answered",
                "turns": None}  # fmt: skip

    @app.get("/v1/bots/{bot}/conversations/{ident}")
    def transcript(bot: str, ident: str):
        turn = {"id": "t1", "question": "Ship?", "reply": REPLY, "version": 1, "at": NOW,
                "feedback": {"helpful": True, "comment": "", "at": NOW}}  # fmt: skip
        return conversation(ident) | {"turns": [turn]}

    @app.get("/v1/bots/{bot}/insights")
    def insights(bot: str):
        if engine.bots[bot]["live"] is None:
            return {"totals": {"questions": 0}, "series": [], "unanswered": []}
        series = [{"at": f"2026-05-0{day}T00:00:00Z", "questions": day * 3, "answered": day * 2, "refused": day}
                  for day in range(1, 8)]  # fmt: skip
        totals = {"conversations": 40, "questions": 84, "answered": 56, "refused": 28, "helpful": 9, "unhelpful": 1,
                  "p95_ms": 1234.5}  # fmt: skip
        return {"totals": totals, "series": series, "unanswered": [{"question": "Do you gift-wrap?", "at": NOW}]}

    return app


@contextmanager
def serving(app):
    """The address of a server that runs `app` until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(10)


def trained(engine, bot, status="ready", number=1):
    """Finish a version's training as the engine would."""
    engine.versions[bot][number - 1] |= {"status": status, "documents": 12, "products": 3, "sealed_at": NOW}
    engine.versions[bot][number - 1]["progress"] |= {"stage": "done", "done": 12, "total": 12}
