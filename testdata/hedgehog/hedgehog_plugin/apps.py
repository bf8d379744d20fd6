from burrow.plugins import PluginConfig


class HedgehogConfig(PluginConfig):
    default = True
    name = "hedgehog_plugin"
    label = "hedgehog"
    verbose_name = "Hedgehog station"
    base_url = "hedgehogs"
    min_version = "4.0"
