-- Alerts, answers and waits by ward and shift (day from 07:00 to 19:00 on the hospital's clocks). Waits in seconds.
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
  ),
  opened AS (
    SELECT alert_id, ward, hour(at_timezone(with_timezone(arrived_at, 'UTC'), /*:zone*/ 'Europe/London')) AS local_hour
    FROM events_once
    CROSS JOIN bounds
    WHERE type = 'raised' AND occurred_at >= from_at AND occurred_at < to_at
  ),
  of_alert AS (
    SELECT
      o.alert_id,
      o.ward,
      IF(o.local_hour >= 7 AND o.local_hour < 19, 'day', 'night') AS shift,
      date_diff('millisecond', min(e.arrived_at), min(e.occurred_at) FILTER (WHERE e.type = 'paged')) / 1E3
        AS page_seconds,
      date_diff('millisecond', min(e.arrived_at), min(e.occurred_at) FILTER (WHERE e.type = 'accepted')) / 1E3
        AS acceptance_seconds,
      date_diff(
        'millisecond', min(e.arrived_at), min(e.occurred_at) FILTER (WHERE e.type IN ('rechecked', 'closed'))
      ) / 1E3 AS recheck_seconds,
      -- Five wrong PINs pass a page on as well, but nobody declined.
      count(*) FILTER (WHERE e.type = 'declined' AND coalesce(e.reason, '') <> 'wrongPins') AS declined,
      count(*) FILTER (WHERE e.type = 'unanswered') AS unanswered
    FROM opened AS o
    INNER JOIN events_once AS e ON e.alert_id = o.alert_id
    GROUP BY o.alert_id, o.ward, o.local_hour
  )
SELECT
  ward,
  shift,
  count(*) AS alerts,
  count(acceptance_seconds) AS accepted,
  sum(declined) AS declined,
  count(*) FILTER (WHERE unanswered > 0) AS unanswered,
  avg(page_seconds) AS mean_seconds_to_first_page,
  max(page_seconds) AS longest_seconds_to_first_page,
  avg(acceptance_seconds) AS mean_seconds_to_acceptance,
  max(acceptance_seconds) AS longest_seconds_to_acceptance,
  avg(recheck_seconds) AS mean_seconds_to_recheck,
  max(recheck_seconds) AS longest_seconds_to_recheck
FROM of_alert
GROUP BY ward, shift
ORDER BY ward, shift
