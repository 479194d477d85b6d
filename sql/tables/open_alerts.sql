-- Which alerts the table had open when a report began: one row an alert, one file a run (run_id). Without an open alert
-- the file holds one row whose alert_id is null, so that a list that was never written is told from an empty one.
CREATE EXTERNAL TABLE open_alerts (
  run_id string,
  as_of timestamp,
  alert_id string,
  alert_key string,
  seq bigint,
  ward string,
  bed string,
  level string,
  deadline timestamp,
  due_at timestamp,
  state_hash string
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${ArchiveBucket}/open-alerts/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW+1DAY',
  'storage.location.template' = 's3://${ArchiveBucket}/open-alerts/dt=${dt}/'
)
