/** What happened to an alert, on a terminal. */
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { stepOf } from '../../../handlers/alert/mails.ts';
import { archiveQuery } from '../../../infra/cli/alert/archive-query.ts';
import { alertCommand } from '../../../infra/cli/alert.ts';
import { InputError } from '../../../infra/input-error.ts';
import { AlertingAws } from '../../handlers/alert/alerting-aws.ts';
import {
  aClaim,
  at,
  doctor,
  minute,
  nurse,
  seenAs,
  when,
  whenRaised,
} from '../../handlers/alert/builders.ts';
import { everyEvent } from '../../handlers/alert/every-event.ts';
import { aHospital } from '../../handlers/on-call/builders.ts';

let aws: AlertingAws;
let target: string[];
beforeEach(() => {
  aws = new AlertingAws();
  target = ['--table', aws.tableName];
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A stage that was deployed for this zone, or none that can be asked. */
const deployedFor = (zone?: string) =>
  ({
    send: async () => {
      if (!zone) throw new Error('no such function');
      return { Environment: { Variables: { HOSPITAL_ZONE: zone } } };
    },
  }) as never;
const shown = (argv: string[], zone: string | undefined = 'Europe/Zurich') =>
  alertCommand([...argv, ...target], deployedFor(zone));

/** The nurse does not answer, the doctor accepts and closes it. */
function aStory(): Alert {
  const raised = whenRaised(undefined, aClaim(), at(0));
  const asks = (alert: Alert, who: typeof nurse, time: string) => {
    const ask = {
      type: 'ask',
      seen: seenAs(alert),
      responders: [who],
      sighting: undefined,
      newPageIds: [`secret-${who.id}`],
    } as const;
    const asked = when(alert, ask, time);
    const page = { clinicianId: who.id, role: who.role, purpose: 'page' } as const;
    const published = [{ ...page, pageId: `secret-${who.id}` }];
    return when(asked, { type: 'recordMails', step: stepOf(asked), published, turns: {} }, time);
  };
  const first = asks(raised, nurse, at(1));
  const reminded = when(first, { type: 'moveOn', seen: seenAs(first), because: 'timeIsUp' }, minute(2));
  const next = when(reminded, { type: 'moveOn', seen: seenAs(reminded), because: 'timeIsUp' }, minute(4));
  const second = asks(next, doctor, minute(4));
  const by = { clinicianId: doctor.id, shownLevel: 'critical' } as const;
  const accepted = when(second, { type: 'accept', ...by, role: doctor.role, round: 1 }, minute(5));
  return when(accepted, { type: 'close', ...by, reason: 'transferred', usefulness: 'acted' }, minute(9));
}

describe('the story of an alert', () => {
  const alert = aStory();
  const reference = alert.reference;

  test('is an event a line, on the hospital’s clocks, with roles, reasons and waits', async () => {
    aws.put(alert);
    expect((await shown([reference])).split('\n')).toEqual([
      `VG ${reference}: critical, ward-001 bed 4, policy adult (alert ${alert.alertId})`,
      'Alarming since Tue 24 Nov 03:59:59 (Europe/Zurich). Closed Tue 24 Nov 04:09:00: transferred.',
      '',
      'Tue 24 Nov 04:00:00  1  A reading raised the alert (critical) (until 04:02:00)',
      'Tue 24 Nov 04:00:01  2  Asks nurse: page (until 04:02:00)',
      'Tue 24 Nov 04:00:01  3  Paged nurse',
      'Tue 24 Nov 04:02:00  4  Nobody answered in time (time was up; until 04:04:00)',
      'Tue 24 Nov 04:04:00  5  Escalated to the doctor (time was up; until 04:06:00)',
      'Tue 24 Nov 04:04:00  6  Asks doctor: page (until 04:06:00)',
      'Tue 24 Nov 04:04:00  7  Paged doctor',
      'Tue 24 Nov 04:05:00  8  doctor accepted (recheck at 04:20:00)',
      'Tue 24 Nov 04:09:00  9  doctor closed it: transferred. Useful? Yes, something was done',
      '',
      'Executions, oldest first:',
      `  ${alert.executionName}`,
    ]);
  });

  test('is found by whatever people call it, among many items', async () => {
    for (let index = 0; index < 120; index++) aws.items.set(`TURN#${index}`, { kind: 'turn' });
    aws.put(alert);
    const whole = await shown([reference]);
    for (const said of [['VG', reference], [`vg ${reference.toLowerCase()}`], [alert.alertId]])
      expect(await shown(said)).toBe(whole);
  });

  test('names people where a roster is given, and has its clocks', async () => {
    aws.put(alert);
    const file = join(mkdtempSync(join(tmpdir(), 'vigil-roster-')), 'hospital.json');
    writeFileSync(file, JSON.stringify(aHospital()));
    const text = await shown([reference, '--roster', file]);
    expect(text).toContain('Tue 24 Nov 03:05:00  8  Dr Elias Brandreth accepted (recheck at 03:20:00)');
    expect(text).toContain('Paged Amara Whitlock (nurse)');
  });

  test('of a stage that cannot be asked for its zone is in UTC, and says so', async () => {
    aws.put(alert);
    const text = await alertCommand([reference, ...target], deployedFor());
    expect(text).toContain('Tue 24 Nov 02:59:59 (UTC)');
  });

  test('holds no value, no link, no patient', async () => {
    aws.put({ ...alert, events: everyEvent });
    const text = await shown([reference]);
    expect(text.split('\n').filter((line) => /^\w{3} \d/.test(line))).toHaveLength(everyEvent.length);
    expect(text).toContain('hear of it later');
    expect(text).toContain('Too late to tell those who are left');
    expect(text).not.toMatch(/secret-|page-|p-7|bp-|205|123|https?:|undefined|null|\[object/);
  });

  test('of more than the table keeps says how the archive is asked for the rest', async () => {
    aws.put({ ...alert, events: alert.events.slice(3) });
    const text = await shown([reference]);
    expect(text).toContain('The table keeps the last 6 events');
    expect(text).toContain(`  AND alert_id = '${alert.alertId}'`);
    expect(text).toContain("WHERE dt BETWEEN '2026-11-24' AND '2026-11-24'");
  });
});

describe('an alert that is not there', () => {
  test('is said, with the question to the archive', async () => {
    await expect(shown(['VG', 'ABC12O'])).rejects.toThrow(/VG ABC120: no alert of this name/);
    await expect(shown(['VG', 'ABC12O'])).rejects.toThrow(InputError);
    await expect(shown(['3f9a0c21b7de4455'])).rejects.toThrow("AND alert_id = '3f9a0c21b7de4455'");
  });

  test('is asked for by its reference as references are made', () => {
    const { reference, alertId } = aStory();
    const query = archiveQuery('vigil-production', { reference }, minute(0));
    expect(query).toContain('FROM vigil_production.events');
    const hex = createHash('sha256').update(alertId).digest('hex').toUpperCase();
    const conditions = [...query.matchAll(/, (\d+), 2\), 16\) % 32 = (\d+)/g)];
    expect(conditions).toHaveLength(6);
    for (const [, from, value] of conditions) {
      const byte = Number.parseInt(hex.slice(Number(from) - 1, Number(from) + 1), 16);
      expect(byte % 32).toBe(Number(value));
    }
  });

  test('cannot be looked for without a name or a table, or with two', async () => {
    await expect(alertCommand(target, deployedFor())).rejects.toThrow('Usage');
    await expect(alertCommand(['ABC123'], deployedFor())).rejects.toThrow('Usage');
    await expect(shown(['ABC123', '--stage', 'demo'])).rejects.toThrow('Usage');
  });

  test('is looked for in the table of a stage', async () => {
    const inStage = (stage: string) => alertCommand(['ABC123', '--stage', stage], deployedFor());
    vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async () => ({ Items: [] }));
    await expect(inStage('demo')).rejects.toThrow('no alert of this name in vigil-demo.');
    await expect(inStage('staging')).rejects.toThrow('No stage is called staging');
  });
});
