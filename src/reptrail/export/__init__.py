"""The export: everything of an athlete's in one ZIP, for people, for programs, and to be imported again."""
