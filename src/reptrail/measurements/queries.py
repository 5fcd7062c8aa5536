"""Every SQL statement on measurements. $1 is always the athlete."""

_COLUMNS = """t.id, t.user_id, t.metric_id, m.slug AS metric, m.metric_name, t.measured_value, t.unit, t.measurement_date,
    t.canonical_value, m.canonical_unit, t.measurement_source, t.measurement_notes, t.import_id, t.created_by, t.updated_by,
    t.created_at, t.updated_at, t.version"""

# A metric that was hidden since keeps its measurements readable, so is_active is not asked for.
_FROM = """FROM user_measurement t
    JOIN metric m ON m.id = t.metric_id AND (m.user_id IS NULL OR m.user_id = $1)"""

_METRIC = "m.id, m.canonical_unit, m.allowed_units, m.minimum_plausible, m.maximum_plausible, m.is_calculated"

MEASUREMENT = f"""
    SELECT row_to_json(d), d.version FROM (
        SELECT {_COLUMNS} {_FROM}
        WHERE t.user_id = $1 AND t.id = $2 AND t.is_active) d
"""

# Those of the ids $2, in their order.
MEASUREMENTS_IN_ORDER = f"""
    SELECT json_agg(row_to_json(d) ORDER BY n.place)
    FROM unnest($2::uuid[]) WITH ORDINALITY AS n (id, place)
    JOIN (SELECT {_COLUMNS} {_FROM} WHERE t.user_id = $1 AND t.id = ANY ($2)) d ON d.id = n.id
"""

# $2 metric, $3 and $4 days (included), $5 source, $6 and $7 the last row's key, $8 limit.
MEASUREMENTS = f"""
    SELECT coalesce(json_agg(d.document ORDER BY d.place) FILTER (WHERE d.place < $8), '[]') AS items, count(*) AS found,
           max(d.measurement_date) FILTER (WHERE d.place = $8 - 1) AS last_date,
           (array_agg(d.id) FILTER (WHERE d.place = $8 - 1))[1] AS last_id
    FROM (
        SELECT r.id, r.measurement_date, row_to_json(r) AS document,
            row_number() OVER (ORDER BY r.measurement_date DESC, r.id DESC) AS place
        FROM (
            SELECT {_COLUMNS}
            {_FROM}
            WHERE t.user_id = $1 AND t.is_active
              AND ($2::uuid IS NULL OR t.metric_id = $2)
              AND ($3::date IS NULL OR t.measurement_date >= $3)
              AND ($4::date IS NULL OR t.measurement_date <= $4)
              AND ($5::measurement_source IS NULL OR t.measurement_source = $5)
              AND ($6::date IS NULL OR (t.measurement_date, t.id) < ($6, $7::uuid))
            ORDER BY t.measurement_date DESC, t.id DESC LIMIT $8) r) d
"""

# All that storing needs to know, at once: the athlete's time zone, the metrics meant ($2), and which of the ids ($3) are
# stored already, hidden ones among them.
CONTEXT = f"""
    SELECT u.time_zone, (
        SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT {_METRIC} FROM metric m
            WHERE m.id = ANY ($2) AND m.is_active AND (m.user_id IS NULL OR m.user_id = $1)) x) AS metrics, (
        SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT {_COLUMNS}, t.is_active {_FROM} WHERE t.user_id = $1 AND t.id = ANY ($3)) x) AS stored
    FROM app_user u WHERE u.id = $1
"""

# A measurement with what an edit of it must be checked against.
FIND = f"""
    SELECT t.id, t.metric_id, t.measured_value, t.unit, t.measurement_date, t.measurement_notes, t.measurement_source,
        t.version, row_to_json(m) AS metric, (SELECT u.time_zone FROM app_user u WHERE u.id = $1) AS time_zone
    FROM user_measurement t
    JOIN (SELECT {_METRIC} FROM metric m WHERE m.user_id IS NULL OR m.user_id = $1) m ON m.id = t.metric_id
    WHERE t.user_id = $1 AND t.id = $2 AND t.is_active
"""

INSERT = """
    INSERT INTO user_measurement (user_id, id, metric_id, measured_value, unit, measurement_date, measurement_notes,
        measurement_source, import_id, import_key)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::numeric[], $5::text[], $6::date[], $7::text[],
        $8::measurement_source[], $9::uuid[], $10::text[]) AS n
"""

UPDATE = """
    UPDATE user_measurement AS t SET measured_value = $4, unit = $5, measurement_date = $6, measurement_notes = $7,
        measurement_source = $8
    WHERE t.user_id = $1 AND t.id = $2 AND t.is_active AND t.version = $3
"""

HIDE = "UPDATE user_measurement AS t SET is_active = false WHERE t.user_id = $1 AND t.id = $2 AND t.is_active"

# Body mass index, kg / m^2 (Quetelet 1832; WHO technical report 894, 2000), of every day with a body weight from $5 on
# (null: all). $2 body weight, $3 height, $4 BMI. The last value entered on a day counts, and the latest height on or
# before it; the days before the first height fall into that height's era, so they get the earliest one. A height of 0
# was confirmed by somebody and is none. What stands already comes along in the same pass and is left out: ON CONFLICT
# alone would lock, and so write, every row of it. One scan and no join on purpose: within an import PostgreSQL has no
# statistics yet, and a join with the calculated rows became a nested loop (3,650 days: 2.5 s against 14 ms).
CALCULATE_BMI = """
    INSERT INTO user_measurement AS t (id, user_id, metric_id, measured_value, unit, measurement_date, measurement_source)
    SELECT gen_random_uuid(), $1, $4, d.bmi, 'kg/m2', d.measurement_date, 'CALCULATED'
    FROM (
        SELECT e.measurement_date, e.standing,
            round(e.kg * 10000 / max(e.cm * e.cm) OVER (PARTITION BY greatest(e.era, 1)), 2) AS bmi
        FROM (
            SELECT s.*, count(s.cm) OVER (ORDER BY s.measurement_date) AS era
            FROM (
                SELECT w.measurement_date,
                    (array_agg(w.canonical_value ORDER BY w.created_at DESC, w.id DESC) FILTER (WHERE w.metric_id = $2))[1] AS kg,
                    (array_agg(w.canonical_value ORDER BY w.created_at DESC, w.id DESC) FILTER (WHERE w.metric_id = $3))[1] AS cm,
                    max(w.measured_value) FILTER (WHERE w.metric_id = $4) AS standing
                FROM user_measurement w
                WHERE w.user_id = $1 AND w.is_active AND w.metric_id IN ($2, $3, $4)
                  AND (w.metric_id = $3 AND w.canonical_value > 0
                       OR w.metric_id = $2 AND ($5::date IS NULL OR w.measurement_date >= $5)
                       OR w.measurement_source = 'CALCULATED' AND ($5::date IS NULL OR w.measurement_date >= $5))
                GROUP BY w.measurement_date) s) e) d
    WHERE d.bmi IS DISTINCT FROM d.standing AND d.bmi IS NOT NULL
    ON CONFLICT (user_id, metric_id, measurement_date) WHERE measurement_source = 'CALCULATED'
    DO UPDATE SET measured_value = EXCLUDED.measured_value, is_active = EXCLUDED.is_active
"""

# Hides the calculated values of days that have no body weight any more, or all where there is no height.
HIDE_BMI = """
    UPDATE user_measurement AS t SET is_active = false
    WHERE t.user_id = $1 AND t.metric_id = $4 AND t.measurement_source = 'CALCULATED' AND t.is_active
      AND ($5::date IS NULL OR t.measurement_date >= $5)
      AND (NOT EXISTS (SELECT FROM user_measurement w
                       WHERE w.user_id = $1 AND w.metric_id = $2 AND w.measurement_date = t.measurement_date AND w.is_active)
           OR NOT EXISTS (SELECT FROM user_measurement h
                          WHERE h.user_id = $1 AND h.metric_id = $3 AND h.canonical_value > 0 AND h.is_active))
"""
