"""A document of Bokeh: a periodic callback sets the text of one model."""

import os
import sys
from itertools import count
from pathlib import Path

from bokeh.models import Div
from bokeh.plotting import curdoc

sys.path.append(str(Path(os.environ["APPS"]).parent / "servers"))
import feed

shown, numbers = Div(), count()
curdoc().add_root(shown)
curdoc().add_periodic_callback(
    lambda: shown.update(text=feed.message(next(numbers))), round(feed.INTERVAL_S * 1000)
)
