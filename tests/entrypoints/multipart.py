"""The start of a form with the boundary `b` whose first part is a file."""

_PART = b'Content-Disposition: form-data; name="file"'
FILE_HEADS = {
    "no name": b"--b\r\n" + _PART + b"\r\nContent-Type: image/jpeg",
    "encoded name": b"--b\r\n" + _PART + b"; filename*=UTF-8''a%20b.jpg",
    "preamble": b"A preamble, which readers ignore.\r\n--b\r\n" + _PART + b'; filename="a.jpg"',
    "long name": b"--b\r\n" + _PART + b'; filename="' + b"a" * 8_000 + b'"',
}
