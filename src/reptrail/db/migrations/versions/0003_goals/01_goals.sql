-- What an athlete means to reach by a day: a value of a metric, or an estimated one-repetition maximum of an exercise.
-- Where it began, how far it is and whether it was reached is read from the measurements and sets, and never kept here:
-- correcting a body weight of last month must not leave a goal that still tells of the wrong one.
CREATE TABLE user_goal (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- One of the two. It also says who may read and write the goal: a metric's is held to the measurements' scopes.
    metric_id uuid,
    exercise_id uuid,
    target_value numeric NOT NULL,
    target_unit varchar(20) NOT NULL,
    canonical_target numeric GENERATED ALWAYS AS (target_value * app.unit_factor(target_unit)) STORED,
    start_date date NOT NULL,
    target_date date NOT NULL,
    goal_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_goal_pkey PRIMARY KEY (id),
    CONSTRAINT user_goal_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT user_goal_metric_fkey FOREIGN KEY (metric_id) REFERENCES metric (id),
    CONSTRAINT user_goal_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES exercise (id),
    CONSTRAINT user_goal_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_goal_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT user_goal_one_subject CHECK (num_nonnulls(metric_id, exercise_id) = 1),
    CONSTRAINT user_goal_target CHECK (target_value > 0 AND target_value < 'Infinity'),
    CONSTRAINT user_goal_unit_length CHECK (length(target_unit) >= 1),
    CONSTRAINT user_goal_lift_unit CHECK (metric_id IS NOT NULL OR target_unit IN ('kg', 'lb')),
    CONSTRAINT user_goal_dates CHECK (target_date >= start_date),
    CONSTRAINT user_goal_notes_length CHECK (length(goal_notes) <= 1000)
);
CREATE INDEX user_goal_date_idx ON user_goal (user_id, target_date, id) WHERE is_active;

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON user_goal FOR EACH ROW EXECUTE FUNCTION app.stamp();
-- The ledger has one domain a table, and this one has rows of two. The narrowest is right: a coach reads goals by their
-- own routes, and no change of a body-weight goal reaches one who may see training alone.
SELECT app.keep_in_ledger('user_goal', 'account');

GRANT SELECT, INSERT, UPDATE ON user_goal TO reptrail_server;
ALTER TABLE user_goal ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_goal FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON user_goal FOR SELECT USING (
    user_id = CASE WHEN metric_id IS NULL THEN app.allowed('training:read') ELSE app.allowed('measurements:read') END);
CREATE POLICY insertable ON user_goal FOR INSERT WITH CHECK (
    user_id = CASE WHEN metric_id IS NULL THEN app.allowed('training:write') ELSE app.allowed('measurements:write') END);
CREATE POLICY updatable ON user_goal FOR UPDATE USING (
    user_id = CASE WHEN metric_id IS NULL THEN app.allowed('training:write') ELSE app.allowed('measurements:write') END)
    WITH CHECK (
    user_id = CASE WHEN metric_id IS NULL THEN app.allowed('training:write') ELSE app.allowed('measurements:write') END);
