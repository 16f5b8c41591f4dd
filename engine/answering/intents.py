"""What kind of message it is, as far as that decides what happens: small talk, or what no shop assistant may do.

Rules of language only, in the languages most shops meet; a message they do not know is a question to be looked up.
"""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["Intent", "intent_of"]

Intent = Literal[
    "greeting",
    "thanks",
    "farewell",
    "identity",
    "private",
    "order",
    "command",
    "task",
    "person",
    "opted_out",
    "opted_in",
]

FLAGS = re.IGNORECASE
WHOLE: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "greeting",
        re.compile(
            r"(hi|hello|hey|hiya|good (morning|afternoon|evening|day)|hallo|guten (tag|morgen|abend)|bonjour|salut|hola|"
            r"buenos dias|buenas( tardes| noches)?|ciao|buongiorno|buonasera|ol[aá]|hej|hoi)( there| all| you| zusammen)?",
            FLAGS,
        ),
    ),
    (
        "thanks",
        re.compile(
            r"(ok(ay)?[,. ]*)?(thanks?( you)?( so much| very much| a lot)?|thx|ty|cheers|great|perfect|danke( sch[oö]n)?|"
            r"merci( beaucoup)?|gracias|muchas gracias|grazie( mille)?|obrigad[oa])( for your help)?",
            FLAGS,
        ),
    ),
    (
        "farewell",
        re.compile(r"(bye|goodbye|see you|good night|tsch[uü]ss|au revoir|adi[oó]s|arrivederci)( bye)?", FLAGS),
    ),
)
"""What the whole message must be."""

PERSON = re.compile(
    r"\b(talk|speak|chat|connect me|put me through|transfer me) (to|with) (a|an|some|the|your)? ?(real |actual |live )?"
    r"(human|person|agent|someone|somebody|representative|colleague|employee|manager)\b"
    r"|^(a )?(real |live )?(human|person|agent)( please)?$|\bhuman agent\b"
    r"|\bmit (einem|einer) (menschen|mitarbeiter(in)?|echten person) (sprechen|reden|chatten)\b"
    r"|\bparler (à|avec) (un |une )?(humain|personne|conseiller|conseillère|agent)\b"
    r"|\bhablar con (un |una )?(humano|persona|agente)\b|\bparlare con (un |una )?(umano|persona|operatore)\b",
    FLAGS,
)
IDENTITY = re.compile(
    r"(are|r) (you|u) (a |an )?(real |actual )?(human|person|bot|robot|ai|machine|chatbot)\b"
    r"|am i (talking|speaking|chatting) (to|with) (a |an )?(human|real|person|bot|robot|machine|ai)\b"
    r"|(bist du|sind sie) (ein(e)? )?(echter? )?(mensch|bot|roboter|ki|maschine|person)\b"
    r"|(es-tu|[eê]tes[- ]vous|tu es|vous [eê]tes) (un |une )?(humain|robot|vraie personne|machine|ia)\b"
    r"|(eres|es usted) (un |una )?(humano|persona|robot|bot|m[aá]quina)\b"
    r"|(sei|[eè] lei) (un |una )?(umano|persona|robot|bot|macchina)\b"
    r"|(ben je|bent u) (een )?(mens|robot|bot|echt persoon)\b|[eé]s (um |uma )?(humano|pessoa|rob[oô])\b"
    r"|jeste[sś] (cz[lł]owiekiem|robotem|botem)\b|[aä]r du (en )?(m[aä]nniska|robot|bot)\b",
    FLAGS,
)
LONGEST_IDENTITY = 12
"""Words. A longer message asks something else besides."""

COMMAND = re.compile(
    r"\b(ignor\w*|disregard|forget|override|bypass|vergiss|missachte|oublie\w*|olvida|dimentica)\b.{0,40}"
    r"\b(instructions?|rules?|prompts?|guidelines|guardrails|anweisungen|regeln|consignes|r[eè]gles|instrucciones|reglas"
    r"|istruzioni|regole)\b"
    r"|\b(system|admin\w*|root|developer|debug|maintenance|god) ?(override|mode|prompt)\b|\bjailbr\w+|\b(?-i:DAN)\b"
    r"|\byou are (now|no longer)\b|\b(from|ab) (now on|jetzt|sofort)\b.{0,40}\b(you|du)\b"
    r"|\b(new|updated) (rule|instructions?|policy|system message)s?\b.{0,30}\b(from|by|:)"
    r"|\bpretend (to be|that you|you are|you're)\b|(^|[.!?,;:] ?|please |now |must |should |to )(act|behave) (as|like) (a|an|my|if you)\b|\brole-?play (as|a)\b"
    r"|</?(context|system|instructions?|assistant|user|evidence|data)>|\[/?(inst|system)\]|<\|"
    r"|\b(approve|confirm|grant|issue|authori[sz]e)\b.{0,25}\b(my|mine|me|a|the)\b.{0,25}\b(refund|discount|coupon|credit|voucher)\b"
    r"|\b(generate|create|invent|make up|give me|erstelle|gib mir)\b.{0,30}\b(discount|coupon|promo|voucher|rabatt|gutschein)"
    r"[ -]?(code)\b|\b\d{1,3} ?% discount code\b",
    FLAGS,
)
"""Attempts to give the assistant orders; a shopper's words are a question, never an instruction."""
PRIVATE = re.compile(
    r"\b(other|another|previous|last|all|five|ten) (other )?(customer|shopper|client|buyer|user)s?('?s)?\b.{0,60}"
    r"\b(name|address|mail|phone|order|data|bought|said|wrote|ask|conversation|card)|\b(other|another) (customer|shopper)('s)?\b"
    r"|\b(names?|addresse?s?|e-?mails?|data|orders?|list)( and \w+)? of (the |your |all |other |last |\w+ ){0,4}(customers|shoppers|clients|buyers|users)\b"
    r"|\b(system|initial|hidden|secret|original) (prompt|instructions?|rules?|message|guidelines)\b"
    r"|\b(print|show|reveal|repeat|tell|translate|output|dump|list|what (is|are))\b.{0,20}\b(your|the previous|the above)\b.{0,20}"
    r"\b(prompt|instructions|rules|api keys?|secret keys?|passwords?|configuration|text above)\b"
    r"|\b(repeat|print|write|recite|copy|output|show|say|summari[sz]e)\b.{0,60}\b(above|before|preceding|prior to)"
    r" (this|my|the) (first )?(line|message|text|sentence|question|conversation)\b"
    r"|\b(admin\w*|database|root|api|secret) ?(password|passwort|key|token|credentials)s?\b"
    r"|\bwhat did (another|other|the last) (person|people|customer|user)s?\b"
    r"|\b(private|home|personal) (phone|mobile|telephone|address|e-?mail|number)\b.{0,30}\bof\b"
    r"|\b(customer|shopper|person|people|one|client)s? (before|ahead of|after) me\b"
    r"|\bwhat (did|has|have|does)\b.{0,10}\b(my|our|his|her) (ex-?)?\w+\b.{0,20}\b(order(ed)?|buy|bought|purchased?)\b"
    r"|\b(my|his|her|their) (ex-?)?(wife|husband|partner|boyfriend|girlfriend|mother|father|son|daughter|friend|neighbou?r"
    r"|boss|colleague)\b.{0,50}\b(password|address|moved|account details|phone number)\b"
    r"|\b(orders?|address|phone( number)?|data|account|parcels?) of \S+@\S+"
    r"|\b(ander(e[nr]?|en)|letzten|vorigen|vorherigen|allen?|ihrer|eurer) (anderen )?kund(en|innen|in|e)\b"
    r"|\bwas ha(t|ben)\b.{0,12}\b(mein|sein|ihr)e?\b.{0,40}\b(bestellt|gekauft)\b"
    r"|\b(autres?|dernier|pr[eé]c[eé]dent) client(e|s|es)?\b|\b(vos|tes|les) (autres )?client(e|s|es)\b.{0,30}\b(adresses?|noms?|num[eé]ros?)\b"
    r"|\b(adresses?|noms?|num[eé]ros?|liste) .{0,20}\bd(e|es|'un|'une) (vos |tes |autres? )*client"
    r"|\botr[oa]s? clientes?\b|\b(lista|nombres|direcciones|tel[eé]fonos)\b.{0,20}\bclientes\b"
    r"|\b(altr[oi]|un'altra) client[ei]\b|\b(elenco|nomi|indirizzi)\b.{0,20}\bclienti\b"
    r"|\b(andere|vorige) klant(en)?\b",
    FLAGS,
)
"""Requests for what no shopper may have: other people's data, or how the assistant is set up."""

CODE = r"(?:#\s?[a-z]{0,4}-?\d{3,}|\b[a-z]{2,4}-\d{3,}\b|\b\d{4,}\b|\b\d{2,}-\d{3,}\b)"
ORDER = re.compile(
    rf"\b(order|return|refund|repair|parcel|package|delivery|shipment|tracking|invoice|reference|bestellung|commande|pedido"
    rf"|ordine)(?: (?:id|code|number|no\.?|nr\.?|nummer))?(?: (?:for|is))? ?:? ?{CODE}"
    r"|\b(has|have|is|was|did|when was)\b.{0,12}\b(my|the) (refund|return|money|payment|order)\b.{0,40}"
    r"\b(paid out|been paid|been processed|been shipped|been dispatched|arrived (yet|back)|gone out|yet)\b"
    r"|\b(why|when)\b.{0,15}\b(was|were|did)\b.{0,6}\b(i|you|my)\b.{0,40}\b(charged?|debit\w*|billed|take)\b"
    r".{0,40}\b(twice|double|yesterday|today|last|on (mon|tues|wednes|thurs|fri|satur|sun)day|from my account)\b"
    r"|\b(which|what)\b.{0,30}\bdid i (order|buy|purchase|pay)\b|\bmy (last|previous|recent) (order|purchase)\b",
    FLAGS,
)
"""About one order or payment: only a person can look that up."""
TASK = re.compile(
    r"^(please |can you |could you |would you |now )*(write|compose|draft|translate|summari[sz]e|code|program|solve|calculate"
    r"|sing|imagine|play)\b(?=.{0,60}\b(me|letter|poem|essay|story|song|code|script|function|program|joke|speech"
    r"|homework|equation|into (french|german|spanish|english|italian)|post|tweet|article|cv|resume)\b)"
    r"|\b(tell|know|got|heard)\b.{0,12}\b(a|any|another|some) (\w+ )?(jokes?|riddles?|fairy ?tales?|bedtime story)\b|\bmake me laugh\b"
    r"|\bweather (in|today|tomorrow|forecast|like)\b|\bwetter (in|heute|morgen)\b|\b(cover|love) letter\b|\bhoroscope\b"
    r"|\b(who won|qui[eé]n gan[oó]|qui a gagn[eé]|chi ha vinto|wer hat .{0,40} gewonnen)\b.{0,40}"
    r"\b(cup|championship|league|bowl|war|mundial|monde|mondiale?|weltmeister\w*|olymp\w+)\b",
    FLAGS,
)
"""What has nothing to do with a shop."""

ANYWHERE: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("private", PRIVATE),
    ("command", COMMAND),
    ("task", TASK),
    ("person", PERSON),
    ("order", ORDER),
)


def intent_of(text: str) -> Intent | None:
    """The kind of message, or None for a question that is to be looked up."""
    bare = text.strip(" !.,?¿¡:;)(👋🙂😊🙏\n\t").strip()
    for intent, pattern in WHOLE:
        if pattern.fullmatch(bare):
            return intent
    for intent, pattern in ANYWHERE:
        if pattern.search(bare):
            return intent
    return "identity" if IDENTITY.search(bare) and len(bare.split()) <= LONGEST_IDENTITY else None
