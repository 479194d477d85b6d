/**
 * A measurement of named values. Vigil's own shape is `{ deviceId, patientId, ward, bed, measuredAt, systolic, diastolic, ... }`,
 * the first devices' `{ id, systolic, diastolic }`; what other senders call these fields is read alike.
 */
import type { Assumption, Quality } from '../clinical/reading.ts';
import { namedBy } from '../naming/stand-in.ts';
import { cohortIn } from './cohort.ts';
import { deviceIn, type Fact, type Facts, isPatientSaid, patientIn, timeIn } from './facts.ts';
import { type IdentityKey, pseudonymOf } from './identity.ts';
import {
  assumedOf,
  isSaid,
  leastOf,
  notFoundOf,
  pairsOf,
  placeNameOf,
  type Shaped,
  type Side,
  tooMany,
} from './measurement.ts';
import type { PressureSaid } from './pressure-value.ts';

export type PlainValues = { systolic: Side; diastolic: Side; mean: PressureSaid; pulse: PressureSaid };

/** `isOwn`: named exactly as Vigil names them, so that mmHg goes without saying. */
export function shapedOfPlain(
  { systolic, diastolic, mean, pulse }: PlainValues,
  facts: Facts,
  { key, zone, isOwn }: { key: IdentityKey; zone: string; isOwn: boolean },
): Shaped {
  const device = deviceIn(facts);
  const patient = patientIn(facts, key);
  const bed = placeNameOf(facts.bed?.[0]?.value);
  // A gateway has a patient in each bed, and on each channel.
  const [one] = [...(facts.bed ?? []), ...(facts.channel ?? [])].filter(({ isWithin }) => isWithin);
  const part = placeNameOf(one?.value);
  const isOfGateway = device !== null && part !== null;
  const named = namedBy(device, patient, isOfGateway ? pseudonymOf(['bed', device, part], key) : device);
  const isLegacy = !facts.ownDevice && !facts.ownTime && !facts.ownPatient;
  if (!named) {
    const isAnybodySaid = [...patientFacts(facts), ...deviceFacts(facts)].length > 0;
    if (!isAnybodySaid) return { unreadable: 'record: of no known shape' };
    if (isLegacy && facts.id) return { refused: 'id: names nobody for certain' };
    return { refused: 'deviceId, patientId: neither names anybody for certain' };
  }
  const many = tooMany('systolic', systolic) ?? tooMany('diastolic', diastolic);
  if (many !== null) return { refused: many, deviceId: named.deviceId };

  const time = timeIn(facts, zone);
  const isArrivalTheContract = isLegacy && !facts.time;
  const ageYears = ageOf(facts.ageYears?.[0]?.value);
  const { cohort, isUnknown: isCohortUnknown } = cohortIn(facts);
  const quality = qualityOf(facts.quality?.[0]?.value);
  const isQualityUnknown = quality === null && isSaid(facts.quality?.[0]?.value);
  const meanArterialMmHg = leastOf(mean.values);
  const described: [string, Fact[] | undefined, unknown][] = [
    ['deviceId', deviceFacts(facts), device],
    ['patientId', patientFacts(facts), patient],
    ['ward', facts.ward, placeNameOf(facts.ward?.[0]?.value)],
    ['bed', facts.bed, bed],
    ['meanArterial', mean.isUnclear ? [{ name: '', value: 'unclear' }] : [], meanArterialMmHg],
    ['pulse', pulse.isUnclear ? [{ name: '', value: 'unclear' }] : [], pulse.values[0] ?? null],
    ['ageYears', facts.ageYears, ageYears],
    ['cohort', facts.cohort, cohort],
    ['quality', facts.quality, quality],
  ];
  const assumed: Assumption[] = [
    ...(time === null && !isArrivalTheContract ? (['timeOfArrival'] as const) : []),
    ...(time?.isLocal ? (['hospitalZone'] as const) : []),
    ...assumedOf([systolic, diastolic], isOwn),
    ...(isCohortUnknown ? (['cohort'] as const) : []),
    ...(isQualityUnknown ? (['quality'] as const) : []),
    ...(patient === null && isPatientSaid(facts) ? (['patient'] as const) : []),
  ];
  return {
    measurement: {
      ...named,
      ward: placeNameOf(facts.ward?.[0]?.value),
      bed,
      cohort,
      ageYears,
      measuredAt: time?.at ?? null,
      isMidnight: time?.isMidnight ?? false,
      notFound: notFoundOf(systolic, diastolic),
      meanArterialMmHg,
      pulseBpm: pulse.values.length === 1 ? (pulse.values[0] ?? null) : null,
      // A word for the quality that Vigil does not know is a doubt, not a reason to leave the patient out.
      quality: quality ?? (isQualityUnknown ? 'questionable' : 'measured'),
      ownId: null,
      replaces: false,
      source: isLegacy && !patient ? 'legacy' : 'vigil',
      ignored: described.flatMap(([name, said, understood]) =>
        understood === null && (said ?? []).some(({ value }) => isSaid(value)) ? [name] : [],
      ),
      assumed,
    },
    pairs: pairsOf(systolic, diastolic),
  };
}

function deviceFacts(facts: Facts): Fact[] {
  return [...(facts.ownDevice ?? facts.device ?? facts.id ?? [])];
}

function patientFacts(facts: Facts): Fact[] {
  return [...(facts.ownPatient ?? []), ...(facts.patient ?? [])];
}

function ageOf(said: unknown): number | null {
  const years =
    typeof said === 'string' ? Number(/^>?\s*(\d+(?:\.\d+)?)$/.exec(said.trim())?.[1] ?? Number.NaN) : said;
  return typeof years === 'number' && Number.isFinite(years) && years >= 0 ? years : null;
}

const qualities: readonly Quality[] = ['measured', 'questionable', 'invalid', 'test', 'demo'];
const GOOD =
  /^(?:very ?)?(?:good|ok|okay|fine|valid|validated|verified|normal|excellent|high|reliable|accepted|success)$/;

function qualityOf(said: unknown): Quality | null {
  const word = typeof said === 'string' ? said.trim().toLowerCase() : '';
  return GOOD.test(word) ? 'measured' : (qualities.find((quality) => quality === word) ?? null);
}
