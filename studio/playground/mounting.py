"""Puts the playground on a server. Gradio is imported only then: it takes seconds, and not every server offers it."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI

from engine.bootstrap import Engine
from studio.playground.access import PATH, InviteGate, router

__all__ = ["PATH", "mount_playground"]

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Else Gradio sums up all earlier events after each one, for a page of figures that is switched off here.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}
"""Gradio reads these when it is imported or a page is made: nothing is sent anywhere."""
GROUPED = """<script>
let groups = 0;
new MutationObserver(() => document.querySelectorAll('fieldset').forEach(group => {
  group.dataset.group ||= ++groups;
  group.setAttribute('aria-label', group.querySelector('[data-testid=block-info]')?.textContent ?? '');
  for (const one of group.querySelectorAll('input[type=radio]')) {
    const name = 'group-' + group.dataset.group;
    if (one.name !== name) one.name = name;
  }
})).observe(document, {childList: true, subtree: true, attributeFilter: ['name']});
</script>"""
"""Gradio 6.31 gives each choice of a question a name of its own, so that arrow keys do not move between them, and
the question as a whole no name, so that nothing reads it out."""
HEAD = f'<link rel="stylesheet" href="{PATH}/look.css"><link rel="icon" href="data:,">{GROUPED}'


def mount_playground(app: FastAPI) -> None:
    """Add the playground below `PATH` to a server made by `create_server`."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    import gradio as gr  # noqa: PLC0415

    from studio.playground.page import make_page  # noqa: PLC0415

    engine: Engine = app.state.engine
    # Before the mount: routes are tried in order, and the mount takes all below its path.
    app.include_router(router)
    app.add_middleware(InviteGate, engine=engine)

    async def mounted() -> None:
        # Within a running loop: outside one, Gradio makes several of its own and never closes them.
        gr.mount_gradio_app(
            app,
            make_page(engine),
            PATH,
            root_path=PATH,
            theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
            head=HEAD,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            enable_monitoring=False,
            show_error=False,
            max_file_size=0,
        )

    with ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(mounted())).result()
