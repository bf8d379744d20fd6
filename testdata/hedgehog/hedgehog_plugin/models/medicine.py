from django.db import models
from django.utils import timezone

from burrow.models import BurrowModel
from hedgehog_plugin.choices import MedicationFormChoices, OutcomeChoices

__all__ = ("Medication", "Treatment")


class Medication(BurrowModel):
    name = models.CharField(max_length=80, unique=True)
    form = models.CharField(
        max_length=20,
        choices=MedicationFormChoices.choices,
        default=MedicationFormChoices.TABLET,
    )
    strength = models.DecimalField(max_digits=8, decimal_places=3, default=1)
    # TODO: comes back when the pharmacy can deliver batch codes
    # batch_code = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(strength__gt=0),
                name="hedgehog_medication_stärke_größer_als_null_geprüft",
            ),
        ]


class Treatment(models.Model):
    patient = models.ForeignKey("hedgehog.Patient", on_delete=models.CASCADE, related_name="treatments")
    medication = models.ForeignKey("hedgehog.Medication", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    dose = models.DecimalField(max_digits=8, decimal_places=3, default=1)
    outcome = models.CharField(
        max_length=20,
        choices=OutcomeChoices.choices,
        default=OutcomeChoices.UNCHANGED,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dose__gt=0),
                name="hedgehog_treatment_dosis_größer_als_null_für_geschwächte_igel",
            ),
        ]
