"""A citizen's photos and files, from the chat into the draft."""

from bot.dialogue.citizen import begin, bytes_held, has_draft
from domain.reports.files import MOST_FILES, FileLocked
from tests.fakes.citizen_talk import OPERATOR, UNCLEAN, FakeDesk, Talk, attached
from tests.spoken import SPOKEN

IN_REVIEW = ("words:done", "topic:theft", "county:browse", "place:028")


async def test_a_photo_begins_a_report_and_its_caption_are_words() -> None:
    talk = Talk()
    card = await talk.hears(attached("a.jpg", "They came at night"))
    assert "Taken: 1 message, 18 characters." in card
    assert "Cleaned and taken: 1 photo." in card
    assert "A photo still shows its faces and places." in card
    assert not talk.screen().untaken
    assert bytes_held(talk.state) == len("a.jpg")


async def test_an_album_and_a_file_are_counted_and_sent_with_the_report() -> None:
    talk = Talk()
    for handle in ("a.jpg", "b.jpg", "c.pdf"):
        await talk.hears(attached(handle))
    card = await talk.presses(*IN_REVIEW)
    assert "With it: 2 photos, 1 file" in card
    await talk.presses("review:send")
    [(draft, _)] = talk.desk.sent
    assert [file.content for file in draft.files] == [b"a.jpg", b"b.jpg", b"c.pdf"]
    assert draft.words == ()
    assert not has_draft(talk.state)


async def test_a_photo_joins_at_any_later_step() -> None:
    talk = Talk()
    await talk.says("They came at night")
    await talk.presses("words:done")
    card = await talk.hears(attached("a.jpg"))
    assert "Added. Your report has 1 photo now." in card
    assert talk.files() == ("a.jpg",)


async def test_a_refused_file_stays_and_its_words_and_all_else_are_kept() -> None:
    talk = Talk()
    await talk.hears(attached("a.jpg", "One"))
    talk.desk.unclean[UNCLEAN] = FileLocked()
    card = await talk.hears(attached(UNCLEAN, "Two"))
    assert "This PDF has a password" in card
    assert talk.screen().untaken
    assert talk.words() == ("One", "Two")
    assert talk.files() == ("a.jpg",)


async def test_a_report_holds_so_many_and_no_more() -> None:
    talk = Talk()
    for number in range(MOST_FILES):
        await talk.hears(attached(f"{number}.jpg"))
    assert f"At most {MOST_FILES} photos and files" in await talk.hears(attached("one more.jpg"))
    assert talk.screen().untaken
    assert len(talk.files()) == MOST_FILES


async def test_a_stranger_s_photo_is_kept_until_there_is_a_language() -> None:
    talk = Talk(state=begin(None, shared=None, operator=OPERATOR, spoken=SPOKEN))
    await talk.hears(attached("a.jpg"))
    assert not talk.screen().untaken
    await talk.presses("language:en")
    assert talk.files() == ("a.jpg",)
    await talk.hears(attached(UNCLEAN))
    assert talk.screen().untaken


async def test_nothing_is_fetched_while_nobody_reads() -> None:
    talk = Talk(desk=FakeDesk(staffed=set()))
    assert "Nobody reads reports here yet." in await talk.hears(attached("a.jpg"))
    assert talk.screen().untaken
    assert not has_draft(talk.state)


async def test_a_photo_after_send_waits_for_the_code_to_be_written_down() -> None:
    talk = Talk()
    await talk.says("They came at night")
    await talk.presses(*IN_REVIEW, "review:send")
    assert "First write this code down" in await talk.hears(attached("a.jpg"))
    assert talk.screen().untaken


async def test_cancelled_files_are_gone() -> None:
    talk = Talk()
    await talk.hears(attached("a.jpg"))
    await talk.says("/cancel")
    assert not has_draft(talk.state)
    assert talk.files() == ()
