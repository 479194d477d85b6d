-- The night in one row: what arrived, what was raised, who answered and how soon. Readings by their arrival in the
-- window, events by their time. An alert's waits, in seconds, run from the arrival of the reading that opened it, to an
-- answer that may come after the window. A person or an alarm that never came is waited for until the window's end.
-- A page or an alarm is one when its mail was published, or the webhook took it: only then it is an event.
-- A literal behind a tag is the night's: change it to ask of another.
WITH
  bounds AS (
    SELECT
      TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000' AS from_at,
      TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' AS to_at
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
  readings_once AS (
    SELECT
      reading_id,
      -- What is withdrawn has none, nor what a later version took the place of by the night's end, nor a test or demonstration.
      min(severity) FILTER (
        WHERE coalesce(quality, 'measured') NOT IN ('test', 'demo', 'withdrawn')
          AND (replaced_at IS NULL OR (replaces AND arrived_at = replaced_at))
      ) AS severity,
      max(IF(unknown_device AND coalesce(quality, 'measured') NOT IN ('test', 'demo'), 1, 0)) AS from_unknown_device
    FROM versions
    CROSS JOIN bounds
    WHERE arrived_at >= from_at AND arrived_at < to_at
    GROUP BY reading_id
  ),
  reading_counts AS (
    SELECT
      count(*) AS archived,
      count(*) FILTER (WHERE severity = 'suspect') AS suspect,
      count(*) FILTER (WHERE severity = 'warning') AS warning,
      count(*) FILTER (WHERE severity = 'critical') AS critical,
      count(*) FILTER (WHERE severity = 'emergency') AS emergency,
      count(*) FILTER (WHERE from_unknown_device = 1) AS from_unknown_devices
    FROM readings_once
  ),
  quarantine_counts AS (
    SELECT count(*) AS quarantined
    FROM (
      SELECT DISTINCT shard_id, sequence_number, item_index
      FROM quarantine
      CROSS JOIN bounds
      WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
        AND arrived_at >= from_at AND arrived_at < to_at
    ) AS q
  ),
  events_once AS (
    SELECT *
    FROM (
      SELECT
        e.*,
        row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) AS delivery
      FROM events AS e
      WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
    ) AS deliveries
    WHERE delivery = 1
  ),
  -- Of a device's alert only that it was raised, of a drill or a check-in nothing: every other figure is of patients.
  night AS (
    SELECT
      alert_id,
      reading_id,
      page_id,
      purpose,
      reason,
      level,
      escalation_level,
      CASE
        WHEN alert_key LIKE 'PATIENT#%' THEN type
        WHEN alert_key LIKE 'DEVICE#%' AND type = 'raised' THEN 'raisedOfDevice'
      END AS type
    FROM events_once
    CROSS JOIN bounds
    WHERE occurred_at >= from_at AND occurred_at < to_at
  ),
  event_counts AS (
    SELECT
      count(DISTINCT alert_id) FILTER (WHERE type = 'raised') AS alerts_opened,
      count(DISTINCT alert_id) FILTER (WHERE type = 'raisedOfDevice') AS technical_alerts,
      count(DISTINCT reading_id) FILTER (WHERE type = 'joined') AS readings_joined,
      count(DISTINCT reading_id) FILTER (WHERE type = 'superseded') AS superseded,
      max_by(
        level,
        CASE level WHEN 'emergency' THEN 4 WHEN 'suspect-emergency' THEN 3 WHEN 'critical' THEN 2 ELSE 1 END
      ) FILTER (WHERE type = 'superseded') AS superseded_worst,
      count(*) FILTER (WHERE type = 'paged' AND purpose IN ('page', 'worse', 'moved')) AS pages_sent,
      -- And whatever else asks anew once somebody had accepted. A reminder is neither.
      count(*) FILTER (
        WHERE type = 'paged' AND purpose IN ('recheck', 'repeat', 'withdrawn', 'handedOver', 'givenBack')
      ) AS recheck_pages,
      -- Of whatever purpose, once each, also where a later mail of the same page went out.
      count(DISTINCT page_id) FILTER (WHERE type = 'undeliverable') AS pages_failed,
      count(*) FILTER (WHERE type = 'accepted') AS accepted,
      -- Five wrong PINs pass a page on as well, but nobody declined.
      count(*) FILTER (WHERE type = 'declined' AND coalesce(reason, '') <> 'wrongPins') AS declined,
      count(DISTINCT alert_id) FILTER (WHERE type = 'escalated' AND escalation_level = 'doctor') AS escalated_to_doctor,
      count(DISTINCT alert_id) FILTER (WHERE type = 'unanswered') AS unanswered
    FROM night
  ),
  -- An open alert has an event each quarter of an hour, or of a device each eight hours, so one carried over from an earlier
  -- night is seen here too.
  open_counts AS (
    SELECT
      count(*) FILTER (WHERE alert_key LIKE 'PATIENT#%') AS open_at_end,
      count(*) FILTER (WHERE alert_key LIKE 'DEVICE#%') AS technical_open_at_end
    FROM (
      SELECT min(alert_key) AS alert_key
      FROM events_once
      CROSS JOIN bounds
      WHERE alert_id IS NOT NULL AND occurred_at < to_at
      GROUP BY alert_id
      HAVING count(*) FILTER (WHERE type IN ('closed', 'setAside')) = 0
    ) AS o
  ),
  alert_times AS (
    SELECT
      f.alert_id,
      min(f.arrived_at) AS arrived_at,
      min(f.occurred_at) FILTER (WHERE f.type = 'paged') AS first_page_at,
      min(f.occurred_at) FILTER (WHERE f.type = 'accepted') AS accepted_at,
      min(f.occurred_at) FILTER (WHERE f.type IN ('accepted', 'closed', 'operationsTold', 'setAside'))
        AS person_or_alarm_at
    FROM events_once AS f
    WHERE f.alert_id IN (SELECT alert_id FROM night WHERE type = 'raised')
    GROUP BY f.alert_id
  ),
  -- An emergency from when a reading made the alert one, which may be later than the alert.
  emergencies AS (
    SELECT
      e.alert_id,
      min(coalesce(v.arrived_at, e.occurred_at)) AS arrived_at,
      min(e.occurred_at) AS known_at
    FROM events_once AS e
    LEFT JOIN (SELECT reading_id, min(arrived_at) AS arrived_at FROM versions GROUP BY reading_id) AS v
      ON v.reading_id = e.reading_id
    WHERE e.type IN ('raised', 'joined') AND e.level IN ('emergency', 'suspect-emergency')
      AND e.alert_key LIKE 'PATIENT#%'
    GROUP BY e.alert_id
  ),
  emergency_waits AS (
    SELECT
      m.alert_id,
      date_diff(
        'millisecond',
        min(m.arrived_at),
        coalesce(
          min(f.occurred_at) FILTER (WHERE f.type IN ('accepted', 'closed', 'operationsTold', 'setAside')),
          min(to_at)
        )
      ) AS person_ms
    FROM emergencies AS m
    INNER JOIN events_once AS f ON f.alert_id = m.alert_id AND f.occurred_at >= m.known_at
    CROSS JOIN bounds
    WHERE m.known_at >= from_at AND m.known_at < to_at
    GROUP BY m.alert_id
  ),
  emergency_figures AS (
    SELECT max(person_ms) / 1E3 AS seconds_to_person_or_alarm_emergency_max
    FROM emergency_waits
  ),
  waits AS (
    SELECT
      date_diff('millisecond', arrived_at, first_page_at) AS page_ms,
      date_diff('millisecond', arrived_at, accepted_at) AS acceptance_ms,
      date_diff('millisecond', arrived_at, coalesce(person_or_alarm_at, to_at)) AS person_ms
    FROM alert_times
    CROSS JOIN bounds
  ),
  ranked AS (
    SELECT
      page_ms,
      acceptance_ms,
      person_ms,
      row_number() OVER (ORDER BY page_ms NULLS LAST) AS page_rank,
      row_number() OVER (ORDER BY acceptance_ms NULLS LAST) AS acceptance_rank,
      count(page_ms) OVER () AS page_count,
      count(acceptance_ms) OVER () AS acceptance_count
    FROM waits
  ),
  -- Percentiles by nearest rank: each is a wait that somebody had.
  wait_figures AS (
    SELECT
      min(page_ms) FILTER (WHERE page_rank * 100 >= 50 * page_count) / 1E3 AS seconds_to_first_page_p50,
      min(page_ms) FILTER (WHERE page_rank * 100 >= 99 * page_count) / 1E3 AS seconds_to_first_page_p99,
      max(page_ms) / 1E3 AS seconds_to_first_page_max,
      min(acceptance_ms) FILTER (WHERE acceptance_rank * 100 >= 50 * acceptance_count) / 1E3
        AS seconds_to_acceptance_p50,
      min(acceptance_ms) FILTER (WHERE acceptance_rank * 100 >= 99 * acceptance_count) / 1E3
        AS seconds_to_acceptance_p99,
      max(acceptance_ms) / 1E3 AS seconds_to_acceptance_max,
      max(person_ms) / 1E3 AS seconds_to_person_or_alarm_max
    FROM ranked
  )
SELECT
  r.archived + q.quarantined AS readings,
  r.archived,
  q.quarantined,
  r.suspect,
  r.warning,
  r.critical,
  r.emergency,
  e.alerts_opened,
  e.readings_joined,
  e.superseded,
  e.technical_alerts,
  o.technical_open_at_end,
  e.pages_sent,
  e.recheck_pages,
  e.pages_failed,
  e.accepted,
  e.declined,
  e.escalated_to_doctor,
  e.unanswered,
  o.open_at_end,
  e.superseded_worst,
  r.from_unknown_devices,
  w.seconds_to_first_page_p50,
  w.seconds_to_first_page_p99,
  w.seconds_to_first_page_max,
  w.seconds_to_acceptance_p50,
  w.seconds_to_acceptance_p99,
  w.seconds_to_acceptance_max,
  w.seconds_to_person_or_alarm_max,
  m.seconds_to_person_or_alarm_emergency_max
FROM reading_counts AS r
CROSS JOIN quarantine_counts AS q
CROSS JOIN event_counts AS e
CROSS JOIN open_counts AS o
CROSS JOIN wait_figures AS w
CROSS JOIN emergency_figures AS m
