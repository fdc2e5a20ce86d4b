"""Events of a connection that begin no phase: one struct for each kind of event, with its data.

Texts from a peer are hostile until a view has cleaned them. A field that is None was not known, and no
view shows it.
"""
