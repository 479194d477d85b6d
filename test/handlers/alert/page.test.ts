import { describe, expect, test } from 'vitest';
import { moveOn } from '../../../handlers/alert/advance.ts';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { ask, newPage, requestsOf } from '../../../handlers/alert/page.ts';
import { anAlert, aPagedAlert, at, changed, doctor, lead, minute, nurse, refused } from './builders.ts';

const seen = (alert: Alert, token = 'token-9') => ({
  me: 'exec-1',
  round: alert.round,
  rung: alert.rung,
  pass: alert.pass,
  level: alert.worst,
  deadline: alert.deadline,
  token,
});

function newIds() {
  let count = 0;
  return () => `page-${++count}`;
}

describe('asking', () => {
  test('announces the level, keeps the token, and gives the sweeper the minute after the deadline', () => {
    const alert = anAlert();
    const asked = changed(ask(alert, seen(alert), [nurse], newIds(), at(3), 'w'));
    expect(asked).toMatchObject({
      token: 'token-9',
      announced: 'critical',
      asked: [nurse.id],
      pages: { [nurse.id]: 'page-1' },
      deadline: minute(2),
      dueAt: minute(3),
    });
    expect(asked.events.at(-1)).toMatchObject({
      type: 'asking',
      pages: [{ pageId: 'page-1', clinicianId: nurse.id, role: 'nurse', purpose: 'page' }],
    });
  });

  test('a second attempt waits with its own token, asks nobody twice, and makes no new page', () => {
    const first = changed(ask(anAlert(), seen(anAlert()), [nurse], newIds(), at(3), 'w1'));
    const second = changed(ask(first, seen(first, 'token-10'), [nurse], newIds(), at(5), 'w2'));
    expect(second).toMatchObject({ token: 'token-10', pages: { [nurse.id]: 'page-1' } });
    expect(second.events.at(-1)?.type).toBe('waiting');
    // Its mail may be what was lost, so the request still counts.
    expect(requestsOf(second, [nurse])).toEqual([
      { pageId: 'page-1', clinicianId: nurse.id, role: 'nurse', purpose: 'page' },
    ]);
  });

  test('a reminder goes out under the same page', () => {
    const paged = changed(ask(anAlert(), seen(anAlert()), [nurse], newIds(), at(3), 'w1'));
    const reminded = changed(moveOn(paged, { ...seen(paged), because: 'time is up' }, minute(2), 'w2'));
    const asked = changed(ask(reminded, seen(reminded), [nurse], newIds(), minute(2), 'w3'));
    expect(asked.events.at(-1)?.pages).toEqual([
      { pageId: 'page-1', clinicianId: nurse.id, role: 'nurse', purpose: 'reminder' },
    ]);
  });

  test('worse news is told again to who was asked, within the new level’s time, and newly to who joins the rung', () => {
    const alert = aPagedAlert({ worst: 'emergency' });
    const asked = changed(
      ask(alert, { ...seen(alert), deadline: at(70) }, [nurse, doctor], newIds(), at(10), 'w'),
    );
    expect(asked).toMatchObject({ announced: 'emergency', deadline: at(70), dueAt: at(130) });
    expect(asked.events.at(-1)?.pages).toEqual([
      { pageId: 'page-nurse', clinicianId: nurse.id, role: 'nurse', purpose: 'worse' },
      { pageId: 'page-1', clinicianId: doctor.id, role: 'doctor', purpose: 'page' },
    ]);
  });

  test.each(['worse', 'recheck', 'repeat'] as const)('a round that asks for %s says so', (asking) => {
    const alert = anAlert({ round: 2, asking, announced: 'critical' });
    const asked = changed(ask(alert, seen(alert), [doctor], newIds(), at(3), 'w'));
    expect(asked.events.at(-1)?.pages?.[0]?.purpose).toBe(asking);
  });

  test('a shift that changes within the rung brings the new nurse in', () => {
    const alert = aPagedAlert();
    const asked = changed(ask(alert, seen(alert), [{ id: 'nurse-2', role: 'nurse' }], newIds(), at(30), 'w'));
    expect(asked.events.at(-1)).toMatchObject({
      type: 'asking',
      pages: [{ clinicianId: 'nurse-2', purpose: 'page' }],
    });
    expect(Object.keys(asked.pages)).toEqual([nurse.id, 'nurse-2']);
  });

  test.each<[string, Partial<Alert>]>([
    ['taken over', { executionName: 'exec-2' }],
    ['closed', { status: 'closed' }],
    ['answered', { ownerRound: 1, ownerId: nurse.id }],
    ['moved on', { pass: 1 }],
    ['moved on', { resting: true }],
    ['worse since', { worst: 'emergency' }],
    ['nobody to page', { declined: [nurse.id] }],
    ['nobody to page', { unreachable: [nurse.id] }],
  ])('is refused when the alert has changed since Look: %s', (why, changes) => {
    const then = anAlert();
    expect(refused(ask(anAlert(changes), seen(then), [nurse], newIds(), at(3), 'w'))).toBe(why);
  });
});

test('a page belongs to one round of one alert and one clinician, and outlives it by far', () => {
  const page = newPage(aPagedAlert(), 'abc', lead.id, at(0));
  expect(page).toMatchObject({
    pk: 'PAGE#abc',
    alertKey: 'PATIENT#p-7',
    round: 1,
    clinicianId: lead.id,
    wrongPins: 0,
  });
  expect(page.expiresAt * 1000).toBe(Date.parse(at(30 * 86_400)));
});
