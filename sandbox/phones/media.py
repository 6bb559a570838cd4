from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from sandbox.botapi.multipart import BrokenFormError, Upload, read_form
from sandbox.files import picture_size
from sandbox.http import BadBodyError, Body
from sandbox.messages import Kind, Media
from sandbox.world import World

SAMPLES = Path(__file__).parent.parent / "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What is sent where no file is given."""

    name: str
    mime: str

    def read(self) -> Upload:
        return Upload(name=self.name, mime=self.mime, content=(SAMPLES / self.name).read_bytes())


STANDING_IN = {
    Kind.PHOTO: Sample(name="photo.jpg", mime="image/jpeg"),
    Kind.DOCUMENT: Sample(name="document.txt", mime="text/plain"),
    Kind.STICKER: Sample(name="sticker.webp", mime="image/webp"),
    Kind.VOICE: Sample(name="voice.ogg", mime="audio/ogg"),
}
STICKER_PIXELS = 512


async def read_media(world: World, request: Request, kind: Kind) -> tuple[Media, str]:
    """The media and its caption: a form with `file` and `caption`, or JSON with `caption`.

    Raises:
        BadBodyError: a broken form, or a photo that is neither JPEG, PNG nor WebP.
    """
    upload, caption = await _read(request, kind)
    file = world.files.keep(
        folder=f"{kind}s", name=upload.name, mime=upload.mime, content=upload.content
    )
    match kind:
        case Kind.PHOTO:
            size = picture_size(upload.content)
            if size is None:
                why = "a photo is a JPEG, a PNG or a WebP"
                raise BadBodyError(why)
            return Media(kind=kind, file=file, width=size[0], height=size[1]), caption
        case Kind.STICKER:
            return Media(kind=kind, file=file, width=STICKER_PIXELS, height=STICKER_PIXELS), ""
        case Kind.VOICE:
            return Media(kind=kind, file=file, seconds=1), caption
        case Kind.DOCUMENT:
            return Media(kind=kind, file=file), caption


async def _read(request: Request, kind: Kind) -> tuple[Upload, str]:
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith("multipart/form-data"):
        return STANDING_IN[kind].read(), (await Body.of(request)).text("caption", "")
    try:
        fields, files = read_form(await request.body(), content_type)
    except BrokenFormError as broken:
        why = "the form is broken"
        raise BadBodyError(why) from broken
    upload = files.get("file") or STANDING_IN[kind].read()
    return upload, fields.get("caption", "")
