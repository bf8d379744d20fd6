from django.db import models


class Food(models.Model):
    name = models.CharField(max_length=80, unique=True)
    in_stock = models.BooleanField(default=True, db_default=True)

    class Meta:
        indexes = [
            models.Index(fields=["in_stock"], name="feeding_food_in_stock_idx"),
        ]


class Meal(models.Model):
    patient = models.ForeignKey("hedgehog.Patient", on_delete=models.CASCADE, related_name="meals")
    food = models.ForeignKey("feeding.Food", on_delete=models.PROTECT, related_name="meals")
    day = models.DateField()
    given_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["day"], name="feeding_meal_day_idx"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "food", "day"],
                name="feeding_meal_no_patient_gets_the_same_food_twice_on_one_and_the_same_day",
            ),
            models.UniqueConstraint(
                fields=["patient", "food", "given_at"],
                name="feeding_meal_no_patient_gets_the_same_food_twice_on_one_and_the_same_hour",
            ),
        ]
