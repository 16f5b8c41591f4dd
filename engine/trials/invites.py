"""Invited testers: at most five open links per bot, each to one version, and what they thought."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from engine.accounts.accounts import clean_email
from engine.accounts.tokens import sha256
from engine.domain.bot import Bot, BotVersion
from engine.domain.trial import Invite, Questionnaire, Rating, RatingText
from engine.errors import Conflict, FieldProblem, InvalidInput, InviteLimit, MailNotSent, NotAuthenticated, NotFound
from engine.ports import Clock, Identifiers, Mail, Mailer
from engine.records import Listing, Records
from engine.trials.gate import Gate
from engine.trials.trials import Trials

__all__ = ["MOST_OPEN_INVITES", "Invites", "Visit"]

log = structlog.get_logger("storeclerk.invites")
MOST_OPEN_INVITES = 5
MOST_STARS = 5
LONGEST_COMMENT = 2_000


def check_stars(name: str, value: int) -> None:
    """Raise InvalidInput for other than one to five."""
    if not 1 <= value <= MOST_STARS:
        raise InvalidInput(
            f"Give one to {MOST_STARS} stars.", fields=[FieldProblem(name, f"{value} is not one to {MOST_STARS}")]
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """What an invited person did so far."""

    questions: int = 0
    finished: bool = False


class Invites:
    """Use cases around invites and ratings."""

    def __init__(
        self,
        records: Records,
        gate: Gate,
        trials: Trials,
        mailer: Mailer,
        clock: Clock,
        identifiers: Identifiers,
        life: timedelta,
        server_address: str,
    ) -> None:
        self.records, self.gate, self.trials, self.mailer = records, gate, trials, mailer
        self.clock, self.identifiers, self.life, self.server_address = clock, identifiers, life, server_address

    async def create(self, bot: Bot, version: BotVersion, email: str) -> tuple[Invite, str]:
        """An open invite and its link, which is not kept. Raises InviteLimit, Conflict, InvalidInput."""
        email = clean_email(email)
        now = self.clock.now()
        if not version.can_answer:
            raise Conflict("Train the assistant before you invite testers.", code="not_ready")
        if await self.is_invited(bot, email):
            raise Conflict(
                f"{email} is invited already. Revoke that invite first, or ask somebody else.", code="already_invited"
            )
        # Five fixed places, claimed create-only: two requests at once cannot both take the last one.
        slot = await self.free_slot(bot)
        secret = self.identifiers.secret(43)
        invite = Invite(
            f"invite_{bot.id.removeprefix('bot_')}_{slot}_{self.identifiers.secret(8)}",
            bot.merchant,
            bot.id,
            version.number,
            email,
            sha256(secret),
            now,
            now + self.life,
        )
        await self.records.invites.add(bot.merchant, invite.id, invite)
        await self.claim(bot, slot, invite)
        link = f"{self.server_address}/playground/invite/{bot.merchant}.{invite.id}.{secret}"
        text = (
            f"{bot.name} asks you to try its new shop assistant before shoppers meet it.\n\n{link}\n\n"
            f"The link is for you alone and ends on {invite.expires_at:%d %B %Y}."
        )
        mail = Mail(email, f"Try the assistant of {bot.name}", text, now, {"link": link})
        return await self.mailed(invite, mail), link

    async def mailed(self, invite: Invite, mail: Mail) -> Invite:
        """Mail an invitation, and note whether it left: without mail the shop hands the link over itself."""
        problem = "" if self.mailer.delivers else "No mail server is set up here."
        try:
            await self.mailer.send(invite.merchant, mail)
        except MailNotSent as error:
            problem = error.message
            log.warning("invite.not_mailed", invite=invite.id)
        return await self.records.invites.change(
            invite.merchant, invite.id, lambda current: replace(current, mailed=not problem, mail_problem=problem)
        )

    async def is_invited(self, bot: Bot, email: str) -> bool:
        """Whether an open invite of the bot went to this address: one mailbox is one person."""
        now = self.clock.now()
        async for invite in self.records.invites.all(bot.merchant, {"bot": bot.id}, newest_first=True):
            if invite.email == email and invite.is_open(now):
                return True
        return False

    async def free_slot(self, bot: Bot) -> int:
        """A place that no open invite holds. Raises InviteLimit."""
        for slot in range(MOST_OPEN_INVITES):
            held = await self.records.store.get(bot.merchant, "invite_slots", f"{bot.id}.{slot}")
            if held is None or not await self.holds(bot, str(held.body["invite"])):
                return slot
        raise InviteLimit(
            f"{MOST_OPEN_INVITES} invites are open, the most at once. Revoke one, or wait until one expires."
        )

    async def holds(self, bot: Bot, invite_id: str) -> bool:
        """Whether an invite is open."""
        found = await self.records.invites.find(bot.merchant, invite_id)
        return found is not None and found.record.is_open(self.clock.now())

    async def claim(self, bot: Bot, slot: int, invite: Invite) -> None:
        """Take the place for an invite; take the invite back when somebody else was first. Raises InviteLimit."""
        key, body = f"{bot.id}.{slot}", {"bot": bot.id, "invite": invite.id}
        try:
            held = await self.records.store.get(bot.merchant, "invite_slots", key)
            if held is None:
                await self.records.store.add(bot.merchant, "invite_slots", key, body)
            elif await self.holds(bot, str(held.body["invite"])):
                raise Conflict("taken")
            else:
                await self.records.store.save(bot.merchant, "invite_slots", key, body, held.etag)
        except Conflict as error:
            await self.records.invites.delete(bot.merchant, invite.id)
            raise InviteLimit("Another invite was made at the same moment; try again.") from error

    async def page(self, merchant: str, bot: str, limit: int, cursor: str | None) -> Listing[Invite]:
        """A bot's invites, newest first."""
        return await self.records.invites.page(merchant, {"bot": bot}, newest_first=True, limit=limit, cursor=cursor)

    async def revoke(self, merchant: str, bot: str, invite_id: str) -> None:
        """End an invite at once. Raises NotFound."""
        invite = await self.records.invites.get(merchant, invite_id)
        if invite.bot != bot:
            raise NotFound(f"there is no invite {invite_id!r}")
        await self.records.invites.change(merchant, invite_id, lambda current: replace(current, revoked=True))

    async def check(self, token: str) -> Invite:
        """The open invite that a link's token names. Raises NotAuthenticated, the same for every reason."""
        refused = NotAuthenticated("This invitation is not valid, or no longer.", code="invite_invalid")
        merchant, _, rest = token.partition(".")
        invite_id, _, secret = rest.partition(".")
        found = await self.records.invites.find(merchant, invite_id) if secret else None
        if found is None or not hmac.compare_digest(found.record.token_hash, sha256(secret)):
            raise refused
        if not found.record.is_open(self.clock.now()):
            raise refused
        if found.record.opened_at is None:
            now = self.clock.now()
            return await self.records.invites.change(
                merchant, invite_id, lambda current: replace(current, opened_at=now)
            )
        return found.record

    async def rate(
        self, version: BotVersion, *, tester: str, turn: str, say: Callable[[Rating | None], RatingText]
    ) -> Rating:
        """Note a tester's opinion of an answer of this version, made of what they said of the same answer before.

        `say` is asked again when another rating of theirs was quicker: a thumb and stars that come at the same moment
        are both kept. Raises NotFound for an answer not theirs, InvalidInput for other than one to five stars.
        """
        answer = await self.records.turns.get(version.merchant, turn)
        if answer.bot != version.bot or answer.version != version.number:
            raise NotFound(f"there is no answer {turn!r}")
        if tester.startswith("invite_") and answer.invite != tester:
            raise NotFound(f"there is no answer {turn!r}")
        key, person = f"{tester}.{turn}", sha256(await self.person(version.merchant, tester))

        def rating(known: Rating | None) -> Rating:
            said = say(known)
            if said.stars is not None:
                check_stars("stars", said.stars)
            return Rating(
                key,
                version.merchant,
                version.bot,
                version.number,
                self.gate.answering(version),
                tester,
                turn,
                said.helpful,
                said.comment.strip()[:LONGEST_COMMENT],
                self.clock.now(),
                said.stars,
                said.by_thumb,
                person,
            )

        kept = await self.records.ratings.write(version.merchant, key, rating)
        if tester.startswith("invite_"):
            where: dict[str, str | int | bool] = {"bot": version.bot, "tester": tester}
            count = await self.records.ratings.count(version.merchant, where)

            def counted(invite: Invite) -> Invite:
                # Two that counted at the same moment may come here in the other order.
                return replace(invite, ratings=max(invite.ratings, count))

            await self.records.invites.change(version.merchant, tester, counted)
        await self.trials.settling.review(version)
        return kept

    async def visit(self, invite: Invite) -> Visit:
        """What an invited person did so far."""
        questions = await self.records.turns.count(invite.merchant, {"bot": invite.bot, "invite": invite.id})
        said = await self.closing(invite.merchant, invite.id, invite.version)
        return Visit(questions, said is not None)

    async def closing(self, merchant: str, tester: str, version: int) -> Questionnaire | None:
        """What a tester said at the end, if they did."""
        found = await self.records.questionnaires.find(merchant, f"{tester}.{version}")
        return None if found is None else found.record

    async def close(
        self, version: BotVersion, *, tester: str, would_use: int, trusts: int, missing: str
    ) -> Questionnaire:
        """Note what a tester says at the end; saying it again replaces it. Raises InvalidInput."""
        for name, value in (("would_use", would_use), ("trusts", trusts)):
            check_stars(name, value)
        said = Questionnaire(
            f"{tester}.{version.number}", version.merchant, version.bot, version.number, tester, would_use, trusts,
            missing.strip()[:LONGEST_COMMENT], self.clock.now(),
        )  # fmt: skip
        await self.records.questionnaires.write_many(version.merchant, {said.id: said})
        return said

    async def questionnaires(self, version: BotVersion) -> list[Questionnaire]:
        """What testers of a version said at the end; of five places there are few."""
        where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number}
        return list(await self.records.questionnaires.list(version.merchant, where))

    async def person(self, merchant: str, tester: str) -> str:
        """E-mail address of an invited person or a member; empty when neither is known any more."""
        if tester.startswith("invite_"):
            invite = await self.records.invites.find(merchant, tester)
            return "" if invite is None else invite.record.email
        member = await self.records.members.find(merchant, tester)
        return "" if member is None else member.record.email
