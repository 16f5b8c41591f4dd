"""Why a page or a file could not be learned, each kind with its words for a shop owner.

Never here: how a failure is found.
"""

from __future__ import annotations

from engine.domain.knowledge import ItemFailure

__all__ = ["REASONS", "Unreadable", "item_failure"]

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
    # The page
    "empty": "There is next to no text on this page.",
    "javascript_only": (
        "This page shows its text only with JavaScript, so nothing could be read. Add the text by hand or as a file."
    ),
    "duplicate": "This page has the same text as another one, which was learned once.",
    "page_limit": "The limit of pages was reached before the end of the website. Raise the limit to read the rest.",
    "unparsable": "This could not be understood. Open it, save it again, and try once more.",
    # The file
    "missing": "The uploaded file is no longer there. Upload it again.",
    "encrypted": "This file is protected with a password. Save it without the password and upload it again.",
    "damaged": "This file is damaged or cut off. Open it, save it again, and upload that copy.",
    "wrong_type": "The content of this file does not fit its name. Save it in the format that its name says.",
    "unsupported": "Files of this kind cannot be read. Use PDF, Word, Excel, CSV, HTML, Markdown or text.",
    "unsafe_archive": "This file is packed in an unsafe way, so it was refused. Save it again and upload that copy.",
    "scanned": "This file holds only pictures of text. Upload a version with real text.",
    "too_many_pages": "This file has more pages than can be read. Split it into smaller files.",
    "too_costly": "Reading this file took more time or memory than one file may take. Split it into smaller files.",
}


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
