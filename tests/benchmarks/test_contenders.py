"""Every contender runs at the small size of its task, and finds what clv_xl finds."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import simulated
from benchmarks.interpreters import Interpreters
from benchmarks.measuring import Measurement, Result
from benchmarks.model_tasks import MODEL_TASKS
from benchmarks.task import Answering, Entry, Task
from benchmarks.tasks import EXCEL_TASKS, LOG_TASKS
from clv_xl.models.pareto_nbd import fit_pareto_nbd

COMPARED = (*MODEL_TASKS, *LOG_TASKS)
PAIRS = [(task, peer) for task in COMPARED for peer in task.peers]
ALONE = (*(task for task in COMPARED if not task.peers), *EXCEL_TASKS)


def figures(entry: Entry, size: int, folder: Path) -> Mapping[str, float]:
    """Do the work of a contender here, without a clock, and return figures of what it found."""
    if not Interpreters().has(entry.needs):
        pytest.skip(f"{entry.needs} is not installed")
    for contender in filter(None, (entry.file_made_by, entry.contender)):
        module, function = contender.split(":")
        work = getattr(import_module(f"benchmarks.{module}"), function)(size, folder)
        found = work()
    return work.figures(found) if isinstance(work, Answering) else {}


def taken(found: Mapping[str, float]) -> Measurement:
    return Measurement(cpu_seconds=1, first_seconds=1, peak_bytes=1, figures=found)


@pytest.mark.filterwarnings("ignore")  # the peers' own
@pytest.mark.parametrize(
    ("task", "peer"), PAIRS, ids=[f"{task.name} by {peer.name}" for task, peer in PAIRS]
)
def test_a_peer_finds_what_clv_xl_finds(task: Task, peer: Entry, tmp_path: Path) -> None:
    theirs = figures(peer, task.quick_size, tmp_path)
    ours = figures(task.ours, task.quick_size, tmp_path)

    assert ours
    assert ours.keys() == theirs.keys()
    result = Result(task=task, peer=peer, ours=taken(ours), theirs=taken(theirs))
    assert result.disagreements() == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("task", ALONE, ids=lambda task: task.name)
def test_every_other_task_runs_at_its_small_size(task: Task, tmp_path: Path) -> None:
    for entry in (task.ours, *task.peers):
        figures(entry, int(task.quick_size * entry.share), tmp_path)


def test_two_who_found_something_else_are_named_with_what_they_found() -> None:
    task = MODEL_TASKS[0]
    peer = task.peers[0]
    ours, theirs = taken({"log-likelihood": -100.0}), taken({"log-likelihood": -100.1})

    result = Result(task=task, peer=peer, ours=ours, theirs=theirs)

    assert result.disagreements() == [
        "bg-nbd-sample: log-likelihood is -100 by clv_xl, -100.1 by lifetimes"
    ]
    assert Result(task=task, peer=peer, ours=ours, theirs=ours).disagreements() == []
    assert Result(task=task, peer=peer, ours=ours, theirs=None).disagreements() == []


def test_the_simulated_customers_behave_as_the_model_has_it() -> None:
    data = simulated.pareto_nbd_summary(40_000)

    fit = fit_pareto_nbd(data["frequency"], data["recency"], data["T"])

    # Days are whole, and one purchase a day counts: the parameters are near those simulated.
    assert fit.r == pytest.approx(simulated.PARETO_R, rel=0.1)
    assert fit.alpha == pytest.approx(simulated.PARETO_ALPHA, rel=0.1)
    assert fit.s == pytest.approx(simulated.PARETO_S, rel=0.15)
    assert fit.beta == pytest.approx(simulated.PARETO_BETA, rel=0.25)
