"""Settings shared by the unit tests."""

from hypothesis import HealthCheck, settings

# No deadline: the machine may be busy with training. What is slow shows in --durations.
settings.register_profile("unit", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unit")
