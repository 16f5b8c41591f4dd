"""The OpenAPI document is complete."""

from __future__ import annotations

from tests.conftest import Merchant, RunningServer


def test_every_route_names_its_errors_and_every_field_is_described(server: RunningServer):
    document = server.client().get("/openapi.json").json()
    for path, methods in document["paths"].items():
        if not path.startswith("/v1/"):
            continue
        for method, route in methods.items():
            assert route.get("summary"), f"{method} {path}"
            assert route.get("description"), f"{method} {path}"
            assert len(route["responses"]) > 1, f"{method} {path} lists no error"
    undescribed = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        if name not in {"HTTPValidationError", "ValidationError"} and not name.startswith("Body_")
        for field, shape in schema.get("properties", {}).items()
        if "description" not in shape and "$ref" not in shape and "allOf" not in shape
    ]
    assert undescribed == []


def test_routes_that_need_a_worker_or_a_model_say_that_these_may_be_out_of_reach(server: RunningServer):
    paths = server.client().get("/openapi.json").json()["paths"]
    for path in ("versions/{number}/trials", "versions/{number}/compare", "versions/{number}/shadow", "invites"):
        assert "503" in paths[f"/v1/bots/{{bot}}/{path}"]["post"]["responses"], path


def test_lists_page_with_a_cursor(merchant: Merchant):
    made = [merchant.bot(f"Bot {n}") for n in range(5)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = merchant.http.get("/v1/bots", params=query).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made
    for bad in ({"limit": 0}, {"limit": 10_000}, {"cursor": "x"}, {"cursor": "-1"}):
        assert merchant.http.get("/v1/bots", params=bad).status_code == 422


def test_an_idempotency_key_gives_the_first_answer_again(server: RunningServer, merchant: Merchant):
    headers = {"Idempotency-Key": "make-one-bot"}
    first = merchant.http.post("/v1/bots", json={"name": "One"}, headers=headers)
    again = merchant.http.post("/v1/bots", json={"name": "One"}, headers=headers)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(merchant.http.get("/v1/bots").json()["items"]) == 1
    other = merchant.http.post("/v1/bots", json={"name": "Two"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    somebody = server.merchant()
    theirs = somebody.http.post("/v1/bots", json={"name": "One"}, headers=headers)
    assert theirs.json()["id"] != first.json()["id"]
    too_long = merchant.http.post("/v1/bots", json={"name": "x"}, headers={"Idempotency-Key": "k" * 300})
    assert too_long.status_code == 422


def test_a_refusal_is_judged_anew(merchant: Merchant):
    headers = {"Idempotency-Key": "bad"}
    for _ in range(2):
        assert merchant.http.post("/v1/bots", json={"name": "  "}, headers=headers).status_code == 422
    assert merchant.http.post("/v1/bots", json={"name": "Better"}, headers=headers).status_code == 201


def test_a_body_that_is_too_large_is_refused_while_it_is_read(merchant: Merchant):
    body = {"name": "x" * 5_000_000}
    for headers in ({}, {"Idempotency-Key": "large"}):
        assert merchant.http.post("/v1/bots", json=body, headers=headers).status_code == 413


def test_unknown_paths_and_methods_are_problems(merchant: Merchant):
    for method, path, status in (("get", "/v1/nothing", 404), ("put", "/v1/bots", 405)):
        answer = merchant.http.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_health_and_readiness(server: RunningServer):
    assert server.client().get("/healthz").json() == {"status": "alive"}
    assert server.client().get("/readyz").json() == {"status": "ready", "waiting_for": []}


def test_what_is_kept_for_a_repeat_holds_no_secret_in_clear(server: RunningServer, merchant: Merchant):
    bot = merchant.bot()
    headers = {"Idempotency-Key": "one key only"}
    made = merchant.http.post(f"/v1/bots/{bot}/keys", json={"kind": "secret"}, headers=headers).json()
    again = merchant.http.post(f"/v1/bots/{bot}/keys", json={"kind": "secret"}, headers=headers).json()
    assert again == made
    for path in server.settings.data_dir.glob("records.sqlite*"):
        assert made["key"].encode() not in path.read_bytes()


def test_a_request_that_was_cut_off_can_be_sent_again(server: RunningServer, merchant: Merchant):
    import hashlib
    import json
    import sqlite3

    name = hashlib.sha256(b"/v1/bots\x1fcut off").hexdigest()
    body = {"digest": "x", "state": "running", "at": "2026-01-01T00:00:00+00:00"}
    with sqlite3.connect(server.settings.data_dir / "records.sqlite") as records:
        records.execute(
            "INSERT INTO documents (merchant, collection, key, etag, body) VALUES (?, 'idempotency', ?, 'e', ?)",
            (merchant.signed_up["merchant"]["id"], name, json.dumps(body)),
        )
    records.close()
    answer = merchant.http.post("/v1/bots", json={"name": "One"}, headers={"Idempotency-Key": "cut off"})
    assert answer.status_code == 201
