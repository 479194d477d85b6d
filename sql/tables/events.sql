-- What happened to alerts: one row for each event, one for each page of an event that pages (event_rows of them).
-- Numbered by seq without a gap for each alert_key. Delivered at least once: queries deduplicate by event_id. Times are
-- UTC. arrived_at is the arrival of the reading that opened the alert. page_id is a hash, since a page's own id is the
-- secret of its link. happened is the whole event as JSON and
-- state_hash what the alert was after it, once for each event: sql/histories.sql folds them.
CREATE EXTERNAL TABLE events (
  event_id string,
  alert_key string,
  alert_id string,
  seq bigint,
  event_rows bigint,
  type string,
  occurred_at timestamp,
  round bigint,
  escalation_level string,
  attempt bigint,
  asking string,
  level string,
  ward string,
  bed string,
  policy string,
  clinician_id string,
  role string,
  page_id string,
  purpose string,
  reading_id string,
  reason string,
  execution_name string,
  arrived_at timestamp,
  owner_id string,
  happened string,
  state_hash string
)
PARTITIONED BY (dt string)
STORED AS PARQUET
LOCATION 's3://${ArchiveBucket}/events/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW+1DAY',
  'storage.location.template' = 's3://${ArchiveBucket}/events/dt=${dt}/'
)
