from .medicine import *  # noqa: F403
from .patients import *  # noqa: F403
from .people import *  # noqa: F403
from .releases import *  # noqa: F403
from .station import *  # noqa: F403
