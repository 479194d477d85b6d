-- Readings beyond 200 systolic or 120 diastolic, the query that this project began with. What was withdrawn, or amended
-- by the night's end, is none of them, nor is a test or a demonstration.
-- A literal behind a tag is the night's: change it to ask of another.
WITH
  versions AS (
    SELECT
      readings.*,
      max(
        IF(
          replaces AND (arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' OR quality = 'withdrawn'),
          arrived_at
        )
      ) OVER (
        PARTITION BY patient_id, coalesce(measurement_id, device_id), IF(measurement_id IS NULL, measured_at)
      ) AS replaced_at
    FROM readings
    WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
  )
SELECT DISTINCT reading_id, ward, bed, device_id, measured_at, systolic, diastolic, severity
FROM versions
WHERE arrived_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
  AND arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'
  AND (systolic >= 200 OR diastolic >= 120)
  AND coalesce(quality, 'measured') NOT IN ('test', 'demo', 'withdrawn')
  AND (replaced_at IS NULL OR (replaces AND arrived_at = replaced_at))
ORDER BY measured_at, reading_id
LIMIT 500
