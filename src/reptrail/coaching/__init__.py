"""Coaching with consent: invitations, grants, who read what, comments, and a coach's list of athletes."""
