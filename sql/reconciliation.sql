-- The proof: one row for each check, with how many it looked at (expected), how many were in order (found), how many
-- were not (missing), and the least id of those. The raw values are judged here anew, from the limits that stand in
-- each row, independently of the handlers. Events are read up to the present: what a reading of the window's last
-- second caused happens after the window, and an alert that was open before or is open after it has to come out even
-- as well. A literal behind a tag is the night's: change it to ask of another.
--
-- Athena reads a table anew wherever its name stands, also within what is named here, so that few things are used
-- twice: first the readings, each with how it was taken, then the events of alerts, each with what came of its alert
-- and with the alert's line in the list of the open ones. Each of those rows is asked by the checks that it concerns.
WITH
  -- The third column is what the first two checks ask for: that there is any at all.
  checks AS (
    SELECT *
    FROM (
      VALUES
        (1, 'readingsInArchive', 'readings'),
        (2, 'openAlertsListed', 'open_alerts'),
        (3, 'alarmingReadingsTaken', NULL),
        (4, 'alarmingReadingsTakenOnce', NULL),
        (5, 'takenReadingsInArchive', NULL),
        (6, 'oneOpenAlertPerPatient', NULL),
        (7, 'alertsRaisedOnce', NULL),
        (8, 'raisingsKnown', NULL),
        (9, 'needsPaged', NULL),
        (10, 'pagesHaveOutcome', NULL),
        (11, 'eventNumbersComplete', NULL),
        (12, 'openInTableOpenByEvents', NULL),
        (13, 'openByEventsOpenInTable', NULL),
        (14, 'openAlertsNotOverdue', NULL),
        (15, 'alertsReadable', NULL),
        (16, 'severitiesAsJudged', NULL)
    ) AS listed_checks (check_number, check_name, at_least_one)
  ),
  archived AS (
    SELECT
      *,
      -- One that does not say when it came is asked, whatever night it is of.
      coalesce(
        arrived_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
          AND arrived_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000',
        true
      ) AS is_of_window
    FROM (
      SELECT r.*, row_number() OVER (PARTITION BY reading_id ORDER BY arrived_at) AS delivery
      FROM readings AS r
      WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
    ) AS deliveries
    WHERE delivery = 1
  ),
  trusted_or_not AS (
    SELECT
      a.*,
      IF(systolic > 0, systolic) AS s,
      -- A pressure of zero or less is out of range, and a diastolic above the systolic leaves no pulse pressure.
      (
        systolic IS NULL OR diastolic IS NULL OR systolic - diastolic < 10
        OR systolic < 40 OR systolic > 300 OR diastolic < 20 OR diastolic > 200
        OR coalesce(mean_arterial < diastolic OR mean_arterial > systolic, false)
        OR quality = 'invalid'
      ) AS is_suspect
    FROM archived AS a
  ),
  judged AS (
    SELECT
      t.*,
      CASE
        WHEN s < emergency_systolic_low OR s >= emergency_systolic_high THEN 'emergency'
        WHEN systolic = 0 OR diastolic = 0 THEN 'critical'
        -- A mean that comes alone: that of shock.
        WHEN coalesce(systolic, -1) < 0 AND coalesce(diastolic, -1) < 0 AND mean_arterial < 65 THEN 'critical'
        WHEN s < critical_systolic_low OR s >= critical_systolic_high THEN 'critical'
        WHEN diastolic >= critical_diastolic_high THEN 'critical'
        WHEN s < warning_systolic_low OR s >= warning_systolic_high THEN 'warning'
        WHEN diastolic >= warning_diastolic_high THEN 'warning'
        ELSE 'normal'
      END AS judged_as
    FROM trusted_or_not AS t
  ),
  events_once AS (
    SELECT *
    FROM (
      SELECT e.*, row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) AS delivery
      FROM events AS e
      WHERE dt >= /*:first_dt*/ '2026-03-01'
    ) AS deliveries
    WHERE delivery = 1
  ),
  -- Set aside, and rightly: late by five minutes to a day, and certainly the older one. Its device was not heard between
  -- its measuring and its arrival, and delivered with it, half a minute apart at most, a trusted reading just measured.
  -- Both are named: a device that stands for its patient may have been put on the next one.
  overtaken AS (
    SELECT r.reading_id
    FROM events_once AS e
    INNER JOIN archived AS r ON r.reading_id = e.reading_id
    INNER JOIN archived AS other ON other.device_id = r.device_id
    WHERE e.type = 'superseded'
      AND r.both_named
      AND date_diff('millisecond', r.measured_at, r.arrived_at) > 300000
      AND date_diff('millisecond', r.measured_at, r.arrived_at) <= 86400000
    GROUP BY r.reading_id
    HAVING count(*) FILTER (
        WHERE date_diff('millisecond', other.measured_at, r.arrived_at) <= 30000
          AND date_diff('millisecond', r.arrived_at, other.arrived_at) >= -30000
          AND date_diff('millisecond', r.arrived_at, other.arrived_at) <= 30000
          AND date_diff('millisecond', other.arrived_at, other.measured_at) <= 300000
          -- Two clocks: the stream's and the function's.
          AND other.arrived_at < e.occurred_at + INTERVAL '1' SECOND
          AND other.patient_id = r.patient_id
          AND other.severity <> 'suspect' AND other.quality NOT IN ('questionable', 'test', 'demo', 'withdrawn')
      ) > 0
      AND count(*) FILTER (
        WHERE date_diff('millisecond', r.measured_at, other.arrived_at) > 300000
          AND date_diff('millisecond', other.arrived_at, r.arrived_at) > 30000
          -- What corrects a measurement does not come from the device.
          AND NOT coalesce(other.replaces, false)
      ) = 0
  ),
  -- Each taking of a reading, with how often it was taken altogether.
  taken AS (
    SELECT
      reading_id,
      occurred_at,
      row_number() OVER (PARTITION BY reading_id ORDER BY event_id) AS taking,
      count(*) OVER (PARTITION BY reading_id) AS times,
      count(IF(type <> 'superseded', 1)) OVER (PARTITION BY reading_id) AS times_raised
    FROM events_once
    -- An alert that was raised again in place of one that could not be read has no reading of its own, a device's fault is
    -- none, and drills and check-ins are of no patient.
    WHERE type IN ('raised', 'joined', 'superseded')
      AND coalesce(reason, '') <> 'unreadable'
      AND coalesce(alert_key, 'PATIENT#') LIKE 'PATIENT#%'
  ),
  -- A reading with each of its takings, or without any. A taking whose reading the archive lacks stands alone.
  readings_and_takings AS (
    SELECT
      coalesce(r.reading_id, t.reading_id) AS reading_id,
      r.reading_id IS NOT NULL AS is_archived,
      -- A reading that was taken twice stands here twice, and is asked once.
      r.is_of_window AND coalesce(t.taking, 1) = 1 AS is_asked,
      r.judged_as IN ('critical', 'emergency')
        AND coalesce(r.quality, 'measured') NOT IN ('test', 'demo', 'withdrawn') AS is_alarming,
      r.reads_as = r.judged_as AND r.severity = IF(r.is_suspect, 'suspect', r.judged_as) AS is_stored_rightly,
      coalesce(t.times, 0) AS times,
      coalesce(t.times_raised, 0) > 0 OR o.reading_id IS NOT NULL AS is_taken_rightly,
      t.occurred_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
        AND t.occurred_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' AS is_taken_in_window
    FROM judged AS r
    FULL JOIN taken AS t ON t.reading_id = r.reading_id
    LEFT JOIN overtaken AS o ON o.reading_id = r.reading_id
  ),
  reading_findings AS (
    SELECT
      n.check_number,
      r.reading_id AS subject,
      -- Null where the check does not concern the row.
      CASE n.check_number
        WHEN 1 THEN IF(is_asked, true)
        WHEN 3 THEN IF(is_asked AND is_alarming, is_taken_rightly)
        WHEN 4 THEN IF(is_asked AND is_alarming, times < 2)
        WHEN 5 THEN IF(is_taken_in_window, is_archived)
        WHEN 16 THEN IF(is_asked, coalesce(is_stored_rightly, false))
      END AS holds
    FROM readings_and_takings AS r
    CROSS JOIN UNNEST(ARRAY[1, 3, 4, 5, 16]) AS n (check_number)
  ),
  listed AS (
    -- Without a number: its item could not be read.
    SELECT DISTINCT as_of, alert_id, seq, due_at
    FROM open_alerts
    WHERE dt = /*:open_alerts_dt*/ '2026-03-03' AND run_id = /*:run_id*/ 'night-to-2026-03-03'
  ),
  bounds AS (
    SELECT
      -- What is older may lie in a partition that is not read.
      CAST(/*:first_dt*/ '2026-03-01' AS timestamp) + INTERVAL '1' HOUR AS known_from,
      -- A younger alert may not yet have been in the index that the list was read from.
      max(as_of) - INTERVAL '10' SECOND AS complete_to,
      -- The list is read within a minute. Younger events may be on their way, some before others.
      max(as_of) + INTERVAL '1' MINUTE AS settled_to,
      -- Nobody is waited for longer than a quarter of an hour: twice that, with retries and take-overs.
      max(as_of) - INTERVAL '30' MINUTE AS answered_to,
      -- Of a device the last level waits for eight hours.
      max(as_of) - INTERVAL '9' HOUR AS device_answered_to
    FROM listed
  ),
  numbered AS (
    SELECT
      e.*,
      b.*,
      max(IF(e.occurred_at < b.known_from, e.seq)) OVER (PARTITION BY e.alert_key) AS last_too_old,
      min(IF(e.occurred_at > b.settled_to, e.seq)) OVER (PARTITION BY e.alert_key) AS first_too_young
    FROM events_once AS e
    CROSS JOIN bounds AS b
    WHERE e.alert_id IS NOT NULL
  ),
  -- The events that can be relied on, each with what came after it.
  settled AS (
    SELECT
      n.*,
      -- A reading that joins or is withdrawn, a wait, a pause, a take-over, a message to the operations, another page, sent
      -- or not, and that somebody need not come answer no page.
      min(
        IF(
          type NOT IN (
            'joined', 'withdrawn', 'waiting', 'deferred', 'backedOff', 'resumed', 'asking', 'paged', 'undeliverable',
            'operationsTold', 'stoodDown'
          ),
          occurred_at
        )
      ) OVER (
        PARTITION BY alert_key, alert_id ORDER BY seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
      ) AS outcome_at,
      min(seq) OVER (PARTITION BY alert_key, alert_id) AS first_seq,
      min(IF(type IN ('closed', 'setAside'), seq)) OVER (PARTITION BY alert_key, alert_id) AS closed_seq,
      -- An event that pages several people has a row for each of them.
      row_number() OVER (PARTITION BY alert_key, seq ORDER BY event_id) AS row_of_event,
      max(event_rows) OVER (PARTITION BY alert_key, seq) AS rows_of_event
    FROM numbered AS n
    WHERE (last_too_old IS NULL OR seq > last_too_old) AND (first_too_young IS NULL OR seq < first_too_young)
  ),
  -- Beside each event, what came of its alert and of its patient.
  followed AS (
    SELECT
      s.*,
      row_number() OVER (PARTITION BY alert_key, alert_id ORDER BY seq, event_id) = 1 AS is_first_of_alert,
      max(seq) OVER alert AS last_seq,
      min(arrived_at) OVER alert AS first_arrived_at,
      max(occurred_at) OVER alert AS last_at,
      count(IF(type = 'raised', 1)) OVER alert AS raisings,
      row_number() OVER (PARTITION BY alert_key, alert_id, round ORDER BY seq, event_id) = 1 AS is_first_of_round,
      min(IF(type IN ('raised', 'interrupted', 'rechecked', 'handedOver', 'givenBack'), occurred_at))
        OVER round_of_alert AS round_began_at,
      -- A mail was published, or somebody answered one whose record was lost, or closed by the link of an earlier round,
      -- or the need is that of the alert that was raised in its place. Of a device the operations are the last level, and a drill
      -- or check-in that reaches nobody has shown just that, and they are told.
      count(
        IF(
          type IN ('paged', 'accepted', 'declined', 'setAside')
            OR (type = 'closed' AND round > 1)
            OR (type = 'operationsTold' AND alert_key LIKE 'DEVICE#%')
            OR (type = 'closed' AND reason = 'missed'),
          1
        )
      ) OVER round_of_alert AS reached,
      count(IF(type IN ('paged', 'accepted', 'declined', 'closed', 'setAside'), 1)) OVER (
        PARTITION BY alert_key, alert_id, round ORDER BY seq, event_id
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
      ) AS reached_after,
      count(IF(closed_seq IS NULL, 1)) OVER earlier_alerts AS left_open,
      max(closed_seq) OVER earlier_alerts AS last_closed_seq,
      row_number() OVER (PARTITION BY alert_key ORDER BY seq, event_id) = 1 AS is_first_of_key,
      -- Each number once, and each further row of an event, less the rows that are there.
      max(seq) OVER patient - min(seq) OVER patient + 1
        + sum(IF(row_of_event = 1, rows_of_event - 1)) OVER patient - count(*) OVER patient AS lacking
    FROM settled AS s
    WINDOW
      alert AS (PARTITION BY alert_key, alert_id),
      round_of_alert AS (PARTITION BY alert_key, alert_id, round),
      earlier_alerts AS (
        PARTITION BY alert_key ORDER BY first_seq RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ),
      patient AS (PARTITION BY alert_key)
  ),
  -- Each event with its alert's line in the list. A line whose alert has no event stands alone, and so does that of an
  -- empty list, which names no alert.
  events_and_lines AS (
    SELECT
      e.*,
      l.as_of,
      l.alert_id AS listed_id,
      l.seq AS listed_seq,
      l.due_at,
      l.alert_id IS NOT NULL AND coalesce(e.is_first_of_alert, true) AS is_first_of_line,
      l.alert_id IS NOT NULL AND l.seq IS NULL AS is_unreadable,
      coalesce(left_open > 0 OR last_closed_seq >= first_seq, false) AS has_overlap,
      -- Begun just before the list was read: its page may be younger than what is settled.
      coalesce(e.round_began_at >= e.complete_to, false) AS has_just_begun,
      -- Open when the list was read, or too young for it.
      l.alert_id IS NOT NULL OR coalesce(e.last_at >= e.complete_to, true) AS may_be_open
    FROM followed AS e
    FULL JOIN listed AS l ON l.alert_id = e.alert_id
  ),
  alert_findings AS (
    SELECT
      n.check_number,
      CASE n.check_number
        WHEN 2 THEN 'open_alerts'
        WHEN 10 THEN event_id
        WHEN 11 THEN alert_key
        ELSE coalesce(alert_id, listed_id)
      END AS subject,
      -- Null where the check does not concern the row.
      CASE n.check_number
        WHEN 2 THEN IF(as_of IS NOT NULL, true)
        WHEN 6 THEN IF(is_first_of_alert, NOT has_overlap)
        WHEN 7 THEN IF(is_first_of_alert, raisings < 2)
        WHEN 8 THEN IF(is_first_of_alert AND coalesce(first_arrived_at >= known_from, true), raisings > 0)
        -- Each round asks for an answer. One that begins just now, or of an alert of an earlier night, lacks no page.
        -- Worse news within a round is a need of its own, whoever had a mail before.
        WHEN 9 THEN
          CASE
            WHEN type = 'asking' AND reason = 'worse' AND occurred_at < answered_to THEN reached_after > 0
            WHEN is_first_of_round AND raisings > 0 AND (reached > 0 OR NOT has_just_begun) THEN reached > 0
          END
        WHEN 10 THEN
          -- A mail that was under way when it was closed has its outcome.
          IF(
            type = 'paged' AND coalesce(seq < closed_seq, true),
            coalesce(
              outcome_at
                <= occurred_at + IF(alert_key LIKE 'DEVICE#%', INTERVAL '9' HOUR, INTERVAL '30' MINUTE),
              may_be_open
                AND closed_seq IS NULL
                AND occurred_at > IF(alert_key LIKE 'DEVICE#%', device_answered_to, answered_to),
              false
            )
          )
        WHEN 11 THEN IF(is_first_of_key, coalesce(lacking = 0, false))
        WHEN 12 THEN
          IF(
            is_first_of_line AND NOT is_unreadable,
            coalesce(last_seq >= listed_seq AND (closed_seq IS NULL OR closed_seq > listed_seq), false)
          )
        WHEN 13 THEN IF(is_first_of_alert AND closed_seq IS NULL, may_be_open)
        -- Five minutes: a sweep or two, and the index that the sweeper reads.
        WHEN 14 THEN IF(is_first_of_line, coalesce(due_at > as_of - INTERVAL '5' MINUTE, false))
        -- It was set aside in this night, or will be when it is due.
        WHEN 15 THEN
          CASE
            WHEN type = 'setAside' THEN
              NOT (
                occurred_at >= TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000'
                AND occurred_at < TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000'
              )
            WHEN is_first_of_line OR is_first_of_alert THEN NOT is_unreadable
          END
      END AS holds
    FROM events_and_lines
    CROSS JOIN UNNEST(ARRAY[2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]) AS n (check_number)
  ),
  findings AS (
    SELECT check_number, subject, holds FROM reading_findings
    UNION ALL
    SELECT check_number, subject, holds FROM alert_findings
  ),
  tallies AS (
    SELECT
      check_number,
      count(*) AS expected,
      count(*) FILTER (WHERE holds) AS found,
      min(subject) FILTER (WHERE NOT holds) AS example
    FROM findings
    WHERE holds IS NOT NULL
    GROUP BY check_number
  )
SELECT
  c.check_name,
  IF(c.at_least_one IS NULL, coalesce(t.expected, 0), 1) AS expected,
  IF(c.at_least_one IS NULL, coalesce(t.found, 0), IF(t.found > 0, 1, 0)) AS found,
  IF(c.at_least_one IS NULL, coalesce(t.expected - t.found, 0), IF(t.found > 0, 0, 1)) AS missing,
  IF(t.found IS NULL, c.at_least_one, t.example) AS example
FROM checks AS c
LEFT JOIN tallies AS t ON t.check_number = c.check_number
ORDER BY c.check_number
