"""CDS Hooks 2.0: a service that a clinic's record calls, and that answers with cards.

It holds nothing of a patient between calls and calls nobody. `service` makes it (extra:
hooks); what comes in, what goes out, the form and the feedback need no extra.
"""
