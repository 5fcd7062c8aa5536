"""Goals, forecasts to them, and how often the forecasts held."""
