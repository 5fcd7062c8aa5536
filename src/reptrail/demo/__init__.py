"""The demonstration athlete: two years of made-up training, so that a fresh instance has something to show."""
