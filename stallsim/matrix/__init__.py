"""Every policy, guard set and client against each other: one small run each, and what was seen of it.

``cell`` names a run, ``build`` makes its scenario, ``observe`` reads its outcome off the timeline,
``judge`` says it in a word. ``plan`` chooses cells, ``pool`` runs them in processes of their own.
"""
