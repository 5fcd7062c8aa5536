-- From a session to what was done in it. By the session alone (session_exercise_performance) PostgreSQL found fifteen rows too
-- dear, took the overlap with all performances of the athlete, and read ten years of them for each session of a chart: in a
-- database of 10,000 athletes a year's calendar took 37 ms of work, and 7 with this index.
CREATE INDEX performance_session_idx ON user_exercise_performance (user_id, user_workout_session_id);
