-- The bests of ten years without reading ten years. Sets of warm-ups and with help are in no record, so they are in no index
-- of these. set_e1rm_idx holds E1RM_SQL of progress/formulas.py, word for word.
CREATE INDEX set_e1rm_idx ON user_set_performance (user_id, exercise_id, (
    round(CASE WHEN reps >= 1 AND reps + coalesce(10 - rpe, 0) <= 12 AND load <> 'ASSISTED'
        THEN weight_kg * (30 + reps + coalesce(10 - rpe, 0)) / 30 END, 3)) DESC NULLS LAST)
    WHERE is_active AND kind <> 'WARMUP' AND load <> 'ASSISTED';
CREATE INDEX set_duration_idx ON user_set_performance (user_id, exercise_id, duration_seconds)
    WHERE is_active AND kind <> 'WARMUP' AND load <> 'ASSISTED' AND duration_seconds IS NOT NULL;
CREATE INDEX set_distance_idx ON user_set_performance (user_id, exercise_id, distance_m)
    WHERE is_active AND kind <> 'WARMUP' AND load <> 'ASSISTED' AND distance_m IS NOT NULL;
CREATE INDEX set_reps_idx ON user_set_performance (user_id, exercise_id, reps DESC, (coalesce(weight_kg, 0)) DESC)
    INCLUDE (weight_kg, user_exercise_performance_id, id)
    WHERE is_active AND kind <> 'WARMUP' AND load <> 'ASSISTED' AND reps >= 1;
-- Adherence and the calendar ask for days, whatever came of them.
CREATE INDEX session_scheduled_idx ON user_workout_session (user_id, scheduled_at) WHERE is_active AND scheduled_at IS NOT NULL;
