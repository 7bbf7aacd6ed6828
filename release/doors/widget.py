"""The extra `widget`: the interview, with its script and its style."""

from milia_cds.adapters.widget import InterviewWidget

state = InterviewWidget().get_state()
if not ("render" in state["_esm"] and "milia" in state["_css"]):
    message = "the widget has lost its script or its style"
    raise SystemExit(message)
print(InterviewWidget())
