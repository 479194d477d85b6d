-- Each drill and check-in that the night began: of which ward, how soon somebody answered and in which role, and how it ended.
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
    WHERE delivery = 1 AND alert_id IS NOT NULL AND (alert_key LIKE 'DRILL#%' OR alert_key LIKE 'CHECKIN#%')
  )
SELECT
  min(e.ward) AS ward,
  IF(min(e.alert_key) LIKE 'DRILL#%', 'drill', 'check-in') AS kind,
  min(e.arrived_at) AS arrived_at,
  max_by(e.level, e.seq) AS level,
  date_diff('millisecond', min(e.arrived_at), min(e.occurred_at) FILTER (WHERE e.type = 'accepted')) / 1E3
    AS seconds_to_acceptance,
  min_by(e.role, e.seq) FILTER (WHERE e.type = 'accepted') AS accepted_by_role,
  coalesce(min(e.reason) FILTER (WHERE e.type IN ('closed', 'setAside')), 'open') AS ended
FROM events_once AS e
CROSS JOIN bounds AS b
GROUP BY e.alert_id
HAVING count(*) FILTER (WHERE e.type = 'raised' AND e.occurred_at >= b.from_at AND e.occurred_at < b.to_at) > 0
ORDER BY arrived_at, ward, kind, accepted_by_role, seconds_to_acceptance
LIMIT 200
