-- Each device and fault of which the night opened an alert, or an earlier one did that is still open: how many alerts, and of
-- the newest who took it on, and how it ended. What is still open comes first.
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
    WHERE delivery = 1 AND alert_id IS NOT NULL AND alert_key LIKE 'DEVICE#%'
  ),
  technical_alerts AS (
    SELECT
      e.alert_id,
      min(e.arrived_at) AS arrived_at,
      min(e.alert_key) AS alert_key,
      min(e.ward) AS ward,
      min(coalesce(e.bed, 'unknown')) AS bed,
      min_by(e.role, e.seq) FILTER (WHERE e.type = 'accepted') AS accepted_by_role,
      min(e.occurred_at) FILTER (WHERE e.type IN ('closed', 'setAside')) AS ended_at,
      coalesce(min(e.reason) FILTER (WHERE e.type IN ('closed', 'setAside')), 'open') AS ended
    FROM events_once AS e
    CROSS JOIN bounds AS b
    GROUP BY e.alert_id
    HAVING
      count(*) FILTER (WHERE e.type = 'raised' AND e.occurred_at >= b.from_at AND e.occurred_at < b.to_at) > 0
      -- Asked for again each eight hours at the least, so it is seen here too.
      OR (
        min(e.occurred_at) < min(b.from_at)
        AND count(*) FILTER (WHERE e.type IN ('closed', 'setAside') AND e.occurred_at < b.to_at) = 0
      )
  ),
  by_fault AS (
    SELECT
      technical_alerts.*,
      count(*) OVER (PARTITION BY alert_key) AS alerts,
      row_number() OVER (PARTITION BY alert_key ORDER BY arrived_at DESC, alert_id) AS nth_newest
    FROM technical_alerts
  )
SELECT arrived_at, alert_key, ward, bed, alerts, accepted_by_role, ended_at, ended
FROM by_fault
WHERE nth_newest = 1
ORDER BY IF(ended = 'open', 0, 1), arrived_at, alert_key
LIMIT 100
