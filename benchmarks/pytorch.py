"""The same layers in a loop written by hand for PyTorch: run by `benchmarks.training` with a Python that has torch.

Needs torch and numpy alone. Reads cases as JSON from standard input, one a line, and answers each with
`{"parameters": N, "throughput": sequences per second}`.
"""

import json
import os
import sys
import time
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

Config = dict[str, Any]


def conv(channels: int, filters: int, size: int, dilation: int = 1) -> nn.Conv1d:
    """A convolution that keeps the length."""
    return nn.Conv1d(channels, filters, size, padding="same", dilation=dilation)


def by_regions(x: Tensor, regions: int) -> Tensor:
    """The largest of each region and of all: (batch, channels, positions) to one row."""
    each = functional.max_pool1d(x, max(1, x.shape[2] // regions), ceil_mode=True)
    return torch.cat([each.flatten(1), x.amax(2)], 1)


def width_by_regions(channels: int, positions: int, regions: int) -> int:
    """How long such a row is."""
    return channels * (-(-positions // max(1, positions // regions)) + 1)


def answer(width: int, config: Config) -> nn.Module:
    """The last layers."""
    rate, units = config["dropout"], config["dense"]
    if not units:
        return nn.Sequential(nn.Dropout(rate), nn.Linear(width, 1))
    return nn.Sequential(nn.Dropout(rate), nn.Linear(width, units), nn.LeakyReLU(0.2), nn.Dropout(rate), nn.Linear(units, 1))


class Cnn(nn.Module):
    """`cnn` over one-hot (batch, 4, length)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        self.regions, layers, channels = config["regions"], [], 4
        for number in range(config["layers"]):
            size = config["later_kernel_size"] if number else config["kernel_size"]
            layers += [conv(channels, config["filters"], size), nn.ReLU(), nn.MaxPool1d(config["pool_size"])]
            if number + 1 < config["layers"]:
                layers.append(nn.Dropout(config["dropout"] / 2))
            channels, length = config["filters"], length // config["pool_size"]
        self.layers = nn.Sequential(*layers)
        self.answer = answer(width_by_regions(channels, length, self.regions), config)

    def forward(self, x: Tensor) -> Tensor:
        """One number a sequence."""
        return self.answer(by_regions(self.layers(x), self.regions))


class ImageCnn(nn.Module):
    """`image_cnn` over chaos game images (batch, 1, side, side)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        side, layers, channels = int(config["resolution"]), [], 1
        for number in range(config["layers"]):
            filters = config["filters"] * 2**number
            layers += [nn.Conv2d(channels, filters, config["kernel_size"], padding="same"), nn.ReLU(), nn.MaxPool2d(config["pool_size"])]
            channels, side = filters, side // config["pool_size"]
        self.layers = nn.Sequential(*layers, nn.Flatten(), answer(channels * side * side, config))

    def forward(self, x: Tensor) -> Tensor:
        """One number a sequence."""
        return self.layers(x)


class Memories(nn.Module):
    """Memories in both directions over (batch, steps, channels), summed up as mean, largest and both ends."""

    def __init__(self, config: Config, channels: int) -> None:
        super().__init__()
        kind = {"lstm": nn.LSTM, "gru": nn.GRU}[config["cell"]]
        self.memory = kind(channels, config["units"], config["layers"], batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(config["dropout"])

    def forward(self, x: Tensor) -> Tensor:
        """(batch, 8 units)."""
        x = self.dropout(self.memory(x)[0])
        return torch.cat([x.mean(1), x.amax(1), x[:, 0], x[:, -1]], 1)


class Rnn(nn.Module):
    """`rnn` over numbers of words (batch, steps)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(4 ** config["word_length"] + 1, config["embedding"])
        self.dropout = nn.Dropout(config["dropout"] / 2)
        self.memories = Memories(config, config["embedding"])
        self.answer = nn.Linear(8 * config["units"], 1)

    def forward(self, x: Tensor) -> Tensor:
        """One number a sequence."""
        return self.answer(self.memories(self.dropout(self.embedding(x.long()))))


class CnnRnn(nn.Module):
    """`cnn_rnn` over one-hot (batch, 4, length)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        found = conv(4, config["filters"], config["kernel_size"])
        self.layers = nn.Sequential(found, nn.ReLU(), nn.MaxPool1d(config["pool_size"]), nn.Dropout(config["dropout"] / 2))
        self.memories = Memories(config, config["filters"])
        self.answer = answer(8 * config["units"], config)

    def forward(self, x: Tensor) -> Tensor:
        """One number a sequence."""
        return self.answer(self.memories(self.layers(x).transpose(1, 2)))


class DilatedResnet(nn.Module):
    """`dilated_resnet` over one-hot (batch, 4, length)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        filters, self.regions = config["filters"], config["regions"]
        self.stem = nn.Sequential(conv(4, filters, config["kernel_size"]), nn.ReLU(), nn.MaxPool1d(config["pool_size"]))
        self.blocks = nn.ModuleList(
            nn.Sequential(
                conv(filters, filters, 3, 2**number), nn.ReLU(), nn.Conv1d(filters, filters, 1), nn.Dropout(config["dropout"] / 2)
            )
            for number in range(config["blocks"])
        )
        self.answer = answer(width_by_regions(filters, length // config["pool_size"], self.regions), config)

    def forward(self, x: Tensor) -> Tensor:
        """One number a sequence."""
        x = self.stem(x)
        for block in self.blocks:
            x = x + block(x)
        return self.answer(by_regions(x, self.regions))


class Block(nn.Module):
    """Attention with rotary positions, and two dense layers."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        filters, self.heads, self.size = config["filters"], config["heads"], int(config["head_size"])
        inner = self.heads * self.size
        self.norm_1, self.norm_2 = nn.LayerNorm(filters, 1e-6), nn.LayerNorm(filters, 1e-6)
        self.project, self.join = nn.Linear(filters, 3 * inner), nn.Linear(inner, filters)
        wide = config["expansion"] * filters
        self.dense = nn.Sequential(nn.Linear(filters, wide), nn.ReLU(), nn.Linear(wide, filters))
        self.dropout = nn.Dropout(config["dropout"] / 2)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """(batch, steps, filters) to the same."""
        batch, steps, _ = x.shape
        query, key, value = self.project(self.norm_1(x)).view(batch, steps, 3, self.heads, self.size).permute(2, 0, 3, 1, 4)
        found = functional.scaled_dot_product_attention(_turned(query, cosine, sine), _turned(key, cosine, sine), value)
        x = x + self.dropout(self.join(found.transpose(1, 2).reshape(batch, steps, -1)))
        return x + self.dropout(self.dense(self.norm_2(x)))


def _turned(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    one, other = x.chunk(2, -1)
    return torch.cat([one * cosine - other * sine, other * cosine + one * sine], -1)


class Transformer(nn.Module):
    """`transformer` over one-hot (batch, 4, length)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        filters, self.regions, layers, channels = config["filters"], config["regions"], [], 4
        for number in range(config["rounds"]):
            layers += [conv(channels, filters, 5 if number else config["kernel_size"]), nn.ReLU(), nn.MaxPool1d(config["pool_size"])]
            channels, length = filters, length // config["pool_size"]
        self.stem, self.blocks = nn.Sequential(*layers), nn.ModuleList(Block(config) for _ in range(config["blocks"]))
        self.norm = nn.LayerNorm(filters, 1e-6)
        self.answer = answer(width_by_regions(filters, length, self.regions), config)
        half = int(config["head_size"]) // 2
        angles = torch.arange(1, length + 1)[:, None] * 1_000 ** -torch.linspace(0, 1, half)
        self.register_buffer("cosine", angles.cos())
        self.register_buffer("sine", angles.sin())

    def forward(self, x: Tensor) -> Tensor:
        """One number a sequence."""
        x = self.stem(x).transpose(1, 2)
        for block in self.blocks:
            x = block(x, self.cosine, self.sine)
        return self.answer(by_regions(self.norm(x).transpose(1, 2), self.regions))


class MultiscaleCnn(nn.Module):
    """`multiscale_cnn` over one-hot (batch, 4, length) and counts of words (batch, words)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        filters, self.regions = config["filters"], config["regions"]
        self.branches = nn.ModuleList(
            nn.Sequential(conv(4, filters, config[width]), nn.ReLU(), nn.MaxPool1d(config["pool_size"]))
            for width in ("wide", "middle", "narrow")
        )
        each = width_by_regions(filters, length // config["pool_size"], self.regions)
        self.answer = answer(3 * each + 4 ** config["word_length"], config)

    def forward(self, x: Tensor, counts: Tensor) -> Tensor:
        """One number a sequence."""
        return self.answer(torch.cat([*(by_regions(branch(x), self.regions) for branch in self.branches), counts], 1))


class KmerDense(nn.Module):
    """`kmer_dense` over counts of words (batch, words)."""

    def __init__(self, config: Config, length: int) -> None:
        super().__init__()
        layers, width = [], 4 ** config["word_length"]
        for _ in range(config["layers"]):
            layers += [nn.Linear(width, config["units"]), nn.LeakyReLU(0.2), nn.Dropout(config["dropout"])]
            width = config["units"]
        self.layers = nn.Sequential(*layers, nn.Linear(width, 1))

    def forward(self, x: Tensor) -> Tensor:
        """One number a sequence."""
        return self.layers(x)


KINDS = {
    "cnn": Cnn,
    "image_cnn": ImageCnn,
    "rnn": Rnn,
    "cnn_rnn": CnnRnn,
    "dilated_resnet": DilatedResnet,
    "transformer": Transformer,
    "multiscale_cnn": MultiscaleCnn,
    "kmer_dense": KmerDense,
}


def measure(case: dict[str, Any]) -> dict[str, float]:
    """Trains for some seconds on the arrays of a file, channels last as Keras has them."""
    with np.load(case["arrays"]) as stored:
        inputs = [torch.from_numpy(np.ascontiguousarray(_first(stored[name]))) for name in sorted(stored) if name != "y"]
        y = torch.from_numpy(stored["y"])[:, None]
    model = KINDS[case["architecture"]](case["config"], case["length"])
    parameters = sum(
        each.numel() for name, each in model.named_parameters() if not ("bias_hh" in name and case["config"].get("cell") == "lstm")
    )
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    loss_of, batch, took = nn.BCEWithLogitsLoss(), case["batch"], []
    model.train()
    while sum(took[1:]) < case["seconds"]:  # the first epoch warms up
        began = time.perf_counter()
        order = torch.randperm(len(y))
        total = right = 0.0
        for at in range(0, len(y), batch):
            rows = order[at : at + batch]
            output = model(*(x[rows] for x in inputs))
            loss = loss_of(output, y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
            right += ((output > 0) == (y[rows] > 0.5)).sum().item()
        took.append(time.perf_counter() - began)
    return {"parameters": parameters, "throughput": len(y) / min(took[1:])}


def _first(x: np.ndarray) -> np.ndarray:
    """Channels first, as PyTorch has them."""
    return np.moveaxis(x, -1, 1) if x.ndim > 2 else x


if __name__ == "__main__":
    torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    for line in sys.stdin:
        print(json.dumps(measure(json.loads(line))), flush=True)
