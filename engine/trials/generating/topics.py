"""Matters that every shop knows, said in the languages that shoppers write in.

Never here: whether a shop answers them; that its own pages decide.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.answering.stems import stems

__all__ = ["COUNTRIES", "PRODUCT_QUESTIONS", "SAID", "topic_of"]

SAID: Mapping[str, Mapping[str, str]] = {
    "track": {
        "de": "Wie kann ich meine Bestellung verfolgen?", "fr": "Comment puis-je suivre ma commande ?",
        "es": "¿Cómo puedo hacer el seguimiento de mi pedido?", "it": "Come posso seguire il mio ordine?",
        "nl": "Hoe kan ik mijn bestelling volgen?", "pt": "Como posso acompanhar a minha encomenda?",
    },
    "return": {
        "de": "Wie kann ich einen Artikel zurückgeben?", "fr": "Comment puis-je retourner un article ?",
        "es": "¿Cómo puedo devolver un artículo?", "it": "Come posso restituire un articolo?",
        "nl": "Hoe kan ik een artikel retourneren?", "pt": "Como posso devolver um artigo?",
    },
    "cancel": {
        "de": "Kann ich meine Bestellung ändern oder stornieren?", "fr": "Puis-je modifier ou annuler ma commande ?",
        "es": "¿Puedo cambiar o cancelar mi pedido?", "it": "Posso modificare o annullare il mio ordine?",
        "nl": "Kan ik mijn bestelling wijzigen of annuleren?", "pt": "Posso alterar ou cancelar a minha encomenda?",
    },
    "invoice": {
        "de": "Wo finde ich meine Rechnung?", "fr": "Où puis-je trouver ma facture ?",
        "es": "¿Dónde encuentro mi factura?", "it": "Dove trovo la mia fattura?",
        "nl": "Waar vind ik mijn factuur?", "pt": "Onde encontro a minha fatura?",
    },
    "delete_account": {
        "de": "Wie kann ich mein Konto löschen?", "fr": "Comment puis-je supprimer mon compte ?",
        "es": "¿Cómo puedo eliminar mi cuenta?", "it": "Come posso eliminare il mio account?",
        "nl": "Hoe kan ik mijn account verwijderen?", "pt": "Como posso eliminar a minha conta?",
    },
    "reset_password": {
        "de": "Wie kann ich mein Passwort zurücksetzen?", "fr": "Comment réinitialiser mon mot de passe ?",
        "es": "¿Cómo puedo restablecer mi contraseña?", "it": "Come posso reimpostare la mia password?",
        "nl": "Hoe kan ik mijn wachtwoord opnieuw instellen?", "pt": "Como posso redefinir a minha palavra-passe?",
    },
    "change_email": {
        "de": "Wie kann ich meine E-Mail-Adresse ändern?", "fr": "Comment changer mon adresse e-mail ?",
        "es": "¿Cómo puedo cambiar mi correo electrónico?", "it": "Come posso cambiare il mio indirizzo e-mail?",
        "nl": "Hoe kan ik mijn e-mailadres wijzigen?", "pt": "Como posso alterar o meu e-mail?",
    },
    "create_account": {
        "de": "Wie kann ich ein Konto erstellen?", "fr": "Comment créer un compte ?",
        "es": "¿Cómo puedo crear una cuenta?", "it": "Come posso creare un account?",
        "nl": "Hoe kan ik een account aanmaken?", "pt": "Como posso criar uma conta?",
    },
    "payment_methods": {
        "de": "Welche Zahlungsarten gibt es?", "fr": "Quels moyens de paiement acceptez-vous ?",
        "es": "¿Qué formas de pago aceptan?", "it": "Quali metodi di pagamento accettate?",
        "nl": "Welke betaalmethoden accepteert u?", "pt": "Que formas de pagamento aceitam?",
    },
    "return_period": {
        "de": "Wie viele Tage habe ich Zeit, um etwas zurückzugeben?",
        "fr": "Combien de jours ai-je pour retourner un article ?",
        "es": "¿Cuántos días tengo para devolver un artículo?", "it": "Quanti giorni ho per restituire un articolo?",
        "nl": "Hoeveel dagen heb ik om iets te retourneren?", "pt": "Quantos dias tenho para devolver um artigo?",
    },
    "phone": {
        "de": "Wie ist Ihre Telefonnummer?", "fr": "Quel est votre numéro de téléphone ?",
        "es": "¿Cuál es su número de teléfono?", "it": "Qual è il vostro numero di telefono?",
        "nl": "Wat is jullie telefoonnummer?", "pt": "Qual é o vosso número de telefone?",
    },
    "open_saturday": {
        "de": "Wann haben Sie am Samstag geöffnet?", "fr": "Quels sont vos horaires d'ouverture le samedi ?",
        "es": "¿Qué horario tienen el sábado?", "it": "Quali sono gli orari di apertura di sabato?",
        "nl": "Hoe laat zijn jullie zaterdag open?", "pt": "Qual é o horário no sábado?",
    },
    "gift_wrap": {
        "de": "Verpacken Sie auch Geschenke?", "fr": "Proposez-vous un emballage cadeau ?",
        "es": "¿Envuelven para regalo?", "it": "Fate confezioni regalo?",
        "nl": "Pakken jullie cadeaus in?", "pt": "Fazem embrulho para presente?",
    },
    "delivery_cost": {
        "de": "Wie viel kostet die Lieferung nach {place}?", "fr": "Combien coûte la livraison en {place} ?",
        "es": "¿Cuánto cuesta el envío a {place}?", "it": "Quanto costa la spedizione in {place}?",
        "nl": "Hoeveel kost de bezorging naar {place}?", "pt": "Quanto custa o envio para {place}?",
    },
    "delivery_time": {
        "de": "Wie lange dauert die Lieferung nach {place}?", "fr": "Combien de temps prend la livraison en {place} ?",
        "es": "¿Cuánto tarda el envío a {place}?", "it": "Quanto tempo richiede la consegna in {place}?",
        "nl": "Hoe lang duurt de bezorging naar {place}?", "pt": "Quanto tempo demora o envio para {place}?",
    },
    "pay_with": {
        "de": "Kann ich mit {place} bezahlen?", "fr": "Puis-je payer avec {place} ?",
        "es": "¿Puedo pagar con {place}?", "it": "Posso pagare con {place}?",
        "nl": "Kan ik met {place} betalen?", "pt": "Posso pagar com {place}?",
    },
}  # fmt: skip
"""Matter to language to the question; `{place}` is the country, or the name of a means of payment."""

TELLING: Mapping[str, tuple[str, ...]] = {
    "track": ("track order",),
    "return": ("return item", "return product", "return order", "return"),
    "cancel": ("change cancel order", "cancel change order", "cancel modify order"),
    "invoice": ("find invoice", "find receipt invoice"),
    "delete_account": ("delete account",),
    "reset_password": ("reset password", "reset password account"),
    "change_email": ("change email address", "change email address account"),
    "create_account": ("create account",),
    "payment_methods": ("accept payment method", "payment method accept", "payment method", "payment option"),
    "gift_wrap": ("wrap gift", "offer gift wrapping", "gift wrapping"),
}
"""Matter to the words that its English question is made of, whatever their order."""
BY_STEMS = {frozenset(stems(words)): topic for topic, several in TELLING.items() for words in several}

COUNTRIES: Mapping[str, Mapping[str, str]] = {
    "germany": {"de": "Deutschland", "es": "Alemania", "it": "Germania", "nl": "Duitsland", "fr": "Allemagne"},
    "austria": {"de": "Österreich", "es": "Austria", "it": "Austria", "nl": "Oostenrijk", "fr": "Autriche"},
    "france": {"de": "Frankreich", "es": "Francia", "it": "Francia", "nl": "Frankrijk", "fr": "France"},
    "italy": {"de": "Italien", "es": "Italia", "it": "Italia", "nl": "Italië", "fr": "Italie"},
    "spain": {"de": "Spanien", "es": "España", "it": "Spagna", "nl": "Spanje", "fr": "Espagne"},
    "belgium": {"de": "Belgien", "es": "Bélgica", "it": "Belgio", "nl": "België", "fr": "Belgique"},
}
"""Only those that go with the same preposition."""

PRODUCT_QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "price": {
        "de": "Was kostet {title}?", "fr": "Combien coûte {title} ?", "es": "¿Cuánto cuesta {title}?",
        "it": "Quanto costa {title}?", "nl": "Wat kost {title}?", "pt": "Quanto custa {title}?",
    },
    "stock": {
        "de": "Ist {title} auf Lager?", "fr": "{title} est en stock ?", "es": "¿Está disponible {title}?",
        "it": "{title} è disponibile?", "nl": "Is {title} op voorraad?", "pt": "{title} está disponível?",
    },
}  # fmt: skip


def topic_of(asked: str, common: frozenset[str]) -> str:
    """The matter that an English question is about and nothing else but `common` words; empty for any other."""
    return BY_STEMS.get(stems(asked) - common, "")
