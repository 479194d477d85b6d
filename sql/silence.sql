-- Devices that measured in the window, and not as a test or demonstration, and then fell silent for more than four hours
-- before its end. What corrects or withdraws a reading does not come from its device, nor what is re-driven.
-- A literal behind a tag is the night's: change it to ask of another.
SELECT
  device_id,
  max_by(ward, arrived_at) AS ward,
  max_by(coalesce(bed, 'unknown'), arrived_at) AS bed,
  max(arrived_at) AS last_arrived_at,
  count(DISTINCT reading_id) AS readings
FROM readings
WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
  AND arrived_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
  AND arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'
  AND NOT coalesce(replaces, false)
  AND coalesce(assumed, '') NOT LIKE '%redriven%'
  AND coalesce(quality, 'measured') NOT IN ('test', 'demo', 'withdrawn')
GROUP BY device_id
HAVING max(arrived_at) < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' - INTERVAL '4' HOUR
ORDER BY last_arrived_at DESC, device_id
LIMIT 100
