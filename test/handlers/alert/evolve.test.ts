import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Alert, operationsMail, operationsWebhook } from '../../../handlers/alert/alert.ts';
import { AlertEvent, type EventOf } from '../../../handlers/alert/event.ts';
import { EventWithoutAlert, evolve } from '../../../handlers/alert/evolve.ts';
import { referenceOf } from '../../../handlers/alert/reference.ts';
import { aClaim, aClosedAlert, anAlert, at, minute, START, seenAs, when, whenRaised } from './builders.ts';
import { everyEvent, everyStanding } from './every-event.ts';

const seed = 20261124;
const cases = everyStanding.flatMap((alert) =>
  everyEvent.map((event) => [event.type, alert.standing.is, event, alert] as const),
);

describe('whatever happened did happen, to an alert in any standing', () => {
  test.each(cases)('%s, while %s', (_type, _is, event, alert) => {
    const before = structuredClone(alert);
    const after = evolve(alert, event);
    expect(Alert.parse(after)).toEqual(after);
    expect(after.seq).toBe(event.seq);
    expect(after.events.at(-1)).toEqual(event);
    // The alert before is still the alert before.
    expect(alert).toEqual(before);
  });

  test('the events of these stories are what events may be', () => {
    for (const event of everyEvent) expect(AlertEvent.parse(event)).toEqual(event);
  });

  test('whatever order it comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...everyEvent), { maxLength: 40 }), (events) => {
        const alert = events.reduce<Alert>((alert, event) => evolve(alert, event), anAlert());
        expect(Alert.parse(alert)).toEqual(alert);
        expect(alert.events.length).toBeLessThanOrEqual(20);
      }),
      { seed },
    );
  });

  test('only a reading begins an alert', () => {
    for (const event of everyEvent) {
      if (event.type === 'raised') expect(evolve(undefined, event).alertId).toBe(event.alertId);
      else expect(() => evolve(undefined, event)).toThrow(EventWithoutAlert);
    }
  });
});

test('what an event is late for changes nothing but its number: mails of a step that is over', () => {
  const late = everyEvent.filter((event) => 'step' in event && event.step.id === 0);
  expect(late.map(({ type }) => type)).toEqual(['paged', 'deferred', 'operationsTold']);
  for (const alert of everyStanding) {
    for (const event of late) expect(evolve(alert, event).step).toEqual(alert.step);
  }
});

test('what is closed is due no more, unless a mail called somebody although it was over', () => {
  const of = (type: string) => everyEvent.filter((event) => event.type === type);
  const closed = aClosedAlert();
  for (const event of of('deferred')) expect(evolve(closed, event).standing).toEqual(closed.standing);
  for (const event of [...of('paged'), ...of('operationsTold')])
    expect(evolve(closed, event).standing).toEqual({ ...closed.standing, dueAt: minute(5) });
});

test('whoever cannot come counts once, and no more after taking it', () => {
  const [byNurse, byDoctor] = everyEvent.filter(({ type }) => type === 'declined') as EventOf<'declined'>[];
  const accepted = everyEvent.find(({ type }) => type === 'accepted') as EventOf<'accepted'>;
  const declined = [byNurse, byDoctor, byNurse].reduce<Alert>(
    (alert, event) => evolve(alert, event as EventOf<'declined'>),
    anAlert(),
  );
  expect(declined.round.declined).toEqual(['doctor-1', 'nurse-1']);
  expect(accepted.clinicianId).toBe('doctor-1');
  expect(evolve(declined, accepted).round.declined).toEqual(['nurse-1']);
});

test('the operations are among those who are mailed', () => {
  const told = everyEvent.find(({ type }) => type === 'operationsTold') as EventOf<'operationsTold'>;
  expect(evolve(anAlert(), told).step.mailed).toEqual([operationsMail, operationsWebhook]);
});

test('the alert is the fold of its events', () => {
  const opened = whenRaised(undefined, aClaim(), START);
  const declined = when(
    opened,
    { type: 'decline', clinicianId: 'nurse-1', round: 1, reason: 'cannotCome' },
    at(30),
  );
  const moved = when(
    declined,
    { type: 'moveOn', seen: seenAs(declined), because: 'everybodyDeclined' },
    at(31),
  );
  const accept = { clinicianId: 'doctor-1', role: 'doctor', round: 1, shownLevel: 'critical' } as const;
  const alert = when(moved, { type: 'accept', ...accept }, minute(2));
  expect(alert.seq).toBe(4);
  const folded = alert.events.reduce<Alert | undefined>(evolve, undefined);
  expect(folded).toEqual(alert);
});

test('it remembers its last 20 events, newest last', () => {
  let alert = whenRaised(undefined, aClaim(), START);
  for (let count = 1; count <= 25; count++) alert = whenRaised(alert, aClaim(), at(count));
  expect(alert.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 7));
});

test('a reference is the same for the same alert, and another for another', () => {
  expect(referenceOf('3f9a0c21b7de4455')).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/);
  expect(referenceOf('3f9a0c21b7de4455')).toBe(referenceOf('3f9a0c21b7de4455'));
  expect(referenceOf('3f9a0c21b7de4455')).not.toBe(referenceOf('3f9a0c21b7de4456'));
});
