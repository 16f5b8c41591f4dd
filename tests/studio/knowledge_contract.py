"""The part of the contract's engine that is about what a bot knows."""

from fastapi import Request
from fastapi.responses import Response

from engine.knowledge.pairs import QuestionAndAnswer, pairs_as_csv, read_pairs
from tests.studio.wire import NOW, items, problem

MONEY = {"amount": "12.90", "currency": "EUR"}
FORMS = [
    ("feed", "Product feed", [("url", "Address", "url", True, None), ("currency", "Currency", "text", False, "")],
     [".csv", ".xlsx", ".json", ".xml", ".gz"]),
    ("website", "Website", [("url", "Address", "url", True, None), ("max_pages", "Most pages", "number", False, 200),
                            ("include", "Only these", "patterns", False, [])], []),
    ("file", "Files", [], [".csv", ".docx", ".pdf", ".txt"]),
    ("text", "Your words", [("title", "Title", "text", True, None), ("text", "Text", "long_text", True, None)], []),
    ("faq", "Questions and answers", [("pairs", "Pairs", "pairs", True, None)], []),
]  # fmt: skip
LATER = "2026-05-04T13:00:00+00:00"
FAILURE = {"item": "/broken", "reason": "The page is gone. Take it off your site map.", "code": "not_found"}
ITEMS = [
    {"item": "https://demo.example/", "title": "Demo <shop>", "outcome": "learned", "reason": "", "code": ""},
    {"item": "terms.pdf", "title": "", "outcome": "noted", "reason": "It holds hidden text.", "code": "hidden_text"},
    {"item": "https://demo.example/cart", "title": "", "outcome": "skipped", "reason": "Asked to.", "code": "robots"},
    FAILURE | {"title": "", "outcome": "failed"},
]
COLUMNS = {
    "format": "table", "label": "table of products", "editable": True, "rows": 3, "currency": "",
    "asks_currency": True, "asks_price_unit": False, "fields": ["title", "price", "price_cents", "brand", ""],
    "columns": [
        {"name": "Name", "field": "title", "guess": "title", "samples": ["Mug"], "private": False, "reason": "",
         "certain": False},
        {"name": "Price", "field": "price", "guess": "price", "samples": ["1290"], "private": False, "reason": "",
         "certain": False},
        {"name": "Vendor", "field": "", "guess": "brand", "samples": [], "private": True,
         "reason": "It may say from whom you buy.", "certain": False},
        {"name": "Cost", "field": "", "guess": "", "samples": [], "private": True, "reason": "It says what you pay.",
         "certain": True},
    ],
    "failures": [{"item": "line 4", "reason": "It has no title.", "code": "no_title"}],
}  # fmt: skip


def source_record(ident, kind, title, options=None):
    return {"id": ident, "kind": kind, "title": title, "options": options or {}, "created_at": NOW, "documents": 3,
            "products": 1, "failures": [FAILURE], "excluded_columns": [], "schedule_minutes": 0, "is_reading": False,
            "done": 0, "total": 0, "limit": int((options or {}).get("max_pages") or 0), "held": None,
            "freshness": {"state": "partial", "last_attempt_at": NOW, "last_good_at": NOW, "reason": "",
                          "next_at": None}}  # fmt: skip


def product(number):
    return {"id": f"p{number}", "source": "s1", "title": f"Mug <{number}>", "description": "", "as_of": NOW,
            "url": f"https://demo.example/mug-{number}", "price": None, "was_price": None, "availability": "in_stock",
            "brand": "Kiln", "sku": f"M{number}", "gtin": "", "mpn": "", "category": "Mugs", "image_url": "",
            "images": [], "attributes": {}, "variants": [
                {"id": "v", "title": "", "price": MONEY, "availability": "in_stock", "options": {"size": "0.3 l"}},
                {"id": "w", "title": "", "price": MONEY | {"amount": "15.00"}, "availability": "out_of_stock",
                 "options": {"size": "0.5 l"}}]}  # fmt: skip


REFUSED = {"locked.pdf": "This file is protected with a password.", "empty.txt": "This file is empty."}


def passage(number, document="d1", text=None):
    return {"id": f"{document}:{number}", "document": document, "source": "s1", "title": "Shipping", "page": 2,
            "url": "https://demo.example/shipping#page=2", "digest": f"x{number}", "position": number,
            "headings": ["Abroad", "France"], "text": text or f"Passage {number}: it costs 12.90 EUR."}  # fmt: skip


def add_knowledge(app, engine):
    @app.get("/v1/source_kinds")
    def kinds():
        names = ("name", "label", "kind", "required", "default")
        return items(
            {"kind": kind, "label": label, "accepts": accepts,
             "form": [dict(zip(names, field, strict=True), help="") for field in form]}
            for kind, label, form, accepts in FORMS
        )  # fmt: skip

    @app.get("/v1/bots/{bot}/sources")
    def sources(bot: str):
        return items(engine.sources[bot].values())

    @app.post("/v1/bots/{bot}/sources", status_code=201)
    async def add_source(request: Request, bot: str):
        body = await request.json()
        if "unreachable" in str(body):
            errors = [{"field": "url", "message": "cannot be reached"}]
            return problem(422, "invalid_input", "The address cannot be reached.", errors=errors)
        ident, kind = engine.new_id("s"), body.pop("kind")
        engine.sources[bot][ident] = source_record(ident, kind, body.get("title") or body.get("url") or "answers", body)
        return engine.sources[bot][ident]

    @app.post("/v1/bots/{bot}/sources/files", status_code=201)
    async def add_files(request: Request, bot: str):
        made = []
        async with request.form() as form:
            for file in form.getlist("files"):
                if (detail := REFUSED.get(file.filename)) is not None:
                    detail = f"{file.filename!r}: {detail}"
                    return problem(422, "files_refused", detail, errors=[{"field": file.filename, "message": detail}])
                ident = engine.new_id("s")
                kind = "feed" if "products" in file.filename else "file"
                made.append(source_record(ident, kind, file.filename, {"filename": file.filename}))
                engine.sources[bot][ident] = made[-1]
        return items(made)

    @app.api_route("/v1/bots/{bot}/sources/{ident}", methods=["GET", "PATCH", "DELETE"])
    async def one_source(request: Request, bot: str, ident: str):
        if request.method == "DELETE":
            engine.sources[bot].pop(ident)
            return Response(status_code=204)
        found = engine.sources[bot][ident]
        if request.method == "PATCH":
            body = await request.json()
            found["schedule_minutes"] = body.pop("schedule_minutes", None) or found["schedule_minutes"]
            found["options"] |= body
            found["title"] = body.get("title") or found["title"]
        return found

    @app.post("/v1/bots/{bot}/sources/{ident}/{action}")
    def act(bot: str, ident: str, action: str):
        found = engine.sources[bot][ident]
        if action == "sync":
            if found["is_reading"]:
                return problem(409, "already_reading", "It is being read at this moment.")
            if engine.slow_to_start:
                return found
            found["is_reading"], found["done"], found["total"] = True, 3, 12
            found["freshness"]["last_attempt_at"] = LATER
        elif action == "stop":
            found["is_reading"] = False
        elif found["held"] is None:
            return problem(409, "nothing_held", "No reading waits for a decision.")
        else:
            taken = found["held"] if action == "accept" else found
            found |= {"documents": taken["documents"], "products": taken["products"], "held": None}
            found["freshness"] |= {"state": "fresh", "reason": ""}
        return found

    @app.get("/v1/bots/{bot}/sources/{ident}/items")
    def read_items(bot: str, ident: str, limit: int = 100, cursor: str = "0:0"):
        start = int(cursor.partition(":")[2])
        listed = ITEMS * engine.long_readings
        return items(listed[start : start + limit], f"0:{start + limit}" if start + limit < len(listed) else None)

    @app.get("/v1/bots/{bot}/sources/{ident}/columns")
    def columns(bot: str, ident: str):
        if engine.sources[bot][ident]["kind"] != "feed":
            return problem(422, "not_a_feed", "It is no product feed.")
        currency = engine.sources[bot][ident]["options"].get("currency", "")
        stated = {"asks_currency": not currency, "currency": currency}
        return COLUMNS | {"products": [product(1)]} | stated | engine.columns

    @app.put("/v1/bots/{bot}/sources/{ident}/columns")
    async def choose(request: Request, bot: str, ident: str):
        body = await request.json()
        if body["mapping"].get("Name") == "":
            errors = [{"field": "mapping.Name", "message": "is needed: it names the product"}]
            detail = "The column 'Name' is needed: it names the product."
            return problem(422, "invalid_input", detail, errors=errors)
        engine.sources[bot][ident]["options"] |= body
        return COLUMNS | {"products": [product(1)], "asks_currency": False, "currency": body["currency"]}

    @app.post("/v1/bots/{bot}/pairs")
    async def pairs(request: Request, bot: str):
        found = read_pairs((await request.json())["text"])
        return {"pairs": [{"question": pair.question, "answer": pair.answer} for pair in found.pairs],
                "failures": [{"item": f.item, "reason": f.reason, "code": f.code} for f in found.failures]}  # fmt: skip

    @app.get("/v1/bots/{bot}/sources/{ident}/pairs.csv")
    def export(bot: str, ident: str):
        listed = engine.sources[bot][ident]["options"]["pairs"]
        text = pairs_as_csv([QuestionAndAnswer(pair["question"], pair["answer"]) for pair in listed])
        return Response(text, media_type="text/csv")

    add_looking(app, engine)


def add_looking(app, engine):
    def is_trained(bot):
        return any(version["status"] not in {"queued", "training"} for version in engine.versions[bot])

    @app.get("/v1/bots/{bot}/sources/{ident}/documents")
    def documents(bot: str, ident: str, limit: int = 100, cursor: int = 0):
        listed = [{"id": "d1", "source": ident, "title": "Shipping *fast*", "url": "https://demo.example/shipping",
                   "fetched_at": NOW, "language": "en", "kind": "policy", "passages": 3},
                  *({"id": f"d{n}", "source": ident, "title": f"Page {n}", "url": "", "fetched_at": NOW,
                     "language": "en", "kind": "page", "passages": 0} for n in range(2, 40))]  # fmt: skip
        listed = listed if is_trained(bot) else []
        more = str(cursor + limit) if cursor + limit < len(listed) else None
        return items(listed[cursor : cursor + limit], more)

    @app.get("/v1/bots/{bot}/documents/{document}/passages")
    def passages(bot: str, document: str, limit: int = 100, cursor: int = 0):
        listed = [passage(number, document) for number in range(3)]
        return items(listed[cursor : cursor + limit], None)

    @app.get("/v1/bots/{bot}/products")
    def products(request: Request, bot: str, limit: int = 100, cursor: int = 0):
        asked = dict(request.query_params)
        engine.looked_up.append(asked)
        listed = [product(number) for number in range(30)] if is_trained(bot) else []
        listed = [] if asked.get("query") == "nothing" else listed
        return items(listed[cursor : cursor + limit], str(cursor + limit) if cursor + limit < len(listed) else None)

    @app.post("/v1/bots/{bot}/versions/{n}/search")
    async def look_up(request: Request, bot: str, n: int):
        body = await request.json()
        engine.looked_up.append(body)
        found = {"passage": passage(1), "score": 0.71, "similarity": 0.64, "words": ["france", "shipping"],
                 "coverage": 0.8}  # fmt: skip
        knows = "unknown" not in body["question"]
        pins = engine.pins[bot].values()
        pin = next((pin for pin in pins if body["question"] in pin["questions"]), None)
        return {"confidence": 0.8 if knows else 0.1, "least_confidence": 0.4, "would_answer": knows or bool(pin),
                "pin": pin, "passages": [found], "left_out": [found | {"passage": passage(2)}]}  # fmt: skip

    @app.api_route("/v1/bots/{bot}/corrections", methods=["GET", "POST"])
    async def corrections(request: Request, bot: str):
        if request.method == "GET":
            return items(list(engine.corrections[bot].values())[::-1])
        body = await request.json()
        ident, found = engine.new_id("z"), passage(body["position"], body["document"])
        made = {"id": ident, "kind": "exclude" if body.get("text") is None else "edit", "digest": found["digest"],
                "title": found["title"], "was": found["text"], "text": body.get("text") or "",
                "created_at": NOW}  # fmt: skip
        others = {key: item for key, item in engine.corrections[bot].items() if item["digest"] != made["digest"]}
        engine.corrections[bot] = others | {ident: made}
        return made

    @app.delete("/v1/bots/{bot}/corrections/{ident}", status_code=204)
    def undo(bot: str, ident: str):
        engine.corrections[bot].pop(ident)

    @app.api_route("/v1/bots/{bot}/pins", methods=["GET", "POST"])
    async def pins(request: Request, bot: str):
        if request.method == "GET":
            return items(list(engine.pins[bot].values())[::-1])
        body = await request.json()
        if not body["answer"].strip():
            errors = [{"field": "answer", "message": "has 0 characters"}]
            return problem(422, "invalid_input", "Write an answer of 1 to 5,000 characters.", errors=errors)
        ident = engine.new_id("n")
        engine.pins[bot][ident] = body | {"id": ident, "created_at": NOW}
        return engine.pins[bot][ident]

    @app.get("/v1/bots/{bot}/suggestions")
    def suggestions(bot: str):
        return items(engine.suggestions.values())

    @app.post("/v1/bots/{bot}/suggestions/{ident}/accept", status_code=201)
    async def accept(request: Request, bot: str, ident: str):
        body = await request.json()
        if "0301" in body["answer"] and not body["checked"]:
            return problem(409, "personal_data", "Take out what belongs to one customer: '+32 470 0301'.")
        engine.suggestions.pop(ident)
        made = {"id": engine.new_id("n"), "questions": body["questions"], "answer": body["answer"], "created_at": NOW}
        engine.pins[bot][made["id"]] = made
        return made

    @app.post("/v1/bots/{bot}/suggestions/{ident}/dismiss", status_code=204)
    def dismiss(bot: str, ident: str):
        engine.dismissed.append(ident)
        engine.suggestions.pop(ident)

    @app.delete("/v1/bots/{bot}/pins/{ident}", status_code=204)
    def unpin(bot: str, ident: str):
        engine.pins[bot].pop(ident)
