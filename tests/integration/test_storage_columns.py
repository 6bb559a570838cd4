"""Every column there is, written down: one more is a promise to think about first.

*cases* leads to no chat and tells no moment finer than a day (the hour of danger
excepted); *addresses* leads to no report; *shreds* holds keys and nothing else.
"""

from sqlalchemy import DateTime, Interval, Time

from storage.tables.metadata import STORES
from storage.tables.types import UtcDateTime

COLUMNS = {
    "cases": {
        "report": "id ref locator county area topic subject danger forum forum_relation kept_out"
        " how_far received received_hour state since detail desk generation claimed_by notice_due"
        " queue_rank unread escalated intake_leaf withdrawal_asked withdrawal_proof"
        " words dek_for_desk case_for_desk case_for_code visits",
        "event": "report number kind author member state detail day signature nonce",
        "entry": "report number kind author day sealed subject",
        "attachment": "report sealed",
        "settled_attachment": "report sealed",
        "tombstone": "leaf ending month proof",
        "withdrawn": "county topic day count",
        "closing": "day",
        "pending_leaf": "hash",
        "batched_leaf": "batch hash",
        "referral": "number report office place sent state since detail nudges proof",
        "publication": "county day body",
        "tally": "county topic measure count since through",
        "bell": "job rung",
        "handled_update": "update_id met",
        "invite": "id role desk founding expires certificate used",
        "member": "id role desk sealing_public signing_public certificate wrapped_seed revoked",
        "untold": "member",
        "desk_key": "desk generation public certificate",
        "desk_copy": "desk generation holder sealed standing",
        "county": "code name body",
        "forum": "key date national_number concerns",
        "forum_county": "forum county place",
        "office": "key body",
        "help_line": "key place body",
        "commitment": "key place body",
    },
    "addresses": {
        "chat": "tag sealed expires",
        "trace": "tag sealed expires",
        "staff_chat": "tag member sealed",
        "mailbox": "slot sealed until",
        "forgotten": "tag sealed expires",
        "subscription": "tag sealed expires",
        "outgoing": "subject kind anchor due urgent stage tries claimed_until sealed",
    },
    "shreds": {
        "shred": "report key",
    },
}

OF_A_PERSON = frozenset(
    {"chat", "user", "username", "telegram", "phone", "email", "message", "update", "address"}
    | {"ip", "language", "sender", "tag"}
)
OF_A_MOMENT = frozenset(
    {"time", "moment", "stamp", "timestamp", "at", "hour", "minute", "second", "created", "updated"}
)
OF_A_REPORT = frozenset({"report", "ref", "locator", "case", "code", "event", "words", "leaf"})


def columns_with(store: str, smells: frozenset[str]) -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in STORES[store].sorted_tables
        for column in table.columns
        if smells & set(column.name.split("_"))
    }


def test_the_stores_have_these_columns_and_no_others() -> None:
    assert {
        store: {table.name: set(table.columns.keys()) for table in tables.sorted_tables}
        for store, tables in STORES.items()
    } == {
        store: {table: set(columns.split()) for table, columns in tables.items()}
        for store, tables in COLUMNS.items()
    }


def test_cases_lead_to_no_person_and_know_no_moment() -> None:
    """An update's id is there for staff commands alone; the hour for danger, until seen."""
    assert columns_with("cases", OF_A_PERSON) == {"handled_update.update_id"}
    assert columns_with("cases", OF_A_MOMENT) == {"report.received_hour"}


def test_addresses_lead_to_no_report_and_shreds_to_no_person() -> None:
    assert columns_with("addresses", OF_A_REPORT) == set()
    assert columns_with("shreds", OF_A_PERSON | OF_A_MOMENT) == set()


def test_only_what_a_person_did_not_choose_is_finer_than_a_day() -> None:
    """Expiries are midnights; a message is due at its window; bells ring by the clock."""
    finer = {
        f"{table.name}.{column.name}"
        for tables in STORES.values()
        for table in tables.sorted_tables
        for column in table.columns
        if isinstance(column.type, UtcDateTime | DateTime | Time | Interval)
    }
    assert finer == {
        *("chat.expires", "trace.expires", "forgotten.expires", "subscription.expires"),
        *("outgoing.due", "outgoing.claimed_until"),
        "bell.rung",
    }
