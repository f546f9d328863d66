"""`clv-xl doctor`: whether everything that Excel needs fits together."""

import json
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="A list of objects, for other programs.")
def doctor(*, as_json: bool) -> int:
    """Check Python, xlwings and the add-in of Excel; exit 1 where something does not fit."""
    from clv_xl.excel.doctor import examine  # noqa: PLC0415 - slow to import

    checks = examine()
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], indent=2, ensure_ascii=False))
    else:
        for check in checks:
            click.echo(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.finding}")
            if check.remedy:
                click.echo(f"       what to do: {check.remedy}")
    return 0 if all(check.ok for check in checks) else 1
