"""The part of the contract's engine that is about releases: changes, comparisons, real questions, dates, drift."""

from fastapi import Request

from tests.studio.wire import NOW, items, problem

CHANGES = {
    "words": [
        {"field": "persona.greeting", "before": "Hello there!", "after": "Welcome there!"},
        {"field": "guardrails.fall_back_to_extractive", "before": "True", "after": "False"},
    ],
    "documents": [{"kind": "changed", "title": "Shipping", "url": "https://shop.example/shipping"}],
    "documents_changed": 1,
    "products": [{"kind": "price", "title": "Blue mug", "before": "€12.90", "after": "€13.90"}],
    "products_changed": 201,
}
RESULT = {"question": "Price?", "told": "It costs €12.90.", "told_outcome": "answered", "same": False,
          "answer": "It costs €13.90.", "outcome": "answered", "wrong_figures": ["€13.90"],
          "helpful": True}  # fmt: skip
RESULTS = [
    RESULT | {"question": "Ship?", "told": "Yes.", "answer": "Yes.", "same": True, "wrong_figures": [],
              "helpful": None},
    RESULT,
    RESULT | {"question": "Gift wrap?", "answer": "I could not find that.", "outcome": "refused", "wrong_figures": [],
              "helpful": None},
]  # fmt: skip
METRIC = {"name": "grounded", "label": "Sentences with a source", "value": 0.96, "interval": [0.9, 0.99],
          "threshold": 0.9, "direction": "at_least", "unit": "share", "n": 40, "needed": 5, "verdict": "pass",
          "detail": ""}  # fmt: skip
STEADY = {"version": 1, "questions": 40, "since": NOW, "metrics": [METRIC], "warnings": []}
QUIET = STEADY | {"questions": 3, "metrics": [METRIC | {"n": 3, "verdict": "not_enough_evidence"}]}
WORSE = STEADY | {
    "metrics": [METRIC | {"value": 0.4, "interval": [0.3, 0.5], "verdict": "fail"}],
    "warnings": ["It answers fewer questions than before: 40% in the last week, 90% earlier."],
}


def reply(text, **more):
    return {"conversation_id": "c", "turn_id": "t", "text": text, "language": "en", "outcome": "answered",
            "citations": [], "products": [], "checks": [], "timings_ms": {}, "model": "m"} | more  # fmt: skip


def shadow(status, results=(), **more):
    return {"id": "s", "version": 2, "status": status, "created_at": NOW, "finished_at": None, "since": NOW,
            "done": len(results), "total": 3, "same": 1, "newly_answered": 0, "newly_refused": 1, "wrong_figures": 1,
            "results": list(results), "failure": None} | more  # fmt: skip


def add_release(app, engine):
    """Add the routes."""

    @app.get("/v1/bots/{bot}/versions/{n}/changes")
    def changes(bot: str, n: int, against: int):
        return {"version": n, "against": against, "words": [], "documents": [], "products": [],
                "documents_changed": 0, "products_changed": 0} | engine.changes  # fmt: skip

    @app.post("/v1/bots/{bot}/versions/{n}/compare")
    async def compare(request: Request, bot: str, n: int):
        body = await request.json()
        engine.compared.append(body)
        if "?" not in body["questions"][0]:
            return problem(409, "not_ready", "Version 1 is 'purged' and cannot answer.")
        same = {"before": reply("Yes."), "after": reply("Yes."), "same": True}
        other = {"before": reply("It costs €12.90."), "after": reply("It costs €13.90."), "same": False}
        return items(
            {"question": question, **(other if "cost" in question else same)} for question in body["questions"]
        )

    @app.post("/v1/bots/{bot}/versions/{n}/shadow", status_code=202)
    async def start_shadow(request: Request, bot: str, n: int):
        days = (await request.json())["days"]
        if days == 1:
            return problem(409, "no_questions", "No shopper asked anything in that time. Choose a longer one.")
        engine.shadows[bot] = shadow("running", RESULTS[:1], version=n)
        return engine.shadows[bot]

    @app.get("/v1/bots/{bot}/versions/{n}/shadow/latest")
    def latest_shadow(bot: str, n: int):
        found = engine.shadows.get(bot)
        return found or problem(404, "not_found", "It did not answer real questions yet.")

    @app.post("/v1/bots/{bot}/versions/{n}/shadow/latest/cancel")
    def cancel_shadow(bot: str, n: int):
        engine.shadows[bot] |= {"status": "cancelled"}
        return engine.shadows[bot]

    @app.post("/v1/bots/{bot}/versions/{n}/schedule")
    async def schedule(request: Request, bot: str, n: int):
        at = (await request.json())["at"]
        engine.bots[bot] |= {"scheduled": {"number": n, "at": at, "by": "owner@shop.example"}, "schedule_note": ""}
        return engine.bots[bot]

    @app.delete("/v1/bots/{bot}/schedule")
    def cancel_schedule(bot: str):
        engine.bots[bot]["scheduled"] = None
        return engine.bots[bot]

    @app.get("/v1/bots/{bot}/drift")
    def drift(bot: str):
        return engine.drift
