"""HPKE with X-Wing against the npm packages, alive and in both directions (`make long`).

What they sealed once is kept in `tests/vectors/crypto/hpke_xwing.json`, and read by `make test`.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from crypto.context import Context
from crypto.xwing import KeyPair, seal, unseal

HERE = Path(__file__).parent
ROUNDS = 200


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hpke")
    for name in ("hpke.mjs", "package.json"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "install", "--no-fund", "--no-audit"], cwd=folder, check=True)
    return folder


def asked(peer: Path, lines: list[dict[str, str]]) -> list[dict[str, Any]]:
    said = subprocess.run(
        ["node", "hpke.mjs"],
        cwd=peer,
        input="\n".join(map(json.dumps, lines)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in said.stdout.splitlines()]


def context_of(number: int) -> Context:
    return Context(
        kind="report",
        row=os.urandom(16),
        field=f"field/{number}",
        desk="nairobi-west",
        generation=number,
    )


def test_each_opens_what_the_other_sealed(peer: Path) -> None:
    pairs = [KeyPair.generate() for _ in range(ROUNDS)]
    contexts = [context_of(number) for number in range(ROUNDS)]
    words = [os.urandom(7 * number) for number in range(ROUNDS)]
    lines = [
        {
            "seed": pair.seed.hex(),
            "public": pair.public.raw.hex(),
            "info": context.encode().hex(),
            "plaintext": plain.hex(),
            "envelope": seal(pair.public, plain, context).hex(),
        }
        for pair, context, plain in zip(pairs, contexts, words, strict=True)
    ]
    answers = asked(peer, lines)
    assert [answer["opened"] for answer in answers] == [plain.hex() for plain in words]
    for pair, context, plain, answer in zip(pairs, contexts, words, answers, strict=True):
        assert unseal(pair, bytes.fromhex(answer["envelope"]), context) == plain


def test_neither_opens_what_was_moved_elsewhere(peer: Path) -> None:
    pair, here, elsewhere = KeyPair.generate(), context_of(1), context_of(1)
    line = {
        "seed": pair.seed.hex(),
        "public": pair.public.raw.hex(),
        "info": elsewhere.encode().hex(),
        "plaintext": "",
        "envelope": seal(pair.public, b"neno", here).hex(),
    }
    assert asked(peer, [line]) == [{"refused": "OpenError"}]
