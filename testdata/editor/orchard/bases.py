"""Classes that models of migrations extend without being models."""


class Labelled:
    def label(self):
        return str(self)
