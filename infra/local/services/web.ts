/** What is outside of AWS and takes HTTPS requests: the operations' webhook. It takes whatever comes, and keeps it. */
import type { Account, Service } from '../engine/service.ts';

type Received = { at: number; url: string; contentType: string; body: string };

export type WebService = Service & { readonly received: readonly Received[] };

export function web(account: Account): WebService {
  const received: Received[] = [];
  return {
    id: 'web',
    received,
    operations: {
      Post: {
        options: ['Url', 'ContentType', 'Body'],
        permissions: () => [],
        run({ Url, ContentType, Body }) {
          received.push({ at: account.clock.now(), url: Url, contentType: ContentType, body: Body });
          return { StatusCode: 202 };
        },
      },
    },
    resources: {},
  };
}
