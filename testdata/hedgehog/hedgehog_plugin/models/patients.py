import datetime

from django.db import models
from django.utils import timezone

from burrow.models import BurrowModel
from hedgehog_plugin.choices import PatientStatusChoices, SexChoices
from hedgehog_plugin.fields import ChipField, GramsField

__all__ = ("Patient", "Weighing")


class Patient(BurrowModel):
    """A hedgehog in our care, and its admission sheet."""

    # The animal
    name = models.CharField(max_length=80, blank=True)
    chip = ChipField(blank=True, null=True, unique=True)
    species = models.ForeignKey("hedgehog.Species", on_delete=models.PROTECT, related_name="patients")
    sex = models.CharField(max_length=1, choices=SexChoices.choices, default=SexChoices.UNKNOWN)
    status = models.CharField(
        max_length=30,
        choices=PatientStatusChoices.CHOICES,
        default=PatientStatusChoices.ADMITTED,
    )
    is_juvenile = models.BooleanField(default=False)
    is_tame = models.BooleanField(default=False)

    # How it came to us
    finder = models.ForeignKey("hedgehog.Finder", on_delete=models.PROTECT, related_name="patients")
    found_on = models.DateField(default=datetime.date.today)
    found_at_place = models.CharField(max_length=200, blank=True)
    admitted_at = models.DateTimeField(default=timezone.now)
    enclosure = models.ForeignKey(
        "hedgehog.Enclosure", on_delete=models.SET_NULL, blank=True, null=True, related_name="patients"
    )

    # The admission sheet, page one: what one sees
    weight_on_admission = GramsField(default=0)
    temperature = models.DecimalField(max_digits=4, decimal_places=1, default=35)
    description = models.TextField(blank=True)
    comments = models.TextField(blank=True)
    has_fly_eggs = models.BooleanField(default=False)
    has_wounds = models.BooleanField(default=False)
    is_dehydrated = models.BooleanField(default=False)
    is_blind = models.BooleanField(default=False)
    quarantine = models.BooleanField(default=False)
    tick_count = models.PositiveSmallIntegerField(default=0)
    flea_level = models.PositiveSmallIntegerField(default=0)
    reflexes = models.CharField(max_length=20, blank=True, default="")
    breathing = models.CharField(max_length=20, blank=True, default="")
    fur_condition = models.CharField(max_length=20, blank=True, default="")

    # The admission sheet, page two: the laboratory
    lungworm_eggs = models.PositiveIntegerField(default=0)
    lungworm_larvae = models.PositiveIntegerField(default=0)
    hairworm_eggs = models.PositiveIntegerField(default=0)
    coccidia_oocysts = models.PositiveIntegerField(default=0)
    fluke_eggs = models.PositiveIntegerField(default=0)
    tapeworm_segments = models.PositiveIntegerField(default=0)
    giardia_cysts = models.PositiveIntegerField(default=0)
    ringworm_found = models.BooleanField(default=False)
    mites_found = models.BooleanField(default=False)
    maggots_found = models.BooleanField(default=False)
    salmonella_found = models.BooleanField(default=False)
    abscess_found = models.BooleanField(default=False)
    fracture_found = models.BooleanField(default=False)
    pneumonia_found = models.BooleanField(default=False)
    jaundice_found = models.BooleanField(default=False)
    faeces_colour = models.CharField(max_length=20, blank=True, default="")
    faeces_texture = models.CharField(max_length=20, blank=True, default="")
    urine_colour = models.CharField(max_length=20, blank=True, default="")
    gum_colour = models.CharField(max_length=20, blank=True, default="")
    nose_state = models.CharField(max_length=20, blank=True, default="")
    eye_state = models.CharField(max_length=20, blank=True, default="")
    ear_state = models.CharField(max_length=20, blank=True, default="")
    paw_state = models.CharField(max_length=20, blank=True, default="")

    # The winter. Switched off until the winter team has its screens (back in 3.5).
    # hibernates_outdoors = models.BooleanField(default=False)
    # hibernation_box = models.CharField(max_length=40, blank=True, default="")
    # target_weight = GramsField(default=600)
    # hibernation_log = models.JSONField(blank=True, default=list)

    class Meta:
        ordering = ("-admitted_at",)
        indexes = [
            models.Index(fields=["status", "found_on"], name="hedgehog_patient_status_found_date"),
            models.Index(fields=["found_on", "admitted_at"], name="hedgehog_patient_found_adm_idx"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sex__in=["f", "m", "u"]),
                name="hedgehog_patient_sex_valid",
            ),
        ]


class Weighing(models.Model):
    """Every patient is weighed every day."""

    patient = models.ForeignKey("hedgehog.Patient", on_delete=models.CASCADE, related_name="weighings")
    weighed_at = models.DateTimeField(default=timezone.now)
    grams = GramsField(default=0)
    by_hand = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "weighed_at"], name="hedgehog_weighing_day_idx"),
            models.Index(fields=["weighed_at"], name="hedgehog_weighing_when_idx"),
        ]
