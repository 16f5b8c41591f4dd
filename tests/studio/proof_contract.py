"""The part of the contract's engine that is about proof: questions in bulk, the gate's rules, the log."""

from fastapi import Request
from fastapi.responses import Response

from tests.studio.wire import NOW, items, problem

ACCURACY = {"threshold": 0.8, "needed": 10, "assured": 0.65, "people": 0}
RULES = [
    {"name": "accuracy", "label": "Right answers", "unit": "share", "direction": "at_least", "automatic": True,
     "required": ACCURACY, "default": ACCURACY, "loosest_threshold": 0.7, "fewest_observations": 10,
     "fewest_people": 0},
    {"name": "response_time_p95", "label": "Response time", "unit": "ms", "direction": "at_most", "automatic": True,
     "required": {"threshold": 5000.0, "needed": 10, "assured": None, "people": 0},
     "default": {"threshold": 5000.0, "needed": 10, "assured": None, "people": 0},
     "loosest_threshold": 10000.0, "fewest_observations": 10, "fewest_people": 0},
    {"name": "tester_satisfaction", "label": "Happy testers", "unit": "share", "direction": "at_least",
     "automatic": False, "required": {"threshold": 0.7, "needed": 10, "assured": 0.35, "people": 2},
     "default": {"threshold": 0.7, "needed": 10, "assured": 0.35, "people": 2}, "loosest_threshold": 0.6,
     "fewest_observations": 5, "fewest_people": 1},
]  # fmt: skip
ENTRY = {"id": "a1", "at": NOW, "by": "owner@shop.example", "action": "deploy", "detail": "Version 1 went live."}
SAID = {"tester": "friend@example.com", "would_use": 5, "trusts": 4, "missing": "Opening <hours>", "at": NOW}

SURPRISES = {"version": 2, "against": 1, "compared": 40, "jumped": 51, "digest": "d" * 64, "confirmed_by": None,
             "confirmed_at": None, "jumps": [{"title": "Blue *mug*", "before": "€19.00", "after": "€1.90"}],
             "losses": [{"kind": "pages", "lost": 12, "of": 25, "examples": ["Care", "Returns <b>"]}]}  # fmt: skip


def add_proof(app, engine):
    """Add the routes."""

    @app.post("/v1/bots/{bot}/test_cases/decide")
    async def decide(request: Request, bot: str):
        body = await request.json()
        for ident in body["approve"]:
            engine.cases[bot][ident]["approved"] = True
        for ident in body["reject"]:
            engine.cases[bot].pop(ident)
        return {"approved": len(body["approve"]), "rejected": len(body["reject"])}

    @app.post("/v1/bots/{bot}/conversations/{conversation}/turns/{turn}/case", status_code=201)
    async def case_of_turn(request: Request, bot: str, conversation: str, turn: str):
        wrong = (await request.json())["reaction"] == "wrong"
        made = {"id": f"case_of_{turn}", "question": "Ship?", "expects": "answer", "approved": False,
                "origin": "conversation", "expected_source": None if wrong else "s1"}  # fmt: skip
        return engine.cases[bot].setdefault(made["id"], made)

    @app.get("/v1/bots/{bot}/test_cases/export")
    def export(request: Request, bot: str):
        return Response(f"{request.query_params['format']}: {len(engine.cases[bot])}", media_type="text/plain")

    @app.post("/v1/bots/{bot}/versions/{n}/trials/latest/cancel")
    def cancel(bot: str, n: int):
        engine.trials[bot] |= {"status": "cancelled", "failure": "You stopped this test."}
        return engine.trials[bot]

    @app.post("/v1/bots/{bot}/versions/{n}/trials/latest/marks")
    async def mark(request: Request, bot: str, n: int):
        body = await request.json()
        result = next(found for found in engine.trials[bot]["results"] if found["case"] == body["case"])
        result["person_says_right"] = body["right"]
        return result

    @app.api_route("/v1/bots/{bot}/gate", methods=["GET", "PATCH"])
    async def gate(request: Request, bot: str):
        if request.method == "PATCH":
            wishes = (await request.json())["metrics"]
            engine.rule_changes.append(wishes)
            if wishes.get("accuracy", {}).get("threshold") == 0.99:
                told = "has to lie between 70% and 98 %"
                detail = f"The gate cannot be set like this. Right answers: {told}."
                return problem(422, "invalid_input", detail, errors=[{"field": "accuracy", "message": told}])
        return items(RULES)

    @app.get("/v1/bots/{bot}/audit")
    def audit(bot: str):
        return items([ENTRY] if engine.bots[bot]["live"] else [])

    @app.get("/v1/bots/{bot}/versions/{n}/questionnaires")
    def questionnaires(bot: str, n: int):
        return items([SAID] if engine.invites[bot] else [])

    @app.get("/v1/bots/{bot}/versions/{n}/surprises")
    def surprises(bot: str, n: int):
        return engine.surprises

    @app.post("/v1/bots/{bot}/versions/{n}/surprises/confirm")
    async def confirm(request: Request, bot: str, n: int):
        digest = (await request.json())["digest"]
        if digest != engine.surprises["digest"]:
            return problem(409, "changed_meanwhile", "What changed is not what you looked at: look at it again.")
        engine.confirmed.append(digest)
        return engine.surprises | {"confirmed_by": "owner@shop.example"}
