-- Readings beyond 200 systolic or 120 diastolic, the query that this project began with.
-- A literal behind a tag is the night's: change it to ask of another.
SELECT DISTINCT reading_id, ward, bed, device_id, measured_at, systolic, diastolic, severity
FROM readings
WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
  AND arrived_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
  AND arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'
  AND (systolic >= 200 OR diastolic >= 120)
ORDER BY measured_at, reading_id
LIMIT 500
