"""Views are tested on timelines made here, tick by tick: no kernel, no clock."""
