"""Papers in sealed envelopes and backups on shelves outlive releases: these must open for ever."""

import base64
import json
from itertools import combinations
from pathlib import Path

from crypto.backup_seal import read_backup
from crypto.custodians import Wraps
from crypto.share_words import read_share
from crypto.xwing import KeyPair

GOLDEN = json.loads(
    Path(__file__).parents[1].joinpath("vectors/crypto/custodians_v1.json").read_text("utf-8")
)


def test_shares_and_wraps_of_the_first_format_open() -> None:
    wraps = Wraps.parse(GOLDEN["wraps"])
    shares = {}
    for text in GOLDEN["shares"].values():
        number, name, share = read_share(text)
        assert name == wraps.name
        shares[number] = share
    assert sorted(shares) == [1, 2, 3, 4, 5]
    for three in combinations(shares, 3):
        pair = wraps.open({number: shares[number] for number in three})
        assert bytes(pair.seed).hex() == GOLDEN["seed"]
    assert wraps.format() == GOLDEN["wraps"]


def test_a_backup_of_the_first_format_opens(tmp_path: Path) -> None:
    pair = KeyPair.from_seed(bytes.fromhex(GOLDEN["seed"]))
    path = tmp_path / "backup"
    path.write_bytes(base64.b64decode(GOLDEN["backup"]))
    with path.open("rb") as file:
        plain = b"".join(read_backup(file, "cases", pair))
    assert plain.decode() == GOLDEN["backup_plain"]
