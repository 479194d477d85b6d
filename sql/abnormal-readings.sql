-- Readings beyond 200 systolic or 120 diastolic, the query that this project began with.
-- Parameters: from, to, first dt, last dt.
SELECT DISTINCT reading_id, ward, bed, device_id, measured_at, systolic, diastolic, severity
FROM readings
WHERE arrived_at >= CAST(? AS timestamp) AND arrived_at < CAST(? AS timestamp) AND dt >= ? AND dt <= ?
  AND (systolic >= 200 OR diastolic >= 120)
ORDER BY measured_at, reading_id
LIMIT 500
