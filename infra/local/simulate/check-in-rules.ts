/** In a ward with check-ins whoever begins a shift is asked once, and nobody else, by a count that is not the product's. */
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { minuteMs } from '../engine/clock.ts';
import { type AlertWrite, hashOf, keyKindOf, type Tell, type WeekRule } from './rule.ts';
import type { Shifts } from './shifts.ts';

/** Some of the sweeper's minutes fail; from the claim on it is as a reading. */
const askedWithinMs = 13 * minuteMs;

export function checkInRules(tell: Tell, hospital: Hospital, shifts: Shifts): WeekRule {
  const wards = hospital.wards.filter(({ checkIn }) => checkIn).map(({ id }) => id);
  const asked = new Set<string>();
  let lookedAtMs: number | undefined;

  const keysOf = (ward: string, atMs: number) =>
    shifts.begun(ward, atMs).map(({ role, clinicianId }) => `CHECKIN#${ward}#${role}#${hashOf(clinicianId)}`);

  function begins({ after, event }: AlertWrite): void {
    if (keyKindOf(after.pk) !== 'CHECKIN' || (event.type !== 'raised' && event.type !== 'joined')) return;
    const [, ward = ''] = after.pk.split('#');
    const { arrivedAt } = event;
    if (!wards.includes(ward) || !keysOf(ward, Date.parse(arrivedAt)).includes(after.pk))
      tell('other', 'only whoever begins a shift checks in', after.pk, `nobody began at ${arrivedAt}`);
    const shift = `${after.pk} ${Date.parse(arrivedAt)}`;
    if (asked.has(shift))
      tell('other', 'a shift that begins is asked for once', after.pk, `asked again of ${arrivedAt}`);
    asked.add(shift);
  }

  function toRightPerson({ after, event }: AlertWrite): void {
    if (keyKindOf(after.pk) !== 'CHECKIN' || event.type !== 'asking') return;
    const [, , role, whoBegan] = after.pk.split('#');
    const wrong = event.pages.filter(
      (page) => (after.step.escalationLevel === role) !== (hashOf(page.clinicianId) === whoBegan),
    );
    for (const page of wrong)
      tell('other', 'whoever began is asked, then the lead', after.pk, `${page.clinicianId} is asked`);
  }

  return {
    onAlert(write) {
      begins(write);
      toRightPerson(write);
    },
    onMinute(nowMs) {
      const untilMs = Math.floor((nowMs - askedWithinMs) / minuteMs) * minuteMs;
      for (let atMs = (lookedAtMs ?? untilMs) + minuteMs; atMs <= untilMs; atMs += minuteMs)
        for (const key of wards.flatMap((ward) => keysOf(ward, atMs)))
          if (!asked.has(`${key} ${atMs}`))
            tell(
              'other',
              'a shift that begins is asked for once',
              key,
              `not asked of ${new Date(atMs).toISOString()}`,
            );
      lookedAtMs = Math.max(untilMs, lookedAtMs ?? untilMs);
    },
  };
}
