"""Another merchant's things do not exist for you: every route of the OpenAPI document is walked."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.conftest import Merchant, RunningServer

PUBLIC = {
    ("get", "/healthz"), ("get", "/readyz"), ("post", "/v1/signup"), ("post", "/v1/token"),
    ("post", "/v1/password_resets"), ("post", "/v1/password_resets/confirm"), ("delete", "/v1/sessions/current"),
    ("get", "/v1/bots/{bot}/icon.png"),
}  # fmt: skip
"""Routes that need no account, on purpose."""


def ids_of(owner: Merchant, bot: str) -> dict[str, str]:
    """One real id of the owner for every name in a path."""
    get = lambda path: owner.http.get(f"/v1/bots/{bot}{path}").raise_for_status().json()["items"]  # noqa: E731
    source = get("/sources")[0]["id"]
    document = get(f"/sources/{source}/documents")[0]["id"]
    owner.http.post(f"/v1/bots/{bot}/keys", json={"kind": "secret"}).raise_for_status()
    owner.http.post(f"/v1/bots/{bot}/invites", json={"email": "tester@x.example"}).raise_for_status()
    owner.http.post(f"/v1/bots/{bot}/corrections", json={"document": document, "position": 0}).raise_for_status()
    owner.http.post(f"/v1/bots/{bot}/pins", json={"questions": ["Mine?"], "answer": "Yes."}).raise_for_status()
    return {
        "bot": bot,
        "number": "1",
        "source": source,
        "document": document,
        "case": get("/test_cases")[0]["id"],
        "invite": get("/invites")[0]["id"],
        "key": get("/keys")[0]["id"],
        "correction": get("/corrections")[0]["id"],
        "pin": get("/pins")[0]["id"],
        "conversation": (conversation := get("/conversations?test=true")[0]["id"]),
        "kind": "webhook",
        "suggestion": "message_of_nobody",
        "message": "in_of_nobody",
        "turn": owner.http.get(f"/v1/bots/{bot}/conversations/{conversation}").json()["turns"][0]["id"],
    }


BODIES: dict[str, Any] = {
    "/v1/bots/{bot}/sources": {"kind": "text", "title": "Mine", "text": "Mine now."},
    "/v1/bots/{bot}/versions/{number}/ask": {"text": "What is the secret?"},
    "/v1/bots/{bot}/test_cases": {"question": "Mine?"},
    "/v1/bots/{bot}/invites": {"email": "thief@x.example"},
    "/v1/bots/{bot}/versions/{number}/ratings": {"turn_id": "turn_x", "helpful": True},
    "/v1/bots/{bot}/keys": {"kind": "secret"},
    "/v1/bots/{bot}/pairs": {"text": "Q: Mine?\nA: Yes."},
    "/v1/bots/{bot}/pins": {"questions": ["Mine?"], "answer": "Yes."},
    "/v1/bots/{bot}/suggestions/{suggestion}/accept": {"questions": ["Mine?"], "answer": "Yes."},
    "/v1/bots/{bot}/corrections": {"document": "doc_x", "position": 0},
    "/v1/bots/{bot}/versions/{number}/search": {"question": "Mine?"},
    "/v1/bots/{bot}/conversations/{conversation}/turns/{turn}/case": {"reaction": "wrong"},
    "/v1/bots/{bot}/channels/{kind}": {"settings": {}},
    "/v1/bots/{bot}/conversations/{conversation}/messages": {"text": "I am the shop."},
    "/v1/bots/{bot}/versions/{number}/surprises/confirm": {"digest": "0" * 64},
}


def test_every_route_with_another_merchants_ids_is_404(server: RunningServer):
    owner, thief = server.merchant(), server.merchant()
    canary = "CANARY-7f3a"
    bot = owner.bot(canary)
    owner.learn(bot, f"The secret word is {canary}. Returns are accepted within 30 days.")
    owner.train(bot)
    owner.ask(bot, "What is the secret word?")
    owner.http.post(f"/v1/bots/{bot}/test_cases", json={"question": f"{canary}?"}).raise_for_status()
    ids = ids_of(owner, bot)
    thief.bot()
    walked = 0
    for path, methods in server.client().get("/openapi.json").json()["paths"].items():
        if not path.startswith("/v1/") or path in {"/v1/chat/completions", "/v1/models", "/v1/models/{model}"}:
            continue
        for method in methods:
            if (method, path) in PUBLIC:
                continue
            address = path
            for name, value in ids.items():
                address = address.replace("{" + name + "}", value)
            assert "{" not in address, f"the walk does not know every name in {path}"
            options: dict[str, Any] = {}
            if path.endswith(("/icon", "/import")):
                options["files"] = {"file": ("a.png", b"x")}
            elif path.endswith("/files"):
                options["files"] = [("files", ("a.txt", b"text"))]
            elif method in {"post", "patch", "put"}:
                options["json"] = BODIES.get(path, {})
            anonymous = server.client().request(method, address, **options)
            assert anonymous.status_code == 401, f"{method} {path} without a token: {anonymous.status_code}"
            if "{bot}" not in path:
                continue
            answer = thief.http.request(method, address, **options)
            assert answer.status_code == 404, f"{method} {path} as another merchant: {answer.status_code}"
            assert canary not in answer.text
            walked += 1
    assert walked > 30
    for path in ("/v1/bots", "/v1/outbox"):
        assert canary not in thief.http.get(path).text
    assert owner.http.get(f"/v1/bots/{bot}/keys").json()["items"], "the owner's things are all still there"
    assert owner.http.get(f"/v1/bots/{bot}/sources").json()["items"]


def test_ids_of_ones_own_other_bot_do_not_mix(server: RunningServer):
    owner = server.merchant()
    first, second = owner.bot(), owner.bot()
    source = owner.learn(first)
    case = owner.http.post(f"/v1/bots/{first}/test_cases", json={"question": "A?"}).json()["id"]
    key = owner.http.post(f"/v1/bots/{first}/keys", json={"kind": "secret"}).json()["id"]
    for method, path in (
        ("get", f"/v1/bots/{second}/sources/{source}"),
        ("delete", f"/v1/bots/{second}/sources/{source}"),
        ("patch", f"/v1/bots/{second}/test_cases/{case}"),
        ("delete", f"/v1/bots/{second}/keys/{key}"),
        ("get", f"/v1/bots/{second}/versions/1"),
        ("patch", f"/v1/bots/{second}/sources/{source}"),
        ("post", f"/v1/bots/{second}/sources/{source}/sync"),
        ("get", f"/v1/bots/{second}/sources/{source}/items"),
    ):
        options = {"json": {}} if method == "patch" else {}
        assert owner.http.request(method, path, **options).status_code == 404, path


def upload(merchant: Merchant, bot: str, name: str, content: bytes) -> dict[str, Any]:
    """The source of an uploaded file."""
    answer = merchant.http.post(f"/v1/bots/{bot}/sources/files", files=[("files", (name, content))])
    return dict(answer.raise_for_status().json()["items"][0])


def test_a_stored_file_cannot_be_named_by_a_request(server: RunningServer):
    owner, thief = server.merchant(), server.merchant()
    canary = b"CANARY-91c2 is what the owner keeps."
    theirs, mine = owner.bot(), thief.bot()
    kept = upload(owner, theirs, "a.txt", canary)
    blob = f"{owner.signed_up['merchant']['id']}/{theirs}/files/{hashlib.sha256(canary).hexdigest()}"
    own = thief.http.post(f"/v1/bots/{mine}/sources/files", files=[("files", ("b.txt", b"My own text."))]).json()[
        "items"
    ][0]
    base = f"/v1/bots/{mine}/sources"
    thief.http.patch(f"{base}/{own['id']}", json={"blob": blob, "filename": "a.txt"})
    for body in (
        {"kind": "feed", "blob": blob, "filename": "a.csv"},
        {"kind": "feed", "blob": "m", "filename": "a.csv"},
    ):
        refused = thief.http.post(base, json=body)
        assert refused.status_code == 422, "a feed needs an address; a stored file is no part of a request"
    thief.train(mine)
    assert "CANARY" not in thief.ask(mine, "What does the owner keep?")["text"]
    thief.http.delete(f"{base}/{own['id']}").raise_for_status()
    assert owner.train(theirs)["documents"] == 1, f"{kept['title']} is still there to be read"
