"""Nightwatch: what the night patrol's models inherit from.

The linter must not find this package: it stands for one that is installed on
the servers, but not where the linter runs. Only real Django gets to see it.
"""

import secrets

from django.db import models


def new_token():
    return secrets.token_hex(16)


class WatchedModel(models.Model):
    watch_token = models.CharField(max_length=32, default=new_token, editable=False)
    watched_since = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
