"""`python -m bench.heard PACKAGE`: what a screen reader says of the chat, from opening it to the end of an answer.

PACKAGE is the unpacked npm package @guidepup/virtual-screen-reader (MIT), a screen reader in JavaScript that follows
ACCNAME and CORE-AAM; it reads the demo shop's chat in Chromium, item by item, as somebody would who presses "next". The
page's content policy is set aside for it alone.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, sync_playwright

from bench.product import server
from bench.storm import live_bot

QUESTION = "How long is the warranty on ceramics?"
MOST_ITEMS = 200
READ = """async ([address, most]) => {
  const { virtual } = await import(address);
  await virtual.start({ container: document.body });
  for (let place = 0; place < most; place += 1) {
    await virtual.next();
    if ((await virtual.lastSpokenPhrase()) === "end of document") break;
  }
  const heard = await virtual.spokenPhraseLog();
  await virtual.stop();
  return heard;
}"""
LISTEN = """async (address) => {
  const { virtual } = await import(address);
  window.listening = virtual;
  await virtual.start({ container: document.body });
  await virtual.clearSpokenPhraseLog();
}"""
HEARD = (
    "async () => { const said = await window.listening.spokenPhraseLog(); await window.listening.stop(); return said; }"
)


def chat_of(page: Any) -> Frame:
    """The chat's frame, opened."""
    page.locator("storeclerk-chat button").click()
    page.frame_locator("storeclerk-chat iframe").locator("textarea:focus").wait_for()
    return next(frame for frame in page.frames if frame != page.main_frame)


def show(title: str, heard: list[str]) -> None:
    """Print what was said."""
    print(f"## {title}")
    for phrase in heard:
        print(f"  {phrase}")


def main() -> int:
    """Print what is heard; fails when the question, the answer or the field is not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("package", type=Path)
    script = (parser.parse_args().package / "lib" / "esm" / "index.browser.js").read_text(encoding="utf-8")
    with server(playground="false", log_level="error") as client, sync_playwright() as tools:
        bot = live_bot(client)
        base = str(client.base_url).rstrip("/")
        key = client.post(f"/v1/bots/{bot}/keys", json={"kind": "publishable", "origins": [base]}).json()["key"]
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(bypass_csp=True)
        address = f"{base}/reader-for-the-bench.js"
        context.route(address, lambda route: route.fulfill(body=script, content_type="text/javascript"))
        page = context.new_page()
        page.goto(f"{base}/demo-shop/?assistant={bot}&key={key}")
        frame = chat_of(page)
        show("the chat as it opens", frame.evaluate(READ, [address, MOST_ITEMS]))
        frame.evaluate(LISTEN, address)
        frame.locator("textarea").fill(QUESTION)
        frame.locator("textarea").press("Enter")
        frame.get_by_text("24 months").first.wait_for()
        page.wait_for_timeout(2000)
        show("while the answer comes", frame.evaluate(HEARD))
        heard = frame.evaluate(READ, [address, MOST_ITEMS])
        show("the chat with its answer", heard)
        browser.close()
    said = " | ".join(heard)
    missing = [words for words in (QUESTION, "24 months", "textbox") if words not in said]
    print(f"not heard: {missing}" if missing else "the question, the answer and the field are heard")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
