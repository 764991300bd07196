"""Pictures on own data: forecasts, a calibration beside what was observed, and back-tests."""
