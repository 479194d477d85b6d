/** Looks in a published roster for PINs that anybody guesses: it was perhaps published before those were refused. */
import { availableParallelism } from 'node:os';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { parseRoster } from '../../../handlers/on-call/parse-roster.ts';
import { type Clinician, ROSTER_KEY, type Roster } from '../../../handlers/on-call/roster.ts';
import { isTrivialPin } from '../../../handlers/on-call/trivial-pin.ts';
import { pinMatches } from '../../../handlers/runtime/pin.ts';
import { pepperIn, type RosterTarget } from '../../hospital/published-roster.ts';
import { InputError } from '../../input-error.ts';

/** A hash is 24 ms of a core (handlers/runtime/pin.ts); Node computes four at once. */
const HASH_SECONDS = 0.024;
const AT_ONCE = 4;

const trivialPins = Array.from({ length: 1_000_000 }, (_, n) => String(n).padStart(6, '0')).filter(
  isTrivialPin,
);

/** Says of how many people the published PINs were tried; throws InputError with those whose PIN anybody guesses. */
export async function checkPublished(target: RosterTarget, say: (line: string) => void): Promise<string> {
  const pepper = await pepperIn(target);
  const { Body } = await target.s3.send(new GetObjectCommand({ Bucket: target.bucket, Key: ROSTER_KEY }));
  const roster = parseRoster((await Body?.transformToString()) ?? '', ROSTER_KEY);
  say(`${roster.clinicians.length} clinicians; this may take ${minutesFor(roster)} minutes`);
  const found = await trivialPinsIn(roster, pepper);
  if (found.length === 0)
    return `${ROSTER_KEY}: ${roster.clinicians.length} clinicians, none with an easily guessed PIN`;
  throw new InputError(
    found.map((id) => `${id}: has an easily guessed PIN, which is refused; draw one at random`).join('\n'),
  );
}

/** How long `trivialPinsIn` takes at most, in minutes. */
function minutesFor({ clinicians }: Roster): number {
  const seconds = clinicians.length * trivialPins.length * HASH_SECONDS;
  return Math.ceil(seconds / Math.min(AT_ONCE, availableParallelism()) / 60);
}

/** The ids of whoever has one. Only hashes are kept, so each of these PINs is tried on each of them. */
async function trivialPinsIn({ clinicians }: Roster, pepper: string): Promise<string[]> {
  const found: string[] = [];
  for (const clinician of clinicians) if (await hasTrivialPin(clinician, pepper)) found.push(clinician.id);
  return found;
}

async function hasTrivialPin({ pinHash }: Clinician, pepper: string): Promise<boolean> {
  for (let from = 0; from < trivialPins.length; from += AT_ONCE) {
    const pins = trivialPins.slice(from, from + AT_ONCE);
    const matches = await Promise.all(pins.map((pin) => pinMatches(pin, pepper, pinHash)));
    if (matches.includes(true)) return true;
  }
  return false;
}
