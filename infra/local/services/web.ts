/** What is outside of AWS and takes HTTPS requests: the operations' webhook. It keeps whatever it takes. */
import type { Account, Service } from '../engine/service.ts';

type Received = { at: number; url: string; contentType: string; body: string };

/** With what status it answers, and after how long. */
type Behaviour = { status: number; afterMs: number };

export type WebService = Service & {
  readonly received: readonly Received[];
  /** From now on it answers like this; what it answers with an error, it has not taken. */
  behave(how: Partial<Behaviour>): void;
};

const healthy: Behaviour = { status: 202, afterMs: 0 };

export function web(account: Account): WebService {
  const received: Received[] = [];
  let behaviour = healthy;
  return {
    id: 'web',
    received,
    behave: (how) => {
      behaviour = { ...healthy, ...how };
    },
    operations: {
      Post: {
        options: ['Url', 'ContentType', 'Body'],
        permissions: () => [],
        async run({ Url, ContentType, Body }) {
          const { status, afterMs } = behaviour;
          if (afterMs > 0) await account.clock.sleep(afterMs);
          if (status < 300)
            received.push({ at: account.clock.now(), url: Url, contentType: ContentType, body: Body });
          return { StatusCode: status };
        },
      },
    },
    resources: {},
  };
}
