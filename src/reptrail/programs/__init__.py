"""Programs: days of workouts, in revisions."""
