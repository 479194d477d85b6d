/** A drill is held, of tests alone, and says so; neither it nor a patient's alert ever takes what is the other's. */
import { minuteMs } from '../engine/clock.ts';
import type { Sent } from './devices.ts';
import { type AlertWrite, keyKindOf, type Tell, type WeekRule } from './rule.ts';

/** As long as a patient's reading may take. */
const heldWithinMs = 13 * minuteMs;
const mark = 'DRILL - no patient: ';

export function drillRules(tell: Tell): WeekRule & { arrivedTest: (sent: Sent, atMs: number) => void } {
  /** Pressures by whom they are of, as tests and as measurements of a patient. */
  const tests = new Set<string>();
  const measurements = new Set<string>();
  const unheld = new Map<string, { alertKey: string; atMs: number }>();
  /** What each claim is of. */
  const claimed = new Map<string, { alertKey: string; key: string }>();
  const keys = new Map<string, string>();

  const keyOf = (patientId: string, systolic: number | null, diastolic: number | null) =>
    `${patientId} ${systolic}/${diastolic}`;

  function notMixed({ after, event }: AlertWrite): void {
    if ((event.type !== 'raised' && event.type !== 'joined') || event.readingId === null) return;
    const claim = claimed.get(event.readingId);
    if (claim && claim.alertKey !== after.pk)
      tell('other', 'a drill and a patient never meet', after.pk, `it has what is of ${claim.alertKey}`);
    if (claim && keyKindOf(after.pk) === 'DRILL') unheld.delete(claim.key);
  }

  return {
    arrivedTest({ patientId, says, tests: test }, atMs) {
      const pressures = says ?? test;
      if (!pressures?.alarms) return;
      const key = keyOf(patientId, pressures.systolic, pressures.diastolic);
      (test ? tests : measurements).add(key);
      if (test?.isAnnounced) unheld.set(key, { alertKey: `DRILL#${patientId}`, atMs });
    },
    onClaim({ readingId, alertKey, systolicMmHg, diastolicMmHg }) {
      const kind = keyKindOf(alertKey);
      if (kind !== 'DRILL' && kind !== 'PATIENT') return;
      const key = keyOf(alertKey.slice(kind.length + 1), systolicMmHg, diastolicMmHg);
      claimed.set(readingId, { alertKey, key });
      const isRight = kind === 'DRILL' ? tests.has(key) : measurements.has(key) || !tests.has(key);
      if (!isRight) tell('other', 'a drill and a patient never meet', alertKey, `${key} is not its own`);
    },
    onAlert(write) {
      const { after } = write;
      keys.set(after.reference, after.pk);
      notMixed(write);
      if (keyKindOf(after.pk) === 'DRILL' && after.patientId !== null)
        tell('other', 'a drill and a patient never meet', after.pk, `it has the patient ${after.patientId}`);
    },
    onMail({ reference, subject, text, to }) {
      const key = reference === null ? undefined : keys.get(reference);
      if (key === undefined) return;
      const isDrill = keyKindOf(key) === 'DRILL';
      if ([subject, text].some((one) => one.startsWith(mark) !== isDrill))
        tell('other', 'a drill says that it is one, and nothing else does', key, `"${subject}" to ${to}`);
    },
    onMinute(nowMs) {
      for (const [key, { alertKey, atMs }] of unheld) {
        if (nowMs - atMs <= heldWithinMs) break;
        unheld.delete(key);
        tell('other', 'an announced drill is held', alertKey, `${key} of ${new Date(atMs).toISOString()}`);
      }
    },
  };
}
