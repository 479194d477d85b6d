/** Resource types of the template that have no behaviour on this machine, each with the reason. */
export const inertTypes: readonly { type: string; reason: string }[] = [
  {
    type: 'AWS::CloudWatch::Alarm',
    reason:
      'alarms watch metrics that AWS measures; that each has its impact and runbook heading is a test of the template',
  },
  {
    type: 'AWS::Logs::LogGroup',
    reason: 'log lines are kept in memory; retention and encryption are properties at rest',
  },
  {
    type: 'AWS::Logs::LogStream',
    reason: 'Firehose writes why a delivery failed into it; here that is a line of the event log',
  },
];
