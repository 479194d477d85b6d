-- The proof: one row for each check, with how many gaps it found and the least of the ids in question. The raw values are judged here
-- anew, from the limits that stand in each row, independently of the handlers. Events are read up to the present: what a
-- reading of the window's last second caused happens after the window.
-- Parameters: from, to, first dt; then first and last dt of readings, of events; then the dt of the open alerts and the run.
WITH
  bounds AS (
    SELECT
      CAST(? AS timestamp) AS from_at,
      CAST(? AS timestamp) AS to_at,
      -- What is older may lie in a partition that is not read.
      CAST(? AS timestamp) + INTERVAL '1' HOUR AS known_from
  ),
  archived AS (
    SELECT *
    FROM (
      SELECT r.*, row_number() OVER (PARTITION BY reading_id ORDER BY arrived_at) AS delivery
      FROM readings AS r
      WHERE dt >= ? AND dt <= ?
    ) AS deliveries
    WHERE delivery = 1
  ),
  readings_once AS (
    SELECT archived.* FROM archived CROSS JOIN bounds WHERE arrived_at >= from_at AND arrived_at < to_at
  ),
  trusted_or_not AS (
    SELECT
      r.*,
      IF(systolic > 0, systolic) AS s,
      IF(diastolic > 0, diastolic) AS d,
      (
        systolic IS NULL OR diastolic IS NULL OR systolic <= 0 OR diastolic <= 0
        OR systolic <= diastolic OR systolic - diastolic < 10
        OR systolic < 40 OR systolic > 300 OR diastolic < 20 OR diastolic > 200
        OR coalesce(mean_arterial < diastolic OR mean_arterial > systolic, false)
        OR quality = 'invalid'
      ) AS is_suspect
    FROM readings_once AS r
  ),
  judged AS (
    SELECT
      reading_id,
      patient_id,
      severity,
      reads_as,
      is_suspect,
      quality,
      CASE
        WHEN s < emergency_systolic_low OR s >= emergency_systolic_high THEN 'emergency'
        WHEN systolic = 0 OR diastolic = 0
          OR s < critical_systolic_low OR s >= critical_systolic_high OR d >= critical_diastolic_high THEN 'critical'
        WHEN s < warning_systolic_low OR s >= warning_systolic_high OR d >= warning_diastolic_high THEN 'warning'
        ELSE 'normal'
      END AS judged_as
    FROM trusted_or_not
  ),
  alarming AS (
    SELECT reading_id
    FROM judged
    WHERE judged_as IN ('critical', 'emergency') AND quality NOT IN ('test', 'demo')
  ),
  events_once AS (
    SELECT *
    FROM (
      SELECT e.*, row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) AS delivery
      FROM events AS e
      WHERE dt >= ? AND dt <= ?
    ) AS deliveries
    WHERE delivery = 1
  ),
  listed AS (
    SELECT DISTINCT as_of, alert_id, alert_key, seq
    FROM open_alerts
    WHERE dt = ? AND run_id = ?
  ),
  taken AS (
    SELECT reading_id, type, occurred_at
    FROM events_once
    WHERE type IN ('raised', 'joined', 'superseded')
  ),
  taken_counts AS (
    SELECT a.reading_id, count(t.type) AS times
    FROM alarming AS a
    LEFT JOIN taken AS t ON t.reading_id = a.reading_id
    GROUP BY a.reading_id
  ),
  of_alert AS (
    SELECT
      alert_key,
      alert_id,
      min(seq) AS first_seq,
      max(seq) AS last_seq,
      min(arrived_at) AS arrived_at,
      count(*) FILTER (WHERE type = 'raised') AS raisings,
      count(*) FILTER (WHERE type = 'closed') AS closings,
      min(seq) FILTER (WHERE type = 'closed') AS closed_seq,
      max(seq) FILTER (WHERE type = 'paged') AS paged_seq,
      max(occurred_at) AS last_at
    FROM events_once
    WHERE alert_id IS NOT NULL
    GROUP BY alert_key, alert_id
  ),
  of_key AS (
    SELECT alert_key, max(seq) - min(seq) + 1 - count(DISTINCT seq) AS missing
    FROM events_once
    WHERE alert_id IS NOT NULL
    GROUP BY alert_key
  ),
  report AS (
    -- Younger events may not have reached the list, which an eventually consistent index gives.
    SELECT max(as_of) - INTERVAL '10' SECOND AS at FROM listed
  ),
  overlapping AS (
    SELECT a.alert_key
    FROM of_alert AS a
    INNER JOIN of_alert AS b ON b.alert_key = a.alert_key AND b.alert_id <> a.alert_id AND b.first_seq > a.first_seq
    WHERE a.closed_seq IS NULL OR a.closed_seq > b.first_seq
  ),
  gaps AS (
    SELECT 'alarming reading with neither alert, join nor supersession' AS check_name, reading_id AS subject
    FROM taken_counts WHERE times = 0
    UNION ALL
    SELECT 'alarming reading taken more than once', reading_id FROM taken_counts WHERE times > 1
    UNION ALL
    SELECT 'alert or join of a reading that the archive lacks', t.reading_id
    FROM taken AS t
    CROSS JOIN bounds
    LEFT JOIN archived AS a ON a.reading_id = t.reading_id
    WHERE a.reading_id IS NULL AND t.occurred_at >= from_at AND t.occurred_at < to_at
    UNION ALL
    SELECT 'patient with two alerts open at once', alert_key FROM overlapping
    UNION ALL
    SELECT 'alert raised more than once', alert_id FROM of_alert WHERE raisings > 1
    UNION ALL
    SELECT 'alert whose raising is missing', alert_id
    FROM of_alert CROSS JOIN bounds
    WHERE raisings = 0 AND arrived_at >= known_from
    UNION ALL
    SELECT 'alert without a page', alert_id
    FROM of_alert
    WHERE raisings > 0 AND paged_seq IS NULL AND closings = 0
    UNION ALL
    SELECT 'page without an outcome', a.alert_id
    FROM of_alert AS a
    CROSS JOIN report
    LEFT JOIN listed AS l ON l.alert_id = a.alert_id
    WHERE a.paged_seq = a.last_seq AND l.alert_id IS NULL AND a.last_at < report.at
    UNION ALL
    SELECT 'event number missing', alert_key FROM of_key WHERE missing > 0
    UNION ALL
    SELECT 'open in the table, closed or behind in the events', l.alert_id
    FROM listed AS l
    LEFT JOIN of_alert AS a ON a.alert_id = l.alert_id
    WHERE l.alert_id IS NOT NULL AND (a.alert_id IS NULL OR a.last_seq < l.seq OR a.closed_seq <= l.seq)
    UNION ALL
    SELECT 'open in the events, not in the table', a.alert_id
    FROM of_alert AS a
    CROSS JOIN report
    LEFT JOIN listed AS l ON l.alert_id = a.alert_id
    WHERE a.closings = 0 AND l.alert_id IS NULL AND a.last_at < report.at
    UNION ALL
    SELECT 'severity in the archive is not what its values and limits say', reading_id
    FROM judged
    WHERE reads_as <> judged_as OR (severity = 'suspect') <> is_suspect OR (NOT is_suspect AND severity <> judged_as)
    UNION ALL
    SELECT 'no reading in the archive at all', 'readings' FROM (SELECT count(*) AS n FROM readings_once) AS c WHERE n = 0
    UNION ALL
    SELECT 'no list of the open alerts', 'open_alerts' FROM (SELECT count(*) AS n FROM listed) AS c WHERE n = 0
  )
SELECT check_name, count(DISTINCT subject) AS gap_count, min(subject) AS example
FROM gaps
GROUP BY check_name
ORDER BY check_name
