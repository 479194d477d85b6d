-- The devices that measured a patient in the window, each once. A test or a demonstration says nothing of a patient,
-- and what corrects or withdraws a reading does not come from its device.
-- A literal behind a tag is the night's: change it to ask of another.
SELECT DISTINCT device_id
FROM readings
WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
  AND arrived_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
  AND arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'
  AND coalesce(quality, 'measured') NOT IN ('test', 'demo', 'withdrawn')
  AND NOT coalesce(replaces, false)
  AND coalesce(assumed, '') NOT LIKE '%redriven%'
ORDER BY device_id
