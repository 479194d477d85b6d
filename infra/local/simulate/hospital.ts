/** The hospital of a simulated week: wards of thirty beds, three nurses' shifts a day, two of the doctors', one of the leads'. */
import { DateTime } from 'luxon';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import type { Random } from '../engine/random.ts';

const zone = 'Europe/London';
const bedsPerWard = 30;
/** Stands in no word of a mail, so that a name in one is found. */
export const surname = 'Quillfeather';

const staff = {
  nurse: { people: 4, shiftStarts: ['07:00', '15:00', '23:00'] },
  doctor: { people: 3, shiftStarts: ['08:00', '20:00'] },
  lead: { people: 2, shiftStarts: ['08:00'] },
} as const;
type Post = keyof typeof staff;
const posts = Object.keys(staff) as Post[];

/** In the week before each change of the clocks, and in one without: a Thursday's morning, so that a Sunday is within. */
const weeks = ['2026-03-26T06:00', '2026-10-22T06:00', '2026-06-11T06:00'];

/** When a seed's week begins, epoch milliseconds. */
export function startOfWeek(seed: number): number {
  return DateTime.fromISO(weeks[seed % weeks.length] as string, { zone }).toMillis();
}

/** Zones are slow to work out, and every reading asks for the hour: a quarter of one has the same everywhere. */
const hours = new Map<number, number>();

export function hourAt(atMs: number): number {
  const quarter = Math.floor(atMs / 900_000);
  const hour = hours.get(quarter) ?? DateTime.fromMillis(atMs, { zone }).hour;
  hours.set(quarter, hour);
  return hour;
}

const personOf = (ward: string, post: Post, number: number) => `${ward}-${post}-${number + 1}`;

/** `days` from an instant: for so long nurses have beds of their own, each early shift two of them. */
export function simulatedHospital(
  random: Random,
  { wards, days, fromMs }: { wards: number; days: number; fromMs: number },
): Hospital {
  const ids = Array.from({ length: wards }, (_, index) => `ward-${String(index + 1).padStart(3, '0')}`);
  const beds = Array.from({ length: bedsPerWard }, (_, index) => String(index + 1));
  const perWard = posts.reduce((sum, post) => sum + staff[post].people, 0);
  return {
    name: 'Simulated',
    zone,
    fallbackWard: ids[0] as string,
    // The last ward is obstetric, every second wants check-ins; one device of each ward is waited for by itself.
    wards: ids.map((id, index) => ({
      ...{ id, name: id, checkIn: index % 2 === 0 },
      policies: { adult: index === wards - 1 ? 'obstetric' : 'adult' },
    })),
    clinicians: ids.flatMap((ward, wardIndex) =>
      posts
        .flatMap((post) => Array.from({ length: staff[post].people }, (_, number) => ({ post, number })))
        .map(({ post, number }, index) => ({
          id: personOf(ward, post, number),
          name: `${surname} ${wardIndex * perWard + index}`,
          role: post,
          wards: [ward],
          email: `${post}-${number + 1}@${ward}.example.org`,
          // None of these is one that a roster refuses.
          pin: String(466_622 + (wardIndex * perWard + index) * 11),
        })),
    ),
    rotations: ids.flatMap((ward) =>
      posts.map((role) => ({
        ...{ ward, role, startsOn: '2026-01-05', shiftStarts: [...staff[role].shiftStarts] },
        order: Array.from({ length: staff[role].people }, (_, number) => personOf(ward, role, number)),
      })),
    ),
    bedAssignments: ids.flatMap((ward) =>
      Array.from({ length: Math.ceil(days) }, (_, day) => {
        const date = DateTime.fromMillis(fromMs, { zone }).plus({ days: day }).toISODate();
        const first = random.below(bedsPerWard - 6);
        const clinicianId = personOf(ward, 'nurse', random.below(staff.nurse.people));
        return {
          ...{ ward, beds: beds.slice(first, first + 6), clinicianId },
          ...{ from: `${date}T07:00`, to: `${date}T15:00` },
        };
      }),
    ),
    devices: ids.flatMap((ward) =>
      beds.map((bed) => ({
        ...{ id: deviceAt({ ward, bed }), ward, bed },
        ...(bed === watchedBed && { measuresEveryMinutes: 60 }),
      })),
    ),
  };
}

/** In each ward the device of this bed measures hourly, and is waited for. */
export const watchedBed = '1';

export function deviceAt({ ward, bed }: { ward: string; bed: string }): string {
  return `bp-${ward.slice(-3)}-${bed}`;
}
