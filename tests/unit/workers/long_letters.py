"""A letter of which the part that matters lies behind more bytes than a poll fetches."""

import base64

from tests.office import HOUSING, LONG

_DRAWING = base64.encodebytes(b"x" * LONG).replace(b"\n", b"\r\n").decode()

A_REQUEST_AT_THE_END = (
    f"Message-ID: <long@mail.example>\r\nFrom: jo@mail.example\r\nTo: {HOUSING}\r\nSubject: The hedge\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nPlease see the drawing of the hedge beside the path.\r\n"
    "--b\r\nContent-Type: image/png; name=hedge.png\r\nContent-Disposition: attachment; filename=hedge.png\r\n"
    f"Content-Transfer-Encoding: base64\r\n\r\n{_DRAWING}"
    "--b\r\nContent-Type: text/plain\r\n\r\n"
    "This is a request under the Freedom of Information Act 2000 for the file.\r\n--b--\r\n"
).encode()
"""Jo asks for information under the Act, after a large drawing."""
