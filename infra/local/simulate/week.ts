/**
 * A week of a simulated hospital through the whole system, in virtual time and under faults; whatever must always hold is
 * looked at throughout. Everything comes from the seed, so that a seed that fails does so again.
 */
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { withSwaps } from '../../../handlers/on-call/swap.ts';
import { changePublished } from '../../hospital/published-roster.ts';
import type { Template } from '../account/template.ts';
import { operatorClient, startVigil, type Vigil } from '../account/vigil.ts';
import { minuteMs } from '../engine/clock.ts';
import { seededRandom } from '../engine/random.ts';
import { simulatePeople } from '../replay/people.ts';
import { isAnythingDue, killOne } from '../replay/replay.ts';
import type { FirehoseService } from '../services/firehose/service.ts';
import { Census, type InPatient } from './census.ts';
import { Devices } from './devices.ts';
import { drillHolder } from './drills.ts';
import { weekHabits } from './habits.ts';
import { simulatedHospital, startOfWeek } from './hospital.ts';
import { planOf } from './plan.ts';
import type { Breach, BreachKind } from './rule.ts';
import { Shifts } from './shifts.ts';
import type { WeeksSummary } from './summary.ts';
import { type WatchedWeek, watchWeek } from './watch.ts';

export type WeekOptions = {
  seed: number;
  wards?: number;
  days?: number;
  /** Of the patients, who have crises. */
  unstableShare?: number;
  /** Of the hospital, each held at an instant of its own. */
  drillsPerDay?: number;
  /** Ends the week early. */
  isEnough?: (breaches: readonly Breach[]) => boolean;
  /** Changes the template before it boots, to show that a wrong one is found. */
  change?: (template: Template) => void;
  /** Sees the account before the first reading. */
  prepare?: (vigil: Vigil) => void;
  onEvent?: (line: string) => void;
};

export type Week = {
  summary: WeeksSummary;
  breaches: readonly Breach[];
  stories: string[][];
  digest: string;
};

/**
 * 240 beds, from Thursday to Thursday. Of intensive-care patients half have crises; of a ward's fewer, here so many that a
 * patient's day has a tenth of an alert.
 */
const wholeWeek = { wards: 8, days: 7, unstableShare: 0.25, drillsPerDay: 2 };
/** A week has many times the calls of a replayed night: so many of them fail by chance, beside those that each caller meets once. */
const callFaults = 0.25;
const dayMs = 24 * 60 * minuteMs;
/** Roster, topics and subscriptions are made before the first reading. */
const preparationMs = 5 * minuteMs;
/** Behind the last reading: a device's alert that nobody takes is told again after eight hours. */
const longestTailMs = 20 * 60 * minuteMs;
/** Whoever accepts measures again, most of the time: soon, and once more a little later. */
const bedside = { share: 0.9, leastMs: 2 * minuteMs, spreadMs: 5 * minuteMs, againMs: 2 * minuteMs };

/** No report each morning: it is proved by other means, and would be half of the work. Of a hundred people's mail all hours say the same. */
function withFewerSchedules(template: Template): void {
  for (const [name, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Scheduler::Schedule') continue;
    if (Properties.ScheduleExpression.startsWith('cron')) delete template.Resources[name];
    if (Properties.ScheduleExpression === 'rate(1 hour)') Properties.ScheduleExpression = 'rate(6 hours)';
  }
}

export async function simulateWeek(options: WeekOptions): Promise<Week> {
  const { seed, wards, days, isEnough = () => false, ...rates } = { ...wholeWeek, ...options };
  const fromMs = startOfWeek(seed);
  const toMs = fromMs + days * dayMs;
  const hospital = simulatedHospital(seededRandom(seed, 'hospital'), { wards, days, fromMs });
  const vigil = await startVigil({
    stage: 'production',
    hospital,
    seed,
    startAt: new Date(fromMs - preparationMs).toISOString(),
    onEvent: options.onEvent,
    change(template) {
      withFewerSchedules(template);
      options.change?.(template);
    },
  });
  try {
    for (const stream of ['readings', 'events'])
      vigil.service<FirehoseService>('firehose').stop(`vigil-production-${stream}`);
    const watched = begin(vigil, { hospital, seed, fromMs, toMs, ...rates });
    options.prepare?.(vigil);
    vigil.faults.begin(seed, vigil.clock, (choice) => killOne(vigil, choice), callFaults);
    const isOver = () => isEnough(watched.breaches);
    await vigil.clock.run(toMs + 5 * minuteMs, isOver);
    while (!isOver() && (await isAnythingDue(vigil)) && vigil.clock.now() < toMs + longestTailMs)
      await vigil.clock.run(vigil.clock.now() + 10 * minuteMs);
    watched.end();
    const summary = summaryOf(seed, watched);
    return {
      summary,
      breaches: watched.breaches,
      stories: watched.stories(),
      digest: vigil.eventLogDigest(),
    };
  } finally {
    vigil.stop();
  }
}

type Setting = {
  hospital: Hospital;
  seed: number;
  fromMs: number;
  toMs: number;
  unstableShare: number;
  drillsPerDay: number;
};

/** People, patients, devices and rules, from the first reading on. */
function begin(vigil: Vigil, setting: Setting): WatchedWeek {
  const { hospital, seed, fromMs, toMs, unstableShare, drillsPerDay } = setting;
  const { clock } = vigil;
  const shifts = new Shifts(hospital, toMs + longestTailMs);
  const { habits, intentions } = weekHabits(vigil.random('people'));
  const census = new Census(hospital, { seed, unstableShare });
  const devices = new Devices(vigil, census, (sent) => watched.sending(sent));
  const random = vigil.random('bedside');
  const measureBy = (id: string, atMs: number) =>
    clock.at(atMs, () => {
      const patient = census.patient(id);
      if (patient) devices.measure(patient);
    });
  const watched = watchWeek(vigil, {
    ...{ hospital, shifts, intentions },
    onAccepted(patientId) {
      if (random.next() >= bedside.share) return;
      const atMs = clock.now() + bedside.leastMs + random.below(bedside.spreadMs);
      for (const at of [atMs, atMs + bedside.againMs]) measureBy(patientId, at);
    },
  });
  simulatePeople(vigil, hospital, habits);
  const measureAsDue = (patient: InPatient) => {
    const atMs = census.nextAt(patient, clock.now());
    if (atMs >= toMs) return;
    clock.at(atMs, () => {
      // Whoever has gone home has left the bed to somebody else.
      if (census.patient(patient.id) !== patient) return measureAsDue(census.at(patient));
      devices.measure(patient);
      measureAsDue(patient);
    });
  };
  for (const patient of census.patients) measureAsDue(patient);
  const hold = drillHolder(vigil, devices, vigil.random('drills'));
  const swap = swapOf(vigil, hospital, shifts);
  const planned = planOf({
    ...{ random: vigil.random('plan'), census, devices, fromMs, toMs, swap },
    wards: hospital.wards.map(({ id }) => id),
    inTrouble: watched.inTrouble,
    drillsPerDay,
    hold: (drill) => void hold(drill),
  });
  for (const { atMs, happens } of planned) clock.at(atMs, happens);
  return watched;
}

/** As `npm run roster -- swap` does it, with whoever of the ward is free. */
function swapOf(vigil: Vigil, { clinicians }: Hospital, shifts: Shifts) {
  const s3 = operatorClient(vigil, 's3', 'S3Client');
  const bucket = vigil.outputs.RosterBucket as string;
  return async (ward: string, role: 'nurse' | 'doctor', atMs: number) => {
    const replaces = shifts.onCall(ward, role, null, atMs);
    const { fromMs, toMs } = shifts.turnAt(ward, role, atMs);
    const free = clinicians.find(
      (one) => one.role === role && one.wards.includes(ward) && !shifts.isOnCall(ward, one.id, atMs),
    );
    if (!free || fromMs <= vigil.clock.now()) return;
    const handed = { replaces, clinicianId: free.id, at: new Date(atMs).toISOString() };
    await changePublished({ s3, bucket }, (published) => {
      const { roster } = withSwaps(published, [handed], new Date(vigil.clock.now()).toISOString());
      return roster;
    });
    shifts.swapped({ ward, role, replaces, clinicianId: free.id, fromMs, toMs });
  };
}

function summaryOf(seed: number, { breaches, counts, stories }: WatchedWeek): WeeksSummary {
  const count = (kind: BreachKind) => breaches.filter((breach) => breach.kind === kind).length;
  const [story] = stories();
  return {
    seeds: 1,
    ...counts,
    ...{ lost: count('lost'), duplicated: count('duplicated'), silentEnds: count('silentEnd') },
    otherBreaches: count('other'),
    failedSeeds: story ? 1 : 0,
    failures: story ? [{ seed, story }] : [],
  };
}
