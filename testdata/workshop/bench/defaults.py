"""Callables that fields name as their default."""

import datetime
import uuid

from django.utils import timezone
from django.utils.crypto import get_random_string


def token():
    return uuid.uuid4()


def tomorrow():
    return timezone.now() + datetime.timedelta(days=1)


def label():
    return get_random_string(length=12)
