"""A report closed anew, for another desk: a new DEK, the same case secret, the same shred key.

What the code opens (`case_for_code`) and what lies under the case secret stay as they are: the
dialogue, the mailbox and the visits know no desk.
"""

from collections.abc import Mapping

from crypto import shred, symmetric, xwing
from crypto.case_secret import CaseSecret
from crypto.entropy import system_entropy
from crypto.files import seal_files
from crypto.padding import pad
from crypto.sealer import (
    WORDS_LABEL,
    certified,
    code_context,
    desk_context,
    proof_field,
    write_words,
)
from crypto.shred import ShredKey
from domain.ports.sealing import Words
from domain.reports.files import CleanFile
from domain.reports.report import Report, SealedReport, UnderDesk
from domain.staff.member import DeskPublic


def sealed_for(
    desk: DeskPublic,
    root_public: bytes,
    report: Report,
    *,
    words: Words,
    files: tuple[CleanFile, ...] | None,
    secret: CaseSecret,
    proofs: Mapping[str, str],
    key: ShredKey,
) -> UnderDesk:
    """`files`: None where none are kept. Raises KeyRefused."""
    public, dek = certified(desk, root_public), system_entropy(symmetric.KEY_BYTES)

    def for_desk(field_name: str, plain: bytes) -> bytes:
        context = desk_context(report.id, field_name, desk.desk, desk.generation)
        return shred.wrap(key, xwing.seal(public, plain, context), context)

    in_files = code_context(report.id, "files")
    return UnderDesk(
        report=SealedReport(
            words=symmetric.seal(
                symmetric.expand(dek, WORDS_LABEL),
                pad(write_words(words)),
                code_context(report.id, "words"),
            ),
            dek_for_desk=for_desk("dek_for_desk", dek),
            case_for_desk=for_desk("case_for_desk", secret.value),
            case_for_code=report.sealed.case_for_code,
        ),
        files=None if files is None else seal_files(dek, files, in_files),
        proofs={
            number: for_desk(proof_field(number), pad(proof.encode()))
            for number, proof in proofs.items()
        },
    )
