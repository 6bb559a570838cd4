"""What draws a page of a PDF (ISO 32000-1): every dictionary is cut down to the keys that do,
every stream to the operators that do. What is of no known kind refuses the whole file.
"""

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, parse_content_stream
from pikepdf import unparse_content_stream as unparsed
from PIL import Image

from media.photo import QUALITY
from media.wire import Refused, Word


def _words(text: str) -> list[str]:
    return text.split()


def _keys(text: str) -> frozenset[str]:
    return frozenset(f"/{word}" for word in _words(text))


STREAM = _keys("Length Filter DecodeParms")
PAGE = _keys("Type MediaBox CropBox Rotate UserUnit Resources Contents")
RESOURCES = _keys("ExtGState ColorSpace Pattern Shading XObject Font ProcSet")
FORM = STREAM | _keys("Type Subtype FormType BBox Matrix Resources Group")
GROUP = _keys("Type S CS I K")
IMAGE = STREAM | _keys(
    "Type Subtype Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode"
    " Interpolate SMask Matte"
)
PARAMETERS = _keys(
    "Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows"
    " EndOfBlock BlackIs1 DamagedRowsBeforeError"
)
TILING = STREAM | _keys("Type PatternType PaintType TilingType BBox XStep YStep Matrix Resources")
SHADED = _keys("Type PatternType Shading Matrix ExtGState")
SHADING = STREAM | _keys(
    "ShadingType ColorSpace Background BBox AntiAlias Domain Matrix Function Coords Extend"
    " BitsPerCoordinate BitsPerComponent BitsPerFlag Decode VerticesPerRow"
)
FUNCTION = STREAM | _keys(
    "FunctionType Domain Range Size BitsPerSample Order Encode Decode Functions Bounds C0 C1 N"
)
STATE = _keys("Type LW LC LJ ML D RI OP op OPM FL SM SA BM SMask CA ca AIS TK")
SOFT_MASK = _keys("Type S G BC")
FONT = _keys(
    "Type Subtype BaseFont FirstChar LastChar Widths FontDescriptor Encoding DescendantFonts"
    " CIDSystemInfo DW W DW2 W2 CIDToGIDMap FontBBox FontMatrix CharProcs Resources"
)
DESCRIPTOR = _keys(
    "Type FontName Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight XHeight StemV"
    " StemH AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CIDSet"
)
FONT_FILE = STREAM | _keys("Length1 Length2 Length3 Subtype")
ENCODING = STREAM | _keys("Type BaseEncoding Differences CMapName CIDSystemInfo WMode UseCMap")

OPERATORS = frozenset(
    _words(
        "b B b* B* BT c cm CS cs d d0 d1 Do ET f F f* G g gs h i j J K k l m M n q Q re RG rg ri"
        " s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \""
    )
)
"""Marked content is left out: its properties can say anything."""

INLINE_IMAGE = "INLINE IMAGE"

CODECS = _keys("FlateDecode LZWDecode RunLengthDecode CCITTFaxDecode ASCII85Decode ASCIIHexDecode")
INLINE_CODECS = CODECS | _keys("Fl LZW RL CCF A85 AHx")
"""Those that carry nothing but pixels. JPEG 2000 and JBIG2 can carry words."""

JPEG = ["/DCTDecode"]
MOST_PIXELS = 40_000_000
DEVICES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}

COMMENT = re.compile(rb"%[^\r\n]*")


def keep_only(dictionary: Any, keys: frozenset[str]) -> None:
    for key in list(dictionary.keys()):
        if key not in keys:
            del dictionary[key]


def is_kind(thing: Any, kind: type) -> bool:
    """Pikepdf's own types answer for what an object holds."""
    return isinstance(thing, kind)


@dataclass(slots=True)
class Parts:
    """`done`: objects that were met, by number, as many pages share them."""

    pdf: Pdf
    done: set[tuple[int, int]] = field(default_factory=set)

    def page(self, page: Any) -> None:
        keep_only(page, PAGE | {"/Parent"})
        page.Contents = self.pdf.make_stream(self._drawn(page))
        self._resources(page.get("/Resources"))

    def _met(self, thing: Any) -> bool:
        if thing is None or (not is_kind(thing, Dictionary) and not is_kind(thing, Stream)):
            return True
        if not thing.is_indirect:
            return False
        known = thing.objgen in self.done
        self.done.add(thing.objgen)
        return known

    def _drawn(self, drawing: Any) -> bytes:
        return bytes(unparsed([each for each in parse_content_stream(drawing) if _draws(each)]))

    def _resources(self, resources: Any) -> None:
        if self._met(resources):
            return
        keep_only(resources, RESOURCES)
        for key, clean in (
            ("/XObject", self._xobject),
            ("/Pattern", self._pattern),
            ("/Shading", self._shading),
            ("/ExtGState", self._state),
            ("/Font", self._font),
        ):
            for thing in _each(resources.get(key)):
                clean(thing)
        spaces = resources.get("/ColorSpace")
        for name in list(spaces.keys()) if spaces is not None else ():
            spaces[name] = self._space(spaces[name])

    def _xobject(self, thing: Any) -> None:
        if self._met(thing):
            return
        match str(thing.get("/Subtype")):
            case "/Image":
                self._image(thing)
            case "/Form":
                self._form(thing, FORM)
            case _:
                raise Refused(Word.UNCLEANABLE)

    def _form(self, form: Any, keys: frozenset[str]) -> None:
        keep_only(form, keys)
        form.write(self._drawn(form))
        if "/Group" in form:
            keep_only(form.Group, GROUP)
            if "/CS" in form.Group:
                form.Group.CS = self._space(form.Group.CS)
        self._resources(form.get("/Resources"))

    def _image(self, image: Any) -> None:
        keep_only(image, IMAGE)
        if "/ColorSpace" in image:
            image.ColorSpace = self._space(image.ColorSpace)
        for key in ("/SMask", "/Mask"):
            mask = image.get(key)
            if is_kind(mask, Stream) and not self._met(mask):
                self._image(mask)
        if _filters(image) == JPEG:
            _draw_again(image)
        elif not set(_filters(image)) <= CODECS:
            raise Refused(Word.UNCLEANABLE)
        _plain_parameters(image)

    def _pattern(self, pattern: Any) -> None:
        if self._met(pattern):
            return
        if is_kind(pattern, Stream):
            self._form(pattern, TILING)
            return
        keep_only(pattern, SHADED)
        self._shading(pattern.get("/Shading"))
        self._state(pattern.get("/ExtGState"))

    def _shading(self, shading: Any) -> None:
        if self._met(shading):
            return
        keep_only(shading, SHADING)
        if is_kind(shading, Stream):
            _plain_stream(shading)
        if "/ColorSpace" in shading:
            shading.ColorSpace = self._space(shading.ColorSpace)
        self._function(shading.get("/Function"))

    def _function(self, function: Any) -> None:
        if is_kind(function, Array):
            for each in function:
                self._function(each)
            return
        if self._met(function):
            return
        keep_only(function, FUNCTION)
        if is_kind(function, Stream):
            _plain_stream(function)
            if function.get("/FunctionType") == 4:  # noqa: PLR2004 - a PostScript calculator
                function.write(COMMENT.sub(b"", function.read_bytes()))
        self._function(function.get("/Functions"))

    def _state(self, state: Any) -> None:
        if self._met(state):
            return
        keep_only(state, STATE)
        mask = state.get("/SMask")
        if is_kind(mask, Dictionary):
            keep_only(mask, SOFT_MASK)
            self._xobject(mask.get("/G"))

    def _font(self, font: Any) -> None:
        if self._met(font):
            return
        keep_only(font, FONT)
        self._encoding(font.get("/Encoding"))
        self._descriptor(font.get("/FontDescriptor"))
        if is_kind(font.get("/CIDToGIDMap"), Stream):
            keep_only(font.CIDToGIDMap, STREAM)
            _plain_stream(font.CIDToGIDMap)
        for descendant in font.get("/DescendantFonts", ()):
            self._font(descendant)
        for glyph in _each(font.get("/CharProcs")):
            if not self._met(glyph):
                self._form(glyph, STREAM)
        self._resources(font.get("/Resources"))

    def _encoding(self, encoding: Any) -> None:
        if self._met(encoding):
            return
        keep_only(encoding, ENCODING)
        if is_kind(encoding, Stream):
            _plain_stream(encoding)
            self._encoding(encoding.get("/UseCMap"))

    def _descriptor(self, descriptor: Any) -> None:
        if self._met(descriptor):
            return
        keep_only(descriptor, DESCRIPTOR)
        for key in ("/FontFile", "/FontFile2", "/FontFile3", "/CIDSet"):
            stream = descriptor.get(key)
            if is_kind(stream, Stream):
                keep_only(stream, FONT_FILE)
                _plain_stream(stream)

    def _space(self, space: Any) -> Any:
        """A profile names the machine it was made for: the device's own colours instead."""
        if not is_kind(space, Array):
            return space
        match str(space[0]):
            case "/ICCBased":
                return DEVICES[int(space[1].N)]
            case "/Indexed":
                if is_kind(space[3], Stream):
                    keep_only(space[3], STREAM)
                    _plain_stream(space[3])
                return Array([space[0], self._space(space[1]), space[2], space[3]])
            case "/Separation" | "/DeviceN":
                self._function(space[3])
                return Array([space[0], space[1], self._space(space[2]), space[3]])
            case "/Pattern":
                return Array([space[0], *(self._space(each) for each in list(space)[1:2])])
            case "/CalGray" | "/CalRGB" | "/Lab":
                keep_only(space[1], _keys("WhitePoint BlackPoint Gamma Matrix Range"))
                return space
            case "/DeviceGray" | "/DeviceRGB" | "/DeviceCMYK":
                return space[0]
            case _:
                raise Refused(Word.UNCLEANABLE)


def _draws(instruction: Any) -> bool:
    """Raises Refused for a picture within the text that is a JPEG or the like."""
    operator = str(instruction.operator)
    if operator != INLINE_IMAGE:
        return operator in OPERATORS
    image = instruction.operands[0]
    if not set(map(str, image.filters)) <= INLINE_CODECS:
        raise Refused(Word.UNCLEANABLE)
    return True


def _each(named: Any) -> list[Any]:
    return [] if named is None else [thing for _, thing in named.items()]


def _filters(stream: Any) -> list[str]:
    filters = stream.get("/Filter")
    if filters is None:
        return []
    return [str(each) for each in filters] if is_kind(filters, Array) else [str(filters)]


def _plain_stream(stream: Any) -> None:
    if not set(_filters(stream)) <= CODECS:
        raise Refused(Word.UNCLEANABLE)
    _plain_parameters(stream)


def _plain_parameters(stream: Any) -> None:
    given = stream.get("/DecodeParms")
    for each in given if is_kind(given, Array) else (given,):
        if is_kind(each, Dictionary):
            keep_only(each, PARAMETERS)


def _draw_again(image: Any) -> None:
    """As a photo is (`media/photo.py`), at its own size, which its masks have too."""
    with Image.open(BytesIO(image.read_raw_bytes()), formats=("JPEG",)) as picture:
        if picture.width * picture.height > MOST_PIXELS or picture.mode not in {"L", "RGB"}:
            raise Refused(Word.UNCLEANABLE)
        fresh = Image.new(picture.mode, picture.size)
        fresh.paste(picture)
    out = BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    image.write(out.getvalue(), filter=Name.DCTDecode)
    image.Width, image.Height = fresh.size
