-- Each alert of a patient that the night opened: where at last, how bad, who answered, how it ended, and its waits in seconds.
-- A literal behind a tag is the night's: change it to ask of another.
WITH
  bounds AS (
    SELECT
      TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000' AS from_at,
      TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' AS to_at
  ),
  events_once AS (
    SELECT *
    FROM (
      SELECT e.*, row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) AS delivery
      FROM events AS e
      WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
    ) AS deliveries
    WHERE delivery = 1 AND alert_id IS NOT NULL AND alert_key LIKE 'PATIENT#%'
  )
SELECT
  e.alert_id,
  min(e.arrived_at) AS arrived_at,
  max_by(e.ward, e.seq) AS ward,
  max_by(coalesce(e.bed, 'unknown'), e.seq) AS bed,
  max_by(e.level, e.seq) AS level,
  date_diff('millisecond', min(e.arrived_at), min(e.occurred_at) FILTER (WHERE e.type = 'paged')) / 1E3
    AS seconds_to_first_page,
  date_diff('millisecond', min(e.arrived_at), min(e.occurred_at) FILTER (WHERE e.type = 'accepted')) / 1E3
    AS seconds_to_acceptance,
  date_diff('millisecond', min(e.arrived_at), min(e.occurred_at) FILTER (WHERE e.type IN ('rechecked', 'closed'))) / 1E3
    AS seconds_to_recheck,
  max(e.round) AS rounds,
  min_by(e.role, e.seq) FILTER (WHERE e.type = 'accepted') AS accepted_by_role,
  coalesce(min(e.reason) FILTER (WHERE e.type IN ('closed', 'setAside')), 'open') AS ended
FROM events_once AS e
CROSS JOIN bounds AS b
WHERE e.alert_id IN (
  SELECT alert_id
  FROM events_once
  CROSS JOIN bounds
  WHERE type = 'raised' AND occurred_at >= from_at AND occurred_at < to_at
)
GROUP BY e.alert_id
ORDER BY arrived_at, alert_id
