import datetime

from django.conf import settings
from django.db import models

from burrow.models import BurrowModel, ChangeLoggedModel
from hedgehog_plugin.choices import RoleChoices

__all__ = ("Finder", "Volunteer", "Shift", "Donation")


class Finder(ChangeLoggedModel):
    """Whoever found a hedgehog and brought it in."""

    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True, default="")
    # email = models.EmailField(blank=True, null=True)
    wants_news = models.BooleanField(default=False)


class Volunteer(BurrowModel):
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=RoleChoices.choices, default=RoleChoices.CARER)
    phone = models.CharField(max_length=40, blank=True, help_text="Reachable at night")
    phone_verified = models.BooleanField(default=False)
    newsletter = models.BooleanField(default=False, db_default=False)
    night_shifts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["carer", "driver", "vet"]),
                name="hedgehog_volunteer_role_valid",
            ),
        ]


class Shift(models.Model):
    volunteer = models.ForeignKey("hedgehog.Volunteer", on_delete=models.CASCADE, related_name="shifts")
    day = models.DateField(default=datetime.date.today)
    hours = models.DecimalField(max_digits=4, decimal_places=2, default=4)

    class Meta:
        indexes = [
            models.Index(fields=["day"], name="hedgehog_shift_day_idx"),
        ]


class Donation(models.Model):
    given_on = models.DateField(default=datetime.date.today)
    giver = models.CharField(max_length=120, blank=True)
    amount_cents = models.BigIntegerField(default=0)
    purpose = models.CharField(max_length=80, blank=True)
    dedication = models.CharField(max_length=200, blank=True, null=True)
    patient = models.ForeignKey(
        "hedgehog.Patient", on_delete=models.SET_NULL, blank=True, null=True, related_name="donations"
    )
