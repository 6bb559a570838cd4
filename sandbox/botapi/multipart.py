from dataclasses import dataclass
from email.message import Message

BREAK = b"\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    name: str
    mime: str
    content: bytes


class BrokenFormError(ValueError):
    """The body is not multipart/form-data as RFC 7578 writes it."""


def read_form(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, Upload]]:
    """Fields and files of a multipart/form-data body (RFC 7578).

    Raises:
        BrokenFormError: no boundary, or a part without headers or name.
    """
    boundary = _header(content_type).get_param("boundary", header="content-type")
    if not isinstance(boundary, str):
        raise BrokenFormError
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in (BREAK + body).split(BREAK + b"--" + boundary.encode())[1:]:
        if part.startswith(b"--"):
            break
        head, gap, content = part.removeprefix(BREAK).partition(BREAK * 2)
        if not gap:
            raise BrokenFormError
        name, upload = _part(head.decode(), content)
        if upload is None:
            fields[name] = content.decode()
        else:
            files[name] = upload
    return fields, files


def _part(head: str, content: bytes) -> tuple[str, Upload | None]:
    headers = Message()
    for line in head.split("\r\n"):
        key, _, value = line.partition(":")
        headers[key] = value.strip()
    name = headers.get_param("name", header="content-disposition")
    if not isinstance(name, str):
        raise BrokenFormError
    filename = headers.get_filename()
    if filename is None:
        return name, None
    return name, Upload(name=filename, mime=headers.get_content_type(), content=content)


def _header(content_type: str) -> Message:
    headers = Message()
    headers["content-type"] = content_type
    return headers
