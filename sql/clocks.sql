-- Devices whose clock is off: which, where they stand, how many of their readings came more than five minutes from the
-- time that they state, and how late the last of those came, in seconds. `devices`: how many there are altogether.
-- A literal behind a tag is the night's: change it to ask of another.
WITH
  bounds AS (
    SELECT
      TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000' AS from_at,
      TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' AS to_at
  ),
  readings_once AS (
    SELECT
      reading_id,
      min(device_id) AS device_id,
      min(ward) AS ward,
      min(bed) AS bed,
      min(measured_at) AS measured_at,
      min(arrived_at) AS arrived_at,
      date_diff('millisecond', min(measured_at), min(arrived_at)) AS delay_ms
    FROM readings
    CROSS JOIN bounds
    WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
      AND arrived_at >= from_at AND arrived_at < to_at
      -- What corrects or withdraws a measurement comes when somebody finds out, and not from the device.
      AND NOT coalesce(replaces, false)
      AND coalesce(assumed, '') NOT LIKE '%redriven%'
    GROUP BY reading_id
  ),
  -- Each with how long before it, and after it, the same device was heard.
  in_order AS (
    SELECT
      r.*,
      date_diff('millisecond', lag(arrived_at) OVER device, arrived_at) AS since_last_ms,
      date_diff('millisecond', arrived_at, lead(arrived_at) OVER device) AS until_next_ms
    FROM readings_once AS r
    WINDOW device AS (PARTITION BY device_id ORDER BY arrived_at, reading_id)
  ),
  -- Late by itself, and not with others that were held back: the delay, else null.
  late_alone AS (
    SELECT
      r.*,
      IF(
        delay_ms > 300000 AND coalesce(since_last_ms > 30000, true) AND coalesce(until_next_ms > 30000, true),
        delay_ms
      ) AS alone_ms
    FROM in_order AS r
  ),
  -- As late as the one before it: no connection is lost twice for the same time. Some devices state whole minutes.
  with_the_last AS (
    SELECT
      r.*,
      alone_ms - lag(alone_ms) OVER (PARTITION BY device_id ORDER BY arrived_at, reading_id) AS longer_by_ms
    FROM late_alone AS r
  ),
  -- A time that cannot be true: before what the same device delivered minutes ago.
  contradicted AS (
    SELECT DISTINCT r.device_id
    FROM readings_once AS r
    INNER JOIN readings_once AS heard
      ON heard.device_id = r.device_id
      AND date_diff('millisecond', r.measured_at, heard.arrived_at) > 300000
      AND date_diff('millisecond', heard.arrived_at, r.arrived_at) > 30000
  )
SELECT
  r.device_id,
  max_by(r.ward, r.arrived_at) AS ward,
  max_by(coalesce(r.bed, 'unknown'), r.arrived_at) AS bed,
  count(*) FILTER (WHERE r.delay_ms < -300000 OR r.delay_ms > 300000) AS readings,
  max_by(r.delay_ms, r.arrived_at) FILTER (WHERE r.delay_ms < -300000 OR r.delay_ms > 300000) / 1E3 AS seconds_late,
  count(*) OVER () AS devices
FROM with_the_last AS r
LEFT JOIN contradicted AS c ON c.device_id = r.device_id
GROUP BY r.device_id
-- Nor is one in the future or more than a day back true, nor one of a device of which nothing comes in time.
HAVING count(c.device_id) > 0 OR min(r.delay_ms) < -300000 OR max(r.delay_ms) > 86400000
  OR count(*) FILTER (WHERE r.longer_by_ms >= -60000 AND r.longer_by_ms <= 60000) > 0
  OR (
    min(r.delay_ms) > 300000
    AND date_diff('millisecond', min(r.arrived_at), max(r.arrived_at)) > 300000
  )
ORDER BY readings DESC, device_id
LIMIT 100
