-- The night in one row: what arrived, what was raised, who answered and how soon. Readings by their arrival in the window,
-- events by their time; an alert's waits run from the arrival of the reading that opened it, in seconds.
-- Parameters: from, to, then first and last dt of readings, of quarantine, of events.
WITH
  bounds AS (
    SELECT CAST(? AS timestamp) AS from_at, CAST(? AS timestamp) AS to_at
  ),
  readings_once AS (
    SELECT reading_id, min(severity) AS severity
    FROM readings
    CROSS JOIN bounds
    WHERE dt >= ? AND dt <= ? AND arrived_at >= from_at AND arrived_at < to_at
    GROUP BY reading_id
  ),
  reading_counts AS (
    SELECT
      count(*) AS archived,
      count(*) FILTER (WHERE severity = 'suspect') AS suspect,
      count(*) FILTER (WHERE severity = 'warning') AS warning,
      count(*) FILTER (WHERE severity = 'critical') AS critical,
      count(*) FILTER (WHERE severity = 'emergency') AS emergency
    FROM readings_once
  ),
  quarantine_counts AS (
    SELECT count(*) AS quarantined
    FROM (
      SELECT DISTINCT shard_id, sequence_number, item_index
      FROM quarantine
      CROSS JOIN bounds
      WHERE dt >= ? AND dt <= ? AND arrived_at >= from_at AND arrived_at < to_at
    ) AS q
  ),
  night AS (
    SELECT *
    FROM (
      SELECT e.*, row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) AS delivery
      FROM events AS e
      CROSS JOIN bounds
      WHERE dt >= ? AND dt <= ? AND occurred_at >= from_at AND occurred_at < to_at
    ) AS deliveries
    WHERE delivery = 1
  ),
  event_counts AS (
    SELECT
      count(DISTINCT alert_id) FILTER (WHERE type = 'raised' AND alert_key NOT LIKE 'DEVICE#%') AS alerts_opened,
      count(DISTINCT alert_id) FILTER (WHERE type = 'raised' AND alert_key LIKE 'DEVICE#%') AS technical_alerts,
      count(DISTINCT reading_id) FILTER (WHERE type = 'joined') AS readings_joined,
      count(DISTINCT reading_id) FILTER (WHERE type = 'superseded') AS superseded,
      count(*) FILTER (WHERE type = 'paged' AND page_id IS NOT NULL AND purpose IN ('page', 'worse')) AS pages_sent,
      count(*) FILTER (WHERE type = 'paged' AND page_id IS NOT NULL AND purpose IN ('recheck', 'repeat')) AS recheck_pages,
      count(*) FILTER (WHERE type = 'accepted') AS accepted,
      count(*) FILTER (WHERE type = 'declined') AS declined,
      count(DISTINCT alert_id) FILTER (WHERE type = 'escalated' AND rung = 'doctor') AS escalated_to_doctor,
      count(DISTINCT alert_id) FILTER (WHERE type = 'unanswered') AS unanswered
    FROM night
  ),
  undelivered AS (
    SELECT DISTINCT page_id FROM night WHERE type = 'undeliverable'
  ),
  alert_times AS (
    SELECT
      n.alert_id,
      min(n.arrived_at) AS arrived_at,
      min(n.occurred_at) FILTER (WHERE n.type = 'paged' AND u.page_id IS NULL) AS first_page_at,
      min(n.occurred_at) FILTER (WHERE n.type = 'accepted') AS accepted_at,
      min(n.occurred_at) FILTER (WHERE n.type = 'accepted' OR n.type = 'closed' OR n.rung = 'everyone') AS person_or_alarm_at,
      count(*) FILTER (WHERE n.type = 'closed') AS closings
    FROM night AS n
    LEFT JOIN undelivered AS u ON u.page_id = n.page_id
    WHERE n.alert_id IN (SELECT alert_id FROM night WHERE type = 'raised')
    GROUP BY n.alert_id
  ),
  waits AS (
    SELECT
      date_diff('millisecond', arrived_at, first_page_at) AS page_ms,
      date_diff('millisecond', arrived_at, accepted_at) AS acceptance_ms,
      date_diff('millisecond', arrived_at, person_or_alarm_at) AS person_ms,
      closings
    FROM alert_times
  ),
  ranked AS (
    SELECT
      page_ms,
      acceptance_ms,
      person_ms,
      closings,
      row_number() OVER (ORDER BY page_ms NULLS LAST) AS page_rank,
      row_number() OVER (ORDER BY acceptance_ms NULLS LAST) AS acceptance_rank,
      count(page_ms) OVER () AS page_count,
      count(acceptance_ms) OVER () AS acceptance_count
    FROM waits
  ),
  wait_figures AS (
    SELECT
      min(page_ms) FILTER (WHERE page_rank >= 0.5 * page_count) / 1000.0 AS seconds_to_first_page_p50,
      min(page_ms) FILTER (WHERE page_rank >= 0.99 * page_count) / 1000.0 AS seconds_to_first_page_p99,
      max(page_ms) / 1000.0 AS seconds_to_first_page_max,
      min(acceptance_ms) FILTER (WHERE acceptance_rank >= 0.5 * acceptance_count) / 1000.0 AS seconds_to_acceptance_p50,
      min(acceptance_ms) FILTER (WHERE acceptance_rank >= 0.99 * acceptance_count) / 1000.0 AS seconds_to_acceptance_p99,
      max(acceptance_ms) / 1000.0 AS seconds_to_acceptance_max,
      max(person_ms) / 1000.0 AS seconds_to_person_or_alarm_max,
      count(*) FILTER (WHERE closings = 0) AS open_at_end
    FROM ranked
  )
SELECT
  r.archived + q.quarantined AS readings,
  r.archived,
  q.quarantined,
  r.suspect,
  r.warning,
  r.critical,
  r.emergency,
  e.alerts_opened,
  e.readings_joined,
  e.superseded,
  e.technical_alerts,
  e.pages_sent,
  e.recheck_pages,
  e.accepted,
  e.declined,
  e.escalated_to_doctor,
  e.unanswered,
  w.open_at_end,
  w.seconds_to_first_page_p50,
  w.seconds_to_first_page_p99,
  w.seconds_to_first_page_max,
  w.seconds_to_acceptance_p50,
  w.seconds_to_acceptance_p99,
  w.seconds_to_acceptance_max,
  w.seconds_to_person_or_alarm_max
FROM reading_counts AS r
CROSS JOIN quarantine_counts AS q
CROSS JOIN event_counts AS e
CROSS JOIN wait_figures AS w
