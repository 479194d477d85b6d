/** Scenes of check-ins, for the calls that only theirs make; the others are in every-call.ts. */
import { accept } from './browser.ts';
import { inAWard } from './every-call.ts';
import { hospital, roleOf, type Ward } from './ward.ts';

/** Its execution is killed, and carried on by another; nobody answers until the lead does, and the nurse hears of that. */
async function shiftBegins(ward: Ward): Promise<boolean> {
  await ward.seconds(6 * 3600 + 90);
  ward.sfn.stop(ward.executionsOf('checkIn')[0]?.executionArn ?? '');
  await ward.seconds(16 * 60);
  await accept(
    ward,
    ward.pagesOf('checkIn').find((mail) => roleOf(mail) === 'lead'),
  );
  await ward.seconds(60);
  const [first] = ward.alertsOf('checkIn');
  return (
    first?.standing.is === 'closed' && first.standing.reason === 'seenTo' && first.called.whom.length === 0
  );
}

const wards = hospital.wards.map((ward) => (ward.id === 'ward-001' ? { ...ward, checkIn: true } : ward));

export const checkInCalls: [what: string, happens: ReturnType<typeof inAWard>][] = [
  ['a shift begins', (options) => inAWard(shiftBegins)({ ...options, hospital: { ...hospital, wards } })],
];
