"""`sauti doctor`: what is wrong, in one line each; exit status 1 if anything is red."""

import typer

from app.cli.saying import finish, say, settings_or_exit
from app.doctor import examine
from app.finding import Finding, Light


def doctor() -> None:
    """Look everything over and say what is wrong."""
    findings: list[Finding] = finish(examine(settings_or_exit()))
    for finding in findings:
        say(f"{finding.light.value:<6} {finding.what}")
    if any(finding.light is Light.RED for finding in findings):
        raise typer.Exit(1)
