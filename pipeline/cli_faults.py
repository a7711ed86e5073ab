"""Faults of this machine, not of what was given: told in a line with what to do, where Python would show its stack."""

from __future__ import annotations

import errno
import sqlite3
import sys

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR}
_BROKEN = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE}
_AGAIN = "start again: what is done is kept"


def fault_line(error: BaseException) -> str | None:
    """What to say of a full disk, a folder that is closed, a database that went away; None of any other error.

    >>> fault_line(OSError(errno.ENOSPC, "No space left on device", "outputs/releases/x.csv"))
    'outputs/releases/x.csv: No space left on device: make room, then start again: what is done is kept'
    """
    if isinstance(error, OSError) and error.errno is not None:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
        if error.errno in _FULL:
            return f"{what}: make room, then {_AGAIN}"
        if error.errno in _CLOSED:
            return f"{what}: let it be written to, or name another place"
        return f"{what}: {_AGAIN}" if error.errno in _BROKEN else None
    if isinstance(error, sqlite3.OperationalError):
        return _of_database(str(error))  # of the file that a release is
    # Where nobody has imported it, no error is one of its own.
    if (library := sys.modules.get("sqlalchemy.exc")) and isinstance(
        error, library.OperationalError | library.InterfaceError | library.InternalError
    ):
        return _of_database(str(error.orig or error))
    return None


def _of_database(what: str) -> str:
    lines = what.strip().splitlines()
    return f"the database: {lines[0] if lines else 'gone'}: see that it is there and has room, then {_AGAIN}"
