/** What happens in a simulated week beside the measurements: failing devices, patients who come, go and move, shifts that are swapped. */
import { minuteMs } from '../engine/clock.ts';
import type { Random } from '../engine/random.ts';
import type { Bed, Census, InPatient } from './census.ts';
import type { Devices } from './devices.ts';
import type { Drill } from './drills.ts';
import { deviceAt, watchedBed } from './hospital.ts';

const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export type Happening = { atMs: number; happens: () => void };

/** What a plan is made of. `swap`: whoever has a level's shift at an instant gives it to a colleague. */
export type Stage = {
  random: Random;
  census: Census;
  devices: Devices;
  wards: readonly string[];
  fromMs: number;
  toMs: number;
  /** Whose alert is open just now. */
  inTrouble: () => readonly string[];
  swap: (ward: string, role: 'nurse' | 'doctor', atMs: number) => void;
  drillsPerDay: number;
  hold: (drill: Drill) => void;
};

/** How often a day: of each ward, or of the hospital. */
const perWardDay = { errorCode: 0.2, unreadable: 0.15, demo: 0.1, clockOff: 0.1, silent: 0.15, admission: 5 };
const perDay = { move: 4, moveInTrouble: 4, swap: 4 };

/** Everything planned, in no order: each kind of happening is one list, beside which others may stand. */
export function planOf(stage: Stage): Happening[] {
  const { wards } = stage;
  return [
    ...wards.flatMap((ward) => [...deviceFailures(stage, ward), ...admissions(stage, ward)]),
    ...moves(stage),
    ...swaps(stage),
    ...drills(stage),
  ];
}

/** As many as a rate gives, at instants of the week. */
function spread({ random, fromMs, toMs }: Stage, rate: number, happens: (atMs: number) => void): Happening[] {
  const expected = (rate * (toMs - fromMs)) / dayMs;
  const times = Math.floor(expected + random.next());
  return Array.from({ length: times }, () => {
    const atMs = Math.floor(fromMs + random.next() * (toMs - fromMs));
    return { atMs, happens: () => happens(atMs) };
  });
}

function anyBed({ random }: Stage, ward: string): Bed {
  return { ward, bed: String(1 + random.below(30)) };
}

function deviceFailures(stage: Stage, ward: string): Happening[] {
  const { random, census, devices } = stage;
  const lying = (bed: Bed) => census.at(bed);
  const hours = (least: number, spread: number) => (least + random.below(spread)) * hourMs;
  return [
    ...spread(stage, perWardDay.errorCode, () => devices.sendErrorCode(lying(anyBed(stage, ward)))),
    ...spread(stage, perWardDay.unreadable, () => devices.sendUnreadable(lying(anyBed(stage, ward)))),
    ...spread(stage, perWardDay.demo, () => devices.fail(deviceAt(anyBed(stage, ward)), 'demo', hours(4, 6))),
    ...spread(stage, perWardDay.clockOff, () =>
      devices.fail(deviceAt(anyBed(stage, ward)), 'clockOff', hours(4, 12)),
    ),
    ...spread(stage, perWardDay.silent, () =>
      devices.fail(deviceAt({ ward, bed: watchedBed }), 'silent', hours(4, 4)),
    ),
  ];
}

function admissions(stage: Stage, ward: string): Happening[] {
  return spread(stage, perWardDay.admission, () => stage.census.admit(anyBed(stage, ward)));
}

/** Some of a ward alone, the others at the bed of a patient who has an open alert, or who alarms at that moment. */
function drills(stage: Stage): Happening[] {
  const { random, census, wards, drillsPerDay, hold } = stage;
  return spread(stage, drillsPerDay, () => {
    const kind = random.next();
    const anyone = census.at(anyBed(stage, wards[random.below(wards.length)] as string));
    if (kind < 0.4) return hold({ ward: anyone.ward });
    const atBed = kind < 0.7 ? (inTrouble(stage) ?? anyone) : anyone;
    hold({ ward: atBed.ward, atBed, alarms: kind >= 0.7 });
  });
}

/** Whoever has an open alert, unless nobody has, or they have gone home. */
function inTrouble({ random, census, inTrouble: open }: Stage): InPatient | undefined {
  const ids = open();
  const id = ids[random.below(ids.length)];
  return id === undefined ? undefined : census.patient(id);
}

/** Patients change beds, as often as not across wards; as many of those move while an alert of theirs is open. */
function moves(stage: Stage): Happening[] {
  const { random, census, wards } = stage;
  const anyone = () => census.at(anyBed(stage, wards[random.below(wards.length)] as string));
  const move = (who = anyone()) => {
    const other = anyone();
    if (other !== who) census.exchange(who, other);
  };
  return [
    ...spread(stage, perDay.move, () => move()),
    ...spread(stage, perDay.moveInTrouble, () => {
      move(inTrouble(stage));
    }),
  ];
}

/** Of a shift that begins at least half a day later. */
function swaps(stage: Stage): Happening[] {
  const { random, wards, swap } = stage;
  return spread(stage, perDay.swap, (atMs) => {
    const ward = wards[random.below(wards.length)] as string;
    swap(ward, random.next() < 0.7 ? 'nurse' : 'doctor', atMs + 12 * hourMs + random.below(24) * hourMs);
  });
}
