"""`python -m bench.widget`: how much the widget weighs on a shop's page, and how soon a shopper can use it.

The demo shop's page with the assistant against the same page without, in Chromium, each in a fresh browser context,
alternately. Times are milliseconds, the median of the visits. With `--slow`, the processor is slowed down four times
and the line is that of Chromium's "fast 3G" (1.6 Mbit/s, 150 ms).
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.product import server
from bench.storm import live_bot

VISITS = 15
PAINTS = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries()[0].startTime))
  .observe({ type: "paint", buffered: true }))"""
LONG_TASKS = """window.longTasks = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks += entry.duration - 50;
}).observe({ type: "longtask", buffered: true });"""
FAST_3G = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}


def visit(browser: Browser, address: str, *, widget: bool, slow: bool) -> dict[str, float]:
    """Times of one visit."""
    context = browser.new_context(viewport={"width": 390, "height": 780})
    page = context.new_page()
    if slow:
        tools = context.new_cdp_session(page)
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", FAST_3G)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(weight(answer)) if "/widget" in answer.url else None)
    page.add_init_script(LONG_TASKS)
    page.goto(address)
    found: dict[str, float] = {"first paint": page.evaluate(PAINTS)}
    if widget:
        button = page.locator("storeclerk-chat button")
        button.wait_for()
        found["button there"] = page.evaluate("performance.now()")
        began = page.evaluate("performance.now()")
        button.click()
        page.frame_locator("storeclerk-chat iframe").locator("textarea:focus").wait_for()
        found["open after a press"] = page.evaluate("performance.now()") - began
        found["bytes"] = sum(sizes)
    found["blocked"] = page.evaluate("window.longTasks")
    context.close()
    return found


def weight(answer: Any) -> int:
    """Bytes of an answer on the line."""
    return int(answer.headers.get("content-length") or len(answer.body()))


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--slow", action="store_true")
    chosen = parser.parse_args()
    with server(playground="false", log_level="error") as client, sync_playwright() as playwright:
        bot = live_bot(client)
        origin = str(client.base_url).rstrip("/")
        body = {"kind": "publishable", "origins": [origin]}
        key = client.post(f"/v1/bots/{bot}/keys", json=body).raise_for_status().json()["key"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        times: dict[str, list[float]] = {}
        for _ in range(VISITS):
            for widget in (False, True):
                query = f"?assistant={bot}&key={key}" if widget else ""
                for name, value in visit(
                    browser, f"{origin}/demo-shop/{query}", widget=widget, slow=chosen.slow
                ).items():
                    times.setdefault(f"{name}, {'with' if widget else 'without'} the widget", []).append(value)
        print("| what | median | worst |\n|---|---|---|")
        for name, values in sorted(times.items()):
            print(f"| {name} | {statistics.median(values):,.0f} | {max(values):,.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
