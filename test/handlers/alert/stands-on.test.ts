/** An alert is as bad as what is left of its measurements, and so is what counts as announced. */
import { describe, expect, test } from 'vitest';
import { type Alert, isOwned } from '../../../handlers/alert/alert.ts';
import { assess, isWorseThanAnnounced } from '../../../handlers/alert/assess.ts';
import type { UnfulfilledClaim } from '../../../handlers/alert/claim.ts';
import type { AlertCommand } from '../../../handlers/alert/decide.ts';
import { adult } from '../../../handlers/clinical/policies.ts';
import type { ClinicalLevel } from '../../../handlers/clinical/severity.ts';
import { aClaim, at, minute, newPageIds, nurse, seenAs, when, whenRaised, whenSetAside } from './builders.ts';

const responders = [nurse];
const withdraw = (measurementId: string): AlertCommand => ({ type: 'withdraw', measurementId });
const claimed = (
  measurementId: string,
  systolicMmHg: number,
  minutes: number,
  changes: Partial<UnfulfilledClaim> = {},
) => {
  const level: ClinicalLevel = systolicMmHg >= 220 ? 'emergency' : 'critical';
  const time = { measuredAt: minute(minutes), arrivedAt: minute(minutes) };
  const readingId = `${measurementId}-${systolicMmHg}-00000000`;
  return aClaim({
    readingId,
    measurementId,
    level,
    systolicMmHg,
    limits: { ...adult.limits },
    ...time,
    ...changes,
  });
};
const joins = (alert: Alert, ...[id, mmHg, minutes, changes]: Parameters<typeof claimed>) =>
  whenRaised(alert, claimed(id, mmHg, minutes, changes), minute(minutes));
const asked = (alert: Alert, minutes: number) =>
  when(
    alert,
    { type: 'ask', seen: seenAs(alert), responders, sighting: undefined, newPageIds },
    minute(minutes),
  );
const accepted = (alert: Alert, minutes: number) => {
  const { worst: shownLevel, round } = alert;
  const said = { clinicianId: nurse.id, role: 'nurse', round: round.number, shownLevel };
  return when(alert, { type: 'accept', ...said }, minute(minutes));
};
const begun = (alert: Alert, asking: 'worse' | 'withdrawn', minutes: number) =>
  when(alert, { type: 'beginRound', seen: seenAs(alert), asking }, minute(minutes));
const nextOf = (alert: Alert, minutes: number) =>
  assess(alert, alert, { responders, recent: [] }, minute(minutes)).next;
const newsOf = (alert: Alert) => {
  const event = alert.events.at(-1);
  return event?.type === 'joined' ? event.news : undefined;
};

/** Critical, asked and accepted. */
const owned = accepted(asked(whenRaised(undefined, claimed('first', 190, 0), at(0)), 0.1), 1);
const told = (alert: Alert, asking: 'worse' | 'withdrawn', minutes: number) =>
  accepted(asked(begun(alert, asking, minutes), minutes), minutes + 0.5);

describe('a typing error that everybody has heard of is withdrawn', () => {
  const wrong = told(joins(owned, 'typo', 285, 2), 'worse', 2);
  const mended = when(wrong, withdraw('typo'), minute(3));

  test('the alert is as bad as what is left, and nobody is asked for it', () => {
    expect(wrong).toMatchObject({ worst: 'emergency', announced: 'emergency' });
    expect(mended).toMatchObject({ worst: 'critical', announced: 'critical', withdrawal: null });
    expect(nextOf(mended, 3)).toBe('Wait for the recheck');
  });

  test('a real emergency is news', () => {
    const worse = joins(mended, 'real', 232, 4);
    expect(newsOf(worse)).toBe('worse');
    expect(nextOf(worse, 4)).toBe('Begin a new round');
  });

  test('so is what is clearly further than what is left', () => {
    expect(newsOf(joins(mended, 'further', 210, 4))).toBe('worse');
    expect(newsOf(joins(mended, 'alike', 209, 4))).toBeNull();
  });

  test('the same when it is corrected, also to what alarms, and in whatever order that is heard', () => {
    const corrected = joins(wrong, 'typo', 185, 3);
    expect(corrected).toMatchObject({ worst: 'critical', announced: 'critical' });
    expect(newsOf(joins(corrected, 'real', 232, 4))).toBe('worse');
    const first = joins(owned, 'typo', 185, 3);
    const late = whenRaised(first, claimed('typo', 285, 2), minute(4));
    expect(late).toMatchObject({ worst: 'critical' });
    const together = whenRaised(first, claimed('typo', 285, 3), minute(4));
    expect(together).toMatchObject({ worst: 'emergency' });
  });
});

test('worse news that is withdrawn before it was told is none', () => {
  const worse = joins(owned, 'typo', 215, 2);
  expect(isWorseThanAnnounced(worse)).toBe(true);
  expect(isWorseThanAnnounced(when(worse, withdraw('typo'), minute(3)))).toBe(false);
});

describe('all is withdrawn, and something alarms again', () => {
  const nothing = when(owned, withdraw('first'), minute(2));
  const heard = told(nothing, 'withdrawn', 2);

  test('whoever has heard of the former hears of the latter, once', () => {
    expect(heard).toMatchObject({ withdrawal: 'told' });
    const again = joins(heard, 'again', 195, 3);
    expect(newsOf(again)).toBe('worse');
    expect(nextOf(again, 3)).toBe('Begin a new round');
    // A further one changes nothing about that.
    expect(nextOf(joins(again, 'more', 196, 3), 3)).toBe('Begin a new round');
    expect(nextOf(told(again, 'worse', 3), 4)).toBe('Wait for the recheck');
  });

  test('whoever is asked to measure is mailed at once', () => {
    const waiting = asked(begun(nothing, 'withdrawn', 2), 2);
    const again = joins(waiting, 'again', 195, 2.5);
    expect(newsOf(again)).toBe('worse');
    expect(asked(again, 2.5).events.at(-1)).toMatchObject({ type: 'asking', news: 'worse' });
  });

  test('before anybody has heard of it there is no news', () => {
    const again = joins(nothing, 'again', 195, 3);
    expect(newsOf(again)).toBeNull();
    expect(again).toMatchObject({ withdrawal: null });
    expect(nextOf(again, 3)).toBe('Wait for the recheck');
  });

  test('withdrawn again: that is what is told', () => {
    const gone = when(joins(heard, 'again', 195, 3), withdraw('again'), minute(3));
    expect(gone).toMatchObject({ withdrawal: 'news', alarmsAgain: false });
    expect(isOwned(gone)).toBe(true);
  });

  test('it is as bad as what alarms now', () => {
    const emergency = told(joins(owned, 'typo', 285, 2), 'worse', 2);
    const empty = when(when(emergency, withdraw('first'), minute(3)), withdraw('typo'), minute(3));
    expect(empty).toMatchObject({ worst: 'emergency', standsOn: [] });
    expect(joins(told(empty, 'withdrawn', 3), 'again', 195, 4)).toMatchObject({ worst: 'critical' });
  });
});

test('an alert that was set aside stays as bad as it was', () => {
  const { alert } = whenSetAside({ pk: 'PATIENT#p-7', worst: 'emergency' }, minute(1));
  expect(joins(alert, 'milder', 185, 2)).toMatchObject({ worst: 'emergency' });
});

test('of the measurements before those that are remembered it stays known how bad they were', () => {
  const emergency = joins(owned, 'typo', 285, 2);
  const many = Array.from({ length: 25 }, (_, index) => index).reduce(
    (alert, index) => joins(alert, `m-${index}`, 185, 3),
    emergency,
  );
  expect(many.standsOn).toHaveLength(20);
  expect(many).toMatchObject({ worst: 'emergency' });
});
