-- Readings that were not to be trusted, by ward and device. What was withdrawn, or amended by the night's end, is
-- none of them, nor is a test or a demonstration.
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
SELECT
  ward,
  device_id,
  count(DISTINCT reading_id) AS suspect,
  count(DISTINCT reading_id) FILTER (WHERE level IS NOT NULL) AS alarming,
  max(measured_at) AS last_measured_at
FROM versions
WHERE arrived_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
  AND arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'
  AND severity = 'suspect'
  AND coalesce(quality, 'measured') NOT IN ('test', 'demo', 'withdrawn')
  AND (replaced_at IS NULL OR (replaces AND arrived_at = replaced_at))
GROUP BY ward, device_id
ORDER BY suspect DESC, ward, device_id
LIMIT 100
