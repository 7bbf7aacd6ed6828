"""How Sphinx builds the site: `make docs`. It needs no network."""

from __future__ import annotations

import sys
from pathlib import Path

import milia_cds

sys.path.insert(0, str(Path(__file__).parent.parent))

project = "milia-cds"
author = "The milia-cds maintainers"
copyright = "the milia-cds maintainers, Apache-2.0"  # noqa: A001 - Sphinx's name
version = release = milia_cds.__version__
language = "en_GB"

extensions = [
    "docs._ext.gallery",
    "docs._ext.knowledge_reference",
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_argparse_cli",
    "sphinx_copybutton",
    "sphinx_design",
]
nitpicky = True
nitpick_ignore_regex = [
    # The standard library, attrs and Hypothesis are not documented here, nor are the
    # modules inside the library that promise nothing.
    (r"py:.*", r"(?!milia_cds).*"),
    (r"py:.*", r"milia_cds\.(check\.space|logic|decision|render)\..*"),
    (r"py:.*", r"milia_cds\.(assessment\.decided|case\.(stated|vernacular))\..*"),
    (r"py:.*", r"milia_cds\.knowledge\.(about|entries)\..*"),
]
suppress_warnings = ["config.cache"]  # a setting with a function in it is not cached

# -- prose and notebooks --

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

# -- the reference of the code --

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_google_docstring = False
napoleon_use_rtype = False

# -- the pages --

html_theme = "furo"
html_title = f"milia-cds {release}"  # stands on each page
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_theme_options = {
    "announcement": "Draft, not clinically reviewed: not for use in care.",
}
copybutton_exclude = ".linenos, .gp, .go"
