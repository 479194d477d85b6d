import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { requestsOf } from '../../../handlers/alert/ask.ts';
import type { Responder } from '../../../handlers/alert/responders.ts';
import {
  aClosedAlert,
  anAlert,
  anOwnedAlert,
  aPagedAlert,
  at,
  doctor,
  minute,
  newPageIds,
  nurse,
  seenAs,
  when,
  whyNot,
} from './builders.ts';

const ask = (seen: Alert, responders: readonly Responder[] = [nurse], deadline?: string) =>
  ({
    type: 'ask',
    seen: { ...seenAs(seen), ...(deadline && { deadline }) },
    responders,
    sighting: undefined,
    newPageIds,
  }) as const;
/** The alert asks them as it stands. */
const asked = (alert: Alert, now: string, responders?: readonly Responder[]) =>
  when(alert, ask(alert, responders), now);

describe('asking', () => {
  test('announces level and place, and gives the sweeper the minute after the deadline', () => {
    const alert = asked(anAlert(), at(3));
    expect(alert).toMatchObject({
      announced: 'critical',
      told: [anAlert().place],
      round: { pages: { [nurse.id]: 'page-1' } },
      step: { asked: [nurse.id], mailed: [] },
      standing: { is: 'waiting', deadline: minute(2), dueAt: minute(3) },
    });
    expect(alert.events.at(-1)).toMatchObject({
      type: 'asking',
      news: null,
      pages: [{ pageId: 'page-1', clinicianId: nurse.id, role: 'nurse', purpose: 'page' }],
    });
  });

  test('a page state that is tried again asks nobody twice, and makes no new page', () => {
    const first = asked(anAlert(), at(3));
    const second = asked(first, at(5));
    expect(second.round.pages).toEqual({ [nurse.id]: 'page-1' });
    expect(second.events.at(-1)?.type).toBe('waiting');
    // Its mail may be what was lost, so the request still counts.
    expect(requestsOf(second, [nurse])).toEqual([
      { pageId: 'page-1', clinicianId: nurse.id, role: 'nurse', purpose: 'page' },
    ]);
  });

  test('a reminder goes out under the same page', () => {
    const paged = asked(anAlert(), at(3));
    const moved = when(paged, { type: 'moveOn', seen: seenAs(paged), because: 'timeIsUp' }, minute(2));
    expect(asked(moved, minute(2)).events.at(-1)).toMatchObject({
      type: 'asking',
      pages: [{ pageId: 'page-1', clinicianId: nurse.id, role: 'nurse', purpose: 'reminder' }],
    });
  });

  test('worse news is told again to who was asked, within the new level’s time, and newly to who joins the level', () => {
    const alert = aPagedAlert({ worst: 'emergency', step: { mailed: [nurse.id], turns: { x: at(9) } } });
    const told = when(alert, ask(alert, [nurse, doctor], at(70)), at(10));
    expect(told).toMatchObject({
      announced: 'emergency',
      // What was mailed of the former news counts for none of this.
      step: { mailed: [], turns: {}, asked: [nurse.id, doctor.id] },
      standing: { deadline: at(70), dueAt: at(130) },
    });
    expect(told.step.id).not.toBe(alert.step.id);
    expect(told.events.at(-1)).toMatchObject({
      type: 'asking',
      news: 'worse',
      pages: [
        { pageId: 'page-nurse', clinicianId: nurse.id, role: 'nurse', purpose: 'worse' },
        { pageId: 'page-1', clinicianId: doctor.id, role: 'doctor', purpose: 'page' },
      ],
    });
  });

  test.each(['worse', 'moved', 'recheck', 'repeat'] as const)(
    'a round that asks for %s says so',
    (asking) => {
      const alert = anAlert({ round: { number: 2, asking }, announced: 'critical' });
      expect(asked(alert, at(3), [doctor]).events.at(-1)).toMatchObject({ pages: [{ purpose: asking }] });
    },
  );

  test('a shift that changes within the level brings the new nurse in', () => {
    const alert = asked(aPagedAlert(), at(30), [{ id: 'nurse-2', role: 'nurse' }]);
    expect(alert.events.at(-1)).toMatchObject({
      type: 'asking',
      pages: [{ clinicianId: 'nurse-2', purpose: 'page' }],
    });
    expect(Object.keys(alert.round.pages)).toEqual([nurse.id, 'nurse-2']);
    expect(alert.step.asked).toEqual([nurse.id, 'nurse-2']);
  });

  test.each<[string, Alert]>([
    ['takenOver', anAlert({ executionName: 'exec-2' })],
    ['closed', aClosedAlert()],
    ['answered', anOwnedAlert()],
    ['movedOn', anAlert({ step: { attempt: 1 } })],
    ['movedOn', anAlert({ standing: { is: 'backingOff' } })],
    ['worseSince', anAlert({ worst: 'emergency' })],
    ['nobodyToPage', anAlert({ round: { declined: [nurse.id] } })],
    ['nobodyToPage', anAlert({ step: { unreachable: [nurse.id] } })],
  ])('is refused when the alert has changed since the assessment: %s', (why, since) => {
    expect(whyNot(since, ask(anAlert()), at(3))).toBe(why);
  });
});

describe('the requests that still count', () => {
  const of = (alert: Alert, purpose = 'page') => ({
    pageId: alert.round.pages[nurse.id],
    clinicianId: nurse.id,
    role: 'nurse',
    purpose,
  });

  test('are of those whom this step has asked', () => {
    const alert = aPagedAlert();
    expect(requestsOf(alert, [nurse, doctor])).toEqual([of(alert)]);
    expect(requestsOf(aPagedAlert({ step: { asked: [] } }), [nurse])).toEqual([]);
  });

  test('have the purpose of the last time, or of the round when that is forgotten', () => {
    const paged = asked(anAlert(), at(3));
    const moved = when(paged, { type: 'moveOn', seen: seenAs(paged), because: 'timeIsUp' }, minute(2));
    const reminded = asked(moved, minute(2));
    expect(requestsOf(reminded, [nurse])).toEqual([of(reminded, 'reminder')]);
    const forgotten = aPagedAlert({ round: { asking: 'repeat' } });
    expect(requestsOf(forgotten, [nurse])).toEqual([of(forgotten, 'repeat')]);
  });
});
