"""Tries every policy, guard set and client against each other, in one small run each.

``cell`` names a run, ``build`` makes its scenario, ``observe`` reads its outcome from the timeline,
``judge`` gives it a word. ``plan`` chooses cells, ``pool`` runs them in worker processes.
"""
