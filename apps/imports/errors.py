"""Why a file, or one row of it, cannot be taken."""


class ImportRefused(Exception):
    """Nothing was changed. `code` is stable; str() is one line for an operator that says how to mend it."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
