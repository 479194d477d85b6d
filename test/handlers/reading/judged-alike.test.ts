/**
 * Whoever judges a reading comes to the same judgement: the consumer at once, or days later when it is delivered again, the
 * archive a minute later, each by the roster that it happens to know.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PatientLimits } from '../../../handlers/clinical/patient-limits.ts';
import { adult } from '../../../handlers/clinical/policies.ts';
import { rosterAfter, withLimitsEnded, withLimitsSet } from '../../../handlers/on-call/next-roster.ts';
import { parseRoster } from '../../../handlers/on-call/parse-roster.ts';
import { announcementProblems } from '../../../handlers/on-call/policy-versions.ts';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { archiveRecord } from '../../../handlers/reading/archive-batch.ts';
import { archiveRow } from '../../../handlers/reading/archive-row.ts';
import { readBatch } from '../../../handlers/reading/kinesis-batch.ts';
import { aRoster } from '../on-call/builders.ts';
import { bytesOf } from './builders.ts';

const seed = 20261124;
const identityKey = Buffer.from('the key of a stage');
const start = Date.parse('2026-11-24T10:00:00.000Z');
const at = (ms: number) => new Date(start + ms).toISOString();
const minute = 60_000;
/** How long a function goes by the roster that it knows (handlers/aws/s3/roster-store.ts). */
const cachedMs = minute;
/** The stream's retention: nobody judges a reading later. */
const week = 7 * 86_400_000;

type Published = { atMs: number; roster: Roster };

/** What people do with the roster, one after another: minutes between, and what is changed. */
const limits = fc.constantFrom<PatientLimits['limits']>(
  { criticalSystolicHigh: 150 },
  { criticalSystolicHigh: 195, emergencySystolicHigh: 230 },
  { criticalSystolicLow: 100, warningSystolicLow: 110 },
);
const change = fc.oneof(
  fc.record({
    kind: fc.constant('policy' as const),
    limits,
    aheadMs: fc.integer({ min: 2 * minute, max: 6 * minute }),
  }),
  fc.record({ kind: fc.constant('dropped' as const) }),
  fc.record({
    kind: fc.constant('ward' as const),
    policy: fc.constantFrom('ours', 'adult', 'obstetric', 'seed'),
  }),
  fc.record({ kind: fc.constant('device' as const), ward: fc.constantFrom('ward-001', 'ward-002') }),
  fc.record({ kind: fc.constant('zone' as const), zone: fc.constantFrom('Europe/London', 'Asia/Tokyo') }),
  fc.record({ kind: fc.constant('own' as const), limits, hours: fc.constantFrom(0.05, 0.1, 24) }),
  fc.record({ kind: fc.constant('ended' as const) }),
);
type Change = typeof change extends fc.Arbitrary<infer Of> ? Of : never;
const history = fc.array(
  fc.record({
    afterMs: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 3 * minute }) },
      fc.constantFrom(0, week - minute, week),
    ),
    change,
  }),
  { minLength: 1, maxLength: 12 },
);

/** The file of the next publication, from what is published. */
function fileAfter({ patientLimits: _, before: __, ...file }: Roster, said: Change, nowMs: number) {
  const policies = file.policies ?? [];
  if (said.kind === 'policy') {
    const version = `${policies.length}-${nowMs}`;
    const validFrom = at(nowMs + said.aheadMs);
    return {
      ...file,
      policies: [
        ...policies,
        { name: 'ours', version, validFrom, limits: { ...adult.limits, ...said.limits } },
      ],
    };
  }
  if (said.kind === 'dropped') return { ...file, policies: policies.slice(policies.length > 1 ? 1 : 0) };
  if (said.kind === 'ward')
    return { ...file, wards: file.wards.map((ward) => ({ ...ward, policies: { adult: said.policy } })) };
  if (said.kind === 'device')
    return { ...file, devices: file.devices.map((device) => ({ ...device, ward: said.ward })) };
  return said.kind === 'zone' ? { ...file, zone: said.zone } : file;
}

function rosterOf(published: Roster, said: Change, nowMs: number): Roster {
  const now = at(nowMs);
  if (said.kind === 'own')
    return withLimitsSet(published, { ...said, patientId: 'p-7', setBy: 'doctor-1' }, now);
  if (said.kind === 'ended') return withLimitsEnded(published, 'p-7', now);
  const file = fileAfter(published, said, nowMs);
  return announcementProblems(file, published, now).length > 0
    ? published
    : rosterAfter(published, file, now);
}

function publications(changes: { afterMs: number; change: Change }[]): Published[] {
  const first = aRoster({
    wards: [
      { id: 'ward-001', name: 'Heron', policies: { adult: 'ours' } },
      { id: 'ward-002', name: 'Kingfisher', policies: { adult: 'obstetric' } },
    ],
  });
  const all: Published[] = [
    { atMs: -100 * minute, roster: { ...first, policies: [{ ...adult, name: 'ours' }] } },
  ];
  let nowMs = 0;
  for (const { afterMs, change } of changes) {
    nowMs += afterMs;
    const { roster } = all.at(-1) as Published;
    const next = rosterOf(roster, change, nowMs);
    all.push({ atMs: nowMs, roster: parseRoster(JSON.stringify(next), 'published') });
  }
  return all;
}

const message = bytesOf({
  deviceId: 'bp-001',
  patientId: 'p-7',
  measuredAt: '2026-11-24T09:55:00',
  systolic: 155,
  diastolic: 85,
});

/** What the archive and the claim say, by a roster that was asked for then. */
function consumed(roster: Roster, arrivedAt: string) {
  const origin = { shardId: 'shardId-0', sequenceNumber: '1', arrivedAt };
  const [arrival] = readBatch([{ bytes: Buffer.from(message), origin }], { ...roster, identityKey }).arrivals;
  return arrival && archiveRow(arrival);
}
function archived(roster: Roster, arrivedAt: string) {
  const kinesisRecordMetadata = {
    shardId: 'shardId-0',
    sequenceNumber: '1',
    approximateArrivalTimestamp: Date.parse(arrivedAt),
  };
  const data = Buffer.from(message).toString('base64');
  const record = archiveRecord({ recordId: 'r', data, kinesisRecordMetadata }, { ...roster, identityKey });
  return JSON.parse(Buffer.from(record.data, 'base64').toString());
}

/** The roster that a function knows which asked for it so long before it judges. */
function knownAt(all: Published[], judgedMs: number, ageMs: number): Roster {
  return (all.findLast(({ atMs }) => atMs <= judgedMs - ageMs) as Published).roster;
}

const laterMs = fc.oneof(
  fc.constantFrom(0, week),
  fc.integer({ min: 0, max: 10 * minute }),
  fc.integer({ min: 0, max: week }),
);
const judging = fc.record({ laterMs, ageMs: fc.integer({ min: 0, max: cachedMs }) });

test(`consumer and archive agree on every reading, whenever it arrives and they judge it (seed ${seed})`, () => {
  const seen = { policies: new Set<string>(), others: 0 };
  fc.assert(
    fc.property(
      history,
      fc.array(fc.tuple(fc.integer({ min: -minute, max: 45 * minute }), judging, judging), {
        minLength: 20,
        maxLength: 20,
      }),
      (changes, readings) => {
        const all = publications(changes);
        const instants = all
          .slice(1)
          .flatMap(({ atMs }) => [0, 60_000, 119_999, 120_000, 120_001].map((ms) => atMs + ms));
        const arrivals = readings.map(
          ([arrivedMs, ...who], index) =>
            [
              index % 2 === 0 ? arrivedMs : (instants[(arrivedMs + minute) % instants.length] as number),
              ...who,
            ] as const,
        );
        for (const [arrivedMs, consumer, archive] of arrivals) {
          const [one, other] = [consumer, archive].map(({ laterMs, ageMs }) =>
            knownAt(all, arrivedMs + laterMs, ageMs),
          ) as [Roster, Roster];
          const row = consumed(one, at(arrivedMs));
          expect(row).toEqual(archived(other, at(arrivedMs)));
          seen.policies.add(row?.policy ?? '');
          if (JSON.stringify(one) !== JSON.stringify(other)) seen.others += 1;
        }
      },
    ),
    { seed, numRuns: 150 },
  );
  // They did go by different rosters, and by every kind of policy.
  expect(seen.others).toBeGreaterThan(500);
  expect([...seen.policies].sort()).toEqual(['adult', 'obstetric', 'ours', 'patient', 'seed']);
});
