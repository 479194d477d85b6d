/** What can go wrong on purpose, how often, and by which name each service says so. */
export const faultKinds = [
  'throttled',
  'server error',
  'effect then timeout',
  'crash before the call',
  'crash after the call',
  'redelivery',
  'stream late',
  'event lost',
  'event twice',
  'mail twice',
  'mail late',
  'execution killed',
  'delivery outage',
  'query outage',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How often each kind strikes where it can: often enough that a night meets all, seldom enough that retries mostly win. */
export const shares: Record<FaultKind, number> = {
  throttled: 0.002,
  'server error': 0.002,
  'effect then timeout': 0.002,
  'crash before the call': 0.001,
  'crash after the call': 0.001,
  redelivery: 0.02,
  'stream late': 0.01,
  'event lost': 0.2,
  'event twice': 0.05,
  'mail twice': 0.02,
  'mail late': 0.02,
  'execution killed': 1,
  'delivery outage': 1,
  'query outage': 1,
};

/** Those that strike a single call. */
export const kindsOfCalls: readonly FaultKind[] = [
  'throttled',
  'server error',
  'effect then timeout',
  'crash before the call',
  'crash after the call',
];

/** Each service's own names, else the general ones. */
export const throttles: Record<string, string> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  kinesis: 'ProvisionedThroughputExceededException',
  s3: 'SlowDown',
  lambda: 'TooManyRequestsException',
  athena: 'TooManyRequestsException',
  firehose: 'ServiceUnavailableException',
  web: 'Too Many Requests',
};
export const serverErrors: Record<string, string> = {
  lambda: 'ServiceException',
  athena: 'InternalServerException',
  sns: 'InternalErrorException',
  web: 'Internal Server Error',
};
