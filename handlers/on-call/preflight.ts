/** Whether those who are asked within the hour would hear of it: looked at each hour, so that no alert is the first to find out. */
import { z } from 'zod';
import { listed, type Mail } from '../mail/text.ts';
import { oneLine } from '../naming/one-line.ts';
import { later } from '../time/instant.ts';
import { coverage } from './coverage.ts';
import { onCallForWard } from './on-call.ts';
import type { AnyRoster } from './roster.ts';

/** A run each hour, perhaps a quarter of an hour late, sees every change of shift before it comes. */
const AHEAD_SECONDS = 75 * 60;
/** A mailbox that mail reached so long ago may be gone: SNS goes on saying that it was confirmed. */
const PROVED_DAYS = 30;

/**
 * `notConfirmed`: pages to them go to the next person. `uncovered`: a level of a ward has nobody. `endsByLink`: whoever opens the
 * link below a mail, a scanner perhaps, ends their subscription. `notProved`: no mail was answered for a while. `noText`: their
 * telephone gets no text messages.
 */
const Kind = z.enum(['notConfirmed', 'uncovered', 'endsByLink', 'notProved', 'noText']);

/** What is not as it should be, and of whom: a clinician's id, or a level of a ward. */
export const PreflightProblem = z.strictObject({
  is: Kind,
  of: z.string(),
  /** When the operations were told. */
  toldAt: z.iso.datetime().exactOptional(),
});
export type PreflightProblem = z.infer<typeof PreflightProblem>;

/** The item of the last run. */
export const PREFLIGHT_KEY = 'PREFLIGHT#hospital';
export const Preflight = z.object({ checkedAt: z.iso.datetime(), problems: z.array(PreflightProblem) });
export type Preflight = z.infer<typeof Preflight>;

/** How mail reaches somebody: by which subscription, and when it last was certain to. */
export type Reach = {
  subscription: 'confirmed' | 'endsByLink' | 'notConfirmed';
  reachedAt?: string;
  noText?: boolean;
};

/** Whoever is on call now, or after the next change of shift. */
export function aboutToBeAsked(roster: AnyRoster, now: string): AnyRoster['clinicians'] {
  const until = later(now, AHEAD_SECONDS);
  const changes = coverage(roster, now, until).flatMap(({ stretches }) => stretches.map(({ from }) => from));
  const instants = [...new Set([...changes, until])];
  const people = instants.flatMap((at) => roster.wards.flatMap(({ id }) => onCallForWard(roster, id, at)));
  return [...new Set(people)];
}

/** Of somebody who was asked to confirm only now, or could not be looked up, nothing is known, and nothing said. */
export function preflightProblems(
  roster: AnyRoster,
  reach: ReadonlyMap<string, Reach>,
  now: string,
): PreflightProblem[] {
  const uncovered = coverage(roster, now, later(now, AHEAD_SECONDS)).filter(
    ({ rotations, stretches }) => rotations > 0 && stretches.some(({ people }) => people.length === 0),
  );
  const ofPeople = aboutToBeAsked(roster, now).flatMap(({ id }): PreflightProblem[] => {
    const known = reach.get(id);
    if (!known) return [];
    const noText: PreflightProblem[] = known.noText ? [{ is: 'noText', of: id }] : [];
    if (known.subscription === 'notConfirmed') return [{ is: 'notConfirmed', of: id }, ...noText];
    const isProved = known.reachedAt !== undefined && known.reachedAt > later(now, -PROVED_DAYS * 86_400);
    return [
      ...(known.subscription === 'endsByLink' ? [{ is: 'endsByLink', of: id } as const] : []),
      ...(isProved ? [] : [{ is: 'notProved', of: id } as const]),
      ...noText,
    ];
  });
  return [
    ...uncovered.map(({ ward, level }): PreflightProblem => ({ is: 'uncovered', of: `${level} of ${ward}` })),
    ...ofPeople,
  ];
}

/** Somebody is not reached now: the alarm's to say, and the webhook's. The rest can wait for the day. */
export function isUnreachable({ is }: PreflightProblem): boolean {
  return is === 'notConfirmed' || is === 'uncovered';
}

/** The same problems, with what is known of when they were told: one that had gone is told anew. */
export function asTold(
  problems: readonly PreflightProblem[],
  before: readonly PreflightProblem[],
): PreflightProblem[] {
  return problems.map((one) => before.find(({ is, of }) => is === one.is && of === one.of) ?? one);
}

const words: Record<PreflightProblem['is'], string> = {
  notConfirmed: 'has not confirmed the mail subscription, or it has ended: pages go to the next person',
  uncovered: 'nobody is on call within the hour: alerts go on to the next level at once',
  endsByLink:
    'the link below any mail ends the subscription, also for a mail scanner: confirm it anew (roster confirm)',
  noText:
    'the telephone of the roster gets no text messages: it has opted out, or SNS does not take it; mail goes on',
  notProved: `has answered no page for ${PROVED_DAYS} days: hold a drill (npm run drill), and see them answer it`,
};

/** One line. */
export function preflightLine({ is, of }: PreflightProblem): string {
  return `${oneLine(of)}: ${words[is]}`;
}

/** One mail, however many; of clinicians their ids. */
export function preflightMail(problems: readonly PreflightProblem[]): Mail {
  const isUrgent = problems.some(isUnreachable);
  return {
    subject: isUrgent
      ? 'Vigil: on call, and not reached by mail'
      : 'Vigil: on call, and perhaps not reached by mail',
    message: [
      'Found of those who are on call within the hour:',
      ...listed(problems.map(preflightLine)),
      '',
      'The runbook says what to do, under "On call unreachable". You get no other mail of what stays as it is.',
    ].join('\n'),
  };
}
