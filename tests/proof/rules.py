"""What Excel enforces when it opens a workbook, and the Open XML SDK does not say.

Each rule looks at the unzipped parts and yields one sentence for each fault; `violations` asks all.
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from tests.proof import cell_rules, formula_rules, table_rules, workbook_rules
from tests.proof.package import Package

Rule = Callable[[Package], Iterator[str]]

RULES: tuple[Rule, ...] = (
    workbook_rules.sheet_names,
    workbook_rules.defined_names,
    workbook_rules.number_formats,
    workbook_rules.core_dates,
    cell_rules.order,
    cell_rules.values,
    cell_rules.cached_values,
    cell_rules.merges,
    cell_rules.table_overlaps,
    cell_rules.ranges,
    cell_rules.validations,
    cell_rules.columns,
    table_rules.headers,
    table_rules.columns,
    table_rules.areas,
    table_rules.identities,
    table_rules.totals,
    formula_rules.form,
    formula_rules.functions,
    formula_rules.references,
    formula_rules.plain_references,
)


def violations(path: Path, functions: Collection[str] = ()) -> list[str]:
    """Return every fault that a rule finds in a workbook; none in one that Excel opens gladly.

    Parameters
    ----------
    path
        The workbook.
    functions
        Functions of an add-in that it may call; a workbook that is mailed has none.
    """
    package = Package(path, functions)
    return [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(package)]
