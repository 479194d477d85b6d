/** `npm run roster -- swap`: two clinicians exchange a shift, or one takes another's. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Roster } from '../../../handlers/on-call/roster.ts';
import { type Swapped, withSwaps } from '../../../handlers/on-call/swap.ts';
import { instantOf } from '../../hospital/hospital-file.ts';
import { changePublished } from '../../hospital/published-roster.ts';
import { localClock } from '../../hospital/roster-text.ts';
import { InputError } from '../../input-error.ts';

/** `at`: an instant of the first one's shift; `exchangedFor`: one of the other's, which the first takes in return. */
type Said = { at: string; with: string; exchangedFor: string | undefined; isForced: boolean };

/** Says who has which shift now; throws InputError for a swap that had better not be, unless it is forced. */
export async function swapShifts(
  clinicianId: string,
  said: Said,
  target: { bucket: string; s3: Pick<S3Client, 'send'> },
  usage: string,
): Promise<string> {
  let swapped: Swapped | undefined;
  const { zone } = await changePublished(target, (published) => {
    if (clinicianId === said.with) throw new InputError(`${clinicianId}: cannot swap with the same person`);
    for (const id of [clinicianId, said.with]) expectShiftTaker(published, id);
    const instant = (text: string) => instantOf(text, published.zone, usage);
    const handed = [{ replaces: clinicianId, clinicianId: said.with, at: instant(said.at) }];
    if (said.exchangedFor !== undefined)
      handed.push({ replaces: said.with, clinicianId, at: instant(said.exchangedFor) });
    swapped = withSwaps(published, handed, new Date().toISOString());
    const { swaps, problems } = swapped;
    if (swaps.length === 0) throw new InputError(problems.join('\n'));
    if (problems.length > 0 && !said.isForced)
      throw new InputError([...problems, 'Nothing was changed; --force does it all the same.'].join('\n'));
    return swapped.roster;
  });
  const lines = (swapped?.swaps ?? []).map(
    ({ ward, role, replaces, clinicianId: taker, from, to }) =>
      `${ward} ${role}, ${localClock(from, zone)} until ${localClock(to, zone)}: ${taker} for ${replaces}`,
  );
  const problems = (swapped?.problems ?? []).map((problem) => `  ${problem}`);
  return [
    ...lines,
    ...problems,
    'It counts within a minute. A page that has gone out stays with whom it was sent to.',
  ].join('\n');
}

function expectShiftTaker({ clinicians }: Roster, id: string): void {
  const role = clinicians.find((clinician) => clinician.id === id)?.role;
  if (!role || role === 'quality')
    throw new InputError(`${id}: ${role ? 'does not take shifts' : 'is nobody'} in the published roster`);
}
