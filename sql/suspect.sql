-- Readings that were not to be trusted, by ward and device.
-- Parameters: from, to, first dt, last dt.
SELECT
  ward,
  device_id,
  count(DISTINCT reading_id) AS suspect,
  count(DISTINCT reading_id) FILTER (WHERE level IS NOT NULL) AS alarming,
  max(measured_at) AS last_measured_at
FROM readings
WHERE arrived_at >= CAST(? AS timestamp) AND arrived_at < CAST(? AS timestamp) AND dt >= ? AND dt <= ?
  AND severity = 'suspect'
GROUP BY ward, device_id
ORDER BY suspect DESC, ward, device_id
LIMIT 100
