"""Every SQL statement on measurements over time. $1 is always the athlete."""

# Of metric $2, as known at $3: from $4 to $5 (null: a year that ends today), in unit $6 (null: the athlete's unit of weight,
# else the canonical one). A day counts with the mean of its values; each is told as it was entered too. The $7 days before
# the period come along, for the trend that enters it; and the first day of all, where the trend began.
SERIES = """
    WITH subject AS (
        SELECT m.id, m.slug, m.metric_name, m.canonical_unit, m.allowed_units, m.minimum_plausible, m.maximum_plausible,
            m.is_calculated, coalesce($5, a.today) AS until, coalesce($4, coalesce($5, a.today) - 364) AS since,
            coalesce($6, CASE
                WHEN m.dimension = 'mass' AND (a.weight_unit::text = ANY (m.allowed_units)
                    OR a.weight_unit = 'lb' AND '[lb_av]' = ANY (m.allowed_units)) THEN a.weight_unit::text
                ELSE m.canonical_unit END) AS unit
        FROM metric m
        CROSS JOIN (SELECT u.weight_unit, ($3::timestamptz AT TIME ZONE u.time_zone)::date AS today
                    FROM app_user u WHERE u.id = $1) a
        WHERE m.id = $2 AND (m.user_id IS NULL OR m.user_id = $1)
    ), daily AS (
        SELECT v.measurement_date AS day, (avg(v.canonical_value) / app.unit_factor(s.unit))::float8 AS value,
            CASE WHEN v.measurement_date >= s.since THEN json_agg(json_build_object('id', v.id, 'measured_value', v.measured_value,
                'unit', v.unit, 'measurement_source', v.measurement_source) ORDER BY v.created_at, v.id)::text END AS entries
        FROM subject s JOIN user_measurement v ON v.metric_id = s.id
        WHERE v.user_id = $1 AND v.metric_id = $2 AND v.is_active
          AND v.measurement_date >= s.since - $7::int AND v.measurement_date <= s.until
        GROUP BY v.measurement_date, s.unit, s.since
    )
    SELECT s.id AS metric_id, s.slug, s.metric_name, s.unit, s.canonical_unit, s.since, s.until, row_to_json(s) AS metric,
        d.days, d.daily, d.entries, f.first_day, f.first_value
    FROM subject s
    CROSS JOIN (SELECT array_agg(x.day ORDER BY x.day) AS days, array_agg(x.value ORDER BY x.day) AS daily,
                    array_agg(x.entries ORDER BY x.day) AS entries FROM daily x) d
    LEFT JOIN LATERAL (
        SELECT v.measurement_date AS first_day, (avg(v.canonical_value) / app.unit_factor(s.unit))::float8 AS first_value
        FROM user_measurement v
        WHERE v.user_id = $1 AND v.metric_id = $2 AND v.is_active AND v.measurement_date = (
            SELECT o.measurement_date FROM user_measurement o WHERE o.user_id = $1 AND o.metric_id = $2 AND o.is_active
            ORDER BY o.measurement_date LIMIT 1)
        GROUP BY v.measurement_date) f ON true
"""

# The newest value of each metric $2 up to day $4 (null: today, at $3): of a day the last entered, as the stored BMI takes it.
# Of height ($5) the earliest one where none is as old, as the stored BMI does; a zero was confirmed by somebody and is none.
# The day first and then its values: each is one step into the index, whatever the years.
LATEST = """
    SELECT b.day, b.weight_unit, (
        SELECT coalesce(json_agg(json_build_object('id', w.id, 'day', n.day, 'value', x.canonical_value)), '[]')
        FROM unnest($2::uuid[]) AS w (id)
        CROSS JOIN LATERAL (
            SELECT coalesce(
                (SELECT v.measurement_date FROM user_measurement v
                 WHERE v.user_id = $1 AND v.metric_id = w.id AND v.is_active AND v.canonical_value > 0
                   AND v.measurement_date <= b.day ORDER BY v.measurement_date DESC LIMIT 1),
                (SELECT v.measurement_date FROM user_measurement v
                 WHERE v.user_id = $1 AND v.metric_id = w.id AND v.is_active AND v.canonical_value > 0 AND w.id = $5
                 ORDER BY v.measurement_date LIMIT 1)) AS day) n
        CROSS JOIN LATERAL (
            SELECT v.canonical_value FROM user_measurement v
            WHERE v.user_id = $1 AND v.metric_id = w.id AND v.is_active AND v.canonical_value > 0 AND v.measurement_date = n.day
            ORDER BY v.created_at DESC, v.id DESC LIMIT 1) x
        ) AS latest
    FROM (SELECT u.weight_unit, coalesce($4, ($3::timestamptz AT TIME ZONE u.time_zone)::date) AS day
          FROM app_user u WHERE u.id = $1) b
"""
