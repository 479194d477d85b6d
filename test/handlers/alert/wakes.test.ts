import { expect, test } from 'vitest';
import { wakes } from '../../../handlers/alert/wakes.ts';
import { aClosedAlert, anOwnedAlert, aPagedAlert } from './builders.ts';
import { everyEvent } from './every-event.ts';

test('an answer, and news that nobody has taken over: all else is known to whoever waits, or nobody waits for it', () => {
  const heard = everyEvent
    .filter((event) => wakes(event, aPagedAlert()))
    .map((event) => [event.type, 'news' in event && event.news, 'clinicianId' in event && event.clinicianId]);
  expect(heard).toEqual([
    ['joined', 'moved', false],
    ['withdrawn', false, false],
    ['accepted', false, 'doctor-1'],
    ['declined', false, 'nurse-1'],
    ['declined', false, 'doctor-1'],
    ['handedOver', false, 'nurse-1'],
    ['givenBack', false, 'nurse-1'],
    ['closed', false, 'nurse-1'],
    ['closed', false, 'nurse-1'],
  ]);
});

test.each([anOwnedAlert(), aClosedAlert()])(
  'a mail that went out although nobody is asked any more: $standing.is',
  (after) => {
    const heard = new Set(everyEvent.filter((event) => wakes(event, after)).map(({ type }) => type));
    expect(heard).toContain('paged');
    expect(heard).toContain('operationsTold');
  },
);
