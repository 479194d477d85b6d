/** Of what kind a clinician's mail is, by the words that its subject begins with: whoever reads a telephone's screen knows no more. */

export const mailKinds = [
  'page',
  'reminder',
  'worse',
  'moved',
  'recheck',
  'repeat',
  'handedOver',
  'givenBack',
  'standDown',
  'technical',
  'drill',
  'checkIn',
] as const;
export type MailKind = (typeof mailKinds)[number];

/** What follows the words may be shortened beside a long place. A withdrawn reading asks for another measurement, too. */
const beginnings: readonly [RegExp, MailKind][] = [
  [/^DRILL/, 'drill'],
  [/^(.*: )?(CHECK-IN|NOT CHECKED IN) - /, 'checkIn'],
  [/TECHNICAL/, 'technical'],
  [/^(ANSWERED|CLOSED)/, 'standDown'],
  [/^REMINDER: /, 'reminder'],
  [/^WORSE: /, 'worse'],
  [/^MOVED: /, 'moved'],
  [/^STILL( ALARMING)?: /, 'recheck'],
  [/^REPEAT( MEASUREMENT)?: /, 'repeat'],
  [/^TAKE OVER: /, 'handedOver'],
  [/^GIVEN BACK: /, 'givenBack'],
];

export function mailKindOf(subject: string): MailKind {
  return beginnings.find(([words]) => words.test(subject))?.[1] ?? 'page';
}
