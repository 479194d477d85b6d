/**
 * Who is on call, counted a second time: each ward's shifts are dealt out one by one, on the hospital's clocks, into a list of
 * who has which hours. It is what pages are held against, so it shares nothing with the product's own count.
 */
import { DateTime } from 'luxon';
import type { Hospital } from '../../../handlers/on-call/roster.ts';
import { minuteMs } from '../engine/clock.ts';

type CallLevel = Hospital['rotations'][number]['role'];
type Hours = { fromMs: number; toMs: number };
type Turn = Hours & { clinicianId: string };
export type ShiftSwap = Hours & { ward: string; role: CallLevel; replaces: string; clinicianId: string };

export class Shifts {
  readonly #turns = new Map<string, Turn[]>();
  readonly #beds: (Turn & { ward: string; beds: readonly string[] })[];
  readonly #swaps: ShiftSwap[] = [];
  /** When anybody may begin or end a shift. */
  readonly #changes = new Set<number>();

  /** Of the hospital's rotations, up to an instant. */
  constructor(hospital: Hospital, untilMs: number) {
    const { zone } = hospital;
    for (const { ward, role, startsOn, shiftStarts, order } of hospital.rotations) {
      const turns: Turn[] = [];
      const next = order.keys();
      let waiting = [...next];
      for (
        let day = DateTime.fromISO(startsOn, { zone });
        day.toMillis() < untilMs;
        day = day.plus({ days: 1 })
      )
        for (const start of shiftStarts) {
          const [hour, minute] = start.split(':').map(Number) as [number, number];
          const fromMs = day.set({ hour, minute }).toMillis();
          const before = turns.at(-1);
          if (before) before.toMs = fromMs;
          const [turn, ...others] = waiting as [number, ...number[]];
          waiting = [...others, turn];
          this.#changes.add(fromMs);
          turns.push({ fromMs, toMs: Number.POSITIVE_INFINITY, clinicianId: order[turn] as string });
        }
      this.#turns.set(`${ward} ${role}`, turns);
    }
    this.#beds = (hospital.bedAssignments ?? []).map(({ ward, beds, clinicianId, from, to }) => ({
      ...{ ward, beds, clinicianId },
      fromMs: DateTime.fromISO(from, { zone }).toMillis(),
      toMs: DateTime.fromISO(to, { zone }).toMillis(),
    }));
    for (const { fromMs, toMs } of this.#beds) this.#changes.add(fromMs).add(toMs);
  }

  swapped(swap: ShiftSwap): void {
    this.#swaps.push(swap);
    for (const end of [swap.fromMs, swap.toMs]) this.#changes.add(end);
  }

  /** The shift of a level at an instant. */
  turnAt(ward: string, role: CallLevel, atMs: number): Turn {
    const turn = this.#turns.get(`${ward} ${role}`)?.find((one) => isDuring(one, atMs));
    if (!turn) throw new Error(`${ward} has no ${role} on call at ${new Date(atMs).toISOString()}`);
    return turn;
  }

  /** Who is asked on a level: of a nurse's level who has the bed, else who has the shift. */
  onCall(ward: string, role: CallLevel, bed: string | null, atMs: number): string {
    const ofBed =
      role === 'nurse' &&
      this.#beds.findLast((one) => one.ward === ward && isDuring(one, atMs) && one.beds.includes(bed ?? ''));
    const { clinicianId } = ofBed || this.turnAt(ward, role, atMs);
    return this.#swaps
      .filter((swap) => swap.ward === ward && swap.role === role && isDuring(swap, atMs))
      .reduce((person, swap) => (swap.replaces === person ? swap.clinicianId : person), clinicianId);
  }

  /** Who begins a shift at this minute: on call on a level of the ward, and not a minute before. */
  begun(ward: string, atMs: number): { role: CallLevel; clinicianId: string }[] {
    if (!this.#changes.has(atMs)) return [];
    return (['nurse', 'doctor', 'lead'] as const).flatMap((role) => {
      const before = this.#onLevel(ward, role, atMs - minuteMs);
      const now = this.#onLevel(ward, role, atMs).filter((clinicianId) => !before.includes(clinicianId));
      return now.map((clinicianId) => ({ role, clinicianId }));
    });
  }

  /** Whoever has the shift, and of nurses whoever has beds. */
  #onLevel(ward: string, role: CallLevel, atMs: number): string[] {
    const ofNurses = role === 'nurse' ? this.#beds : [];
    const beds = ofNurses.flatMap((one) => (one.ward === ward && isDuring(one, atMs) ? one.beds : []));
    return [...new Set([null, ...beds].map((bed) => this.onCall(ward, role, bed, atMs)))];
  }

  /** True of whoever has a shift or a bed of the ward. */
  isOnCall(ward: string, clinicianId: string, atMs: number): boolean {
    const beds = this.#beds.flatMap((one) => (one.ward === ward ? one.beds : []));
    return (
      (['nurse', 'doctor', 'lead'] as const).some(
        (role) => this.onCall(ward, role, null, atMs) === clinicianId,
      ) || beds.some((bed) => this.onCall(ward, 'nurse', bed, atMs) === clinicianId)
    );
  }
}

function isDuring({ fromMs, toMs }: Hours, atMs: number): boolean {
  return fromMs <= atMs && atMs < toMs;
}
