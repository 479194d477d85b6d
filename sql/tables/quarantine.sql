-- What could not be read, with its bytes and the reason: one object each, named by its place in the stream.
CREATE EXTERNAL TABLE quarantine (
  shard_id string,
  sequence_number string,
  item_index bigint,
  arrived_at timestamp,
  reason string,
  partition_key string,
  bytes_base64 string
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://${ArchiveBucket}/quarantine/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW+1DAY',
  'storage.location.template' = 's3://${ArchiveBucket}/quarantine/dt=${dt}/'
)
