from django.db import models

from burrow.choices import ChoiceSet


class PatientStatusChoices(ChoiceSet):
    ADMITTED = "admitted"
    QUARANTINE = "quarantine"
    HIBERNATING = "hibernating"
    RELEASED = "released"
    DIED = "died"

    CHOICES = [
        (ADMITTED, "Admitted"),
        (QUARANTINE, "In quarantine"),
        (HIBERNATING, "Hibernating"),
        (RELEASED, "Released"),
        (DIED, "Died"),
    ]


class SexChoices(models.TextChoices):
    FEMALE = "f", "Female"
    MALE = "m", "Male"
    UNKNOWN = "u", "Unknown"


class EnclosureKindChoices(ChoiceSet):
    CAGE = "cage"
    RUN = "run"
    INCUBATOR = "incubator"

    CHOICES = [
        (CAGE, "Cage"),
        (RUN, "Outdoor run"),
        (INCUBATOR, "Incubator"),
    ]


class MedicationFormChoices(models.TextChoices):
    TABLET = "tablet", "Tablet"
    SYRUP = "syrup", "Syrup"
    INJECTION = "injection", "Injection"


class OutcomeChoices(models.TextChoices):
    HEALED = "healed", "Healed"
    IMPROVED = "improved", "Improved"
    UNCHANGED = "unchanged", "Unchanged"
    DIED = "died", "Died"


class RoleChoices(models.TextChoices):
    CARER = "carer", "Carer"
    DRIVER = "driver", "Driver"
    VET = "vet", "Vet"
    TRAINEE = "trainee", "Trainee"
