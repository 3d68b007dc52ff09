"""Verifies receipts; needs no engine."""

from __future__ import annotations

from ctypes import byref, c_void_p

from .._ask import take_buffer
from .._load import library
from .._text import json_object, text
from ..errors import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..documents import Receipt, ReceiptStatement


def verify_receipt(
    receipt: Receipt | Mapping[str, Any] | str | bytes, public_key: str
) -> ReceiptStatement:
    """Verify a receipt. Needs no engine. Since 0.1.

    Args:
        receipt: what `Reviews.receipt` returned, or its JSON.
        public_key: base64 of the key to trust: `Engine.info().public_key`, kept from before. A
            receipt that brings its own key proves nothing.

    Returns:
        What the receipt states.

    Raises:
        NotAuthorizedError: it is not signed by this key, or was changed since.
        InvalidJSONError: it is no receipt.
    """
    import json

    if isinstance(receipt, str):
        given = text("receipt", receipt)
    elif isinstance(receipt, bytes):
        given = receipt
    else:
        given = json_object("receipt", receipt)
    key = text("public_key", public_key)
    loaded = library()
    buffer, error = c_void_p(), c_void_p()
    status = loaded.interlock_receipt_verify(
        given, len(given), key, len(key), byref(buffer), byref(error)
    )
    check(loaded, status, error.value)
    statement: ReceiptStatement = json.loads(take_buffer(loaded, buffer))["receipt"]
    return statement
