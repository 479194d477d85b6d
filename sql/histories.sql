-- Each event of the alerts of these days, whole and in order, for whoever folds them: what happened, what the alert was after
-- it, and what the table had when the report began, where that was the alert's last event. Younger events may be on their way.
WITH
  events_once AS (
    SELECT *
    FROM (
      SELECT
        alert_id,
        event_id,
        seq,
        type,
        occurred_at,
        happened,
        state_hash,
        row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) AS delivery
      FROM events
      WHERE dt BETWEEN /*:first_dt*/ '2026-03-01' AND /*:last_dt*/ '2026-03-04'
    ) AS deliveries
    -- An event's first row has what happened. One that lost it is a difference.
    WHERE delivery = 1 AND alert_id IS NOT NULL AND event_id LIKE '%#0' AND coalesce(type, '') <> 'setAside'
  ),
  listed AS (
    SELECT DISTINCT as_of, alert_id, seq, state_hash
    FROM open_alerts
    WHERE dt = /*:open_alerts_dt*/ '2026-03-03' AND run_id = /*:run_id*/ 'night-to-2026-03-03'
  ),
  bounds AS (
    SELECT max(as_of) + INTERVAL '1' MINUTE AS settled_to
    FROM listed
  )
SELECT e.alert_id, e.seq, e.type, e.happened, e.state_hash, l.state_hash AS listed_hash
FROM events_once AS e
CROSS JOIN bounds AS b
LEFT JOIN listed AS l ON l.alert_id = e.alert_id AND l.seq = e.seq
WHERE e.occurred_at <= b.settled_to
ORDER BY e.alert_id, e.seq
