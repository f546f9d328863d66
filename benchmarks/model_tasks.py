"""The tasks of the models: fits, expected purchases and value."""

from benchmarks.contenders import CLVKIT, LIFETIMES, PYMC, ours, peers
from benchmarks.task import Target, Task

CDNOW, SAMPLE = 23_570, 2_357
MILLION, TEN_MILLION = 1_000_000, 10_000_000
SAME_MAXIMUM = 1e-5
"""Relative difference of log-likelihoods: optimisers stop at different distances from it."""


def _on_cdnow(
    name: str,
    title: str,
    contender: str,
    target: Target | None,
    *names: str,
    size: int = CDNOW,
    agreement: float = SAME_MAXIMUM,
) -> Task:
    return Task(
        name=name,
        title=title,
        size=size,
        quick_size=SAMPLE,
        ours=ours(f"purchase_models:{contender}", LIFETIMES),
        peers=peers(f"purchase_models:{contender}", *names),
        target=target,
        agreement=agreement,
    )


def _simulated(
    name: str, title: str, contender: str, target: Target, *names: str, size: int = MILLION
) -> Task:
    return Task(
        name=name,
        title=title,
        size=size,
        quick_size=5_000,
        ours=ours(f"purchase_models:{contender}"),
        peers=peers(f"purchase_models:{contender}", *names),
        target=target,
        agreement=SAME_MAXIMUM,
    )


MODEL_TASKS = (
    _on_cdnow(
        "bg-nbd-sample",
        "BG/NBD fit, CDNOW sample, {size:,} customers",
        "bg_nbd_on_sample",
        None,
        LIFETIMES,
        CLVKIT,
        PYMC,
        size=SAMPLE,
    ),
    _on_cdnow(
        "bg-nbd",
        "BG/NBD fit, CDNOW, {size:,} customers",
        "bg_nbd_on_cdnow",
        Target(times_as_fast=15),
        LIFETIMES,
        CLVKIT,
        PYMC,
    ),
    _simulated(
        "bg-nbd-million",
        "BG/NBD fit, {size:,} simulated customers",
        "bg_nbd_on_simulated",
        Target(times_as_fast=30),
        LIFETIMES,
    ),
    _simulated(
        "bg-nbd-ten-million",
        "BG/NBD fit, {size:,} simulated customers",
        "bg_nbd_on_simulated",
        Target(seconds=3),
        size=TEN_MILLION,
    ),
    _on_cdnow(
        "pareto-nbd-sample",
        "Pareto/NBD fit, CDNOW sample, {size:,} customers",
        "pareto_nbd_on_sample",
        Target(times_as_fast=5),
        LIFETIMES,
        size=SAMPLE,
    ),
    _on_cdnow(
        "pareto-nbd",
        "Pareto/NBD fit, CDNOW, {size:,} customers",
        "pareto_nbd_on_cdnow",
        Target(times_as_fast=12),
        LIFETIMES,
    ),
    _simulated(
        "pareto-nbd-million",
        "Pareto/NBD fit, {size:,} simulated customers",
        "pareto_nbd_on_simulated",
        Target(seconds=2),
    ),
    _on_cdnow(
        "gamma-gamma-sample",
        "Gamma-Gamma fit, the 946 repeat buyers of the CDNOW sample",
        "gamma_gamma_on_sample",
        Target(times_as_fast=8),
        LIFETIMES,
        CLVKIT,
        size=SAMPLE,
    ),
    _on_cdnow(
        "gamma-gamma",
        "Gamma-Gamma fit, repeat buyers among {size:,} CDNOW customers",
        "gamma_gamma_on_cdnow",
        Target(times_as_fast=8),
        LIFETIMES,
        CLVKIT,
    ),
    _simulated(
        "expected-purchases",
        "expected purchases of {size:,} customers",
        "expected_purchases",
        Target(times_as_fast=2),
        LIFETIMES,
    ),
    _on_cdnow(
        "value",
        "discounted value of the next 12 months, {size:,} CDNOW customers",
        "value_of_cdnow",
        Target(times_as_fast=10),
        LIFETIMES,
        agreement=0.05,  # months of thirty days there, paid at their end
    ),
)
