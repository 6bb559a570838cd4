"""What a text must not hold when it leaves the desk or goes to a citizen."""

import pytest

from domain.reports.exposure import GivesAway, Trace, refuse_traces, traces


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("Call 0722 123 456 tonight", Trace.PHONE),
        ("+254-722-123456", Trace.PHONE),
        ("(0722) 123.456", Trace.PHONE),
        ("254722123456", Trace.PHONE),
        ("piga 722123456", Trace.PHONE),
        ("٠٧٢٢١٢٣٤٥٦", Trace.PHONE),
        ("07\u200b22\u200b12\u200b34\u200b56", Trace.PHONE),
        ("landline 020 2222 181", Trace.PHONE),
        ("Mail wanjiku.n@gmail.com", Trace.EMAIL),
        ("wanjiku at gmail: wanjiku(at)gmail.com", Trace.EMAIL),
        ("Look at HTTPS://example.test/x", Trace.LINK),
        ("www.kura", Trace.LINK),
        ("join t.me/watu", Trace.LINK),
        ("see habari.co.ke for it", Trace.LINK),
        ("write to @wanjiku_n", Trace.HANDLE),
        ("write to \uff20wanjiku", Trace.HANDLE),
    ],
)
def test_what_leads_to_somebody_is_found(text: str, trace: Trace) -> None:
    assert trace in traces(text)
    with pytest.raises(GivesAway):
        refuse_traces(text)


@pytest.mark.parametrize(
    "text",
    [
        "Is the bridge still dark at night?",
        "On 2 November 2026, at 21:30, three men came.",
        "Since 2026-11-02. They asked for 1,500,000 shillings.",
        "Call 999 or 112, or 1195.",
        "They took 40 goats.Then they came back.",
        "10 men @ 2 bridges",
        "Barabara A104 na C63",
    ],
)
def test_plain_words_dates_and_sums_pass(text: str) -> None:
    refuse_traces(text)


def test_an_address_is_called_an_address_and_not_a_name() -> None:
    with pytest.raises(GivesAway) as refused:
        refuse_traces("wanjiku@gmail.com")
    assert refused.value.params == {"what": Trace.EMAIL}
