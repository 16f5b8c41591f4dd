"""The reader in torch: layers 1 to 3 of all-MiniLM-L6-v2 read each text apart, 4 to 6 both together."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH, HEADS, INNER, WORDS, LAYERS, APART = 384, 12, 1536, 30522, 6, 3
PARTS = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "o": "attention.output.dense",
    "after_attention": "attention.output.LayerNorm", "grow": "intermediate.dense", "shrink": "output.dense",
    "after": "output.LayerNorm",
}  # fmt: skip


class Layer(nn.Module):
    """One BERT layer (Devlin et al., 2019)."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("q", "k", "v", "o"):
            setattr(self, name, nn.Linear(WIDTH, WIDTH))
        self.grow, self.shrink = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.after_attention, self.after = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        """States of one length, and what must not be attended to as large negative numbers."""
        rows, length, _ = states.shape

        def heads(part: Tensor) -> Tensor:
            return part.reshape(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        odds = heads(self.q(states)) @ heads(self.k(states)).transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        odds = odds if mask is None else odds + mask
        read = self.drop(odds.softmax(-1)) @ heads(self.v(states))
        states = self.after_attention(states + self.drop(self.o(read.transpose(1, 2).reshape(rows, length, WIDTH))))
        return self.after(states + self.drop(self.shrink(functional.gelu(self.grow(states)))))


class Apart(nn.Module):
    """Reads one text by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.word, self.place, self.kind = nn.Embedding(WORDS, WIDTH), nn.Embedding(512, WIDTH), nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(APART))

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Word pieces to states."""
        states = self.norm(self.word(ids) + self.place.weight[: ids.shape[1]][None] + self.kind.weight[0][None, None])
        for layer in self.layers:
            states = layer(states, mask)
        return states


class Together(nn.Module):
    """Reads a question and a passage together, knowing how similar the embedder found them and which words match."""

    def __init__(self) -> None:
        super().__init__()
        self.side = nn.Embedding(2, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS - APART))
        self.span = nn.Linear(WIDTH, 2)
        self.judge = nn.Sequential(nn.Linear(4 * WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 2))
        self.prior = nn.Linear(2, 2)
        nn.init.zeros_(self.side.weight)
        nn.init.normal_(self.judge[2].weight, std=0.01)
        nn.init.zeros_(self.judge[2].bias)
        # Begins as a good ranking by the embedder and the words, of which training learns what is wrong.
        self.prior.weight.data = torch.tensor([[10.0, 2.0], [6.0, 2.0]])
        self.prior.bias.data = torch.tensor([0.0, -4.0])

    def forward(self, states: Tensor, kinds: Tensor, mask: Tensor, known: Tensor) -> tuple[Tensor, ...]:
        """(rank, log-odds that it answers, first and last odds of the answer's span)."""
        hidden = ((1.0 - mask.to(states.dtype)) * -1e4)[:, None, None, :]
        states = states + self.side(kinds)
        for layer in self.layers:
            states = layer(states, hidden)
        of_passage = kinds.to(states.dtype)[..., None]
        of_question = mask.to(states.dtype)[..., None] - of_passage
        question = (states * of_question).sum(1) / of_question.sum(1)
        passage = (states * of_passage).sum(1) / of_passage.sum(1)
        span = self.span(states)
        likely = (span[..., 0] + (of_passage[..., 0] - 1) * 1e4).softmax(-1)
        answer = (states * likely[..., None].to(states.dtype)).sum(1)
        found = self.judge(torch.cat([states[:, 0], question, passage, answer], -1)) + self.prior(known)
        return found[:, 0], found[:, 1], span[..., 0], span[..., 1]


def loaded(folder: Path) -> tuple[Apart, Together]:
    """Both halves with the weights of all-MiniLM-L6-v2."""
    weights = load_file(folder / "model.safetensors")
    apart, together = Apart(), Together()
    for name, part in (
        ("word", "word_embeddings"),
        ("place", "position_embeddings"),
        ("kind", "token_type_embeddings"),
    ):
        getattr(apart, name).weight.data.copy_(weights[f"embeddings.{part}.weight"])
    apart.norm.weight.data.copy_(weights["embeddings.LayerNorm.weight"])
    apart.norm.bias.data.copy_(weights["embeddings.LayerNorm.bias"])
    for number, layer in enumerate([*apart.layers, *together.layers]):
        for name, part in PARTS.items():
            module = getattr(layer, name)
            module.weight.data.copy_(weights[f"encoder.layer.{number}.{part}.weight"])
            module.bias.data.copy_(weights[f"encoder.layer.{number}.{part}.bias"])
    return apart.eval(), together


def restore(file: Path, apart: Apart, together: Together) -> None:
    """Take over the result of an earlier training."""
    kept = torch.load(file)
    together.load_state_dict(kept.get("together", kept))
    if "apart" in kept:
        apart.layers.load_state_dict(kept["apart"])
