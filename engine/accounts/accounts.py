"""Signing up, in and out; sessions; password resets. Rules after OWASP ASVS 5.0, chapters 6 and 7."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from email_validator import EmailNotValidError, validate_email

from engine.accounts.passwords import Passwords, check_password
from engine.accounts.shops import clean_address, clean_name
from engine.accounts.tokens import AccessTokens, Identity, sha256
from engine.domain.merchant import Member, Merchant, PasswordReset, Session
from engine.errors import (
    AlreadyExists,
    Conflict,
    FieldProblem,
    InvalidInput,
    MailNotSent,
    NotAuthenticated,
    NotFound,
    RateLimited,
)
from engine.ports import PLATFORM, Clock, Identifiers, Mail, Mailer
from engine.records import Records

__all__ = ["Accounts", "SessionRules", "SignedIn"]

log = structlog.get_logger("storeclerk.accounts")
FREE_ATTEMPTS = 5
ATTEMPT_WINDOW = timedelta(minutes=15)
LONGEST_DELAY_SECONDS = 60
RESET_LIFE = timedelta(minutes=30)
SIGN_IN_AGAIN = "the session is over; sign in again"


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lives."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A member with fresh tokens."""

    merchant: Merchant
    member: Member
    session: str
    access_token: str
    refresh_token: str
    expires_in: int


def clean_email(email: str) -> str:
    """The address as it is kept: normalised, lower case. Raises InvalidInput."""
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidInput(
            f"{email!r} is not an e-mail address. {error}", fields=[FieldProblem("email", str(error))]
        ) from error


class Accounts:
    """Use cases around members and their sessions."""

    def __init__(
        self,
        records: Records,
        passwords: Passwords,
        tokens: AccessTokens,
        clock: Clock,
        identifiers: Identifiers,
        mailer: Mailer,
        rules: SessionRules,
        studio_address: str,
    ) -> None:
        self.records, self.passwords, self.tokens = records, passwords, tokens
        self.clock, self.identifiers, self.mailer = clock, identifiers, mailer
        self.rules, self.studio_address = rules, studio_address

    async def sign_up(self, email: str, password: str, shop_name: str, shop_address: str = "") -> SignedIn:
        """A new merchant with its owner. Raises InvalidInput, Conflict when the e-mail address is taken."""
        email, shop_name, shop_address = clean_email(email), clean_name(shop_name), clean_address(shop_address)
        check_password(password, email)
        now, merchant_id = self.clock.now(), self.identifiers.new("merchant")
        member = Member(
            self.identifiers.new("member"), merchant_id, email, "owner", await self.passwords.hash(password), now
        )
        merchant = Merchant(merchant_id, shop_name, "free", now, shop_address)
        await self.records.merchants.add(merchant_id, merchant_id, merchant)
        await self.records.members.add(merchant_id, member.id, member)
        try:
            # The deciding write: whoever claims the address first owns it.
            await self.records.store.add(
                PLATFORM, "emails", sha256(email), {"merchant": merchant_id, "member": member.id}
            )
        except AlreadyExists as error:
            await self.records.members.delete(merchant_id, member.id)
            await self.records.merchants.delete(merchant_id, merchant_id)
            raise Conflict(
                "There is already an account with this e-mail address; sign in instead.", code="email_taken"
            ) from error
        return await self.begin(merchant, member)

    async def owner_of(self, email: str) -> Member | None:
        """The member with that address, or None."""
        claim = await self.records.store.get(PLATFORM, "emails", sha256(email.strip().lower()))
        if claim is None:
            return None
        found = await self.records.members.find(str(claim.body["merchant"]), str(claim.body["member"]))
        return None if found is None else found.record

    async def sign_in(self, email: str, password: str) -> SignedIn:
        """A session for the right password. Raises NotAuthenticated, RateLimited after repeated failures."""
        member = await self.proved(await self.owner_of(email), password)
        fresh_hash = member.password_hash
        if self.passwords.is_outdated(fresh_hash):
            fresh_hash = await self.passwords.hash(password)
        member = await self.records.members.change(
            member.merchant, member.id, lambda m: replace(m, failed_attempts=(), password_hash=fresh_hash)
        )
        return await self.begin(await self.records.merchants.get(member.merchant, member.merchant), member)

    async def proved(self, member: Member | None, password: str) -> Member:
        """The member, whose password it is. Raises NotAuthenticated, RateLimited after repeated failures."""
        now = self.clock.now()
        recent: tuple[datetime, ...] = ()
        if member is not None:
            recent = tuple(at for at in member.failed_attempts if now - at < ATTEMPT_WINDOW)
            self.refuse_while_locked(recent, now)
        if not await self.passwords.matches(None if member is None else member.password_hash, password):
            if member is not None:
                await self.records.members.change(
                    member.merchant, member.id, lambda m: replace(m, failed_attempts=(*m.failed_attempts, now)[-20:])
                )
            raise NotAuthenticated("The e-mail address or the password is wrong.", code="wrong_credentials")
        assert member is not None
        return member

    def refuse_while_locked(self, recent: tuple[datetime, ...], now: datetime) -> None:
        """Raise RateLimited when failures call for a pause: 1, 2, 4 ... 60 seconds, never for good."""
        if len(recent) < FREE_ATTEMPTS:
            return
        delay = min(2 ** (len(recent) - FREE_ATTEMPTS), LONGEST_DELAY_SECONDS)
        left = delay - (now - recent[-1]).total_seconds()
        if left > 0:
            raise RateLimited(
                f"Too many failed attempts. Try again in {max(1, round(left))} seconds, or reset the password.",
                retry_after=left,
                code="locked_out",
            )

    async def begin(self, merchant: Merchant, member: Member) -> SignedIn:
        """A new session with a new id, as every sign-in must have."""
        now = self.clock.now()
        session_id, refresh = self.identifiers.new("session"), self.identifiers.secret(43)
        await self.records.sessions.add(
            merchant.id, session_id, Session(session_id, merchant.id, member.id, sha256(refresh), now, now)
        )
        return self.signed_in(merchant, member, session_id, f"{merchant.id}.{session_id}.{refresh}")

    def signed_in(self, merchant: Merchant, member: Member, session: str, refresh_token: str) -> SignedIn:
        """Fresh tokens of a session."""
        access = self.tokens.issue(Identity(member.id, merchant.id, session))
        return SignedIn(merchant, member, session, access, refresh_token, int(self.tokens.life.total_seconds()))

    async def session_of(self, token: str) -> tuple[Session, str]:
        """The live session an opaque token names, and its secret part. Raises NotAuthenticated."""
        merchant, _, rest = token.partition(".")
        session_id, _, secret = rest.partition(".")
        found = await self.records.sessions.find(merchant, session_id) if secret else None
        if found is None or not found.record.is_live(self.clock.now(), self.rules.idle, self.rules.absolute):
            raise NotAuthenticated(SIGN_IN_AGAIN, code="session_over")
        return found.record, secret

    async def refresh(self, refresh_token: str) -> SignedIn:
        """New tokens for an old refresh token, which is used up. Seeing a used one again ends the session."""
        session, secret = await self.session_of(refresh_token)
        presented, successor = sha256(secret), self.identifiers.secret(43)
        if hmac.compare_digest(presented, session.previous_refresh_hash):
            await self.end(Identity(session.member, session.merchant, session.id))
            raise NotAuthenticated("this refresh token was used before; the session was ended", code="token_reused")
        if not hmac.compare_digest(presented, session.refresh_hash):
            raise NotAuthenticated(SIGN_IN_AGAIN, code="session_over")

        def rotate(current: Session) -> Session:
            if current.refresh_hash != presented or current.revoked:
                raise NotAuthenticated(SIGN_IN_AGAIN, code="session_over")
            return replace(
                current,
                refresh_hash=sha256(successor),
                previous_refresh_hash=presented,
                last_used_at=self.clock.now(),
            )

        await self.records.sessions.change(session.merchant, session.id, rotate)
        merchant, member = await self.account(session)
        return self.signed_in(merchant, member, session.id, f"{session.merchant}.{session.id}.{successor}")

    async def account(self, session: Session) -> tuple[Merchant, Member]:
        """Whose session it is. Raises NotAuthenticated when the account is gone."""
        try:
            merchant = await self.records.merchants.get(session.merchant, session.merchant)
            return merchant, await self.records.members.get(session.merchant, session.member)
        except NotFound as error:
            raise NotAuthenticated(SIGN_IN_AGAIN, code="session_over") from error

    async def open_browser_session(self, identity: Identity) -> tuple[str, datetime]:
        """A session for a browser's HttpOnly cookie: its token does not rotate, the engine can end it."""
        now, session_id, secret = self.clock.now(), self.identifiers.new("session"), self.identifiers.secret(43)
        session = Session(session_id, identity.merchant, identity.member, sha256(secret), now, now)
        await self.records.sessions.add(identity.merchant, session_id, session)
        return f"{identity.merchant}.{session_id}.{secret}", now + self.rules.absolute

    async def use_browser_session(self, token: str) -> SignedIn:
        """An access token for a browser session. Raises NotAuthenticated when it is over."""
        session, secret = await self.session_of(token)
        if not hmac.compare_digest(sha256(secret), session.refresh_hash):
            raise NotAuthenticated(SIGN_IN_AGAIN, code="session_over")
        now = self.clock.now()
        await self.records.sessions.change(session.merchant, session.id, lambda s: replace(s, last_used_at=now))
        merchant, member = await self.account(session)
        return self.signed_in(merchant, member, session.id, "")

    async def close_browser_session(self, token: str) -> None:
        """End a browser session; no error when it is over already."""
        try:
            session, _ = await self.session_of(token)
        except NotAuthenticated:
            return
        await self.end(Identity(session.member, session.merchant, session.id))

    async def end(self, identity: Identity) -> None:
        """End one session."""
        await self.records.sessions.change(identity.merchant, identity.session, Session.revoke)

    async def who(self, access_token: str) -> tuple[Identity, Merchant, Member]:
        """Whose access token it is, checked against the records. Raises NotAuthenticated."""
        identity = self.tokens.check(access_token)
        session = await self.records.sessions.find(identity.merchant, identity.session)
        if session is None or session.record.revoked:
            raise NotAuthenticated(SIGN_IN_AGAIN, code="session_over")
        merchant, member = await self.account(session.record)
        return identity, merchant, member

    async def change_shop(self, merchant: str, name: str | None, address: str | None) -> Merchant:
        """The shop under another name or web address; what is None stays. Raises InvalidInput."""
        name = None if name is None else clean_name(name)
        address = None if address is None else clean_address(address)

        def apply(shop: Merchant) -> Merchant:
            return replace(
                shop, name=shop.name if name is None else name, address=shop.address if address is None else address
            )

        return await self.records.merchants.change(merchant, merchant, apply)

    async def change_password(self, identity: Identity, present: str, password: str) -> None:
        """Set a new password in place of the present one; ends every other session.

        Raises InvalidInput, RateLimited after repeated failures.
        """
        try:
            member = await self.proved(await self.records.members.get(identity.merchant, identity.member), present)
        except NotAuthenticated as error:
            message = "The present password is not right."
            fields = [FieldProblem("present_password", "is not right")]
            raise InvalidInput(message, code="wrong_credentials", fields=fields) from error
        check_password(password, member.email)
        await self.set_password(member, password, but=identity.session)

    async def set_password(self, member: Member, password: str, *, but: str = "") -> None:
        """Keep a checked password, end every session but one, and tell the member by mail."""
        hashed = await self.passwords.hash(password)
        await self.records.members.change(
            member.merchant, member.id, lambda m: replace(m, password_hash=hashed, failed_attempts=())
        )
        await self.end_all(member, but=but)
        others = "every other device was" if but else "every device was"
        text = f"The password of your account was changed and {others} signed out."
        await self.mail(member, Mail(member.email, "Your password was changed", text, self.clock.now()))

    async def request_reset(self, email: str) -> None:
        """Mail a link that sets a new password; says the same whether or not the address is known."""
        member = await self.owner_of(email)
        token = self.identifiers.secret(43)
        if member is None:
            return
        now = self.clock.now()
        await self.records.password_resets.delete_where(PLATFORM, {"member": member.id})
        reset = PasswordReset(sha256(token), member.merchant, member.id, now + RESET_LIFE)
        await self.records.password_resets.add(PLATFORM, reset.token_hash, reset)
        # In the fragment, so that it stays out of logs and referrers.
        link = f"{self.studio_address}/reset#token={token}"
        text = (
            f"Somebody, hopefully you, asked for a new password for {member.email}.\n\n"
            f"Set a new password here, within 30 minutes:\n\n{link}\n\n"
            "If it was not you, nothing has changed and there is nothing to do."
        )
        mail = Mail(member.email, "Set a new password", text, now, {"link": link, "token": token})
        await self.mail(member, mail)

    async def mail(self, member: Member, mail: Mail) -> None:
        """Mail a member; a failure is logged and not told: it would say who has an account here."""
        try:
            await self.mailer.send(member.merchant, mail)
        except MailNotSent as error:
            log.error("account.not_mailed", member=member.id, why=error.message)

    async def reset_password(self, token: str, password: str) -> None:
        """Set a new password by a mailed token; ends every session. Raises InvalidInput."""
        now, key = self.clock.now(), sha256(token.strip())
        found = await self.records.password_resets.find(PLATFORM, key)
        if found is None or found.record.used or now >= found.record.expires_at:
            raise InvalidInput("This code is wrong or over; ask for a new one.", code="reset_token_invalid")
        reset = found.record
        member = await self.records.members.get(reset.merchant, reset.member)
        check_password(password, member.email)

        def use(current: PasswordReset) -> PasswordReset:
            if current.used:
                raise InvalidInput("This code was used already; ask for a new one.", code="reset_token_invalid")
            return replace(current, used=True)

        await self.records.password_resets.change(PLATFORM, key, use)
        await self.set_password(member, password)

    async def end_all(self, member: Member, *, but: str = "") -> None:
        """End every session of a member, but for one."""
        async for session in self.records.sessions.all(member.merchant, {"member": member.id}):
            if not session.revoked and session.id != but:
                await self.records.sessions.change(member.merchant, session.id, Session.revoke)
