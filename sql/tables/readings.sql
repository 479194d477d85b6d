-- Every reading that arrived, once or more often (delivery is at least once: queries deduplicate by reading_id), with
-- the policy, its version and the limits that it was judged by. A row that replaces amends, corrects or withdraws what
-- was sent of the measurement before, which is known by its own id, and without one by device and time. Pressures in
-- mmHg, pulse in beats per minute, times UTC.
CREATE EXTERNAL TABLE readings (
  reading_id string,
  device_id string,
  patient_id string,
  both_named boolean,
  ward string,
  bed string,
  cohort string,
  age_years double,
  source string,
  measured_at timestamp,
  arrived_at timestamp,
  systolic double,
  diastolic double,
  mean_arterial double,
  pulse double,
  quality string,
  severity string,
  reads_as string,
  level string,
  late boolean,
  policy string,
  policy_version string,
  emergency_systolic_low double,
  emergency_systolic_high double,
  critical_systolic_low double,
  critical_systolic_high double,
  critical_diastolic_high double,
  warning_systolic_low double,
  warning_systolic_high double,
  warning_diastolic_high double,
  unknown_device boolean,
  assumed string,
  measurement_id string,
  replaces boolean
)
PARTITIONED BY (dt string)
STORED AS PARQUET
LOCATION 's3://${ArchiveBucket}/readings/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW+1DAY',
  'storage.location.template' = 's3://${ArchiveBucket}/readings/dt=${dt}/'
)
