"""Shapes that every answer of the contract's engine shares."""

from datetime import UTC, datetime

from fastapi.responses import JSONResponse

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC).isoformat()


def problem(status, code, detail, **more):
    body = {"type": "about:blank", "title": "That did not work", "status": status, "detail": detail, "code": code}
    return JSONResponse(body | more, status, media_type="application/problem+json")


def items(values, cursor=None):
    return {"items": list(values), "next_cursor": cursor}
