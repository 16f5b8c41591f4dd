"""`python -m bench.reader.export RESULT MINILM FOLDER`: both halves as int8 ONNX files, with their hashes."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from bench.reader.model import loaded, restore


def main() -> None:
    """Write `reader-apart.onnx` and `reader-together.onnx`."""
    result, minilm, folder = (Path(argument) for argument in sys.argv[1:4])
    apart, together = loaded(minilm)
    restore(result, apart, together)
    together.eval()
    rows, length = {0: "rows"}, {0: "rows", 1: "pieces"}
    kinds = torch.zeros(2, 40, dtype=torch.long)
    kinds[:, 12:] = 1
    halves = {
        "apart": (apart, (torch.randint(5, 2000, (1, 19)),), ["ids"], ["states"], ["MatMul", "Gather"]),
        "together": (
            together,
            (torch.randn(2, 40, 384), kinds, torch.ones(2, 40, dtype=torch.long), torch.rand(2, 2)),
            ["states", "kinds", "mask", "known"],
            ["rank", "answer", "first", "last"],
            ["MatMul"],
        ),
    }
    for name, (model, example, inputs, outputs, operators) in halves.items():
        axes = dict.fromkeys([*inputs, *outputs], length) | {"known": rows, "rank": rows, "answer": rows}
        whole, small = result.with_name(f"{name}.onnx"), folder / f"reader-{name}.onnx"
        torch.onnx.export(
            model, example, str(whole), input_names=inputs, output_names=outputs, opset_version=17, dynamo=False,
            dynamic_axes={part: axes[part] for part in [*inputs, *outputs]},
        )  # fmt: skip
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=operators)
        print(small, hashlib.sha256(small.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
