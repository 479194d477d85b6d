/** A hospital as its people look at it: who is on call now, by which numbers readings are judged, and which device is where. */
import { choosePolicy } from '../clinical/choose-policy.ts';
import { limitSource } from '../clinical/limit-sources.ts';
import type { Limits, PolicyVersion } from '../clinical/policies.ts';
import type { Cohort } from '../clinical/reading.ts';
import { defaultTimings, timingsOf } from '../timings/timings.ts';
import { type WorstCase, worstCases } from '../timings/worst-case.ts';
import { bedNurse, everyoneOfWard, type Level, whoIsOnCall } from './on-call.ts';
import type { AnyRoster } from './roster.ts';

/** `sms`: pages go to a telephone as well, whose number is not shown. */
type PersonOnCall = { id: string; name: string; sms: boolean };
type WardOverview = {
  id: string;
  name: string;
  fallback: boolean;
  /** Whoever begins a shift is asked to check in. */
  checkIn: boolean;
  onCall: Record<Level, PersonOnCall[]>;
  /** Beds whose own nurse is asked before the ward's. */
  bedNurses: (PersonOnCall & { bed: string })[];
  /** The ids of all whom the last level calls. */
  everyone: string[];
  /** The policy's name, by cohort. */
  policies: Record<Cohort, string>;
  devices: { id: string; bed: string; standby: boolean }[];
  /** Beds beside those of the devices. */
  beds: string[];
};
type PolicyOverview = {
  name: string;
  version: string;
  /** Null: it always was valid. */
  validFrom: string | null;
  limits: { limit: keyof Limits; mmHg: number; source: string }[];
};
/** How soon a person or an alarm has an alert at the latest, and where: by default, or in a ward by a policy. */
type TimingOverview = { of: string[]; worstCases: WorstCase[] };
export type HospitalOverview = {
  name: string;
  zone: string;
  at: string;
  wards: WardOverview[];
  /** Those that judge anybody, in the order of the wards, and whatever else the hospital defines. */
  policies: PolicyOverview[];
  timings: TimingOverview[];
};

const COHORTS: readonly Cohort[] = ['adult', 'obstetric', 'child'];

/** As of an instant, ISO 8601. A roster with broken references has nobody where it names nobody. */
export function hospitalOverview(roster: AnyRoster, at: string): HospitalOverview {
  const judging = new Map<string, PolicyVersion>();
  const policyOf = (ward: string, cohort: Cohort): string => {
    // A patient of no age and without limits of its own.
    const asked = { patientId: '', ward, cohort, ageYears: null, arrivedAt: at };
    const policy = choosePolicy(asked, roster);
    judging.set(`${policy.name} ${policy.version}`, policy);
    return policy.name;
  };
  const wards = roster.wards.map(
    (ward): WardOverview => ({
      id: ward.id,
      name: ward.name,
      fallback: ward.id === roster.fallbackWard,
      checkIn: ward.checkIn ?? false,
      onCall: {
        nurse: whoIsOnCall(roster, ward.id, 'nurse', at).map(named),
        doctor: whoIsOnCall(roster, ward.id, 'doctor', at).map(named),
        lead: whoIsOnCall(roster, ward.id, 'lead', at).map(named),
      },
      bedNurses: bedNursesOf(roster, ward.id, at),
      everyone: everyoneOfWard(roster, ward.id, at).map(({ id }) => id),
      policies: Object.fromEntries(COHORTS.map((cohort) => [cohort, policyOf(ward.id, cohort)])) as Record<
        Cohort,
        string
      >,
      devices: roster.devices
        .filter((device) => device.ward === ward.id)
        .map(({ id, bed, standby = false }) => ({ id, bed, standby })),
      beds: ward.beds ?? [],
    }),
  );
  const shown = new Set([...judging.values(), ...(roster.policies ?? [])]);
  const policies = Array.from(shown, (policy) => policyOverview(policy, roster));
  return {
    name: roster.name,
    zone: roster.zone,
    at,
    wards,
    policies,
    timings: timingsOverview(roster, wards),
  };
}

function timingsOverview(roster: AnyRoster, wards: readonly WardOverview[]): TimingOverview[] {
  const byTimings = new Map<string, TimingOverview>();
  const add = (of: string, timings = defaultTimings) => {
    const key = JSON.stringify(timings);
    const known = byTimings.get(key) ?? { of: [], worstCases: worstCases(timings) };
    byTimings.set(key, { ...known, of: [...known.of, of] });
  };
  add('default');
  for (const { id, policies } of wards)
    for (const policy of new Set(Object.values(policies))) {
      const own = timingsOf(roster, id, policy);
      if (own) add(`${id} ${policy}`, own);
    }
  return [...byTimings.values()];
}

function bedNursesOf(roster: AnyRoster, ward: string, at: string): WardOverview['bedNurses'] {
  const beds = new Set(roster.bedAssignments?.flatMap((one) => (one.ward === ward ? one.beds : [])));
  return Array.from(beds, (bed) =>
    bedNurse(roster, ward, bed, at).map((nurse) => ({ bed, ...named(nurse) })),
  ).flat();
}

function named({ id, name, phone }: AnyRoster['clinicians'][number]): PersonOnCall {
  return { id, name, sms: phone !== undefined };
}

function policyOverview(policy: PolicyVersion, { policies = [] }: AnyRoster): PolicyOverview {
  const isOwn = policies.some((own) => own === policy);
  const limits = (Object.keys(policy.limits) as (keyof Limits)[]).flatMap((limit) => {
    const mmHg = policy.limits[limit];
    if (mmHg === null) return [];
    const source = isOwn ? undefined : limitSource(policy.name, limit);
    return [{ limit, mmHg, source: source ?? "the hospital's own" }];
  });
  return { name: policy.name, version: policy.version, validFrom: policy.validFrom ?? null, limits };
}
