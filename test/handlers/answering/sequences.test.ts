/**
 * Every sequence of four of the five things that people do on a page (accept, decline, show, close, a wrong PIN), by one and
 * by two people, on one page and on two: whatever came before, each page says what is so.
 */

import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { responsible } from '../../../handlers/alert/alert.ts';
import { newPage } from '../../../handlers/alert/page.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { logger, metrics } from '../../../handlers/runtime/logger.ts';
import { LocalAws } from '../../local-aws.ts';
import { type AlertChanges, aPagedAlert, at, minute, stored } from '../alert/builders.ts';
import { aRoster, aRotation } from '../on-call/builders.ts';
import { formsOf, type Opened, open, submit } from './browser.ts';
import { settled, untrue } from './facts.ts';

/** Scrypt would take an hour; here the salt is the PIN. */
vi.mock(import('../../../handlers/runtime/pin.ts'), async (original) => ({
  ...(await original()),
  pinMatches: async (pin, _pepper, { salt }) => btoa(pin) === salt,
}));

const actions = ['accept', 'decline', 'show', 'close', 'wrong PIN'] as const;
/** What an owner does who cannot stay. */
type GivingUp = 'hand-over' | 'give-back';
type Step = { who: string; link: string; action: (typeof actions)[number] | GivingUp };

const pinOf: Record<string, string> = { 'nurse-1': '204817', 'nurse-2': '593206', 'doctor-1': '128574' };
const links: Record<string, string> = {
  'nurse-1': 'a'.repeat(22),
  'doctor-1': 'b'.repeat(22),
  'nurse-2': 'c'.repeat(22),
};
const now = minute(1);
let roster: Roster;
let aws: LocalAws;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(now) });
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
  vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
    metrics.clearMetrics();
    return metrics;
  });
  const published = aRoster({
    zone: 'UTC',
    rotations: (['nurse', 'doctor', 'lead'] as const).map((role) =>
      aRotation({ role, order: [`${role}-1`] }),
    ),
  });
  roster = {
    ...published,
    clinicians: published.clinicians.map((person) => ({
      ...person,
      pinHash: { ...person.pinHash, salt: btoa(pinOf[person.id] ?? 'none') },
    })),
  };
});
beforeEach(() => {
  aws = new LocalAws(roster);
});

const alertNow = (): Alert => StoredAlert.parse(aws.items.get('PATIENT#p-7')).alert;

function begin(alert: Alert, wrongPins = 0): void {
  aws.items.set(alert.pk, stored(alert));
  for (const [id, pageId] of Object.entries(links)) {
    if (alert.round.pages[id] === undefined) continue;
    const page = newPage(alert, pageId, id, at(0));
    aws.items.set(page.pk, { ...page, wrongPins });
  }
}

/** Opens the link, does it, and gives what the page says that is not so. */
async function press({ who, link, action }: Step): Promise<string[]> {
  const before = alertNow();
  const opened = await open(link);
  const page = () => aws.items.get(`PAGE#${link}`);
  const wrong = untrue(opened.html, {
    roster,
    now,
    page: page(),
    before,
    after: before,
    clinician: undefined,
  });
  if (formsOf(opened.html).length === 0) return wrong;
  const result = await done(link, opened, who, action);
  const clinician = action === 'wrong PIN' ? undefined : who;
  return [
    ...wrong,
    ...untrue(result.html, { roster, now, page: page(), before, after: alertNow(), clinician }),
  ];
}

async function done(link: string, opened: Opened, who: string, action: Step['action']): Promise<Opened> {
  const right = { clinician: who, pin: pinOf[who] as string };
  if (action === 'wrong PIN') return submit(link, opened, 'show', { ...right, pin: '739145' });
  if (action === 'close') {
    const inside = await submit(link, opened, 'show', right);
    return submit(link, inside, 'close', { reason: 'transferred' });
  }
  if (action === 'hand-over' || action === 'give-back') {
    const inside = await submit(link, opened, 'show', right);
    const offered = formsOf(inside.html).some(({ actions }) => actions.includes(action));
    return offered ? submit(link, inside, action, { colleague: 'doctor-1' }) : inside;
  }
  // Also where the page no longer has the button: the form may be from before.
  const { hidden } = formsOf(opened.html)[0] ?? {};
  const { post } = await import('./browser.ts');
  return post(link, { ...hidden, ...right, action });
}

/** All that the next steps depend on: no events, nor their numbers and writers, nor the few wrong PINs of each clinician. */
function standing(): string {
  const items = [...aws.items].filter(([pk]) => !pk.startsWith('PIN#')).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(items, (key, value) =>
    ['writeId', 'writes', 'seq', 'id', 'events'].includes(key) ? '' : value,
  );
}

/**
 * Walks all sequences of these steps, and gives how many. Those that lead to a state from which as many steps were walked
 * before say nothing new.
 */
async function walk(steps: readonly Step[], length: number, workflow: boolean): Promise<number> {
  const walked = new Set<string>();
  async function from(done: Step[]): Promise<void> {
    const left = length - done.length;
    const key = `${left} ${standing()}`;
    if (left === 0 || walked.has(key)) return;
    walked.add(key);
    const items = [...aws.items];
    for (const step of steps) {
      aws.items.clear();
      for (const [pk, item] of items) aws.items.set(pk, item);
      const wrong = await press(step);
      const story = [...done, step].map(({ who, action }) => `${who}: ${action}`).join(', ');
      expect({ story, wrong }).toEqual({ story, wrong: [] });
      if (workflow) aws.items.set(alertNow().pk, stored(settled(alertNow(), roster, now)));
      await from([...done, step]);
    }
  }
  await from([]);
  return walked.size;
}

const stepsOf = (...people: [who: string, addressee: string][]): Step[] =>
  people.flatMap(([who, addressee]) =>
    actions.map((action) => ({ who, link: links[addressee] as string, action })),
  );

const givingUp = (who: string): Step[] =>
  (['hand-over', 'give-back'] as const).map((action) => ({ who, link: links[who] as string, action }));

/** The pages that these people were sent. */
const pagesOf = (...people: string[]) =>
  Object.fromEntries(people.map((person) => [person, links[person] as string]));
/** Asked together, at this level. */
const asking = (people: string[], changes: AlertChanges['step'] = {}): AlertChanges => ({
  round: { pages: pagesOf(...people) },
  step: { asked: people, ...changes },
});

const nurseAsked = () => aPagedAlert(asking(['nurse-1']));
const bothAsked = () =>
  aPagedAlert({ ...asking(['nurse-1', 'doctor-1']), worst: 'emergency', announced: 'emergency' });
/** The nurse has taken it in the first round; the second one waits for an answer. */
const askedAgain = () =>
  aPagedAlert({
    ...asking(['nurse-1']),
    round: { number: 2, asking: 'repeat', pages: pagesOf('nurse-1') },
    owner: { acceptedAt: at(10), attendedAt: at(10) },
    standing: { is: 'waiting', deadline: minute(3) },
  });
const doctorAskedAgain = () =>
  aPagedAlert({
    ...asking(['doctor-1'], { escalationLevel: 'doctor' }),
    round: { number: 2, asking: 'recheck', pages: pagesOf('doctor-1') },
    owner: { acceptedAt: at(10), attendedAt: at(10) },
    standing: { is: 'waiting', deadline: minute(3) },
  });
const everyoneAsked = () =>
  aPagedAlert({
    round: { declined: ['doctor-1'], pages: pagesOf('nurse-1', 'nurse-2') },
    step: {
      escalationLevel: 'everyone',
      asked: ['nurse-1', 'nurse-2', 'doctor-1', 'lead-1'],
      unreachable: ['lead-1'],
    },
    standing: { deadline: minute(15) },
  });

/** Everybody else could not be reached, or cannot come; then the nurse came on the ward. */
const backingOff = () =>
  aPagedAlert({
    round: { declined: ['nurse-2'], pages: pagesOf('nurse-1', 'nurse-2') },
    step: {
      escalationLevel: 'everyone',
      asked: ['nurse-2', 'doctor-1', 'lead-1'],
      unreachable: ['doctor-1', 'lead-1'],
    },
    standing: { is: 'backingOff', deadline: minute(2), dueAt: minute(3) },
  });

describe.each([
  ['while the workflow has not moved yet', false],
  ['with the workflow moving in between', true],
])('%s', (_how, workflow) => {
  test.each<[string, () => Alert, Step[], number]>([
    ['one person, one page', nurseAsked, stepsOf(['nurse-1', 'nurse-1']), 0],
    [
      'one person, on a page where four wrong PINs were given',
      nurseAsked,
      stepsOf(['nurse-1', 'nurse-1']),
      4,
    ],
    ['two people, one page', nurseAsked, stepsOf(['nurse-1', 'nurse-1'], ['nurse-2', 'nurse-1']), 2],
    [
      'two people who are asked together, a page each',
      bothAsked,
      stepsOf(['nurse-1', 'nurse-1'], ['doctor-1', 'doctor-1']),
      2,
    ],
    ['the owner, asked again', askedAgain, stepsOf(['nurse-1', 'nurse-1'], ['doctor-1', 'nurse-1']), 0],
    [
      'the doctor, while the nurse is still the owner',
      doctorAskedAgain,
      stepsOf(['doctor-1', 'doctor-1'], ['nurse-1', 'doctor-1']),
      0,
    ],
    [
      'the pause after an attempt that reached nobody',
      backingOff,
      stepsOf(['nurse-1', 'nurse-1'], ['nurse-2', 'nurse-2']),
      3,
    ],
    [
      'an owner who cannot stay, and two who answer',
      nurseAsked,
      [
        ...stepsOf(['nurse-1', 'nurse-1']),
        ...givingUp('nurse-1'),
        ...stepsOf(['nurse-2', 'nurse-1']).slice(0, 2),
      ],
      0,
    ],
    ['the last two of everyone', everyoneAsked, stepsOf(['nurse-1', 'nurse-1'], ['nurse-2', 'nurse-2']), 3],
  ])('%s', async (_what, alert, steps, wrongPins) => {
    begin(alert(), wrongPins);
    expect(await walk(steps, 4, workflow)).toBeGreaterThan(8);
  });
});

test('decline, accept, decline: she has it, and the page says so', async () => {
  begin(nurseAsked());
  const link = links['nurse-1'] as string;
  for (const action of ['decline', 'accept'] as const) await press({ who: 'nurse-1', link, action });
  const last = await done(link, await open(link), 'nurse-1', 'decline');
  const alert = alertNow();
  expect([responsible(alert)?.clinicianId, alert.round.declined, last.status]).toEqual(['nurse-1', [], 409]);
  expect(last.html).toContain('you have already accepted, and the patient is still yours');
});
