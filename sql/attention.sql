-- Patients with several alerts in one night, devices whose readings are often suspect, and devices whose clock is off:
-- who and what to look at first.
-- A literal behind a tag is the night's: change it to ask of another.
WITH
  bounds AS (
    SELECT
      TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000' AS from_at,
      TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' AS to_at
  ),
  patients AS (
    SELECT
      alert_key AS subject,
      max_by(ward, seq) AS ward,
      max_by(coalesce(bed, 'unknown'), seq) AS bed,
      count(DISTINCT alert_id) AS times
    FROM events
    CROSS JOIN bounds
    WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
      AND type = 'raised' AND occurred_at >= from_at AND occurred_at < to_at
    GROUP BY alert_key
    HAVING count(DISTINCT alert_id) > 1
  ),
  readings_once AS (
    SELECT
      reading_id,
      min(device_id) AS device_id,
      min(ward) AS ward,
      min(bed) AS bed,
      min(severity) AS severity,
      min(measured_at) AS measured_at,
      min(arrived_at) AS arrived_at,
      max(IF(late, 1, 0)) AS was_late,
      date_diff('millisecond', min(measured_at), min(arrived_at)) AS delay_ms
    FROM readings
    CROSS JOIN bounds
    WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
      AND arrived_at >= from_at AND arrived_at < to_at
    GROUP BY reading_id
  ),
  devices AS (
    SELECT
      device_id AS subject,
      max_by(ward, arrived_at) AS ward,
      max_by(coalesce(bed, 'unknown'), arrived_at) AS bed,
      count(*) FILTER (WHERE severity = 'suspect') AS times
    FROM readings_once
    GROUP BY device_id
    HAVING count(*) FILTER (WHERE severity = 'suspect') > 1
  ),
  -- A time that cannot be true: before what the same device delivered minutes ago.
  contradicted AS (
    SELECT DISTINCT r.device_id
    FROM readings_once AS r
    INNER JOIN readings_once AS heard
      ON heard.device_id = r.device_id AND r.was_late = 1
      AND date_diff('millisecond', r.measured_at, heard.arrived_at) > 300000
      AND date_diff('millisecond', heard.arrived_at, r.arrived_at) > 30000
  ),
  -- Nor is one in the future or more than a day back, nor the clock of a device of which nothing comes in time.
  clocks AS (
    SELECT
      r.device_id AS subject,
      max_by(r.ward, r.arrived_at) AS ward,
      max_by(coalesce(r.bed, 'unknown'), r.arrived_at) AS bed,
      count(*) FILTER (WHERE r.delay_ms < -300000 OR r.delay_ms > 300000) AS times
    FROM readings_once AS r
    LEFT JOIN contradicted AS c ON c.device_id = r.device_id
    GROUP BY r.device_id
    HAVING count(c.device_id) > 0 OR min(r.delay_ms) < -300000 OR max(r.delay_ms) > 86400000
      OR (
        min(r.delay_ms) > 300000
        AND date_diff('millisecond', min(r.arrived_at), max(r.arrived_at)) > 300000
      )
  )
SELECT 'patient with repeated alerts' AS what, subject, ward, bed, times FROM patients
UNION ALL
SELECT 'device with repeated suspect readings' AS what, subject, ward, bed, times FROM devices
UNION ALL
SELECT 'device whose clock is off' AS what, subject, ward, bed, times FROM clocks
ORDER BY times DESC, what, subject
LIMIT 50
