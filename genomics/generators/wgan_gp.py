"""Wasserstein GAN with gradient penalty for DNA.

Gulrajani 2017 (arXiv 1704.00028), for DNA Killoran 2017 (arXiv 1712.06148). Ours differs: pre-activation residual
blocks scaled by 0.3; the critic keeps positions (flattened, not averaged); the output bias starts at the log of each
position's base frequencies; samples come from a moving average of the generator and are the most probable letter.
Sequences of unlike length end with a symbol of their own.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genomics import hyper
from genomics.errors import SettingError
from genomics.generators.kind import END, Generator, Learner
from genomics.generators.wgan_networks import critic_network, drawings, generator_network, work
from genomics.sequences import Codes, Layout

if TYPE_CHECKING:
    import keras

_AVERAGING = 0.999
_SAMPLE_BATCH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `wgan_gp`."""

    iterations: int = hyper.integer(
        2000, 1, 200_000, log=True, help="How often the generator is corrected. The best moment so far is kept."
    )
    channels: int = hyper.integer(64, 8, 512, step=8, log=True, help="Width of both networks: how many patterns they handle at once.")
    blocks: int = hyper.integer(2, 1, 6, help="Residual blocks in each network. More see further along the sequence.")
    batch_size: int = hyper.integer(
        64, 4, 1024, log=True, unit="sequences", help="How many real and generated sequences are compared at a time."
    )
    critic_steps: int = hyper.integer(3, 1, 10, help="Corrections of the critic for each one of the generator.")
    learning_rate: float = hyper.real(2e-4, 1e-6, 1e-2, log=True, help="Size of each correction, for both networks.")
    latent: int = hyper.integer(64, 2, 512, advanced=True, help="How many random numbers each new sequence grows from.")
    penalty: float = hyper.real(
        10.0, 0.1, 100.0, log=True, advanced=True, help="Weight of the gradient penalty, which keeps the critic smooth."
    )
    kernel_size: int = hyper.integer(
        5, 3, 15, step=2, unit="bp", advanced=True, help="How many neighbouring positions a convolution reads at once."
    )


def check(config: Config, layout: Layout) -> None:
    """Refuses sequences too short for the critic's pooling."""
    if layout.length < 2:
        raise SettingError(f"wgan_gp needs sequences of at least 2 bp; these have {layout.length}.")


def unfold(rows: Codes, ends: bool) -> NDArray[np.float32]:
    """The table that turns symbols into probabilities: an unknown base is a quarter of each.

    Returns:
        float32 (6, symbols), by code: the bases, END, and 5 for an unknown base.
    """
    table = np.zeros((6, 5 if ends else 4), np.float32)
    table[np.arange(4), np.arange(4)] = 1
    table[5, :4] = 0.25
    if ends:
        table[END, END] = 1
    else:
        table[END, :4] = 0.25
    return table


def mark_unknown(rows: Codes) -> tuple[Codes, bool]:
    """Tells unknown bases (5) from the end of a sequence (4): rows are filled on the right, so the last run of 4 is END.

    Returns:
        The rows, and whether any of them ends early.
    """
    known_after = np.flip(np.logical_or.accumulate(np.flip(rows < 4, 1), axis=1), 1)
    marked = np.where((rows == 4) & known_after, np.uint8(5), rows)
    return marked, bool((marked == END).any())


def make(config: Config, rows: Codes, seed: int) -> Learner:
    """Builds both networks and the compiled training loop over real sequences.

    Args:
        config: hyperparameters.
        rows: uint8 (n, length), filled on the right.
        seed: of the weights and of every draw.
    """
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    marked, ends = mark_unknown(rows)
    table = tf.constant(unfold(marked, ends))
    real_rows = tf.constant(marked)
    frequencies = table.numpy()[marked].mean(0)
    generator, averaged = generator_network(config, frequencies), generator_network(config, frequencies)
    averaged.set_weights(generator.get_weights())
    critic = critic_network(config, *frequencies.shape)
    makers = [keras.optimizers.Adam(config.learning_rate, beta_1=0.5, beta_2=0.9) for _ in range(2)]
    for optimizer, network in zip(makers, (generator, critic), strict=True):
        optimizer.build(network.trainable_variables)
    of_generator, of_critic = makers
    batch, total = config.batch_size, len(rows)

    def noise(key: Any) -> Any:
        return tf.random.stateless_normal((batch, config.latent), key)

    def correct_critic(key: Any) -> tuple[Any, Any]:
        picked = tf.random.stateless_uniform((batch,), key, 0, total, tf.int32)
        real = tf.gather(table, tf.cast(tf.gather(real_rows, picked), tf.int32))
        fake = generator(noise(key + 1), training=True)
        mix = tf.random.stateless_uniform((batch, 1, 1), key + 2)  # uniform: a normal here is a known mistake
        between = mix * real + (1 - mix) * fake
        with tf.GradientTape() as tape:
            with tf.GradientTape() as inner:
                inner.watch(between)
                opinion = critic(between, training=True)
            slope = inner.gradient(opinion, between)
            steepness = tf.sqrt(tf.reduce_sum(slope**2, axis=(1, 2)) + 1e-12)
            both = critic(tf.concat([real, fake], 0), training=True)
            gap = tf.reduce_mean(both[:batch]) - tf.reduce_mean(both[batch:])
            penalty = tf.reduce_mean((steepness - 1) ** 2)
            loss = -gap + config.penalty * penalty
        of_critic.apply(tape.gradient(loss, critic.trainable_variables), critic.trainable_variables)
        return gap, penalty

    def correct_generator(key: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = -tf.reduce_mean(critic(generator(noise(key), training=True), training=True))
        of_generator.apply(tape.gradient(loss, generator.trainable_variables), generator.trainable_variables)
        return loss

    @tf.function(jit_compile=False, autograph=False)
    def iterate(first: Any, count: Any) -> tuple[Any, Any, Any]:
        def iteration_of(number: Any, gaps: Any, penalties: Any, losses: Any) -> tuple[Any, ...]:
            iteration = first + number

            def critic_step(step: Any, _: Any, __: Any) -> tuple[Any, Any, Any]:
                return step + 1, *correct_critic(tf.stack([seed + 1, iteration * 64 + step * 4]))

            start = (tf.constant(0), tf.constant(0.0), tf.constant(0.0))
            _, gap, penalty = tf.while_loop(lambda step, *_: step < config.critic_steps, critic_step, start, parallel_iterations=1)
            loss = correct_generator(tf.stack([seed + 1, iteration * 64 + 63]))
            done = tf.cast(iteration, tf.float32)
            decay = tf.minimum(_AVERAGING, (1.0 + done) / (10.0 + done))
            for mean, value in zip(averaged.weights, generator.weights, strict=True):
                mean.assign(decay * mean + (1 - decay) * value)
            return number + 1, gaps.write(number, gap), penalties.write(number, penalty), losses.write(number, loss)

        # Not plain `for` loops: AutoGraph, which would turn them into these, does not work on Python 3.13.
        empty = tuple(tf.TensorArray(tf.float32, count) for _ in range(3))
        _, *written = tf.while_loop(lambda number, *_: number < count, iteration_of, (tf.constant(0), *empty), parallel_iterations=1)
        gaps, penalties, losses = (array.stack() for array in written)
        return gaps, penalties, losses

    def run(first: int, count: int) -> dict[str, NDArray[np.float32]]:
        gap, penalty, loss = iterate(tf.constant(first), tf.constant(count))
        return {"critic_gap": gap.numpy(), "gradient_penalty": penalty.numpy(), "generator_loss": loss.numpy()}

    def watch(some: Codes) -> float:
        shown = tf.gather(table, tf.cast(mark_unknown(some)[0], tf.int32))
        return float(tf.reduce_mean(critic(shown, training=False)))

    return Learner(
        networks={"generator": averaged, "critic": critic},
        variables=[*generator.variables, *averaged.variables, *critic.variables, *of_generator.variables, *of_critic.variables],
        best=averaged.variables,
        run=run,
        sample=lambda count, key: draw(averaged, count, key),
        watch=watch,
    )


def draw(network: "keras.Model", count: int, seed: int) -> Codes:
    """New sequences: the most probable symbol at each position; after the first END only END.

    Returns:
        uint8 (count, length).
    """
    noise = np.random.default_rng(seed).standard_normal((count, network.input_shape[1])).astype(np.float32)
    parts = [np.asarray(network(noise[at : at + _SAMPLE_BATCH], training=False)) for at in range(0, count, _SAMPLE_BATCH)]
    rows = np.concatenate(parts).argmax(-1).astype(np.uint8)
    rows[np.logical_or.accumulate(rows == END, axis=1)] = END
    return rows


GENERATOR = Generator(
    name="wgan_gp",
    title="Generative adversarial network",
    good_when="there are a few thousand sequences of one kind",
    reference="Gulrajani 2017, arXiv 1704.00028; Killoran 2017, arXiv 1712.06148",
    Config=Config,
    check=check,
    layers=drawings,
    work=work,
    make=make,
    draw=draw,
    rank=1,
)
