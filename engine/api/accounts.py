"""Routes of accounts: sign-up, tokens, browser sessions, password resets, the outbox."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Response

from engine.accounts.accounts import SignedIn
from engine.api import schemas as s
from engine.api.dependencies import CurrentCaller, Paging, TheUseCases
from engine.api.problems import documented
from engine.domain.merchant import Member, Merchant
from engine.errors import FieldProblem, InvalidInput
from engine.trials.invites import MOST_OPEN_INVITES

router = APIRouter(prefix="/v1", tags=["accounts"])
ON_ITS_WAY = (
    "If there is an account with this address, a mail with a link is on its way. The link is good for 30 minutes."
)
KEPT_HERE = (
    "No mail server is set up here, so no mail is sent. If there is an account with this address, a link was made that "
    "is good for 30 minutes. Whoever runs this installation can hand it over: the terminal of `make run`, or the "
    "server's log, names the file that holds it."
)
NO_STORE = {"Cache-Control": "no-store"}


def tokens(signed_in: SignedIn) -> dict[str, Any]:
    """The token fields of an answer."""
    return {
        "access_token": signed_in.access_token,
        "token_type": "bearer",
        "expires_in": signed_in.expires_in,
        "refresh_token": signed_in.refresh_token or None,
    }


@router.post("/signup", status_code=201, response_model=s.SignedUp, responses=documented(409))
async def sign_up(body: s.SignUp, engine: TheUseCases, response: Response) -> dict[str, Any]:
    """Open an account for a new shop."""
    response.headers.update(NO_STORE)
    made = await engine.accounts.sign_up(body.email, body.password, body.shop_name, body.shop_address)
    return {**tokens(made), "merchant": merchant_view(made.merchant), "member": member_view(made.member)}


def merchant_view(merchant: Merchant) -> s.MerchantView:
    """The view of a record."""
    return s.MerchantView.model_validate(merchant)


def member_view(member: Member) -> s.MemberView:
    """The view of a record, without its password hash."""
    return s.MemberView(id=member.id, email=member.email, role=member.role, created_at=member.created_at)


@router.post("/token", response_model=s.TokenView, responses=documented(401, 429))
async def token(
    engine: TheUseCases,
    response: Response,
    grant_type: Annotated[str, Form(description="`password`, `refresh_token` or `session`.", max_length=40)],
    username: Annotated[str, Form(description="`password`: the e-mail address.", max_length=320)] = "",
    password: Annotated[str, Form(description="`password`: the password.", max_length=1000)] = "",
    refresh_token: Annotated[str, Form(description="`refresh_token`: the token.", max_length=500)] = "",
    session_token: Annotated[str, Form(description="`session`: the browser session's token.", max_length=500)] = "",
) -> dict[str, Any]:
    """Exchange a password, a refresh token or a browser session for an access token (RFC 6749)."""
    response.headers.update(NO_STORE)
    match grant_type:
        case "password":
            return tokens(await engine.accounts.sign_in(username, password))
        case "refresh_token":
            return tokens(await engine.accounts.refresh(refresh_token))
        case "session":
            return tokens(await engine.accounts.use_browser_session(session_token))
        case _:
            raise InvalidInput(
                f"{grant_type!r} is not a way to sign in; use password, refresh_token or session.",
                code="unsupported_grant_type",
                fields=[FieldProblem("grant_type", "is one of password, refresh_token, session")],
            )


@router.get("/me", response_model=s.Me, responses=documented(401))
async def me(caller: CurrentCaller) -> dict[str, Any]:
    """Who is signed in, and what their plan allows."""
    return me_view(caller.member, caller.merchant)


def me_view(member: Member, merchant: Merchant) -> dict[str, Any]:
    """The view of a member and their shop."""
    return {
        "member": member_view(member),
        "merchant": merchant_view(merchant),
        "role": member.role,
        "plan": merchant.plan,
        "entitlements": {"open_invites": MOST_OPEN_INVITES},
    }


@router.patch("/me", response_model=s.Me, responses=documented(401))
async def change_shop(body: s.ShopChange, engine: TheUseCases, caller: CurrentCaller) -> dict[str, Any]:
    """Change the shop's name or web address."""
    merchant = await engine.accounts.change_shop(caller.merchant.id, body.shop_name, body.shop_address)
    return me_view(caller.member, merchant)


@router.put("/me/password", status_code=204, responses=documented(401, 429))
async def change_password(body: s.PasswordChange, engine: TheUseCases, caller: CurrentCaller) -> None:
    """Set a new password; signs every other device out."""
    await engine.accounts.change_password(caller.identity, body.present_password, body.password)


@router.post("/sessions", status_code=201, response_model=s.BrowserSession, responses=documented(401))
async def open_session(engine: TheUseCases, caller: CurrentCaller, response: Response) -> dict[str, Any]:
    """Open a session for a browser's HttpOnly cookie."""
    response.headers.update(NO_STORE)
    session_token, expires_at = await engine.accounts.open_browser_session(caller.identity)
    return {"session_token": session_token, "expires_at": expires_at}


@router.delete("/sessions/current", status_code=204, responses=documented())
async def close_session(body: s.SessionToken, engine: TheUseCases) -> None:
    """End a browser session: whoever holds its token, may."""
    await engine.accounts.close_browser_session(body.session_token)


@router.post("/password_resets", status_code=202, response_model=s.ResetAsked, responses=documented())
async def request_reset(body: s.ResetRequest, engine: TheUseCases, later: BackgroundTasks) -> dict[str, Any]:
    """Mail a code that sets a new password; the answer is the same for unknown addresses."""
    delivers = engine.accounts.mailer.delivers
    if delivers:
        # A mail server takes its time: waiting for it would tell which addresses have an account.
        later.add_task(engine.accounts.request_reset, body.email)
    else:
        await engine.accounts.request_reset(body.email)
    return {"delivers": delivers, "detail": ON_ITS_WAY if delivers else KEPT_HERE}


@router.post("/password_resets/confirm", status_code=204, responses=documented())
async def confirm_reset(body: s.ResetConfirmation, engine: TheUseCases) -> None:
    """Set a new password; signs every device out."""
    await engine.accounts.reset_password(body.token, body.password)


@router.get("/outbox", response_model=s.Items[s.MailView], responses=documented(401))
async def outbox(engine: TheUseCases, caller: CurrentCaller, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """Messages this installation wrote for the shop, newest first, while no mail server is connected."""
    names = await engine.adapters.blobs.names(f"{caller.merchant.id}/outbox/")
    names.reverse()
    start = int(paging.cursor or 0)
    items = []
    for name in names[start : start + paging.limit]:
        content = await engine.adapters.blobs.get(name)
        if content is not None:
            items.append(json.loads(content))
    end = start + paging.limit
    return {"items": items, "next_cursor": str(end) if end < len(names) else None}
