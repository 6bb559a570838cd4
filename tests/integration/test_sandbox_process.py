"""The sandbox as a process: what it refuses to be."""

import subprocess
import sys

import httpx
import pytest

from tests.sandbox_client import ROOT, running_sandbox

LOOKS_REAL = "123456789:sandbox" + "A" * 28


def refused(*arguments: str) -> str:
    """What it says when it does not start."""
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox", "--port", "0", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    return ended.stderr.strip()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])  # noqa: S104 - refused
def test_it_listens_on_loopback_only(host: str) -> None:
    assert "loopback only" in refused("--host", host, "--token", "1:sandbox")


@pytest.mark.parametrize("token", [LOOKS_REAL, "8123456789:" + "AbC_-" * 7])
def test_it_refuses_a_token_that_looks_real(token: str) -> None:
    said = refused("--token", token)
    assert said.startswith("this token looks real")
    assert token not in said


@pytest.mark.parametrize("token", ["1:secret", "sandbox", "x:sandbox", "1:"])
def test_it_refuses_a_token_that_is_not_plainly_made_up(token: str) -> None:
    assert "a number, a colon, and a word that starts with sandbox" in refused("--token", token)


async def test_a_taken_port_is_one_clear_line() -> None:
    async with running_sandbox() as url:
        port = url.rpartition(":")[2]
        assert f"cannot listen on port {port}" in refused("--token", "1:sandbox", "--port", port)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8081"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_it_answers_nobody_who_comes_by_another_name(headers: dict[str, str]) -> None:
    async with running_sandbox() as url, httpx.AsyncClient(base_url=url) as client:
        for path in ("/", "/phones", "/bot1:sandbox/getMe"):
            assert (await client.get(path, headers=headers)).status_code == 403
        assert (await client.get("/phones", headers={"Origin": url})).status_code == 200
        local = {"Host": "localhost:1234"}
        assert (await client.get("/phones", headers=local)).status_code == 200


async def test_every_answer_carries_a_strict_policy() -> None:
    async with running_sandbox() as url, httpx.AsyncClient(base_url=url) as client:
        for path in ("/", "/page/main.js", "/phones"):
            answer = await client.get(path)
            assert answer.status_code == 200
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
