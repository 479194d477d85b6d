/** Reads a roster, from a file or from S3, and checks it whole, with its cross-references. */
import type { z } from 'zod';
import { isPolicyName } from '../clinical/choose-policy.ts';
import { oneLine } from '../naming/one-line.ts';
import { coverageRemarks, notYetAttendedWards } from './coverage-problems.ts';
import { hospitalProblems } from './hospital-problems.ts';
import { namingProblems, phoneRemarks } from './naming-problems.ts';
import { patientLimitProblems, policyProblems, policyRemarks } from './policy-problems.ts';
import { versionProblems } from './policy-versions.ts';
import { type AnyRoster, Hospital, Roster } from './roster.ts';
import { type Problem, rosterProblems } from './roster-problems.ts';
import { timeRemarks } from './time-problems.ts';
import { timingProblems } from './timing-problems.ts';

/** The roster cannot be used; the message has one line for each problem, with the file and the path of its field. */
export class RosterError extends Error {
  override readonly name = 'RosterError';
  /** Where, without what stands there: for a log. */
  readonly fields: readonly string[];
  constructor(message: string, fields: readonly string[] = []) {
    super(message);
    this.fields = fields;
  }
}

/** What was found in a roster: refusals keep it from being published, warnings are legal and may be meant otherwise. */
export type Finding = { level: 'refusal' | 'warning'; path: string; message: string };

/** A roster as far as it can be read at all, and everything that is to be said of it, refusals first. */
export type Checked<Read extends AnyRoster> = { roster: Read | undefined; findings: Finding[] };

/** The hospital's file, as of an instant (ISO 8601). */
export function checkHospital(text: string, fileName: string, at: string): Checked<Hospital> {
  return check(Hospital, text, fileName, at);
}

/** What is published, as of an instant, by the rules for a hospital's file: it is read even where those would refuse it now. */
export function checkRoster(text: string, fileName: string, at: string): Checked<Roster> {
  return check(Roster, text, fileName, at);
}

/** The hospital's file, checked with its cross-references, for what cannot be meant or not be read; throws RosterError. */
export function parseHospital(text: string, fileName: string): Hospital {
  return parse(Hospital, text, fileName, (hospital) => [
    ...hospitalProblems(hospital),
    ...policyProblems(hospital),
    ...namingProblems(hospital),
    ...timingProblems(hospital),
  ]);
}

/** The published roster, checked with its cross-references; throws RosterError. */
export function parseRoster(text: string, fileName: string): Roster {
  return parse(Roster, text, fileName, patientLimitProblems);
}

/** One line. */
export function lineOf({ path, message }: Pick<Finding, 'path' | 'message'>): string {
  return path === '' ? message : `${path}: ${message}`;
}

function check<Read extends AnyRoster>(
  schema: z.ZodType<Read>,
  text: string,
  fileName: string,
  at: string,
): Checked<Read> {
  const parsed = schema.safeParse(jsonOf(text, fileName));
  const found = (level: Finding['level'], problems: readonly Problem[]) =>
    problems.map(({ path, message }) => ({ level, path: pathOf(path), message: oneLine(message) }));
  if (!parsed.success) return { roster: undefined, findings: found('refusal', parsed.error.issues) };
  const roster = parsed.data;
  return {
    roster,
    findings: [
      ...found('refusal', [
        ...brokenReferences(roster),
        ...hospitalProblems(roster),
        ...policyProblems(roster),
        ...namingProblems(roster),
        ...timingProblems(roster),
        ...notYetAttendedWards(roster, at),
      ]),
      ...found('warning', [
        ...policyRemarks(roster),
        ...coverageRemarks(roster, at),
        ...timeRemarks(roster, at),
        ...phoneRemarks(roster),
      ]),
    ],
  };
}

function brokenReferences(roster: AnyRoster): Problem[] {
  return [
    ...rosterProblems(roster, (name) => isPolicyName(name, roster)),
    ...versionProblems(roster.policies),
  ];
}

function parse<Read extends AnyRoster>(
  schema: z.ZodType<Read>,
  text: string,
  fileName: string,
  furtherProblems: (roster: Read) => Problem[],
): Read {
  const parsed = schema.safeParse(jsonOf(text, fileName));
  const problems: readonly Problem[] = parsed.success
    ? [...brokenReferences(parsed.data), ...furtherProblems(parsed.data)]
    : parsed.error.issues;
  if (parsed.success && problems.length === 0) return parsed.data;
  throw rosterErrorOf(problems, fileName);
}

/** A line for each problem. */
export function rosterErrorOf(problems: readonly Problem[], fileName: string): RosterError {
  const lines = problems.map(({ path, message }) => ({ path: pathOf(path), message: oneLine(message) }));
  return new RosterError(lines.map((line) => `${fileName}: ${lineOf(line)}`).join('\n'), [
    ...new Set(lines.map(({ path }) => path)),
  ]);
}

function jsonOf(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds PINs.
    throw new RosterError(`${fileName}: not JSON`);
  }
}

/** e.g. `clinicians[3].email`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
