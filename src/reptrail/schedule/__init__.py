"""The calendar: what is planned, done and missed, day by day, and as a feed for calendar programs."""
