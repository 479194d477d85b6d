/** The night in one row: each figure from a night that is told. */
import { beforeAll, describe, expect, test } from 'vitest';
import { adult } from '../../handlers/clinical/policies.ts';
import { Archive } from './archive.ts';
import { aNight, doctor, minute, Night, nurse } from './night.ts';

const archive = new Archive();

// Asked a month later, since the tables have no partition beyond the next day.
beforeAll(() => archive.account.clock.run(archive.account.clock.now() + 30 * 86_400_000));

async function summaryOf(night: Night): Promise<Record<string, string | null>> {
  archive.holds(night);
  const [row, ...more] = await archive.ask('summary');
  expect(more).toEqual([]);
  return row as Record<string, string | null>;
}

test('readings, events and waits of an ordinary night', async () => {
  expect(await summaryOf(aNight())).toEqual({
    readings: '5',
    archived: '4',
    quarantined: '1',
    suspect: '0',
    warning: '0',
    critical: '3',
    emergency: '0',
    alerts_opened: '1',
    readings_joined: '1',
    superseded: '1',
    technical_alerts: '0',
    technical_open_at_end: '0',
    pages_sent: '1',
    recheck_pages: '0',
    pages_failed: '0',
    accepted: '1',
    declined: '0',
    escalated_to_doctor: '0',
    unanswered: '0',
    open_at_end: '0',
    superseded_worst: 'critical',
    from_unknown_devices: '0',
    seconds_to_first_page_p50: '3.0',
    seconds_to_first_page_p99: '3.0',
    seconds_to_first_page_max: '3.0',
    seconds_to_acceptance_p50: '120.0',
    seconds_to_acceptance_p99: '120.0',
    seconds_to_acceptance_max: '120.0',
    seconds_to_person_or_alarm_max: '120.0',
    seconds_to_person_or_alarm_emergency_max: null,
  });
});

test('a night without anything is zeros, and no waits', async () => {
  const row = await summaryOf(new Night());
  expect(row).toMatchObject({ readings: '0', alerts_opened: '0', open_at_end: '0' });
  expect(row.seconds_to_person_or_alarm_max).toBeNull();
  expect(row.seconds_to_acceptance_p50).toBeNull();
});

test('what was set aside, with the worst of it: a trusted emergency before a suspect one, that before a critical one', async () => {
  const night = new Night();
  const setAside = async (said: Parameters<Night['arrives']>[1]) => {
    night.supersedes(night.arrives(90, said));
    return (await summaryOf(night)).superseded_worst;
  };
  expect((await summaryOf(night)).superseded_worst).toBeNull();
  expect(await setAside({ systolicMmHg: 0 })).toBe('suspect-critical');
  expect(await setAside({ systolicMmHg: 190 })).toBe('critical');
  expect(await setAside({ systolicMmHg: 62, diastolicMmHg: 68 })).toBe('suspect-emergency');
  expect(await setAside({ systolicMmHg: 230 })).toBe('emergency');
  expect(await setAside({ systolicMmHg: 191 })).toBe('emergency');
  // A reading that is raised is none of them.
  const other = new Night();
  other.supersedes(other.arrives(90));
  other.raises(other.arrives(91, { systolicMmHg: 231, patientId: 'p-2' }));
  expect(await summaryOf(other)).toMatchObject({ superseded: '1', superseded_worst: 'critical' });
});

test('readings of devices that nobody registered, once each', async () => {
  const night = aNight();
  night.arrives(100, { patientId: 'p-9' }, adult, true);
  night.arrives(101, { patientId: 'p-9' }, adult, true);
  night.readings.push(...night.readings);
  expect(await summaryOf(night)).toMatchObject({ from_unknown_devices: '2' });
  night.readings = night.readings.map((row) => ({ ...row, unknown_device: null }) as never);
  expect(await summaryOf(night)).toMatchObject({ from_unknown_devices: '0' });
});

test('pages of which a mail failed, each once, also those that another mail reached later', async () => {
  const night = new Night();
  const failed = night.failsToMail(night.raises(night.arrives(10)), 10.1);
  const atDoctor = night.pages(night.movesOn(failed, 10.2, 'nobodyReached'), 10.3, [doctor]);
  night.closes(night.accepts(atDoctor, 12, doctor), 13);
  expect(await summaryOf(night)).toMatchObject({ pages_failed: '1', pages_sent: '1', accepted: '1' });
  night.events.push(...night.events);
  expect(await summaryOf(night)).toMatchObject({ pages_failed: '1' });
});

test('rows that are delivered twice count once', async () => {
  const night = aNight();
  night.readings.push(...night.readings);
  night.events.push(...night.events);
  expect(await summaryOf(night)).toEqual(await summaryOf(aNight()));
});

test('severities are counted each for itself', async () => {
  const night = new Night();
  night.arrives(1, { systolicMmHg: 230 });
  night.arrives(2, { systolicMmHg: 165 });
  night.arrives(3, { systolicMmHg: 62, diastolicMmHg: 68 });
  night.arrives(4, { systolicMmHg: 185 });
  const row = await summaryOf(night);
  expect(row).toMatchObject({ emergency: '1', warning: '1', suspect: '1', critical: '1' });
});

test('a reminder and a recheck are no pages of their own; the doctor is reached when the nurse does not take it', async () => {
  const night = new Night();
  const paged = night.pages(night.raises(night.arrives(10)), 10.1);
  const reminded = night.pages(night.movesOn(paged, 12), 12.1);
  const atDoctor = night.pages(night.movesOn(reminded, 14), 14.1, [doctor]);
  const owned = night.accepts(atDoctor, 15, doctor);
  const again = night.pages(night.asksAnew(owned, 30, 'repeat'), 30.1, [doctor]);
  night.closes(again, 31);
  expect(await summaryOf(night)).toMatchObject({
    pages_sent: '2',
    recheck_pages: '1',
    escalated_to_doctor: '1',
    accepted: '1',
    seconds_to_acceptance_max: '300.0',
  });
});

test('an emergency that pages nurse and doctor as one level did not escalate to the doctor', async () => {
  const night = new Night();
  const both = [nurse, doctor];
  night.closes(
    night.accepts(night.pages(night.raises(night.arrives(10, { systolicMmHg: 230 })), 10.1, both), 11),
    20,
  );
  expect(await summaryOf(night)).toMatchObject({ pages_sent: '2', escalated_to_doctor: '0' });
});

test('a mail that could not be sent is no page, and the wait for the first one goes on', async () => {
  const night = new Night();
  const unsent = night.failsToMail(night.raises(night.arrives(10)), 10.2);
  const atDoctor = night.pages(night.movesOn(unsent, 10.3, 'nobodyReached'), 10.5, [doctor]);
  night.closes(night.accepts(atDoctor, 11, doctor), 20);
  expect(await summaryOf(night)).toMatchObject({
    pages_sent: '1',
    escalated_to_doctor: '1',
    seconds_to_first_page_max: '30.0',
  });
});

test('nobody answers: the operations are told, which is the alarm; the alert counts as unanswered once', async () => {
  const night = new Night();
  let alert = night.raises(night.arrives(10));
  for (const [at, person] of [
    [10, 'nurse-1'],
    [12, 'nurse-1'],
    [14, 'doctor-1'],
    [16, 'doctor-1'],
    [18, 'lead-1'],
    [20, 'lead-1'],
    [22, 'nurse-1'],
    [37, 'nurse-1'],
  ] as const) {
    alert = night.pages(alert, at + 0.1, [{ id: person, role: person.slice(0, -2) }]);
    // That everyone is called is no alarm yet: it is one when it has been handed over.
    if (at >= 22) alert = night.tellsOperations(alert, at + 0.2);
    alert = night.movesOn(alert, at + (at < 22 ? 2 : 15));
  }
  const row = await summaryOf(night);
  expect(row).toMatchObject({ unanswered: '1', open_at_end: '1', seconds_to_acceptance_max: null });
  expect(row.seconds_to_person_or_alarm_max).toBe('732.0');
});

describe('an emergency waits from the reading that made the alert one', () => {
  const emergency = { systolicMmHg: 230 };
  const waitOf = async (night: Night) => {
    const row = await summaryOf(night);
    return [row.seconds_to_person_or_alarm_emergency_max, row.seconds_to_person_or_alarm_max];
  };

  test('by which it was opened: to the first answer, not of others', async () => {
    const night = new Night();
    night.accepts(night.pages(night.raises(night.arrives(10)), 10.1), 20);
    night.accepts(night.pages(night.raises(night.arrives(30, { ...emergency, patientId: 'p-2' })), 30.1), 34);
    expect(await waitOf(night)).toEqual(['240.0', '600.0']);
  });

  test('a suspect one too, and to the call of the operations', async () => {
    const night = new Night();
    const asked = night.pages(night.raises(night.arrives(30, { systolicMmHg: 62, diastolicMmHg: 68 })), 30.1);
    night.tellsOperations(night.movesOn(night.movesOn(asked, 31), 32), 32.5);
    expect(await waitOf(night)).toEqual(['150.0', '150.0']);
  });

  test('that joined: an answer from before it is none, and further ones do not begin it anew', async () => {
    const night = new Night();
    night.accepts(night.pages(night.raises(night.arrives(10)), 10.1), 11);
    const worse = night.raises(night.arrives(20, emergency));
    night.raises(night.arrives(22, emergency));
    const asked = night.pages(night.asksAnew(worse, 20.1, 'worse'), 20.2);
    night.accepts(asked, 24);
    expect(await waitOf(night)).toEqual(['240.0', '60.0']);
  });

  test('in an alert of the night before; and in vain, to the end of the night', async () => {
    const night = new Night();
    night.accepts(night.pages(night.raises(night.arrives(-30)), -29.9), -28);
    night.pages(
      night.asksAnew(night.raises(night.arrives(24 * 60 - 5, emergency)), 24 * 60 - 4.9, 'worse'),
      24 * 60 - 4.8,
    );
    expect(await waitOf(night)).toEqual(['300.0', null]);
  });
});

test('who was waited for in vain is not left out: the wait runs to the end of the night', async () => {
  const night = new Night();
  night.pages(night.raises(night.arrives(24 * 60 - 10)), 24 * 60 - 9.9);
  expect(await summaryOf(night)).toMatchObject({ open_at_end: '1', seconds_to_person_or_alarm_max: '600.0' });
});

test('an answer that comes after the end of the night is this night’s wait', async () => {
  const night = new Night();
  night.closes(
    night.accepts(night.pages(night.raises(night.arrives(24 * 60 - 1)), 24 * 60 - 0.9), 24 * 60 + 2),
    24 * 60 + 9,
  );
  expect(await summaryOf(night)).toMatchObject({
    open_at_end: '1',
    accepted: '0',
    seconds_to_acceptance_max: '180.0',
  });
});

test('an alert of an earlier night that is still open is open at the end of this one', async () => {
  const night = new Night();
  const begun = night.pages(night.raises(night.arrives(-30)), -29.9);
  night.pages(night.asksAnew(night.accepts(begun, -28), 2, 'repeat'), 2.1);
  expect(await summaryOf(night)).toMatchObject({ alerts_opened: '0', open_at_end: '1', recheck_pages: '1' });
});

test('percentiles are waits that somebody had: of 100, the 50th and the 99th', async () => {
  const night = new Night();
  for (let patient = 1; patient <= 100; patient++) {
    const paged = night.pages(
      night.raises(night.arrives(10, { patientId: `p-${patient}` })),
      10 + patient / 60,
    );
    night.closes(night.accepts(paged, 20 + patient), 200);
  }
  expect(await summaryOf(night)).toMatchObject({
    seconds_to_first_page_p50: '50.0',
    seconds_to_first_page_p99: '99.0',
    seconds_to_first_page_max: '100.0',
    seconds_to_acceptance_p50: '3600.0',
    seconds_to_acceptance_p99: '6540.0',
    seconds_to_acceptance_max: '6600.0',
  });
});

test('a page for worse news is a page; a recheck and a repetition are counted apart, and only those that were sent', async () => {
  const night = new Night();
  night.pages(night.raises(night.arrives(10)), 10.1);
  const worse = night.raises(night.arrives(11, { systolicMmHg: 230 }));
  const told = night.pages(worse, 11.1);
  const rechecked = night.pages(night.asksAnew(night.accepts(told, 12), 20, 'recheck'), 20.1, [doctor]);
  const repeated = night.asksAnew(night.accepts(rechecked, 21, doctor), 30, 'repeat');
  night.failsToMail(repeated, 30.2, [doctor]);
  expect(await summaryOf(night)).toMatchObject({ pages_sent: '2', recheck_pages: '1' });
});

test('the doctor is reached by an escalation to the doctor, not by a recheck, nor to everyone', async () => {
  const night = new Night();
  const owned = night.accepts(night.pages(night.raises(night.arrives(10)), 10.1), 11);
  expect(night.asksAnew(owned, 26, 'recheck').step.escalationLevel).toBe('doctor');
  const both = [nurse, doctor];
  const paged = night.pages(
    night.raises(night.arrives(30, { patientId: 'p-2', systolicMmHg: 230 })),
    30.1,
    both,
  );
  const reminded = night.pages(night.movesOn(paged, 31), 31.1, both);
  expect(night.movesOn(reminded, 32).step.escalationLevel).toBe('everyone');
  expect(await summaryOf(night)).toMatchObject({ escalated_to_doctor: '0' });
});

test('a page that too many wrong PINs passed on was declined by nobody; one without a reason was', async () => {
  const night = new Night();
  const first = night.declines(night.pages(night.raises(night.arrives(10)), 10.1), 11);
  const second = night.pages(night.movesOn(first, 11.1), 11.2, [doctor]);
  night.declines(second, 12, doctor, 'wrongPins');
  expect(await summaryOf(night)).toMatchObject({ declined: '1' });
  expect(await archive.ask('answers_by_ward')).toMatchObject([{ declined: '1' }]);
  night.events = night.events.map((event) => ({
    ...event,
    reason: event.reason === 'wrongPins' ? event.reason : null,
  }));
  expect(await summaryOf(night)).toMatchObject({ declined: '1' });
  expect(await archive.ask('answers_by_ward')).toMatchObject([{ declined: '1' }]);
});

test('a person who closes an alert without accepting it has seen to it', async () => {
  const night = new Night();
  night.closes(night.pages(night.raises(night.arrives(10)), 10.1), 13);
  expect(await summaryOf(night)).toMatchObject({
    seconds_to_acceptance_max: null,
    seconds_to_person_or_alarm_max: '180.0',
  });
});

test('an alert of an earlier night that is answered in this one is none of its waits', async () => {
  const night = new Night();
  night.accepts(night.pages(night.raises(night.arrives(-30)), -29.9), 2);
  expect(await summaryOf(night)).toMatchObject({ accepted: '1', seconds_to_acceptance_max: null });
});

test('alerts of devices are counted apart, by their raising', async () => {
  const night = new Night();
  night.lives(night.arrives(10, { patientId: 'a-device' }));
  night.lives(night.arrives(-5, { patientId: 'another-device' }));
  night.events = night.events.map((event) => ({
    ...event,
    alert_key: event.alert_key.replace('PATIENT', 'DEVICE'),
  }));
  night.lives(night.arrives(20));
  expect(await summaryOf(night)).toMatchObject({ alerts_opened: '1', technical_alerts: '1' });
});

test('the night begins with its first moment and ends before its last', async () => {
  const night = new Night();
  const moments = [-1 / 60, 0, 24 * 60 - 1 / 60, 24 * 60];
  for (const [index, at] of moments.entries()) {
    night.raises(night.arrives(at, { patientId: `p-${index}` }), minute(at));
    night.quarantine.push({
      ...aNight().quarantine[0],
      sequence_number: String(index),
      arrived_at: minute(at).replace('T', ' ').replace('Z', ''),
    });
  }
  expect(await summaryOf(night)).toMatchObject({ archived: '2', quarantined: '2', alerts_opened: '2' });
});

test('an alert that is closed at the end of the night, not before it, is open at its end', async () => {
  const night = new Night();
  for (const [patientId, at] of [
    ['p-1', 24 * 60 - 1 / 60],
    ['p-2', 24 * 60],
  ] as const)
    night.closes(night.pages(night.raises(night.arrives(10, { patientId })), 10.1), at);
  expect(await summaryOf(night)).toMatchObject({ open_at_end: '1' });
});

test.each([
  ['2026-02-28', false],
  ['2026-03-01', true],
  ['2026-03-04', true],
  ['2026-03-05', false],
])('the partition of %s, a day from the night or further, is read: %s', async (dt, isRead) => {
  const { readings, events, quarantine } = aNight();
  archive.holds(new Night());
  archive.put('readings', dt, 'a', readings);
  archive.put('events', dt, 'a', events);
  archive.quarantines(dt, quarantine);
  expect((await archive.ask('summary'))[0]).toMatchObject(
    isRead
      ? { archived: '4', quarantined: '1', alerts_opened: '1' }
      : { archived: '0', quarantined: '0', alerts_opened: '0' },
  );
});

test('what arrived in the next minute belongs to the next night', async () => {
  const night = new Night();
  night.arrives(24 * 60 - 0.01, { patientId: 'last', systolicMmHg: 120 });
  night.arrives(24 * 60, { patientId: 'next', systolicMmHg: 120 });
  expect(await summaryOf(night)).toMatchObject({ archived: '1' });
  const next = { from: minute(24 * 60), to: minute(48 * 60) };
  expect((await archive.ask('summary', next))[0]).toMatchObject({ archived: '1' });
});
