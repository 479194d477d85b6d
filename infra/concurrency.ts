/** How many functions an account runs at the same time, and how many of them the consumer of the stream may be. */

/** 4 shards of 4 batches of 100 readings, each about a second: 1,600 readings a second, for a backlog after an outage. */
export const fullFactor = 4;

/** A stream on demand begins with 4 MB a second, 1 for each shard. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const firstShards = 4;

/** Each of the two pages of links: thirty clinicians who open one in the same second, each with a scanner before them, twice over. */
export const fullPageConcurrency = 120;

/** Lambda keeps these for functions that reserve none. https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const neverReserved = 100;

/**
 * What has to run at the same moment as the consumer, or people are not paged, or get an error when they answer: a step of
 * each of two escalations, an answer, the sweeper, and one each to archive readings and events.
 */
export const needs = 6;

/** In the account and region that is deployed to. */
export type AccountConcurrency = {
  /** Functions that may run at once. A new account may have 10, where the usual is 1,000. */
  limit: number;
  /** What of them no function has reserved: what the consumer shares with paging. */
  unreserved: number;
  /** What Vigil's two pages of links have reserved already, together. */
  pages: number;
  openShards: number;
};

/**
 * What each page may reserve, so that a flood of requests cannot take the pager's functions; 0 where Lambda would refuse it,
 * since the account is too small or others have reserved too much of it.
 */
export function pagesShare(account: AccountConcurrency): number {
  return withPages(account, fullPageConcurrency).unreserved >= neverReserved ? fullPageConcurrency : 0;
}

/** The account when each of its pages will have reserved that much, whatever they have now. */
export function withPages(account: AccountConcurrency, ofEach: number): AccountConcurrency {
  const pages = 2 * ofEach;
  return { ...account, pages, unreserved: account.unreserved + account.pages - pages };
}

export type Share = {
  factor: number;
  /** What the consumer is at most, and what is left for all other functions. */
  atMost: number;
  left: number;
  verdict: 'tooLittle' | 'tight' | 'enough';
};

/**
 * Half is for the consumer, as every batch of it may raise alerts whose steps need the other half; but one batch of a shard is
 * the least. That judges 100 readings a second, 6,000 patients measured each minute. `stated` is taken as it is.
 */
export function consumersShare(
  { unreserved, openShards }: Pick<AccountConcurrency, 'unreserved' | 'openShards'>,
  stated?: number,
): Share {
  const half = Math.floor(unreserved / 2 / openShards);
  const factor = stated ?? Math.max(1, Math.min(half, fullFactor));
  const atMost = openShards * factor;
  const left = unreserved - atMost;
  const roomForAll = half >= fullFactor ? 'enough' : 'tight';
  return { factor, atMost, left, verdict: left < needs ? 'tooLittle' : roomForAll };
}

const advice = {
  tooLittle: `That is too little: paging, answers, the sweeper and the archive need ${needs} at the same moment.`,
  tight:
    'That is tight: when many patients are critical at once, a page that finds no room goes on to the next person.',
};

const raiseTheQuota = `Raise the quota "Concurrent executions" of AWS Lambda (L-B99A9384) to the usual 1,000, and deploy again:
  aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000`;

/** For whoever deploys to an account that has no room for the pages' share. */
export const nothingForPages =
  'No capacity is reserved for the pages behind links: a flood of requests from outside may take what paging needs.';

/** What an account allows, for whoever deploys; with the quota to raise, unless there is enough for everything. */
export function inWords({ limit, unreserved, openShards }: AccountConcurrency, share: Share): string {
  const reserved = limit > unreserved ? `; ${limit - unreserved} of them are reserved` : '';
  const batches = share.factor === 1 ? '1 batch' : `${share.factor} batches`;
  return [
    `AWS Lambda runs at most ${limit} functions at once in this account and region${reserved}.`,
    `The consumer takes at most ${share.atMost} of them (${openShards} shards, ${batches} of each); ${Math.max(0, share.left)} are left for all others.`,
    ...(share.verdict === 'enough' ? [] : [advice[share.verdict], raiseTheQuota]),
  ].join('\n');
}

/** As `inWords`, for an account that could not be looked up. */
export function notKnownInWords(why: string, factor: number): string {
  return `Could not look up how many functions AWS Lambda runs at once in this account and region (${why}).
A new account may have only 10, so the consumer takes ${factor === 1 ? '1 batch' : `${factor} batches`} of each shard at once.
--context parallelizationFactor=NUMBER sets another number; the usual is ${fullFactor}.
${nothingForPages} --context pageConcurrency=${fullPageConcurrency} reserves the usual number.`;
}
