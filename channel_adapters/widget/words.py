"""What the widget itself says, in the languages it knows; the assistant's own words are the merchant's.

Never here: a browser's wish read from a request; see `routes`.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LANGUAGES", "language_for", "words_in"]

LANGUAGES = ("en", "de", "fr", "nl", "es", "it")
TEXTS: Mapping[str, tuple[str, ...]] = {
    "chat_with": (
        "Chat with {shop}", "Chat mit {shop}", "Discuter avec {shop}", "Chat met {shop}", "Chatear con {shop}",
        "Chatta con {shop}",
    ),
    "assistant_of": (
        "AI assistant of {shop}", "KI-Assistent von {shop}", "Assistant IA de {shop}", "AI-assistent van {shop}",
        "Asistente de IA de {shop}", "Assistente IA di {shop}",
    ),
    "new": (
        "New conversation", "Neues Gespräch", "Nouvelle conversation", "Nieuw gesprek", "Nueva conversación",
        "Nuova conversazione",
    ),
    "close": (
        "Close the chat", "Chat schließen", "Fermer la discussion", "Chat sluiten", "Cerrar el chat", "Chiudi la chat",
    ),
    "close_short": ("Close", "Schließen", "Fermer", "Sluiten", "Cerrar", "Chiudi"),
    "conversation": ("Conversation", "Gespräch", "Conversation", "Gesprek", "Conversación", "Conversazione"),
    "offline": (
        "You are offline. Your messages can be sent when the connection is back.",
        "Sie sind offline. Nachrichten können gesendet werden, sobald die Verbindung wieder da ist.",
        "Vous êtes hors ligne. Vos messages pourront partir quand la connexion sera rétablie.",
        "U bent offline. Uw berichten kunnen worden verstuurd zodra de verbinding terug is.",
        "No hay conexión. Sus mensajes podrán enviarse cuando vuelva.",
        "È offline. I messaggi potranno partire quando torna la connessione.",
    ),
    "your_question": ("Your question", "Ihre Frage", "Votre question", "Uw vraag", "Su pregunta", "La sua domanda"),
    "ask": (
        "Ask a question", "Stellen Sie eine Frage", "Posez une question", "Stel een vraag", "Haga una pregunta",
        "Faccia una domanda",
    ),
    "send": ("Send", "Senden", "Envoyer", "Versturen", "Enviar", "Invia"),
    "you": ("You", "Sie", "Vous", "U", "Usted", "Lei"),
    "sources": (
        "Where this comes from ({count})", "Woher das kommt ({count})", "D'où cela vient ({count})",
        "Waar dit vandaan komt ({count})", "De dónde sale esto ({count})", "Da dove viene ({count})",
    ),
    "page": (
        "page {number}", "Seite {number}", "page {number}", "pagina {number}", "página {number}", "pagina {number}",
    ),
    "the_shop": ("The shop", "Der Shop", "La boutique", "De winkel", "La tienda", "Il negozio"),
    "rate": (
        "Was this answer helpful?", "War diese Antwort hilfreich?", "Cette réponse vous a-t-elle aidé ?",
        "Was dit antwoord nuttig?", "¿Le ha servido esta respuesta?", "Questa risposta è stata utile?",
    ),
    "helpful": ("Helpful", "Hilfreich", "Utile", "Nuttig", "Útil", "Utile"),
    "not_helpful": ("Not helpful", "Nicht hilfreich", "Pas utile", "Niet nuttig", "No útil", "Non utile"),
    "thanks": ("Thank you!", "Danke!", "Merci !", "Bedankt!", "¡Gracias!", "Grazie!"),
    "not_sent": (
        "That could not be sent. Please try again.",
        "Das konnte nicht gesendet werden. Bitte versuchen Sie es noch einmal.",
        "L'envoi a échoué. Veuillez réessayer.", "Dat kon niet worden verstuurd. Probeer het opnieuw.",
        "No se pudo enviar. Inténtelo de nuevo.", "Invio non riuscito. Riprovi.",
    ),
    "before": ("before", "vorher", "avant", "eerst", "antes", "prima"),
    "in_stock": ("In stock", "Auf Lager", "En stock", "Op voorraad", "En stock", "Disponibile"),
    "out_of_stock": ("Out of stock", "Nicht auf Lager", "Épuisé", "Niet op voorraad", "Agotado", "Esaurito"),
    "preorder": ("Pre-order", "Vorbestellbar", "En précommande", "Te reserveren", "Reserva", "In preordine"),
    "as_of": ("As of", "Stand", "Au", "Stand van", "A fecha de", "Aggiornato al"),
    "products": ("Products", "Produkte", "Produits", "Producten", "Productos", "Prodotti"),
    "begin": (
        "Questions to begin with", "Fragen für den Anfang", "Questions pour commencer", "Vragen om te beginnen",
        "Preguntas para empezar", "Domande per iniziare",
    ),
    "break": (
        "The assistant is taking a break right now.", "Der Assistent macht gerade Pause.",
        "L'assistant fait une pause en ce moment.", "De assistent neemt even pauze.",
        "El asistente está en pausa ahora mismo.", "L'assistente è in pausa in questo momento.",
    ),
    "contact": (
        "Please contact the shop.", "Bitte wenden Sie sich an den Shop.", "Veuillez contacter la boutique.",
        "Neem contact op met de winkel.", "Póngase en contacto con la tienda.", "Contatti il negozio.",
    ),
    "person": (
        "A person of {shop}", "Ein Mensch von {shop}", "Une personne de {shop}", "Iemand van {shop}",
        "Una persona de {shop}", "Una persona di {shop}",
    ),
    "not_now": (
        "The assistant cannot answer right now.", "Der Assistent kann gerade nicht antworten.",
        "L'assistant ne peut pas répondre en ce moment.", "De assistent kan nu niet antwoorden.",
        "El asistente no puede responder ahora.", "L'assistente non può rispondere adesso.",
    ),
    "later": (
        "The assistant cannot answer right now. Please try again in a moment.",
        "Der Assistent kann gerade nicht antworten. Bitte versuchen Sie es gleich noch einmal.",
        "L'assistant ne peut pas répondre en ce moment. Réessayez dans un instant.",
        "De assistent kan nu niet antwoorden. Probeer het zo meteen opnieuw.",
        "El asistente no puede responder ahora. Inténtelo en un momento.",
        "L'assistente non può rispondere adesso. Riprovi tra poco.",
    ),
    "changed": (
        "This chat was changed by the shop. Please reload the page.",
        "Dieser Chat wurde vom Shop geändert. Bitte laden Sie die Seite neu.",
        "La boutique a modifié cette discussion. Veuillez recharger la page.",
        "Deze chat is door de winkel gewijzigd. Laad de pagina opnieuw.",
        "La tienda ha cambiado este chat. Recargue la página.",
        "Il negozio ha cambiato questa chat. Ricarichi la pagina.",
    ),
    "too_many": (
        "Too many messages at once. Please wait {seconds} seconds.",
        "Zu viele Nachrichten auf einmal. Bitte warten Sie {seconds} Sekunden.",
        "Trop de messages à la fois. Attendez {seconds} secondes.",
        "Te veel berichten tegelijk. Wacht {seconds} seconden.",
        "Demasiados mensajes a la vez. Espere {seconds} segundos.",
        "Troppi messaggi insieme. Attenda {seconds} secondi.",
    ),
    "writing": (
        "{name} is writing", "{name} schreibt", "{name} écrit", "{name} schrijft", "{name} está escribiendo",
        "{name} sta scrivendo",
    ),
    "passed_on": (
        "Passed on to {shop}.", "An {shop} weitergegeben.", "Transmis à {shop}.", "Doorgegeven aan {shop}.",
        "Enviado a {shop}.", "Inoltrato a {shop}.",
    ),
    "cut_off": (
        "The answer was cut off.", "Die Antwort brach ab.", "La réponse a été interrompue.", "Het antwoord brak af.",
        "La respuesta se cortó.", "La risposta si è interrotta.",
    ),
    "offline_now": (
        "You seem to be offline.", "Sie scheinen offline zu sein.", "Vous semblez être hors ligne.",
        "U lijkt offline te zijn.", "Parece que no hay conexión.", "Sembra essere offline.",
    ),
    "not_reached": (
        "The assistant could not be reached.", "Der Assistent war nicht zu erreichen.", "L'assistant est injoignable.",
        "De assistent was niet bereikbaar.", "No se pudo contactar con el asistente.",
        "Impossibile raggiungere l'assistente.",
    ),
    "again": ("Try again", "Noch einmal", "Réessayer", "Opnieuw", "Intentar de nuevo", "Riprova"),
    "unread": (
        "new answers: {count}", "neue Antworten: {count}", "nouvelles réponses : {count}",
        "nieuwe antwoorden: {count}", "respuestas nuevas: {count}", "nuove risposte: {count}",
    ),
    "previous": (
        "Previous products", "Vorige Produkte", "Produits précédents", "Vorige producten", "Productos anteriores",
        "Prodotti precedenti",
    ),
    "next": (
        "Next products", "Weitere Produkte", "Produits suivants", "Volgende producten", "Productos siguientes",
        "Prodotti successivi",
    ),
}  # fmt: skip
"""Each text by its name, in the order of the languages; braces stand for what the place puts in."""


def language_for(wished: str, accepted: str) -> str:
    """The first known language: of the page's wish, then of a browser's `Accept-Language`, else English."""
    weighed = []
    for place, item in enumerate(accepted.split(",")[:20]):
        tag, _, quality = item.partition(";q=")
        try:
            weighed.append((-float(quality or 1), place, tag))
        except ValueError:
            continue
    tags = [wished, *(tag for _, _, tag in sorted(weighed))]
    known = (tag.strip().lower().split("-")[0] for tag in tags)
    return next((tag for tag in known if tag in LANGUAGES), "en")


def words_in(language: str) -> Mapping[str, str]:
    """Every text by its name."""
    place = LANGUAGES.index(language)
    return {name: texts[place] for name, texts in TEXTS.items()}
