"""The interview as a widget of a notebook (extra `widget`).

Questions on the left, the first screen of the answer on the right. It runs no script
but its own, which comes with the library, and asks nothing of the network.
"""

from importlib.util import find_spec

if find_spec("anywidget") is None:
    message = "milia_cds.adapters.widget needs anywidget: pip install milia-cds[widget]"
    raise ImportError(message, name="anywidget")

from milia_cds.adapters.widget.interview_widget import InterviewWidget

__all__ = ["InterviewWidget"]
