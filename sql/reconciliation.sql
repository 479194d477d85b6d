-- The proof: one row for each check, with how many it looked at (expected), how many were in order (found), how many were
-- not (missing), and the least id of those. The raw values are judged here anew, from the limits that stand in each row,
-- independently of the handlers. Events are read up to the present: what a reading of the window's last second caused
-- happens after the window, and an alert that was open before or is open after it has to come out even as well.
-- A literal behind a tag is the night's: change it to ask of another.
WITH
  checks AS (
    SELECT *
    FROM (
      VALUES
        (1, 'readings are in the archive'),
        (2, 'the open alerts were listed'),
        (3, 'every alarming reading has an alert, a join or a supersession'),
        (4, 'no alarming reading was taken twice'),
        (5, 'every reading that was taken is in the archive'),
        (6, 'no patient had two alerts open at once'),
        (7, 'no alert was raised twice'),
        (8, 'the raising of every alert is known'),
        (9, 'every alert has a page'),
        (10, 'every page has an outcome'),
        (11, 'no event number is missing'),
        (12, 'what the table has open, the events leave open'),
        (13, 'what the events leave open, the table has open'),
        (14, 'no open alert is overdue'),
        (15, 'stored severities are what values and limits say')
    ) AS listed_checks (check_number, check_name)
  ),
  bounds AS (
    SELECT
      TIMESTAMP /*:from*/ '2026-03-02 06:00:00.000' AS from_at,
      TIMESTAMP /*:to*/ '2026-03-03 06:00:00.000' AS to_at,
      -- What is older may lie in a partition that is not read.
      CAST(/*:first_dt*/ '2026-03-01' AS timestamp) + INTERVAL '1' HOUR AS known_from
  ),
  archived AS (
    SELECT *
    FROM (
      SELECT r.*, row_number() OVER (PARTITION BY reading_id ORDER BY arrived_at) AS delivery
      FROM readings AS r
      WHERE dt >= /*:first_dt*/ '2026-03-01' AND dt <= /*:last_dt*/ '2026-03-04'
    ) AS deliveries
    WHERE delivery = 1
  ),
  readings_once AS (
    SELECT archived.* FROM archived CROSS JOIN bounds WHERE arrived_at >= from_at AND arrived_at < to_at
  ),
  trusted_or_not AS (
    SELECT
      r.*,
      IF(systolic > 0, systolic) AS s,
      -- A pressure of zero or less is out of range, and a diastolic above the systolic leaves no pulse pressure.
      (
        systolic IS NULL OR diastolic IS NULL OR systolic - diastolic < 10
        OR systolic < 40 OR systolic > 300 OR diastolic < 20 OR diastolic > 200
        OR coalesce(mean_arterial < diastolic OR mean_arterial > systolic, false)
        OR quality = 'invalid'
      ) AS is_suspect
    FROM readings_once AS r
  ),
  judged AS (
    SELECT
      reading_id,
      severity,
      reads_as,
      is_suspect,
      quality,
      CASE
        WHEN s < emergency_systolic_low OR s >= emergency_systolic_high THEN 'emergency'
        WHEN systolic = 0 OR diastolic = 0
          OR s < critical_systolic_low OR s >= critical_systolic_high OR diastolic >= critical_diastolic_high THEN 'critical'
        WHEN s < warning_systolic_low OR s >= warning_systolic_high OR diastolic >= warning_diastolic_high THEN 'warning'
        ELSE 'normal'
      END AS judged_as
    FROM trusted_or_not
  ),
  alarming AS (
    SELECT reading_id
    FROM judged
    WHERE judged_as IN ('critical', 'emergency') AND coalesce(quality, 'measured') NOT IN ('test', 'demo')
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
  taken AS (
    SELECT reading_id, type, occurred_at
    FROM events_once
    WHERE type IN ('raised', 'joined', 'superseded')
  ),
  -- Late by more than five minutes, and a newer trusted reading of the patient was known then: only these may be set aside.
  overtaken AS (
    SELECT DISTINCT r.reading_id
    FROM taken AS t
    INNER JOIN readings_once AS r ON r.reading_id = t.reading_id
    INNER JOIN archived AS newer ON newer.patient_id = r.patient_id
    WHERE date_diff('millisecond', r.measured_at, r.arrived_at) > 300000
      -- Two clocks: the stream's and the function's.
      AND newer.measured_at > r.measured_at AND newer.arrived_at < t.occurred_at + INTERVAL '1' SECOND
      AND newer.severity <> 'suspect' AND newer.quality NOT IN ('test', 'demo')
  ),
  taken_counts AS (
    SELECT
      a.reading_id,
      count(t.reading_id) AS times,
      count(t.reading_id) FILTER (WHERE t.type <> 'superseded' OR o.reading_id IS NOT NULL) AS rightly
    FROM alarming AS a
    LEFT JOIN taken AS t ON t.reading_id = a.reading_id
    LEFT JOIN overtaken AS o ON o.reading_id = a.reading_id
    GROUP BY a.reading_id
  ),
  listed AS (
    SELECT DISTINCT as_of, alert_id, seq, due_at
    FROM open_alerts
    WHERE dt = /*:open_alerts_dt*/ '2026-03-03' AND run_id = /*:run_id*/ 'night-to-2026-03-03'
  ),
  list_times AS (
    SELECT
      -- A younger alert may not yet have been in the index that the list was read from.
      max(as_of) - INTERVAL '10' SECOND AS complete_to,
      -- The list is read within a minute. Younger events may be on their way, some before others.
      max(as_of) + INTERVAL '1' MINUTE AS settled_to,
      -- Nobody is waited for longer than a quarter of an hour: twice that, with retries and take-overs.
      max(as_of) - INTERVAL '30' MINUTE AS answered_to
    FROM listed
  ),
  numbered AS (
    SELECT
      e.*,
      max(IF(e.occurred_at < b.known_from, e.seq)) OVER (PARTITION BY e.alert_key) AS last_too_old,
      min(IF(e.occurred_at > l.settled_to, e.seq)) OVER (PARTITION BY e.alert_key) AS first_too_young
    FROM events_once AS e
    CROSS JOIN bounds AS b
    CROSS JOIN list_times AS l
    WHERE e.alert_id IS NOT NULL
  ),
  settled AS (
    SELECT
      n.*,
      -- What became of each mail: the next event of the same page says whether it could be sent.
      coalesce(lead(type) OVER (PARTITION BY alert_id, page_id ORDER BY seq), '') AS next_of_page,
      -- A reading that joins, a wait, a take-over and another page answer no page.
      min(IF(type NOT IN ('joined', 'waiting', 'resumed', 'paged'), occurred_at)) OVER (
        PARTITION BY alert_id ORDER BY seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
      ) AS outcome_at
    FROM numbered AS n
    WHERE (last_too_old IS NULL OR seq > last_too_old) AND (first_too_young IS NULL OR seq < first_too_young)
  ),
  of_alert AS (
    SELECT
      alert_key,
      alert_id,
      min(seq) AS first_seq,
      max(seq) AS last_seq,
      min(arrived_at) AS arrived_at,
      max(occurred_at) AS last_at,
      count(*) FILTER (WHERE type = 'raised') AS raisings,
      min(occurred_at) FILTER (WHERE type = 'raised') AS raised_at,
      count(*) FILTER (WHERE type = 'paged') AS pages,
      -- Sent as far as is known, or all were tried, or somebody answered a mail that was taken for lost.
      count(*) FILTER (
        WHERE (type = 'paged' AND (next_of_page <> 'undeliverable' OR rung = 'everyone'))
          OR type IN ('accepted', 'declined')
      ) AS reached,
      min(seq) FILTER (WHERE type = 'closed') AS closed_seq
    FROM settled
    GROUP BY alert_key, alert_id
  ),
  of_event AS (
    SELECT alert_key, seq, max(event_rows) - count(DISTINCT event_id) AS rows_lacking
    FROM settled
    GROUP BY alert_key, seq
  ),
  of_key AS (
    SELECT alert_key, max(seq) - min(seq) + 1 - count(*) + sum(rows_lacking) AS lacking
    FROM of_event
    GROUP BY alert_key
  ),
  alerts AS (
    SELECT
      a.*,
      b.known_from,
      -- Raised just before the list was read: its page may be younger than what is settled.
      coalesce(a.raised_at >= t.complete_to, false) AS is_just_raised,
      -- Open when the list was read, or too young for it.
      l.alert_id IS NOT NULL OR coalesce(a.last_at >= t.complete_to, true) AS may_be_open
    FROM of_alert AS a
    CROSS JOIN bounds AS b
    CROSS JOIN list_times AS t
    LEFT JOIN listed AS l ON l.alert_id = a.alert_id
  ),
  overlapping AS (
    SELECT DISTINCT b.alert_id
    FROM of_alert AS a
    INNER JOIN of_alert AS b ON b.alert_key = a.alert_key AND b.first_seq > a.first_seq
    WHERE a.closed_seq IS NULL OR a.closed_seq >= b.first_seq
  ),
  -- The row of an empty list names no alert: a subject that is null is not counted.
  findings AS (
    SELECT 1 AS check_number, 'readings' AS subject, count(*) > 0 AS holds FROM readings_once
    UNION ALL
    SELECT 2, 'open_alerts', count(*) > 0 FROM listed
    UNION ALL
    SELECT 3, reading_id, rightly > 0 FROM taken_counts
    UNION ALL
    SELECT 4, reading_id, times < 2 FROM taken_counts
    UNION ALL
    SELECT 5, t.reading_id, a.reading_id IS NOT NULL
    FROM taken AS t
    CROSS JOIN bounds
    LEFT JOIN archived AS a ON a.reading_id = t.reading_id
    WHERE t.occurred_at >= from_at AND t.occurred_at < to_at
    UNION ALL
    SELECT 6, a.alert_id, o.alert_id IS NULL
    FROM alerts AS a
    LEFT JOIN overlapping AS o ON o.alert_id = a.alert_id
    UNION ALL
    SELECT 7, alert_id, raisings < 2 FROM alerts
    UNION ALL
    SELECT 8, alert_id, raisings > 0 FROM alerts WHERE arrived_at >= known_from
    UNION ALL
    -- Raised just now, or carried over from an earlier night: no page is missing.
    SELECT 9, alert_id, pages > 0 AND reached > 0 FROM alerts
    WHERE raisings > 0 AND (pages > 0 OR closed_seq IS NOT NULL OR NOT is_just_raised)
    UNION ALL
    SELECT
      10,
      s.event_id,
      coalesce(
        s.outcome_at <= s.occurred_at + INTERVAL '30' MINUTE,
        a.may_be_open AND a.closed_seq IS NULL AND s.occurred_at > t.answered_to
      )
    FROM settled AS s
    INNER JOIN alerts AS a ON a.alert_id = s.alert_id
    CROSS JOIN list_times AS t
    WHERE s.type = 'paged'
    UNION ALL
    SELECT 11, alert_key, lacking = 0 FROM of_key
    UNION ALL
    SELECT 12, l.alert_id, a.last_seq >= l.seq AND (a.closed_seq IS NULL OR a.closed_seq > l.seq)
    FROM listed AS l
    LEFT JOIN of_alert AS a ON a.alert_id = l.alert_id
    UNION ALL
    SELECT 13, alert_id, may_be_open FROM alerts WHERE closed_seq IS NULL
    UNION ALL
    -- Five minutes: a sweep or two, and the index that the sweeper reads.
    SELECT 14, alert_id, due_at > as_of - INTERVAL '5' MINUTE FROM listed
    UNION ALL
    SELECT 15, reading_id, reads_as = judged_as AND severity = IF(is_suspect, 'suspect', judged_as) FROM judged
  )
SELECT
  c.check_name,
  count(f.subject) AS expected,
  count(f.subject) FILTER (WHERE f.holds) AS found,
  count(f.subject) FILTER (WHERE NOT coalesce(f.holds, false)) AS missing,
  min(f.subject) FILTER (WHERE NOT coalesce(f.holds, false)) AS example
FROM checks AS c
LEFT JOIN findings AS f ON f.check_number = c.check_number
GROUP BY c.check_number, c.check_name
ORDER BY c.check_number
