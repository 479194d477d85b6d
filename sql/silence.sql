-- Devices that spoke in the window and then fell silent for more than four hours before its end.
-- Parameters: from, to, first dt, last dt, to.
SELECT device_id, min(ward) AS ward, min(bed) AS bed, max(arrived_at) AS last_arrived_at, count(DISTINCT reading_id) AS readings
FROM readings
WHERE arrived_at >= CAST(? AS timestamp) AND arrived_at < CAST(? AS timestamp) AND dt >= ? AND dt <= ?
GROUP BY device_id
HAVING max(arrived_at) < CAST(? AS timestamp) - INTERVAL '4' HOUR
ORDER BY last_arrived_at DESC, device_id
LIMIT 100
