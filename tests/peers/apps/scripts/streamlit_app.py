"""A script of Streamlit, run for each session: it shows one message after the other in one place."""

import os
import sys
import time
from pathlib import Path

import streamlit

sys.path.append(str(Path(os.environ["APPS"]).parent / "servers"))
import feed

place = streamlit.empty()
number = 0
while True:
    place.text(feed.message(number))
    number += 1
    time.sleep(feed.INTERVAL_S)
