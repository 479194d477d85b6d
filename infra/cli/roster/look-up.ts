/**
 * `npm run roster -- show | gaps | at TIME | calendar`: who is on call by a hospital's file, or by what is published. They
 * change nothing. A gap makes exit code 1.
 */
import { parseArgs } from 'node:util';
import { coverage, joined, type Uncovered, uncovered } from '../../../handlers/on-call/coverage.ts';
import { endMs } from '../../../handlers/on-call/dealing.ts';
import { hospitalOverview } from '../../../handlers/on-call/overview.ts';
import { lineOf } from '../../../handlers/on-call/parse-roster.ts';
import type { AnyRoster } from '../../../handlers/on-call/roster.ts';
import { later } from '../../../handlers/time/instant.ts';
import { checkedSource } from '../../hospital/hospital-file.ts';
import { localClock } from '../../hospital/roster-text.ts';
import { InputError } from '../../input-error.ts';

const SHOWN_DAYS = 7;
const CALENDAR_DAYS = 28;
const DAY_SECONDS = 86_400;
const SAMPLE = 'infra/hospital/hospital.json';

export const lookUpUsage = `       npm run roster -- show [FILE] [--at TIME] [--json]
       npm run roster -- gaps [FILE] [--at TIME] [--json]
       npm run roster -- at TIME [FILE] [--json]
       npm run roster -- calendar CLINICIAN [FILE] [--days DAYS]
       npm run roster -- calendar --ward WARD [FILE] [--days DAYS]
       (each with --published --bucket BUCKET in place of FILE)`;
const usage = `Usage:\n${lookUpUsage}`;

type LookedUp = { text: string; exitCode: 0 | 1 };
type Subject = { roster: AnyRoster; at: string; options: Options; of: string };
type Options = ReturnType<typeof argumentsOf>['options'];
const commands: Record<string, (subject: Subject) => LookedUp | Promise<LookedUp>> = {
  show,
  gaps,
  at: atThatTime,
  calendar,
};

/** Options that a command would not heed. */
const unused: Record<string, readonly ('at' | 'ward' | 'days' | 'json')[]> = {
  show: ['ward', 'days'],
  gaps: ['ward', 'days'],
  at: ['at', 'ward', 'days'],
  calendar: ['json'],
};

export function isLookUp(command: string | undefined): boolean {
  return command !== undefined && Object.hasOwn(commands, command);
}

/** What the command prints, and its exit code; throws InputError. */
export async function lookUp(argv: string[]): Promise<LookedUp> {
  const { command, of, fileName, options } = argumentsOf(argv);
  const said = command === 'at' ? of : options.at;
  const source = { fileName, bucket: options.bucket };
  const { roster, at, findings } = await checkedSource(source, said, usage);
  if (!roster) throw new InputError(findings.map((finding) => lineOf(finding)).join('\n'));
  return (commands[command] as (typeof commands)[string])({ roster, at, options, of });
}

function argumentsOf(argv: string[]) {
  const { values: options, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      at: { type: 'string' },
      json: { type: 'boolean', default: false },
      published: { type: 'boolean', default: false },
      bucket: { type: 'string' },
      ward: { type: 'string' },
      days: { type: 'string' },
    },
  });
  const [command = '', ...words] = positionals;
  const isOfSomething = command === 'at' || (command === 'calendar' && options.ward === undefined);
  const of = isOfSomething ? words.shift() : '';
  const [fileName, ...more] = words;
  const isAmiss = options.published !== (options.bucket !== undefined) || (options.published && fileName);
  const isIdle = (unused[command] ?? []).some(
    (option) => options[option] !== undefined && options[option] !== false,
  );
  if (of === undefined || more.length > 0 || isAmiss || isIdle) throw new InputError(usage);
  return { command, of, fileName: fileName ?? SAMPLE, options };
}

const named = ({ id, name }: { id: string; name: string }) => ({ id, name });
const called = ({ id, name }: { id: string; name: string }) => `${name} (${id})`;
const calledAll = (people: readonly { id: string; name: string }[]) =>
  people.map(called).join(', ') || 'nobody';
const asJson = (what: unknown, exitCode: LookedUp['exitCode'] = 0): LookedUp => ({
  text: JSON.stringify(what, null, 2),
  exitCode,
});
/** Nothing of the file moves the cursor. */
const asText = (lines: readonly string[], exitCode: LookedUp['exitCode'] = 0): LookedUp => ({
  text: lines.map((line) => line.replace(/\p{C}/gu, '')).join('\n'),
  exitCode,
});
const header = ({ name, zone }: AnyRoster, at: string) => `${name}, ${zone}, ${localClock(at, zone)}`;

/** The shifts of the week to come. */
function show({ roster, at, options: { json } }: Subject): LookedUp {
  const to = later(at, SHOWN_DAYS * DAY_SECONDS);
  const levels = coverage(roster, at, to).map(({ stretches, ...level }) => ({
    ...level,
    stretches: joined(stretches).map(({ people, ...stretch }) => ({ ...stretch, people: people.map(named) })),
  }));
  const isToCome = (span: { to: string }) => endMs(span.to, roster.zone) > Date.parse(at);
  const beds = (roster.bedAssignments ?? []).filter(isToCome);
  const swaps = (roster.swaps ?? []).filter(isToCome);
  if (json) return asJson({ at, to, zone: roster.zone, levels, bedAssignments: beds, swaps });
  const clock = (instant: string) => localClock(instant, roster.zone);
  const lines = [
    ...levels.flatMap(({ ward, level, stretches }) => [
      `${ward} ${level}`,
      ...stretches.map(({ from, people }) => `  ${clock(from)}  ${calledAll(people)}`),
    ]),
    ...beds.flatMap(({ ward, beds, clinicianId, from, to }) => [
      `${ward} beds ${beds.join(', ')}`,
      `  ${from} until ${to}  ${clinicianId}`,
    ]),
    ...swaps.flatMap(({ ward, role, replaces, clinicianId, from, to }) => [
      `${ward} ${role}, swapped`,
      `  ${clock(from)} until ${clock(to)}  ${clinicianId} for ${replaces}`,
    ]),
  ];
  return asText([header(roster, at), ...lines, `until ${clock(to)}`]);
}

/** Who is on call at an instant, and who has beds. */
function atThatTime({ roster, at, options: { json } }: Subject): LookedUp {
  const wards = hospitalOverview(roster, at).wards.map(({ id, onCall, bedNurses, everyone }) => ({
    id,
    onCall,
    bedNurses,
    everyone,
  }));
  if (json) return asJson({ at, zone: roster.zone, wards });
  const lines = wards.flatMap(({ id, onCall, bedNurses, everyone }) => [
    ...bedNurses.map((nurse) => `${id} bed ${nurse.bed}: ${called(nurse)}`),
    ...Object.entries(onCall).map(([level, people]) => `${id} ${level}: ${calledAll(people)}`),
    `${id} everyone: ${everyone.join(', ') || 'nobody'}`,
  ]);
  return asText([header(roster, at), ...lines]);
}

/** When nobody is on call, and when fewer than a level's rotations say. */
function gaps({ roster, at, options: { json } }: Subject): LookedUp {
  const found = uncovered(roster, at).map((one) => ({ ...one, people: one.people.map(named) }));
  const nobody = found.filter(({ is }) => is === 'nobody');
  const exitCode = nobody.length > 0 ? 1 : 0;
  if (json) {
    const fewer = found.filter(({ is }) => is === 'fewer');
    return asJson({ at, zone: roster.zone, gaps: nobody, fewer }, exitCode);
  }
  const lines = found.length > 0 ? found.map((one) => gapText(one, roster.zone)) : ['No gaps.'];
  return asText([`${header(roster, at)}, fourteen days`, ...lines], exitCode);
}

function gapText(
  {
    is,
    ward,
    level,
    rotations,
    people,
    from,
    to,
  }: Omit<Uncovered, 'people'> & { people: { id: string; name: string }[] },
  zone: string,
): string {
  const when = `from ${localClock(from, zone)} until ${localClock(to, zone)}`;
  if (is === 'fewer')
    return `${ward} ${level}: ${rotations} rotations, and only ${calledAll(people)} ${when}`;
  return `${ward} ${level}: nobody ${when}${rotations === 0 ? ': it has no rotation' : ''}`;
}

/** A calendar's text, to be written to a file. */
async function calendar({
  roster,
  at,
  options: { ward, days = `${CALENDAR_DAYS}` },
  of,
}: Subject): Promise<LookedUp> {
  if (!/^[1-9]\d{0,2}$/.test(days)) throw new InputError(`--days: from 1 to 999\n${usage}`);
  const isKnown =
    ward === undefined
      ? roster.clinicians.some(({ id }) => id === of)
      : roster.wards.some(({ id }) => id === ward);
  if (!isKnown) throw new InputError(`${ward ?? of}: not in this roster`);
  // Only now: the package is asked for by nothing else.
  const { calendarText } = await import('./calendar.ts');
  const text = calendarText(roster, ward === undefined ? { clinicianId: of } : { ward }, {
    from: at,
    to: later(at, Number(days) * DAY_SECONDS),
  });
  return { text, exitCode: 0 };
}
