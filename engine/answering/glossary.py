"""Shop talk in German, French, Spanish and Italian, word by word in English: enough to find English pages by.

No translation: what is not in the table (names, models, codes) stays as it is, and so does the order of words.
Used where a version's pages do not speak the shopper's language and its embedder does not either.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["GLOSSED", "gloss"]

GLOSSED = ("de", "fr", "es", "it")
ROWS = """
how long|wie lange|combien de temps/combien de temps met|cuánto tiempo/cuanto tiempo|quanto tempo
how long at most|wie lang darf|quelle longueur|qué longitud|quanto può essere lungo/quanto può essere lunga
how many days|wie viele tage/wie vielen tagen|combien de jours|cuántos días|quanti giorni
how many|wie viele/wieviele|combien de/combien d'|cuántos/cuántas|quanti/quante
how much is|was kostet/wie viel kostet/wieviel kostet/wie teuer|combien coûte/combien coute/quel est le prix|cuánto cuesta/cuanto cuesta/cuánto vale|quanto costa
how much|wie viel/wieviel|combien|cuánto/cuanto/cuánta|quanto/quanta
what|was|que/quoi/quel/quelle/quels/quelles/qu'est-ce que/qu'est-ce|qué/cuál|che/cosa/quale/quali/che cosa
which|welche/welcher/welches/welchen/welchem|lequel/laquelle|cuáles|quale
when|wann|quand|cuándo/cuando|quando
where|wo/woher/wohin|où|dónde/donde|dove
who|wer/wem/wen|qui|quién|chi
why|warum/wieso/weshalb|pourquoi|por qué|perché
how|wie|comment|cómo/como|come
is|ist|est/est-ce que|es/está|è
are|sind|sont|son/están|sono
can i|kann ich/darf ich|puis-je/je peux/est-ce que je peux|puedo|posso
can|kann/können|peut/peuvent|puede/pueden|può/possono
do you have|haben sie/habt ihr|avez-vous/vous avez|tienen/tenéis|avete
do you|sie/ihr|vous|ustedes|voi
i must|muss ich/ich muss|dois-je/je dois/faut-il|tengo que/debo|devo
i need|brauche ich/ich brauche/benötige ich|ai-je besoin/j'ai besoin/il me faut|necesito|mi serve/ho bisogno
my|mein/meine/meinen/meiner/meinem|mon/ma/mes|mi/mis|mio/mia/miei/mie
your|ihr/ihre/ihren/euer/eure|votre/vos|su/sus/vuestro|vostro/vostra/vostri
i|ich|je|yo|io
not|nicht|ne/pas|no|non
no|kein/keine/keinen|aucun/aucune|ningún/ninguna|nessun/nessuna
with|mit|avec|con|con
without|ohne|sans|sin|senza
for|für|pour|para|per
from|von/vom/aus/ab|de/du/des|de/del/desde|da/dal/dalla/di/del/della
to|zu/zum/zur/nach|à/au/aux/vers|a/al/hacia|a/al/alla/ai
in|in/im|en/dans|en|in/nel/nella
on|auf/an/am|sur|sobre|su/sul/sulla
and|und|et|y/e|e/ed
or|oder|ou|o|o
the|der/die/das/den/dem|le/la/les|el/la/los/las|il/lo/la/gli/le
a|ein/eine/einen/einem/einer|un/une|un/una|un/una/uno
between|zwischen|entre|entre|tra/fra
after|nach/nachdem|après|después de/después/tras|dopo
before|vor/bevor|avant|antes de/antes|prima di/prima
until|bis/bis zu|jusqu'à/jusqu'au|hasta|fino a/fino al
at most|maximal/höchstens/am meisten|maximum/au maximum/au plus|máximo/como máximo/máxima|al massimo/massimo/massima
at least|mindestens/minimum|au moins/au minimum|mínimo/al menos|almeno/minimo
free|kostenlos/gratis/umsonst/kostenfrei|gratuit/gratuite/gratuitement|gratis/gratuito/gratuita|gratis/gratuito/gratuita
delivery|lieferung/lieferungen/zustellung|livraison/livraisons|entrega/envío/envíos|consegna/consegne/spedizione
delivery time|lieferzeit/lieferdauer|délai de livraison|plazo de entrega/tiempo de entrega|tempi di consegna/tempo di consegna
deliver|liefern/liefert/zustellen|livrer/livre/livrez|entregar/enviar/envían|consegnare/consegna/consegnate/spedire/spedite
shipping|versand/versandkosten|expédition/frais de port|gastos de envío|spese di spedizione
ship|versenden/verschicken/verschickt|expédier/envoyer|mandar|inviare
arrive|ankommen/kommt an/eintreffen|arriver/arrive|llegar/llega|arrivare/arriva
order|bestellung/bestellungen/auftrag|commande/commandes|pedido/pedidos|ordine/ordini
to order|bestellen/bestelle/bestellt|commander/commandé|pedir/ordenar|ordinare/ordinato
cancel|stornieren/abbrechen/kündigen/widerrufen|annuler/résilier|cancelar/anular|annullare/disdire
change|ändern/wechseln/umtauschen/tauschen|changer/modifier/échanger|cambiar/modificar|cambiare/modificare
return|rücksendung/retoure/rückgabe/zurückgeben/zurückschicken/zurücksenden|retour/retourner/renvoyer/rendre|devolución/devolver|reso/restituire/restituzione/rendere
refund|erstattung/rückerstattung/geld zurück/erstattet|remboursement/rembourser/remboursé|reembolso/reembolsar|rimborso/rimborsare
exchange|umtausch|échange|cambio|cambio
warranty|garantie/gewährleistung|garantie|garantía|garanzia
repair|reparatur/reparieren|réparation/réparer|reparación/reparar|riparazione/riparare
broken|kaputt/defekt/beschädigt|cassé/cassée/défectueux/abîmé|roto/rota/defectuoso/dañado|rotto/rotta/difettoso/danneggiato
pay|zahlen/bezahlen|payer|pagar|pagare
payment|zahlung/bezahlung|paiement|pago|pagamento
by invoice|auf rechnung|sur facture|con factura|con fattura
invoice|rechnung/rechnungen|facture/factures|factura/facturas|fattura/fatture
price|preis/preise|prix|precio/precios|prezzo/prezzi
cost|kosten/kostet|coûter/coûte/coût|coste/costar|costo/costare
discount|rabatt/nachlass|remise/réduction/rabais|descuento|sconto
voucher|gutschein/gutscheine|bon/bon d'achat|vale/cupón|buono/voucher
gift|geschenk|cadeau|regalo|regalo
code|code/nummer|code|código|codice
account|konto/kontos/kundenkonto/benutzerkonto|compte|cuenta|account/conto
delete|löschen/löschung/gelöscht|supprimer/suppression/supprimé|eliminar/borrar/eliminación|eliminare/cancellare/cancellazione
data|daten|données|datos|dati
password|passwort/kennwort|mot de passe|contraseña|password
sign in|anmelden/einloggen/anmeldung|connexion/se connecter|iniciar sesión|accedere/accesso
forgotten|vergessen|oublié|olvidado/olvidé|dimenticato
e-mail|e-mail/mail|e-mail/mail/courriel|correo/correo electrónico|e-mail/posta
phone number|telefonnummer/rufnummer|numéro de téléphone|número de teléfono/teléfono|numero di telefono
customer service|kundendienst/kundenservice|service client|atención al cliente|servizio clienti/assistenza
contact|kontakt/kontaktieren/erreichen|contacter/joindre|contactar|contattare
shop|laden/geschäft/shop|magasin/boutique|tienda|negozio
opening hours|öffnungszeiten/geöffnet|horaires/heures d'ouverture/ouvert|horario/abierto|orari/aperto
open|öffnen|ouvrir|abrir|aprire
subscription|abo/abonnement|abonnement|suscripción|abbonamento
newsletter|newsletter|newsletter|boletín|newsletter
unsubscribe|abmelden/abbestellen|se désabonner/désinscrire|darse de baja|disiscriversi
license|lizenz/lizenzen|licence|licencia|licenza
expired|abgelaufen/ungültig|expiré/expirée|caducado/caducada|scaduto/scaduta
new|neu/neue/neuen/neues/neuer|nouveau/nouvelle|nuevo/nueva|nuovo/nuova
get|bekomme/bekommen/erhalten/erhalte|obtenir/recevoir|obtener/conseguir/recibir|ottenere/ricevere
buy|kaufen/gekauft|acheter/acheté|comprar/comprado|comprare/comprato
size|größe/grösse/größen|taille/pointure|talla/tamaño|taglia/misura/dimensione
type|art/typ|type/sorte|tipo|tipo
colour|farbe/farben|couleur|color/colores|colore/colori
length|länge|longueur|longitud|lunghezza
weight|gewicht/wiegt|poids/pèse|peso/pesa|peso/pesa
long|lang/lange|long/longue|largo/larga|lungo/lunga
cable|kabel|câble|cable|cavo
battery|akku/batterie|batterie/pile|batería/pila|batteria
card|karte|carte|tarjeta|scheda/carta
board|platine/platte/board|carte|placa|scheda
power supply|netzteil/stromversorgung|alimentation|fuente de alimentación|alimentatore
water|wasser|eau|agua|acqua
waterproof|wasserdicht|imperméable/étanche|impermeable|impermeabile
wash|waschen|laver|lavar|lavare
material|material|matière|material|materiale
leather|leder|cuir|cuero/piel|pelle/cuoio
shoes|schuhe|chaussures|zapatos|scarpe
trousers|hose|pantalon|pantalones|pantaloni
dress|kleid|robe|vestido|vestito
bicycle|fahrrad/rad|vélo|bicicleta|bicicletta
tea|tee|thé|té|tè
coffee|kaffee|café|café|caffè
in stock|auf lager/lieferbar/verfügbar/vorrätig|en stock/disponible|en existencias/disponible|disponibile/in magazzino
sold out|ausverkauft|épuisé|agotado|esaurito
available|erhältlich|disponible|disponible|disponibile
compatible|kompatibel|compatible|compatible|compatibile
support|unterstützt/unterstützung|support/prend en charge|soporte/soporta|supporto/supporta
replace|ersetzt/ersetzen/austauschen|remplacer/remplace|sustituir/sustituye/reemplaza|sostituire/sostituisce
completely|komplett/vollständig/ganz|complètement/entièrement|por completo/completamente|completamente/del tutto
required|pflicht/erforderlich/notwendig/nötig|obligatoire/nécessaire|obligatorio/obligatoria/necesario|obbligatorio/obbligatoria/necessario
take part|teilnehmen/teilnahme|participer|participar|partecipare
introduction|einführung|introduction|introducción/introductorio|introduzione/introduttivo
course|kurs|cours|curso|corso
exam|prüfung|examen|examen|esame
certificate|zertifikat|certificat|certificado|certificato
teacher|lehrer/lehrkraft|enseignant/professeur|profesor|insegnante/docente
school|schule|école|escuela|scuola
student|schüler/student|élève/étudiant|estudiante|studente
child|kind/kinder/kindern|enfant/enfants|niño/niños|bambino/bambini
year|jahr/jahre/jahren/jahres|an/ans/année|año/años|anno/anni
month|monat/monate/monaten|mois|mes/meses|mese/mesi
week|woche/wochen|semaine/semaines|semana/semanas|settimana/settimane
day|tag/tage/tagen|jour/jours|día/días|giorno/giorni
hour|stunde/stunden|heure/heures|hora/horas|ora/ore
minutes|minute/minuten|minute/minutes|minuto/minutos|minuto/minuti
today|heute|aujourd'hui|hoy|oggi
tomorrow|morgen|demain|mañana|domani
saturday|samstag/samstags|samedi|sábado|sabato
sunday|sonntag/sonntags|dimanche|domingo|domenica
weekend|wochenende|week-end|fin de semana|fine settimana
germany|deutschland|allemagne|alemania|germania
austria|österreich|autriche|austria|austria
switzerland|schweiz|suisse|suiza|svizzera
france|frankreich|france|francia|francia
italy|italien|italie|italia|italia
spain|spanien|espagne|españa|spagna
abroad|ausland|étranger|extranjero|estero
country|land|pays|país|paese
address|adresse|adresse|dirección|indirizzo
parcel|paket/päckchen/sendung|colis|paquete|pacco
tracking|sendungsverfolgung/verfolgen|suivi|seguimiento|tracciamento
tax|steuer/mehrwertsteuer|taxe/tva|impuesto/iva|tassa/iva
customs|zoll|douane|aduana|dogana
company|firma/unternehmen|entreprise/société|empresa|azienda/ditta
work|funktioniert/funktionieren/geht|fonctionne/marche|funciona|funziona
problem|problem/probleme|problème|problema|problema
update|aktualisieren/aktualisierung|mise à jour/mettre à jour|actualizar/actualización|aggiornare/aggiornamento
install|installieren|installer|instalar|installare
use|benutzen/verwenden/nutzen|utiliser|usar/utilizar|usare/utilizzare
connect|verbinden/anschließen|connecter/brancher|conectar|collegare
switch off|ausschalten/deaktivieren|éteindre/désactiver|apagar/desactivar|spegnere/disattivare
switch on|einschalten/aktivieren|allumer/activer|encender/activar|accendere/attivare
pixels|pixel|pixels|píxeles|pixel
display|display/bildschirm|écran|pantalla|schermo
request|beantragt/antrag/anfrage|demande/demandé|solicitud/solicitado|richiesta/richiesto
have|habe/haben/hat|ai/avoir/a|tengo/tiene|ho/ha
if|wenn/falls|si|si|se
must|müssen/muss|doit/doivent|debe|deve
"""


@cache
def tables() -> dict[str, dict[str, str]]:
    """Language to (words as they are said, English), the first row of a word counts."""
    found: dict[str, dict[str, str]] = {language: {} for language in GLOSSED}
    for row in ROWS.strip().splitlines():
        english, *others = row.split("|")
        for language, said in zip(GLOSSED, others, strict=True):
            for words in said.split("/"):
                found[language].setdefault(words, english)
    return found


@cache
def pattern(language: str) -> re.Pattern[str]:
    """Any entry of a language, the longest first."""
    entries = sorted(tables()[language], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, entries))})(?!\w)", re.IGNORECASE)


def gloss(text: str, language: str) -> str:
    """The text with what the table knows in English; as it is for a language without a table."""
    if language not in GLOSSED:
        return text
    table = tables()[language]
    return pattern(language).sub(lambda found: table[found[0].lower()], text.replace("’", "'"))
