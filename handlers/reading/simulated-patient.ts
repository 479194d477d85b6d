/**
 * A simulated patient: a pure function of seed, device and minute. Figures are those of 96,591 cuff readings of 3,486
 * intensive-care patients (PhysioNet/CinC Challenge 2012, set A: test/data/SOURCES.md) unless the line says otherwise.
 */
import { createHash } from 'node:crypto';

/** `minute`: since 1970. `hour`: on the ward's clocks. */
export type SimulatedMoment = { seed: number; deviceId: string; minute: number; hour: number };

export type SimulatedVitals = {
  systolicMmHg: number;
  /** Null: the cuff gave none. */
  diastolicMmHg: number | null;
  pulseBpm: number;
};

/** From 0 up to 1, always the same for one device and purpose. */
export function chance(
  { seed, deviceId }: Pick<SimulatedMoment, 'seed' | 'deviceId'>,
  purpose: string,
): number {
  return createHash('sha256').update(`${seed}/${deviceId}/${purpose}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** Of mean 0 and standard deviation 1, by Box and Muller. */
function normal(of: SimulatedMoment, purpose: string): number {
  const radius = Math.sqrt(-2 * Math.log(1 - chance(of, `${purpose} radius`)));
  return radius * Math.cos(2 * Math.PI * chance(of, `${purpose} angle`));
}

/** 48% of the patients had a critical reading or worse. Of the others a simulated cuff never reads what alarms. */
export function isUnstable(of: Pick<SimulatedMoment, 'seed' | 'deviceId'>): boolean {
  return chance(of, 'unstable') < 0.48;
}

type Crisis = { kind: 'low' | 'high'; from: number; until: number };

/** A crisis and the hours in which the cuff still watches for another one fit within. */
const BLOCK_MINUTES = 8 * 60;

/**
 * The crisis of these eight hours, if there is one. A patient-day has one run of critical readings, so an unstable
 * patient's day has more than two; it is 1.8 readings long, half an hour apart, and some way beyond them. 85% are low.
 */
function crisisOf(of: SimulatedMoment): Crisis | undefined {
  const block = Math.floor(of.minute / BLOCK_MINUTES);
  if (!isUnstable(of) || chance(of, `crisis ${block}`) >= 0.85) return undefined;
  const from = block * BLOCK_MINUTES + Math.floor(chance(of, `from ${block}`) * 6 * 60);
  const until = from + 20 + Math.floor(chance(of, `length ${block}`) * 40);
  return { kind: chance(of, `kind ${block}`) < 0.85 ? 'low' : 'high', from, until };
}

/** 80% of the patients were measured hourly, 8% each quarter of an hour; the others here each half hour. */
function usualInterval(of: SimulatedMoment): number {
  const share = chance(of, 'interval');
  return share < 0.8 ? 60 : share < 0.88 ? 15 : 30;
}

/** After a critical reading 36% of the next ones came within 15 minutes: so does the cuff here, until an hour after. */
export function isMeasured(of: SimulatedMoment): boolean {
  const phased = of.minute + Math.floor(chance(of, 'phase') * 60);
  if (phased % 15 !== 0) return false;
  const crisis = crisisOf(of);
  const isWatched = crisis !== undefined && of.minute >= crisis.from && of.minute < crisis.until + 60;
  const interval = isWatched ? 15 : usualInterval(of);
  return phased % interval === 0;
}

/** Of the patients' means, and of a patient's readings about it: half of these last for hours (0.5 from hour to hour). */
const BETWEEN_PATIENTS = 17;
const FOR_HOURS = 10.5;
const FOR_MINUTES = 10.5;
const HOURS_OF_A_MOOD = 3 * 60;

/** What changes within hours, drawn from one such time to the next. */
function slowly(of: SimulatedMoment): number {
  const since = of.minute / HOURS_OF_A_MOOD;
  const last = Math.floor(since);
  const [before, after] = [normal(of, `mood ${last}`), normal(of, `mood ${last + 1}`)];
  return before + (after - before) * (since - last);
}

/** A tenth less by night, as is healthy; no file tells a time of day (Mancia et al., J Hypertens 2023;41:1874-2071). */
function byNightAndDay({ hour }: SimulatedMoment): number {
  return hour >= 23 || hour < 6 ? -8 : 4;
}

/** By day one reading of six is taken of somebody who has just moved; assumed, since nobody recorded it. */
function isActive(of: SimulatedMoment): boolean {
  return of.hour >= 7 && of.hour < 21 && chance(of, `active ${of.minute}`) < 1 / 6;
}

/** Bounded by `limit` on either side of the mean, and unchanged near it. */
function within(mean: number, limit: number, deviation: number): number {
  return Math.round(mean + limit * Math.tanh(deviation / limit));
}

/** What the cuff of the moment reads; without a crisis it is what alarms nobody. */
export function simulatedVitals(of: SimulatedMoment): SimulatedVitals {
  const crisis = crisisOf(of);
  const isInCrisis = crisis !== undefined && of.minute >= crisis.from && of.minute < crisis.until;
  const values = isInCrisis ? inCrisis(of, crisis.kind) : usual(of);
  return withArtefact(of, values);
}

type BothPressures = SimulatedVitals & { diastolicMmHg: number };

/** Of all readings the mean is 118.8/58.1 mmHg and 87.3 beats, crises included; where the systolic pressure rises by 10, the diastolic one does by 4. */
function usual(of: SimulatedMoment): BothPressures {
  const activity = isActive(of) ? 8 : 0;
  const deviation =
    BETWEEN_PATIENTS * normal(of, 'level') +
    FOR_HOURS * slowly(of) +
    FOR_MINUTES * normal(of, `now ${of.minute}`) +
    byNightAndDay(of) +
    activity;
  return {
    systolicMmHg: within(118, 27, deviation),
    diastolicMmHg: within(58, 17, 0.4 * deviation + 6 * normal(of, `diastolic ${of.minute}`)),
    pulseBpm: within(87, 45, 15 * normal(of, 'pulse') + 8 * normal(of, `pulse ${of.minute}`) + activity),
  };
}

/** Systolic pressures below 90 are 82.3 with a standard deviation of 6.7, those from 180 on 192.5 with one of 12.9. */
function inCrisis(of: SimulatedMoment, kind: Crisis['kind']): BothPressures {
  const deviation = normal(of, `now ${of.minute}`);
  const systolicMmHg = Math.round(kind === 'low' ? 82.3 + 6.7 * deviation : 192.5 + 12.9 * deviation);
  const pulseBpm = within(105, 30, 15 * normal(of, `pulse ${of.minute}`));
  return { systolicMmHg, diastolicMmHg: Math.round(systolicMmHg * (kind === 'low' ? 0.54 : 0.44)), pulseBpm };
}

/**
 * 0.42% of the readings lacked a pressure, 0.19% had a diastolic one below 20, and 0.11% were zero: here twice as many of
 * unstable patients, since a zero alarms.
 */
function withArtefact(of: SimulatedMoment, values: BothPressures): SimulatedVitals {
  const share = chance(of, `artefact ${of.minute}`);
  if (share < 0.0042) return { ...values, diastolicMmHg: null };
  if (share < 0.0061)
    return { ...values, diastolicMmHg: 10 + Math.floor(chance(of, `low ${of.minute}`) * 10) };
  const isZero = share < 0.0083 && isUnstable(of);
  return isZero ? { ...values, systolicMmHg: 0, diastolicMmHg: 0 } : values;
}
