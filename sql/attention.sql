-- Patients with several alerts in one night, and devices whose readings are often suspect: who and what to look at first.
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
      AND type = 'raised' AND alert_key LIKE 'PATIENT#%' AND occurred_at >= from_at AND occurred_at < to_at
    GROUP BY alert_key
    HAVING count(DISTINCT alert_id) > 1
  ),
  versions AS (
    SELECT
      readings.*,
      max(IF(replaces AND (arrived_at < to_at OR quality = 'withdrawn'), arrived_at)) OVER (
        PARTITION BY patient_id, coalesce(measurement_id, device_id), IF(measurement_id IS NULL, measured_at)
      ) AS replaced_at
    FROM readings
    CROSS JOIN bounds
    WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
  ),
  -- Not what was withdrawn, or amended by the night's end, nor tests and demonstrations.
  readings_once AS (
    SELECT
      reading_id,
      min(device_id) AS device_id,
      min(ward) AS ward,
      min(bed) AS bed,
      min(severity) AS severity,
      min(arrived_at) AS arrived_at
    FROM versions
    CROSS JOIN bounds
    WHERE arrived_at >= from_at AND arrived_at < to_at
      AND coalesce(quality, 'measured') NOT IN ('test', 'demo', 'withdrawn')
      AND (replaced_at IS NULL OR (replaces AND arrived_at = replaced_at))
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
  )
SELECT 'repeatedAlerts' AS what, subject, ward, bed, times FROM patients
UNION ALL
SELECT 'repeatedSuspectReadings' AS what, subject, ward, bed, times FROM devices
ORDER BY times DESC, what, subject
LIMIT 50
