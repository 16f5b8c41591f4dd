"""Why a page or a file could not be learned, each kind with its words for a shop owner.

Never here: how a failure is found.
"""

from __future__ import annotations

from engine.domain.knowledge import ItemFailure

__all__ = ["NOTES", "REASONS", "SKIPPED", "Unreadable", "item_failure"]

REASONS: dict[str, str] = {
    # The address
    "bad_address": "This is not a web address that can be read. Use one that begins with http:// or https://.",
    "private_address": "This address leads into a private network, so it was not read. Use the shop's public address.",
    "private_redirect": "This page forwards to a private network, so it was not followed. Check where it forwards to.",
    "dns": "No server with this name was found. Check the address for typing mistakes.",
    "unreachable": "The website did not accept a connection. Check that it is online, then try again.",
    "insecure_redirect": "This page forwards from https to http, which is not safe to follow. Link to the https page.",
    "tls": "The website's security certificate is not valid, so it was not read. Renew the certificate.",
    # The answer
    "not_found": "The website says that this page does not exist (404). Remove the link or restore the page.",
    "forbidden": "The website refused to show this page (403). Allow our reader there, or add the text by hand.",
    "sign_in_needed": (
        "This page asks for a sign-in, so it could not be read. Make it public, or add its text by hand."
    ),
    "server_error": "The website failed while sending this page. Try again later.",
    "http_error": "The website did not send this page. Open it in a browser to see why.",
    "rate_limited": "The website asked us to slow down. Try again later.",
    "redirect_loop": "This page forwards to itself without end. Mend the forwarding on the website.",
    "too_many_redirects": "This page forwards more than five times. Link to the last page directly.",
    "timeout": "The website took too long to send this page. Try again later.",
    "too_large": "This is larger than can be read. Split it into smaller parts.",
    "decompression_bomb": "This unpacks to far more than it should, so it was refused.",
    "not_html": "This is not a page of text, so it was not read. Upload it as a file if it matters.",
    "robots": "The website's robots.txt asks readers to leave this page out. Change robots.txt if it should be read.",
    "cookie_wall": (
        "This page opens only for visitors who accept cookies first, so it could not be read. Let readers in without "
        "it, or add the text by hand."
    ),
    # The page
    "empty": "There is next to no text in it.",
    "javascript_only": (
        "This page shows its text only with JavaScript, so nothing could be read. Add the text by hand or as a file."
    ),
    "duplicate": "This page has the same text as another one, which was learned once.",
    "kept_copy": (
        "This page could not be read this time, so what it said before is still used. It is tried again with the next "
        "reading."
    ),
    "excluded": "Your choice of addresses leaves this page out.",
    "language": "This page is in another language than the one you chose, so it was left out.",
    "noindex": "This page asks search engines to leave it out, and it is no policy or help, so it was not learned.",
    "shop_function": "This address is a cart, an account, a search or the like: a function of the shop, not a page.",
    "calendar": "This is one of many days of a calendar. The first ones were read, the others left out.",
    "file_limit": "More files are linked on this website than are read. Upload the ones that matter.",
    "page_limit": "The limit of pages was reached before the end of the website. Raise the limit to read the rest.",
    "unparsable": "This could not be understood. Open it, save it again, and try once more.",
    # The file
    "empty_file": "This file is empty. Choose one with something in it.",
    "missing": "The uploaded file is no longer there. Upload it again.",
    "encrypted": "This file is protected with a password. Save it without the password and upload it again.",
    "damaged": "This file is damaged or cut off. Open it, save it again, and upload that copy.",
    "wrong_type": "The content of this file does not fit its name. Save it in the format that its name says.",
    "truncated": "The end of this file is missing. Download or export it again and upload that copy.",
    "unsupported": (
        "Files of this kind cannot be read. Use PDF, Word, PowerPoint, Excel, OpenDocument, CSV, HTML, Markdown, "
        "text, e-mail (EML), EPUB, or a PNG, JPG or WEBP picture."
    ),
    "private_columns": "Columns with what goods cost you, or from whom they come, were left out of this list.",
    "path_traversal": "A part of this file would be written outside its folder, so it was refused. Save it again.",
    "nested_archive": "Another packed file is inside this one, so it was refused. Unpack it and upload the parts.",
    "too_many_parts": "This file is made of more parts than a document should have. Save it again in smaller files.",
    "xml_entities": (
        "This file defines shortcuts that pull in other files or grow without end, so it was refused. Save it again."
    ),
    "no_text_in_picture": "No text was found in this picture. Upload a sharper one, or type its text in.",
    "scanned": "This file holds only pictures, and no text was found in them. Upload a version with real text.",
    "too_many_pixels": "This picture is larger than can be read. Make it smaller than 40 megapixels.",
    "too_many_pages": "This file has more pages than can be read. Split it into smaller files.",
    "too_costly": "Reading this file took more time or memory than one file may take. Split it into smaller files.",
    "crashed": "This file broke the program that reads it; nothing else was touched. Save it again in another format.",
    # The file was read, and something about it should be known
    "hidden_text": "This file holds text that readers cannot see. It was left out.",
    "hidden_parts": "This file holds hidden sheets or slides. They were left out.",
    "macros": "This file holds macros. They were neither run nor learned.",
    "read_from_pictures": (
        "Some or all of this text was read from pictures. Latin, Chinese and Japanese writing can be read so; check it."
    ),
    "unclear_pictures": (
        "The pictures of text in this file are hard to read, or written in letters other than Latin, Chinese and "
        "Japanese. Check what was learned."
    ),
    "scanned_partly": "This file has more scanned pages than can be read at once. Split it to have the rest read.",
    "damaged_pages": "Some pages of this file are damaged and were left out.",
}


SKIPPED = frozenset(
    {
        "duplicate", "robots", "not_html", "page_limit", "excluded", "language", "noindex", "shop_function", "calendar",
        "file_limit", "not_for_sale",
    }
)  # fmt: skip
"""Reasons that are as they should be: nothing is missing that anybody would look for."""


NOTES = frozenset({
    "hidden_text", "hidden_parts", "macros", "read_from_pictures", "unclear_pictures", "scanned_partly",
    "damaged_pages", "private_columns",
})  # fmt: skip
"""What is worth knowing of an item that was learned all the same."""


class Unreadable(Exception):
    """One page or file cannot be learned. `code` is a key of REASONS; `detail` adds what was found."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def item_failure(item: str, code: str, detail: str = "") -> ItemFailure:
    """The failure of one item, in a shop owner's words."""
    reason = REASONS.get(code, REASONS["unparsable"])
    return ItemFailure(item=item, reason=f"{reason} ({detail})" if detail else reason, code=code)
