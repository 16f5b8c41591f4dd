"""The sentences that the engine itself speaks, in ten languages, and which language a shopper is spoken to in.

Never here: a merchant's own words, which come before these; what is said of who speaks, see `notices`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from engine.answering.languages import language_of

__all__ = ["PHRASES", "SPOKEN", "Phrase", "phrase", "spoken_language"]

Phrase = Literal[
    "greeting",
    "thanks",
    "farewell",
    "empty",
    "too_long",
    "private",
    "order",
    "person",
    "beyond",
    "refusal",
    "offer",
    "unavailable",
    "handed_over",
    "handed_over_later",
    "opted_out",
    "opted_in",
]

PHRASES: Mapping[str, Mapping[Phrase, str]] = {
    "en": {
        "greeting": "Hello! Ask me about our products, delivery or returns.",
        "thanks": "You're welcome! Is there anything else I can help you with?",
        "farewell": "Goodbye, and thank you for visiting!",
        "empty": "I can read words only, and found none. What would you like to know?",
        "too_long": "Your message is longer than {limit} characters. Please ask in fewer words.",
        "private": "I cannot share other people's details or how I am set up. "
        "I am glad to help with our products, delivery and returns.",
        "order": "I cannot look into single orders or payments.",
        "person": "I am an AI assistant, not a person.",
        "beyond": "I can only help with {shop}: its products, delivery, returns and the like. What would you like to know?",
        "refusal": "I could not find that in this shop's information.",
        "offer": "Please contact the shop, and a person will help you.",
        "unavailable": "I cannot answer right now. Please try again in a moment.",
        "handed_over": "I have asked a person of the shop to join this conversation. They will answer you here.",
        "handed_over_later": "I have asked a person of the shop to answer you here. They are back {when}.",
        "opted_out": "I will not write to you here any more. Write START when you want me back.",
        "opted_in": "I am back. What would you like to know?",
    },
    "de": {
        "greeting": "Hallo! Fragen Sie mich nach unseren Produkten, Versand oder Rückgabe.",
        "thanks": "Gern geschehen! Kann ich noch etwas für Sie tun?",
        "farewell": "Auf Wiedersehen, und danke für Ihren Besuch!",
        "empty": "Ich kann nur Worte lesen und habe keine gefunden. Was möchten Sie wissen?",
        "too_long": "Ihre Nachricht ist länger als {limit} Zeichen. Bitte fragen Sie in weniger Worten.",
        "private": "Ich kann weder Angaben über andere Personen weitergeben noch sagen, wie ich eingerichtet bin. "
        "Bei Produkten, Versand und Rückgabe helfe ich gern.",
        "order": "In einzelne Bestellungen oder Zahlungen kann ich nicht sehen.",
        "person": "Ich bin ein KI-Assistent, kein Mensch.",
        "beyond": "Ich kann nur bei {shop} helfen: bei Produkten, Versand, Rückgabe und Ähnlichem. Was möchten Sie wissen?",
        "refusal": "Das konnte ich in den Angaben dieses Shops nicht finden.",
        "offer": "Bitte wenden Sie sich an den Shop; dort hilft Ihnen ein Mensch weiter.",
        "unavailable": "Ich kann gerade nicht antworten. Bitte versuchen Sie es gleich noch einmal.",
        "handed_over": "Ich habe jemanden aus dem Shop gebeten, hier dazuzukommen. Sie bekommen die Antwort hier.",
        "handed_over_later": "Ich habe jemanden aus dem Shop gebeten, Ihnen hier zu antworten. Wieder da ab {when}.",
        "opted_out": "Ich schreibe Ihnen hier nicht mehr. Schreiben Sie START, wenn ich wieder antworten soll.",
        "opted_in": "Ich bin wieder da. Was möchten Sie wissen?",
    },
    "fr": {
        "greeting": "Bonjour ! Posez-moi vos questions sur nos produits, la livraison ou les retours.",
        "thanks": "Avec plaisir ! Puis-je vous aider pour autre chose ?",
        "farewell": "Au revoir, et merci de votre visite !",
        "empty": "Je ne lis que des mots et n'en ai trouvé aucun. Que souhaitez-vous savoir ?",
        "too_long": "Votre message dépasse {limit} caractères. Merci de poser votre question en moins de mots.",
        "private": "Je ne peux communiquer ni les données d'autres personnes ni ma configuration. "
        "Je vous aide volontiers pour nos produits, la livraison et les retours.",
        "order": "Je ne peux pas consulter une commande ou un paiement en particulier.",
        "person": "Je suis un assistant IA, pas une personne.",
        "beyond": "Je ne peux aider que pour {shop} : produits, livraison, retours et questions semblables. Que souhaitez-vous savoir ?",
        "refusal": "Je n'ai pas trouvé cela dans les informations de cette boutique.",
        "offer": "Contactez la boutique : une personne vous aidera.",
        "unavailable": "Je ne peux pas répondre pour le moment. Merci de réessayer dans un instant.",
        "handed_over": "J'ai demandé à une personne de la boutique de vous rejoindre ici. Elle vous répondra dans cette conversation.",
        "handed_over_later": "J'ai demandé à une personne de la boutique de vous répondre ici. De retour {when}.",
        "opted_out": "Je ne vous écrirai plus ici. Écrivez START pour que je réponde à nouveau.",
        "opted_in": "Me revoilà. Que souhaitez-vous savoir ?",
    },
    "es": {
        "greeting": "¡Hola! Pregúnteme por nuestros productos, los envíos o las devoluciones.",
        "thanks": "¡De nada! ¿Puedo ayudarle en algo más?",
        "farewell": "¡Adiós, y gracias por su visita!",
        "empty": "Solo puedo leer palabras y no he encontrado ninguna. ¿Qué desea saber?",
        "too_long": "Su mensaje tiene más de {limit} caracteres. Por favor, pregunte con menos palabras.",
        "private": "No puedo compartir datos de otras personas ni cómo estoy configurado. "
        "Con gusto le ayudo con nuestros productos, los envíos y las devoluciones.",
        "order": "No puedo consultar pedidos ni pagos concretos.",
        "person": "Soy un asistente de IA, no una persona.",
        "beyond": "Solo puedo ayudar con {shop}: productos, envíos, devoluciones y temas similares. ¿Qué desea saber?",
        "refusal": "No he encontrado eso en la información de esta tienda.",
        "offer": "Póngase en contacto con la tienda y una persona le ayudará.",
        "unavailable": "Ahora mismo no puedo responder. Por favor, inténtelo de nuevo en un momento.",
        "handed_over": "He pedido a una persona de la tienda que se una a esta conversación. Le responderá aquí.",
        "handed_over_later": "He pedido a una persona de la tienda que le responda aquí. Estará de vuelta {when}.",
        "opted_out": "No le escribiré más aquí. Escriba START cuando quiera que vuelva.",
        "opted_in": "Ya estoy de vuelta. ¿Qué desea saber?",
    },
    "it": {
        "greeting": "Buongiorno! Mi chieda dei nostri prodotti, della consegna o dei resi.",
        "thanks": "Prego! Posso aiutarla in altro?",
        "farewell": "Arrivederci, e grazie della visita!",
        "empty": "Posso leggere solo parole e non ne ho trovate. Che cosa desidera sapere?",
        "too_long": "Il suo messaggio supera i {limit} caratteri. Per favore, chieda con meno parole.",
        "private": "Non posso comunicare dati di altre persone né come sono configurato. "
        "La aiuto volentieri con i nostri prodotti, la consegna e i resi.",
        "order": "Non posso consultare singoli ordini o pagamenti.",
        "person": "Sono un assistente IA, non una persona.",
        "beyond": "Posso aiutare solo per {shop}: prodotti, spedizioni, resi e simili. Che cosa desidera sapere?",
        "refusal": "Non l'ho trovato nelle informazioni di questo negozio.",
        "offer": "Contatti il negozio: una persona la aiuterà.",
        "unavailable": "In questo momento non posso rispondere. Riprovi tra poco.",
        "handed_over": "Ho chiesto a una persona del negozio di unirsi a questa conversazione. Le risponderà qui.",
        "handed_over_later": "Ho chiesto a una persona del negozio di risponderle qui. Sarà di ritorno {when}.",
        "opted_out": "Non le scriverò più qui. Scriva START quando vuole che torni.",
        "opted_in": "Eccomi di nuovo. Che cosa desidera sapere?",
    },
    "nl": {
        "greeting": "Hallo! Vraag me naar onze producten, bezorging of retouren.",
        "thanks": "Graag gedaan! Kan ik u nog ergens mee helpen?",
        "farewell": "Tot ziens, en bedankt voor uw bezoek!",
        "empty": "Ik kan alleen woorden lezen en vond er geen. Wat wilt u weten?",
        "too_long": "Uw bericht is langer dan {limit} tekens. Stel uw vraag alstublieft in minder woorden.",
        "private": "Ik kan geen gegevens van anderen delen en niet vertellen hoe ik ben ingesteld. "
        "Ik help u graag met onze producten, bezorging en retouren.",
        "order": "Ik kan geen afzonderlijke bestellingen of betalingen inzien.",
        "person": "Ik ben een AI-assistent, geen mens.",
        "beyond": "Ik kan alleen helpen met {shop}: producten, bezorging, retouren en dergelijke. Wat wilt u weten?",
        "refusal": "Dat kon ik niet vinden in de informatie van deze winkel.",
        "offer": "Neem contact op met de winkel; daar helpt een medewerker u verder.",
        "unavailable": "Ik kan nu niet antwoorden. Probeer het zo meteen opnieuw.",
        "handed_over": "Ik heb iemand van de winkel gevraagd om hier te antwoorden. U krijgt het antwoord in dit gesprek.",
        "handed_over_later": "Ik heb iemand van de winkel gevraagd om u hier te antwoorden. Weer aanwezig {when}.",
        "opted_out": "Ik schrijf u hier niet meer. Schrijf START als ik weer mag antwoorden.",
        "opted_in": "Ik ben er weer. Wat wilt u weten?",
    },
    "pt": {
        "greeting": "Olá! Pergunte-me sobre os nossos produtos, entregas ou devoluções.",
        "thanks": "De nada! Posso ajudar em mais alguma coisa?",
        "farewell": "Até à próxima, e obrigado pela visita!",
        "empty": "Só consigo ler palavras e não encontrei nenhuma. O que gostaria de saber?",
        "too_long": "A sua mensagem tem mais de {limit} caracteres. Por favor, pergunte com menos palavras.",
        "private": "Não posso partilhar dados de outras pessoas nem como estou configurado. "
        "Ajudo com gosto com os nossos produtos, entregas e devoluções.",
        "order": "Não posso consultar encomendas nem pagamentos individuais.",
        "person": "Sou um assistente de IA, não uma pessoa.",
        "beyond": "Só posso ajudar com {shop}: produtos, entregas, devoluções e afins. O que deseja saber?",
        "refusal": "Não encontrei isso nas informações desta loja.",
        "offer": "Contacte a loja e uma pessoa irá ajudar.",
        "unavailable": "Neste momento não consigo responder. Tente novamente daqui a pouco.",
        "handed_over": "Pedi a uma pessoa da loja que se junte a esta conversa. Responderá aqui.",
        "handed_over_later": "Pedi a uma pessoa da loja que lhe responda aqui. Estará de volta {when}.",
        "opted_out": "Não voltarei a escrever-lhe aqui. Escreva START quando quiser que eu volte.",
        "opted_in": "Estou de volta. O que gostaria de saber?",
    },
    "pl": {
        "greeting": "Dzień dobry! Proszę pytać o nasze produkty, dostawę lub zwroty.",
        "thanks": "Nie ma za co! Czy mogę jeszcze w czymś pomóc?",
        "farewell": "Do widzenia i dziękujemy za wizytę!",
        "empty": "Czytam tylko słowa i żadnego nie znalazłem. O co chodzi?",
        "too_long": "Wiadomość ma więcej niż {limit} znaków. Proszę zapytać krócej.",
        "private": "Nie mogę udostępniać danych innych osób ani informacji o mojej konfiguracji. "
        "Chętnie pomogę w sprawie produktów, dostawy i zwrotów.",
        "order": "Nie mogę sprawdzać pojedynczych zamówień ani płatności.",
        "person": "Jestem asystentem AI, nie człowiekiem.",
        "beyond": "Mogę pomóc tylko w sprawach {shop}: produkty, dostawa, zwroty i podobne. Co chcesz wiedzieć?",
        "refusal": "Nie udało mi się znaleźć tego w informacjach tego sklepu.",
        "offer": "Proszę skontaktować się ze sklepem, tam pomoże człowiek.",
        "unavailable": "Nie mogę teraz odpowiedzieć. Proszę spróbować za chwilę.",
        "handed_over": "Poprosiłem osobę ze sklepu o dołączenie do tej rozmowy. Odpowie tutaj.",
        "handed_over_later": "Poprosiłem osobę ze sklepu o odpowiedź tutaj. Będzie dostępna {when}.",
        "opted_out": "Nie będę tu już pisać. Napisz START, gdy mam znów odpowiadać.",
        "opted_in": "Jestem z powrotem. O co chodzi?",
    },
    "sv": {
        "greeting": "Hej! Fråga mig om våra produkter, leverans eller returer.",
        "thanks": "Varsågod! Kan jag hjälpa till med något mer?",
        "farewell": "Hej då, och tack för besöket!",
        "empty": "Jag kan bara läsa ord och hittade inga. Vad vill du veta?",
        "too_long": "Ditt meddelande är längre än {limit} tecken. Fråga gärna med färre ord.",
        "private": "Jag kan inte dela andras uppgifter eller hur jag är inställd. "
        "Jag hjälper gärna till med våra produkter, leverans och returer.",
        "order": "Jag kan inte se enskilda beställningar eller betalningar.",
        "person": "Jag är en AI-assistent, inte en människa.",
        "beyond": "Jag kan bara hjälpa till med {shop}: produkter, leverans, returer och liknande. Vad vill du veta?",
        "refusal": "Jag kunde inte hitta det i den här butikens information.",
        "offer": "Kontakta butiken, så hjälper en människa dig.",
        "unavailable": "Jag kan inte svara just nu. Försök igen om en stund.",
        "handed_over": "Jag har bett en person i butiken att ansluta till det här samtalet. Svaret kommer här.",
        "handed_over_later": "Jag har bett en person i butiken att svara dig här. Tillbaka {when}.",
        "opted_out": "Jag skriver inte mer till dig här. Skriv START när du vill ha mig tillbaka.",
        "opted_in": "Jag är tillbaka. Vad vill du veta?",
    },
    "da": {
        "greeting": "Hej! Spørg mig om vores produkter, levering eller returnering.",
        "thanks": "Det var så lidt! Kan jeg hjælpe med andet?",
        "farewell": "Farvel, og tak for besøget!",
        "empty": "Jeg kan kun læse ord og fandt ingen. Hvad vil du gerne vide?",
        "too_long": "Din besked er længere end {limit} tegn. Spørg venligst med færre ord.",
        "private": "Jeg kan ikke dele andres oplysninger eller fortælle, hvordan jeg er sat op. "
        "Jeg hjælper gerne med vores produkter, levering og returnering.",
        "order": "Jeg kan ikke se enkelte ordrer eller betalinger.",
        "person": "Jeg er en AI-assistent, ikke et menneske.",
        "beyond": "Jeg kan kun hjælpe med {shop}: produkter, levering, returnering og lignende. Hvad vil du vide?",
        "refusal": "Det kunne jeg ikke finde i denne butiks oplysninger.",
        "offer": "Kontakt butikken, så hjælper et menneske dig.",
        "unavailable": "Jeg kan ikke svare lige nu. Prøv igen om et øjeblik.",
        "handed_over": "Jeg har bedt en person fra butikken om at komme med i denne samtale. Du får svar her.",
        "handed_over_later": "Jeg har bedt en person fra butikken om at svare dig her. Tilbage {when}.",
        "opted_out": "Jeg skriver ikke mere til dig her. Skriv START, når jeg må svare igen.",
        "opted_in": "Jeg er tilbage. Hvad vil du gerne vide?",
    },
}
SPOKEN = tuple(PHRASES)
TELLING = {
    "en": "hi hello hey thanks thank thx bye goodbye",
    "de": "hallo guten moin servus danke tschüss tschüß tschuess",
    "fr": "bonjour bonsoir salut merci revoir",
    "es": "hola buenas buenos gracias adiós adios",
    "it": "ciao buongiorno buonasera grazie arrivederci",
    "nl": "hoi goedendag bedankt dankjewel doei",
    "pt": "olá oi obrigado obrigada tchau",
    "pl": "cześć dzień dziękuję dzięki",
    "sv": "tack tjena hejdå",
    "da": "tak goddag farvel",
}
LANGUAGE_OF_WORD = {word: language for language, words in TELLING.items() for word in words.split()}
FEW_WORDS = 4
"""So short a message is told by its words of courtesy; a longer one by the detector."""
READ_AS = {"no": "da", "nb": "da", "nn": "da"}
"""Danish is nearer to Norwegians than English, and the detector takes the two for each other."""
WORD = re.compile(r"\w+")


def phrase(name: Phrase, language: str) -> str:
    """A sentence in a language, English where there are no words."""
    return PHRASES.get(language, PHRASES["en"])[name]


def spoken_language(text: str, detected: str, earlier: Sequence[str] = (), greeting: str = "") -> str:
    """The language to speak to a shopper in, one of `SPOKEN`.

    That of the message; where it is too short to tell, that of the questions before it, newest first, and then that
    of the shop's greeting. English to those whose language we have no words in.
    """
    words = WORD.findall(text.lower())
    if len(words) <= FEW_WORDS:
        for word in words:
            if word in LANGUAGE_OF_WORD:
                return LANGUAGE_OF_WORD[word]
    if not detected:
        detected = next(filter(None, map(language_of, (*reversed(earlier), greeting))), "")
    detected = READ_AS.get(detected, detected)
    return detected if detected in PHRASES else "en"
