"""A field whose constructor decides by its arguments."""

from django.db import models

CODES = ["ab", "cde", "fghi"]


class CodeField(models.CharField):
    def __init__(self, *args, **kwargs):
        self.several = kwargs.pop("several", False)
        if "max_length" not in kwargs:
            if self.several:
                kwargs["max_length"] = sum(len(code) for code in CODES) + len(CODES) - 1
            else:
                kwargs["max_length"] = max(len(code) for code in CODES)
        super().__init__(*args, **kwargs)
