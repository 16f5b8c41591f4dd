"""What the widget itself says, in the languages it knows; the assistant's own words are the merchant's.

Never here: a browser's wish read from a request; see `routes`.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LANGUAGES", "language_for", "words_in"]

NAMES = (
    "chat_with", "assistant_of", "new", "close", "close_short", "conversation", "offline", "your_question", "ask",
    "send", "you", "sources", "page", "the_shop", "rate", "helpful", "not_helpful", "thanks", "not_sent", "before",
    "in_stock", "out_of_stock", "preorder", "as_of", "products", "begin", "break", "contact", "person", "not_now",
    "later", "changed", "too_many", "writing", "passed_on", "cut_off", "offline_now", "not_reached", "again", "unread",
    "previous", "next",
)  # fmt: skip
"""What each line of a language stands for, in order."""
TEXTS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Chat with {shop}", "AI assistant of {shop}", "New conversation", "Close the chat", "Close", "Conversation",
        "You are offline. Your messages can be sent when the connection is back.", "Your question", "Ask a question",
        "Send", "You", "Where this comes from ({count})", "page {number}", "The shop", "Was this answer helpful?",
        "Helpful", "Not helpful", "Thank you!", "That could not be sent. Please try again.", "before", "In stock",
        "Out of stock", "Pre-order", "As of", "Products", "Questions to begin with",
        "The assistant is taking a break right now.", "Please contact the shop.", "A person of {shop}",
        "The assistant cannot answer right now.",
        "The assistant cannot answer right now. Please try again in a moment.",
        "This chat was changed by the shop. Please reload the page.",
        "Too many messages at once. Please wait {seconds} seconds.", "{name} is writing", "Passed on to {shop}.",
        "The answer was cut off.", "You seem to be offline.", "The assistant could not be reached.", "Try again",
        "new answers: {count}", "Previous products", "Next products",
    ),
    "de": (
        "Chat mit {shop}", "KI-Assistent von {shop}", "Neues Gespräch", "Chat schließen", "Schließen", "Gespräch",
        "Sie sind offline. Nachrichten können gesendet werden, sobald die Verbindung wieder da ist.", "Ihre Frage",
        "Stellen Sie eine Frage", "Senden", "Sie", "Woher das kommt ({count})", "Seite {number}", "Der Shop",
        "War diese Antwort hilfreich?", "Hilfreich", "Nicht hilfreich", "Danke!",
        "Das konnte nicht gesendet werden. Bitte versuchen Sie es noch einmal.", "vorher", "Auf Lager",
        "Nicht auf Lager", "Vorbestellbar", "Stand", "Produkte", "Fragen für den Anfang",
        "Der Assistent macht gerade Pause.",
        "Bitte wenden Sie sich an den Shop.", "Ein Mensch von {shop}", "Der Assistent kann gerade nicht antworten.",
        "Der Assistent kann gerade nicht antworten. Bitte versuchen Sie es gleich noch einmal.",
        "Dieser Chat wurde vom Shop geändert. Bitte laden Sie die Seite neu.",
        "Zu viele Nachrichten auf einmal. Bitte warten Sie {seconds} Sekunden.", "{name} schreibt",
        "An {shop} weitergegeben.", "Die Antwort brach ab.", "Sie scheinen offline zu sein.",
        "Der Assistent war nicht zu erreichen.", "Noch einmal", "neue Antworten: {count}",
        "Vorige Produkte", "Weitere Produkte",
    ),
    "fr": (
        "Discuter avec {shop}", "Assistant IA de {shop}", "Nouvelle conversation", "Fermer la discussion", "Fermer",
        "Conversation", "Vous êtes hors ligne. Vos messages pourront partir quand la connexion sera rétablie.",
        "Votre question", "Posez une question", "Envoyer", "Vous", "D'où cela vient ({count})", "page {number}",
        "La boutique", "Cette réponse vous a-t-elle aidé ?", "Utile", "Pas utile", "Merci !",
        "L'envoi a échoué. Veuillez réessayer.", "avant", "En stock", "Épuisé", "En précommande", "Au", "Produits",
        "Questions pour commencer", "L'assistant fait une pause en ce moment.", "Veuillez contacter la boutique.",
        "Une personne de {shop}", "L'assistant ne peut pas répondre en ce moment.",
        "L'assistant ne peut pas répondre en ce moment. Réessayez dans un instant.",
        "La boutique a modifié cette discussion. Veuillez recharger la page.",
        "Trop de messages à la fois. Attendez {seconds} secondes.", "{name} écrit", "Transmis à {shop}.",
        "La réponse a été interrompue.", "Vous semblez être hors ligne.", "L'assistant est injoignable.", "Réessayer",
        "nouvelles réponses : {count}", "Produits précédents", "Produits suivants",
    ),
    "nl": (
        "Chat met {shop}", "AI-assistent van {shop}", "Nieuw gesprek", "Chat sluiten", "Sluiten", "Gesprek",
        "Je bent offline. Je berichten kunnen worden verstuurd zodra de verbinding terug is.", "Je vraag",
        "Stel een vraag", "Versturen", "Jij", "Waar dit vandaan komt ({count})", "pagina {number}", "De winkel",
        "Was dit antwoord nuttig?", "Nuttig", "Niet nuttig", "Bedankt!",
        "Dat kon niet worden verstuurd. Probeer het opnieuw.", "eerst", "Op voorraad", "Niet op voorraad",
        "Te reserveren", "Stand van", "Producten", "Vragen om te beginnen",
        "De assistent neemt even pauze.", "Neem contact op met de winkel.", "Iemand van {shop}",
        "De assistent kan nu niet antwoorden.", "De assistent kan nu niet antwoorden. Probeer het zo meteen opnieuw.",
        "Deze chat is door de winkel gewijzigd. Laad de pagina opnieuw.",
        "Te veel berichten tegelijk. Wacht {seconds} seconden.", "{name} schrijft", "Doorgegeven aan {shop}.",
        "Het antwoord brak af.", "Je lijkt offline te zijn.", "De assistent was niet bereikbaar.", "Opnieuw",
        "nieuwe antwoorden: {count}", "Vorige producten", "Volgende producten",
    ),
    "es": (
        "Chatear con {shop}", "Asistente de IA de {shop}", "Nueva conversación", "Cerrar el chat", "Cerrar",
        "Conversación", "No hay conexión. Tus mensajes podrán enviarse cuando vuelva.", "Tu pregunta",
        "Haz una pregunta", "Enviar", "Tú", "De dónde sale esto ({count})", "página {number}", "La tienda",
        "¿Te ha servido esta respuesta?", "Útil", "No útil", "¡Gracias!", "No se pudo enviar. Inténtalo de nuevo.",
        "antes", "En stock", "Agotado", "Reserva", "A fecha de", "Productos", "Preguntas para empezar",
        "El asistente está en pausa ahora mismo.", "Ponte en contacto con la tienda.", "Una persona de {shop}",
        "El asistente no puede responder ahora.", "El asistente no puede responder ahora. Inténtalo en un momento.",
        "La tienda ha cambiado este chat. Recarga la página.",
        "Demasiados mensajes a la vez. Espera {seconds} segundos.", "{name} está escribiendo", "Enviado a {shop}.",
        "La respuesta se cortó.", "Parece que no hay conexión.", "No se pudo contactar con el asistente.",
        "Intentar de nuevo", "respuestas nuevas: {count}", "Productos anteriores", "Productos siguientes",
    ),
    "it": (
        "Chatta con {shop}", "Assistente IA di {shop}", "Nuova conversazione", "Chiudi la chat", "Chiudi",
        "Conversazione", "Sei offline. I messaggi potranno partire quando torna la connessione.", "La tua domanda",
        "Fai una domanda", "Invia", "Tu", "Da dove viene ({count})", "pagina {number}", "Il negozio",
        "Questa risposta è stata utile?", "Utile", "Non utile", "Grazie!", "Invio non riuscito. Riprova.", "prima",
        "Disponibile", "Esaurito", "In preordine", "Aggiornato al", "Prodotti", "Domande per iniziare",
        "L'assistente è in pausa in questo momento.", "Contatta il negozio.", "Una persona di {shop}",
        "L'assistente non può rispondere adesso.", "L'assistente non può rispondere adesso. Riprova tra poco.",
        "Il negozio ha cambiato questa chat. Ricarica la pagina.",
        "Troppi messaggi insieme. Attendi {seconds} secondi.", "{name} sta scrivendo", "Inoltrato a {shop}.",
        "La risposta si è interrotta.", "Sembri essere offline.", "Impossibile raggiungere l'assistente.", "Riprova",
        "nuove risposte: {count}", "Prodotti precedenti", "Prodotti successivi",
    ),
}  # fmt: skip
LANGUAGES = tuple(TEXTS)


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
    return next((tag for tag in known if tag in TEXTS), "en")


def words_in(language: str) -> Mapping[str, str]:
    """Every text by its name; braces stand for what the place puts in."""
    return dict(zip(NAMES, TEXTS[language], strict=True))
