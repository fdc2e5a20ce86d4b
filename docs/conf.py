"""The documentation site: ``make site``. What can be read off the code is written by ``make_reference``."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from stallsim import __version__  # noqa: E402 - the checkout's, not another that is installed

project = "stallsim"
copyright = "the stallsim developers"  # noqa: A001 - Sphinx's name
version = release = __version__
extensions = ["myst_parser", "sphinx_copybutton", "sphinxcontrib.mermaid"]
myst_fence_as_directive = ["mermaid"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "seed/numbers.md"]
smartquotes = False  # the options begin with two hyphens
html_theme = "furo"
html_title = "stallsim"
html_extra_path = ["_extra"]
html_theme_options = {
    "source_repository": "https://github.com/stallsim/stallsim/",
    "source_branch": "main",
    "source_directory": "docs/",
}
copybutton_prompt_text = r"\$ "
copybutton_prompt_is_regexp = True

runpy.run_path(str(HERE / "make_reference.py"))["write"](HERE)
man_pages = [
    (f"reference/commands/{page.stem}", f"stallsim-{page.stem}", "", "", 1)
    for page in sorted((HERE / "reference" / "commands").glob("*.md"))
    if page.stem != "index"
]
