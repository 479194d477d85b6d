/** Races and failures, one story each from beginning to end: one owner, and every mail that it sends, stand-downs included. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../infra/local/engine/fault-kinds.ts';
import type { HistoryEvent } from '../../infra/local/services/step-functions/history.ts';
import { aPath, earlyInTheDay, hospitalOfPaths, type Path } from './path.ts';
import { aWard, unsubscribe, type Ward } from './ward.ts';

const mostStories = 40;
let ward: Ward;
let stories = 0;
beforeAll(async () => {
  ward = await aWard({ hospital: hospitalOfPaths(mostStories), startAt: earlyInTheDay });
});
afterAll(() => ward.vigil.stop());

const nextPath = () => aPath(ward, stories++);
const accepted = (path: Path) => path.alert().events.filter(({ type }) => type === 'accepted');

/** The patient recovers, and a while later every mail has been sent; gives them. */
async function mailsOf(path: Path): Promise<string[]> {
  await path.recover();
  expect(path.alert().standing.is).toBe('closed');
  await path.seconds(20 * 60);
  return path.told();
}

/** Sends it in the millisecond in which the alert's execution has its next event of that type. */
function sentAt(path: Path, type: HistoryEvent['type'], send: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    let waits = true;
    ward.sfn.onEvent(({ name }, event) => {
      if (!waits || event.type !== type || name !== path.alert().executionName) return;
      waits = false;
      resolve(send());
    });
  });
}

describe('the nurse answers the reminder as its time runs out', () => {
  const inTime = ['page nurse', 'reminder nurse'];
  const tooLate = ['answered doctor', 'page doctor', ...inTime];
  const met = new Set<string>();
  /** A doctor who was mailed a moment ago may hear of it in the same seconds. */
  const sortedMailsOf = async (path: Path) =>
    (await mailsOf(path)).flatMap((step) => step.split('; ')).sort();

  test.each([-400, -20, 20, 50, 80, 110, 150, 200])(
    '%i ms after the deadline: one owner, and a doctor who was mailed is told',
    async (offsetMs) => {
      const path = nextPath();
      await path.critical();
      await path.seconds(125);
      const send = await path.acceptLater(path.last('nurse'));
      const { standing } = path.alert();
      await ward.vigil.clock.run(Date.parse('deadline' in standing ? standing.deadline : '') + offsetMs);
      await ward.vigil.until(send());
      const told = await sortedMailsOf(path);
      expect(accepted(path)).toMatchObject([{ role: 'nurse' }]);
      expect([inTime, tooLate]).toContainEqual(told);
      met.add(told.join());
    },
  );

  test('both orders were met', () => expect(met).toEqual(new Set([inTime.join(), tooLate.join()])));

  test('in the very millisecond of the timeout', async () => {
    const path = nextPath();
    await path.critical();
    await path.seconds(125);
    const sent = sentAt(path, 'TaskTimedOut', await path.acceptLater(path.last('nurse')));
    await path.seconds(130);
    await sent;
    expect(accepted(path)).toMatchObject([{ role: 'nurse' }]);
    expect([inTime, tooLate]).toContainEqual(await sortedMailsOf(path));
  });
});

test('an answer by the first mail before the reminder’s token is stored: nobody is reminded', async () => {
  const path = nextPath();
  await path.critical();
  const send = await path.acceptLater(path.last('nurse'));
  await path.seconds(60);
  // The first event of that kind from here on is the reminder's.
  const sent = sentAt(path, 'TaskStateEntered', () => Promise.resolve()).then(send);
  await path.seconds(90);
  await sent;
  expect(accepted(path)).toMatchObject([{ role: 'nurse' }]);
  expect(await mailsOf(path)).toEqual(['page nurse']);
});

test('two accept in the same millisecond: one has it, and the other is no more called', async () => {
  const path = nextPath();
  await path.emergency();
  const sends = [await path.acceptLater(path.last('nurse')), await path.acceptLater(path.last('doctor'))];
  await ward.vigil.until(Promise.all(sends.map((send) => send())));
  expect(accepted(path)).toHaveLength(1);
  const other = path.owner() === 'nurse' ? 'doctor' : 'nurse';
  expect(await mailsOf(path)).toEqual(['page doctor, nurse', `answered ${other}`]);
});

test.each<[FaultKind, string, number]>([
  ['crash before the call', 'before it has stored the page', 0],
  ['crash after the call', 'when it has stored the page', 1],
])('the page function dies (%s), %s: the nurse is mailed once', async (kind, _when, storedThen) => {
  const path = nextPath();
  const { faults } = ward.vigil;
  const strikes = faults.strikes.bind(faults);
  const pages = () => ward.items().filter((item) => item.kind === 'page').length;
  const before = pages();
  let stored: number | undefined;
  let writes = 0;
  faults.strikes = (met, where, by) => {
    if (met !== kind || where !== 'dynamodb:PutItem' || !by?.endsWith('page-clinicians'))
      return strikes(met, where, by);
    // The first write records that somebody is asked, the second is the page.
    writes++;
    if (writes === 2) stored = pages() - before;
    return writes === 2;
  };
  await path.critical();
  faults.strikes = strikes;
  expect(stored).toBe(storedThen);
  await path.accept('nurse');
  expect(await mailsOf(path)).toEqual(['page nurse']);
});

test('SNS is down for three minutes: everyone as soon as it is back, the operations too, and all but the lead stand down', async () => {
  const path = nextPath();
  const back = ward.vigil.faults.outage('sns');
  await path.critical();
  await path.seconds(180);
  expect(path.told()).toEqual([]);
  back();
  await path.seconds(90);
  await path.accept('lead');
  expect(await mailsOf(path)).toEqual([
    'reminder doctor, lead, nurse, nurse, nurse; unanswered operations',
    'answered doctor, nurse, nurse, nurse, operations',
  ]);
});

test('the nurse’s subscription is gone: the doctor at once', async () => {
  const path = nextPath();
  await unsubscribe(ward, 'clinician-ward-001-nurse-1');
  await path.critical();
  await path.accept('doctor');
  expect(await mailsOf(path)).toEqual(['page doctor']);
  // Whose subscription is gone is asked for a new one, confirms it, and has the next page.
  const next = nextPath();
  await next.critical();
  await next.accept('nurse');
  expect(await mailsOf(next)).toEqual(['page nurse']);
});

describe('an execution is stopped in the console while the nurse is waited for', () => {
  const stopped = async () => {
    const path = nextPath();
    await path.critical();
    const [execution] = ward.executions().filter(({ name }) => name === path.alert().executionName);
    const arn = execution?.executionArn ?? '';
    ward.sfn.stop(arn);
    await path.seconds(10);
    return { path, arn };
  };

  test('the operations hear that another one goes on, and the nurse of nothing', async () => {
    const { path } = await stopped();
    await path.accept('nurse');
    expect(await mailsOf(path)).toEqual(['page nurse', 'restarted operations']);
  });

  test('and redriven: no other mail', async () => {
    const { path, arn } = await stopped();
    ward.sfn.redrive(arn);
    await path.seconds(10);
    await path.accept('nurse');
    expect(await mailsOf(path)).toEqual(['page nurse', 'restarted operations']);
  });
});

test('the night is proved', async () => {
  const wanted = { openAtEnd: 0, lost: 0, duplicated: 0, gaps: [], reconciled: true };
  expect(await ward.report()).toMatchObject(wanted);
});
